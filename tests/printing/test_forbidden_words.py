from __future__ import annotations

import pytest

from counselroom.printing.forbidden_words import ForbiddenWord, find_forbidden, shipped_words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("诊断为抑郁症", ("诊断", "抑郁症")),
        ("本结果只作辅导参考，不能当作诊断依据。", ()),
        ("建议由专业机构进一步诊断", ()),
        ("学校未作任何医学诊断，我们诊断是", ("诊断",)),
        ("抑 郁\n症", ("抑郁症",)),
        ("情绪低落", ()),
        ("转至精神病医院", ()),
        ("他是精神病", ("精神病",)),
    ],
)
def test_words_are_found_outside_allowed_phrases(text: str, found: tuple[str, ...]) -> None:
    assert find_forbidden(text) == found


def test_the_longest_allowed_phrase_goes_first() -> None:
    words = (ForbiddenWord("乙", ("甲乙", "甲乙丙")),)
    assert find_forbidden("甲乙丙乙", words) == ("乙",)
    assert find_forbidden("甲乙丙", words) == ()


def test_every_allowed_phrase_holds_its_word() -> None:
    for entry in shipped_words():
        assert all(entry.word in phrase and phrase != entry.word for phrase in entry.allowed), entry
