"""Passphrases: how they are read, judged and offered."""

from __future__ import annotations

import re
import secrets
import subprocess
import sys

import pytest

from counselroom import resources
from counselroom.vault.keys import passphrase
from counselroom.vault.keys.passphrase import (
    Judgement,
    PassphraseTooWeak,
    Weakness,
    judge,
    normalised,
    offer,
    require_strong,
    words,
)


def test_full_width_letters_and_composed_ones_match():
    assert normalised("ａｂｃ　１２３") == b"abc 123"
    assert normalised("e\u0301") == normalised("\u00e9") == b"\xc3\xa9"
    assert normalised("苹果") == "苹果".encode()
    assert normalised(" a ") == b" a "
    assert normalised("\ud800") == b"\xed\xa0\x80"


def test_word_list():
    listed = resources.read_text("resources/passphrase_words.txt").splitlines()
    assert list(words()) == listed
    assert len(listed) >= 1024
    assert len(set(listed)) == len(listed)
    assert listed == sorted(listed)
    assert all(re.fullmatch("[a-z]{5,12}", word) for word in listed)


def test_offers_six_words_by_entropy():
    numbers = iter([0, 1, 1184, 1185, 1186, 65_535, 2, 3])

    def entropy(size: int) -> bytes:
        assert size == 2
        return next(numbers).to_bytes(2)

    assert len(words()) == 1185
    # 65,535 lies behind the last whole multiple of 1,185 and is thrown away: taking it would favour some words.
    expected = [words()[index] for index in (0, 1, 1184, 0, 1, 2)]
    assert offer(entropy) == " ".join(expected)


def test_every_word_can_come():
    seen = {passphrase._below(3, lambda size, n=number: n.to_bytes(size)) for number in range(3)}
    assert seen == {0, 1, 2}
    numbers = iter([65_535, 65_534])
    assert passphrase._below(3, lambda size: next(numbers).to_bytes(size)) == 65_534 % 3


def test_an_offered_phrase_is_strong():
    for _attempt in range(20):
        phrase = offer(secrets.token_bytes)
        assert len(phrase.split(" ")) == 6
        assert judge(phrase, ["用户 1"]) == Judgement(4, None)


@pytest.mark.parametrize(
    ("text", "weakness"),
    [
        ("", Weakness.SHORT),
        ("x7!Kq9#Zr2$", Weakness.SHORT),  # 11 characters
        ("x7!Kq9#Zr2$w", None),  # 12
        ("password1234", Weakness.GUESSABLE),
        ("aaaaaaaaaaaaaaaaaaaa", Weakness.GUESSABLE),
        ("pingguopingguo", Weakness.GUESSABLE),  # a word of our own list twice
        ("黑夜给了我黑色的眼睛我却用它寻找光明", None),
        ("x7!Kq9#Zr2$w" * 85 + "abcd", None),  # 1,024 characters
        ("x7!Kq9#Zr2$w" * 85 + "abcde", Weakness.LONG),
    ],
)
def test_judging(text, weakness):
    verdict = judge(text)
    assert verdict.weakness is weakness
    assert verdict.accepted is (weakness is None)


def test_the_score_is_zxcvbns():
    assert judge("password1234").score == 1
    assert judge("short").score == 0
    assert judge("x" * 1025).score == 0


def test_a_score_of_three_is_enough_and_two_is_not(monkeypatch):
    import zxcvbn

    for score, accepted in ((0, False), (2, False), (3, True), (4, True)):
        monkeypatch.setattr(zxcvbn, "zxcvbn", lambda text, user_inputs, score=score: {"score": score})
        assert judge("twelve chars").accepted is accepted


def test_length_counts_after_normalising():
    assert judge("ﬁﬁﬁﬁﬁﬁ").weakness is not Weakness.SHORT  # six ligatures are twelve letters


def test_known_words_are_easy_to_guess():
    assert judge("Zhenguang2026").score > judge("Zhenguang2026", ["zhenguang2026"]).score


def test_only_the_first_72_characters_are_judged(monkeypatch):
    import zxcvbn

    seen = []

    def spy(text, user_inputs):
        seen.append((text, user_inputs))
        return {"score": 4}

    monkeypatch.setattr(zxcvbn, "zxcvbn", spy)
    judge("ab" * 100, ["login"])
    assert seen[0][0] == "ab" * 36
    assert seen[0][1] == ["login", *words()]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("short", "口令太短，至少需要 12 个字符。"),
        ("password1234", "这个口令太容易被猜到。"),
        ("x" * 1025, "口令太长，最多 1024 个字符。"),
    ],
)
def test_a_weak_one_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(PassphraseTooWeak) as caught:
        require_strong(text)
    assert caught.value.happened == sentence
    assert caught.value.next_step == "建议使用程序给出的六词口令，好输入，也足够安全。"
    assert text not in str(caught.value)


def test_a_strong_one_passes_and_known_words_are_handed_on():
    require_strong("x7!Kq9#Zr2$w")
    with pytest.raises(PassphraseTooWeak):
        require_strong("zhenguang-shiyan", ["zhenguang-shiyan"])


def test_the_locked_window_imports_nothing_heavy():
    code = (
        "import sys, counselroom.vault.keys.unlocking;"
        "bad = {'zxcvbn', 'sqlcipher3', 'sqlalchemy', 'keyring', 'reportlab', 'pydantic'} & set(sys.modules);"
        "own = [m for m in sys.modules if m.startswith('counselroom.') and m.split('.')[1] not in "
        "('errors', 'i18n', 'resources', 'vault')];"
        "sys.exit(repr((bad, own)) if bad or own or 'counselroom.model' in sys.modules else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
