"""The digits of a recovery sheet."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counselroom.errors import Bug
from counselroom.vault.keys.recovery_code import RecoveryCodeError, decode, encode, group_is_right

SECRET = bytes(range(16))
DIGITS = "000011-005665-011319-016973-022627-028281-033935-039589"


def test_known_answers():
    assert encode(SECRET) == DIGITS
    assert encode(b"\xff" * 16) == "-".join(["720885"] * 8)
    assert encode(bytes(16)) == "-".join(["000000"] * 8)
    assert decode(DIGITS) == SECRET


@given(st.binary(min_size=16, max_size=16))
@settings(deadline=None)
def test_round_trip(secret):
    digits = encode(secret)
    assert len(digits) == 8 * 6 + 7
    assert decode(digits) == secret


@pytest.mark.parametrize(
    "text",
    [
        DIGITS.replace("-", ""),
        DIGITS.replace("-", " "),
        DIGITS.replace("-", " - "),
        DIGITS.replace("-", "\n"),
        DIGITS.replace("-", "—"),
        DIGITS.replace("-", "、"),
        "  " + DIGITS.replace("-", "\u3000") + "\n",
        "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in DIGITS),
        DIGITS.replace("-", "", 3),
    ],
)
def test_spelling_is_free(text):
    assert decode(text) == SECRET


@pytest.mark.parametrize("size", [0, 15, 17])
def test_a_secret_has_16_bytes(size):
    with pytest.raises(Bug, match="a sheet's secret has 16 bytes"):
        encode(bytes(size))


def test_every_wrong_digit_and_swapped_neighbours_are_found_and_named():
    groups = DIGITS.split("-")
    for number, group in enumerate(groups, start=1):
        wrong = set()
        for at in range(6):
            wrong |= {group[:at] + digit + group[at + 1 :] for digit in "0123456789"}
            if at < 5:
                wrong.add(group[:at] + group[at + 1] + group[at] + group[at + 2 :])
        for typed in wrong - {group}:
            with pytest.raises(RecoveryCodeError) as caught:
                decode("-".join([*groups[: number - 1], typed, *groups[number:]]))
            assert caught.value.groups == (number,)


def test_names_all_wrong_groups_from_one():
    typed = DIGITS.replace("000011", "000012").replace("039589", "39589x")
    with pytest.raises(RecoveryCodeError) as caught:
        decode(typed)
    assert caught.value.groups == (1, 8)
    assert caught.value.happened == "第 1, 8 组数字有误。"
    assert caught.value.safe == ""
    assert caught.value.next_step == "请对照恢复单，逐位核对这几组。"


@pytest.mark.parametrize("text", ["", "   ", "000011", DIGITS[:-7], DIGITS + "-000000", "1" * 47, "1" * 49, "恢复单"])
def test_another_count_of_groups_is_told(text):
    with pytest.raises(RecoveryCodeError) as caught:
        decode(text)
    assert caught.value.groups == ()
    assert caught.value.happened == "恢复单上有八组数字，每组六位；现在输入的组数不对。"
    assert caught.value.next_step == "请对照恢复单，把八组数字全部输入。"


@pytest.mark.parametrize(
    ("group", "right"),
    [
        ("000000", True),
        ("000011", True),
        ("720885", True),
        ("720896", False),
        ("999999", False),
        ("000010", False),
        ("00011", False),
        ("0000110", False),
        (" 000011 ", True),
        ("０００ ０１１".replace(" ", ""), True),
        ("٠٠٠٠١١", False),
        ("", False),
        ("-00011", False),
        ("000011\n", True),
    ],
)
def test_a_group_checks_itself(group, right):
    assert group_is_right(group) is right
