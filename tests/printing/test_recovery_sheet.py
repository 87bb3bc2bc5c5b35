from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from counselroom import i18n
from counselroom.errors import Bug
from counselroom.printing.recovery_sheet import render_recovery_sheet, square_modules
from tests.printing.pdf import bare, fonts_of, properties_of, text_of

DIGITS = "123453-000000-720885-111111-222222-333333-444444-555555"


def sheet(digits: str = DIGITS, school: str = "青禾市示例中学心理辅导室") -> bytes:
    return render_recovery_sheet(
        which="A",
        digits=digits,
        vault_id="0f3c9a1b2d4e5f60718293a4b5c6d7e8",
        fingerprint="a1b2c3d4",
        school=school,
        created_on=date(2026, 3, 12),
    )


@pytest.fixture
def english() -> Iterator[None]:
    i18n.use("en")
    yield
    i18n.use()


def test_the_sheet_says_all_that_is_needed_on_one_page() -> None:
    pdf = sheet()
    text = text_of(pdf)
    for group in DIGITS.split("-"):
        assert group in text
    for word in (
        "恢复单 A",
        "0f3c9a1b2d4e5f60718293a4b5c6d7e8",
        "a1b2c3d4",
        "2026-03-12",
        "青禾市示例中学",
        "谁可以用",
        "放在哪里",
        "第二人在场",
    ):
        assert word in text
    assert "Pages:           1" in properties_of(pdf)
    assert fonts_of(pdf)
    assert all("yes yes yes" in row for row in fonts_of(pdf))


def test_the_properties_do_not_hold_the_secret() -> None:
    properties = properties_of(sheet())
    assert "恢复单 A" in properties
    assert not any(group in properties for group in DIGITS.split("-"))
    assert "a1b2c3d4" not in properties


def test_the_same_sheet_is_the_same_file() -> None:
    assert sheet() == sheet()
    assert sheet() != sheet(DIGITS.replace("123453", "123464"))


@pytest.mark.usefixtures("english")
def test_the_sheet_speaks_english() -> None:
    text = bare(text_of(sheet()))
    assert "RecoverysheetA" in text
    assert "Whoholds" not in text
    assert "Whoeverholdsthemcanreadeverythinginthevault." in text


def test_a_long_or_missing_school_still_fits() -> None:
    assert "Pages:           1" in properties_of(sheet(school="青禾市示例区第一实验中学附属分校" * 5))
    assert "Pages:           1" in properties_of(sheet(school=""))


@pytest.mark.parametrize("digits", ["", DIGITS[:-1], DIGITS + "-000000", DIGITS.replace("-", " "), "abc"])
def test_anything_but_eight_groups_is_a_bug(digits: str) -> None:
    with pytest.raises(Bug):
        sheet(digits)


def read_square(modules: list[list[bool]]) -> str:
    """Read a QR code of version 2, level M, numeric: an own small reader, since no library for it is at hand."""
    size = len(modules)
    assert size == 25
    mask = sum(int(modules[8][column]) << (4 - column) for column in range(5)) ^ 0b10101
    assert mask >> 3 == 0  # level M
    rules = (
        lambda r, c: (r + c) % 2,
        lambda r, _: r % 2,
        lambda _, c: c % 3,
        lambda r, c: (r + c) % 3,
        lambda r, c: (r // 2 + c // 3) % 2,
        lambda r, c: r * c % 2 + r * c % 3,
        lambda r, c: (r * c % 2 + r * c % 3) % 2,
        lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
    )
    flip = rules[mask & 7]

    def reserved(r: int, c: int) -> bool:
        corner = (r < 9 and c < 9) or (r < 9 and c >= size - 8) or (r >= size - 8 and c < 9)
        return corner or r == 6 or c == 6 or (16 <= r <= 20 and 16 <= c <= 20)

    bits = []
    upwards = True
    for right in (24, 22, 20, 18, 16, 14, 12, 10, 8, 5, 3, 1):
        for step in range(size):
            row = size - 1 - step if upwards else step
            columns = [column for column in (right, right - 1) if not reserved(row, column)]
            bits += [int(modules[row][column] ^ (flip(row, column) == 0)) for column in columns]
        upwards = not upwards
    stream = "".join(map(str, bits))
    assert stream[:4] == "0001"
    count = int(stream[4:14], 2)
    digits, place = "", 14
    for group in range(0, count, 3):
        length = min(3, count - group)
        width = {3: 10, 2: 7, 1: 4}[length]
        digits += f"{int(stream[place : place + width], 2):0{length}d}"
        place += width
    return digits


@pytest.mark.parametrize("digits", [DIGITS.replace("-", ""), "0" * 48, "720885" * 8, "012345" * 8])
def test_the_square_holds_the_digits(digits: str) -> None:
    assert read_square(square_modules(digits)) == digits
