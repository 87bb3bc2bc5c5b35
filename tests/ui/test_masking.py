"""遮名: one display function, one rule for F8."""

from __future__ import annotations

import pytest

from counselroom.ui.masking import Face, Masking, surname_of


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张晓明", "张同学"),
        ("欧阳若曦", "欧阳同学"),
        ("欧阳", "欧同学"),
        ("买买提·艾力", "买同学"),
        ("", ""),
        (" 李四", "李同学"),
    ],
)
def test_a_masked_name_is_the_surname(name: str, shown: str) -> None:
    assert Face(masked=True).name(name) == shown


def test_a_masked_guardian_and_number_say_nothing_of_the_person() -> None:
    face = Face(masked=True)
    assert face.guardian("欧阳建国") == "监护人"
    assert face.number("13900001234") == "…234"
    assert face.number("1234") == "…4"
    assert face.number(None) == ""
    assert face.text("高血压") == ""


def test_an_open_face_shows_everything() -> None:
    face = Face(masked=False)
    shown = (face.name("张晓明"), face.guardian("张三"), face.number("123"), face.text("话"))
    assert shown == ("张晓明", "张三", "123", "话")


def test_a_surname_of_two_characters_needs_a_given_name() -> None:
    assert surname_of("司马光") == "司马"
    assert surname_of("司马") == "司"


def test_f8_masks_everything_at_once_and_then_restores() -> None:
    masking = Masking()
    told: list[bool] = []
    masking.changed.connect(lambda: told.append(True))
    assert masking.face("students").masked
    masking.toggle("students")
    masking.show_on_purpose("record")
    assert not masking.face("students").masked
    assert not masking.face("record").masked
    masking.toggle("backup")
    assert masking.face("students").masked
    assert masking.face("record").masked
    masking.toggle("week")
    assert [masking.face(place).masked for place in ("students", "record", "week", "today")] == [False] * 3 + [True]
    assert len(told) == 4


def test_showing_what_is_shown_tells_nobody() -> None:
    masking = Masking()
    masking.show_on_purpose("record")
    told: list[bool] = []
    masking.changed.connect(lambda: told.append(True))
    masking.show_on_purpose("record")
    assert told == []
