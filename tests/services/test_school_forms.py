"""The school's own copy of a form: used, refused, given up, and old prints made again as they were."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from counselroom import resources
from counselroom.errors import UserError
from counselroom.printing.definitions import Audience
from counselroom.printing.form_files import FormRefused
from counselroom.services.desk import AccessDenied
from counselroom.services.print_log import print_log
from counselroom.services.print_preview import draw, prepare
from counselroom.services.prints import PrintRequest, print_form, void_print
from counselroom.services.school_forms import school_forms, use_school_form, use_shipped_form
from tests.conftest import HandClock
from tests.printing.pdf import bare, text_of
from tests.services.world import MORNING, World, opened_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with opened_world(tmp_path / "vault", HandClock(MORNING)) as found:
        yield found


def own_copy(old: str = 'title = "个别咨询记录表"', new: str = 'title = "本校咨询记录表"') -> str:
    source = resources.read_text("forms/F-11.toml").replace('id = "F-11"', 'id = "F-11.school"')
    assert old in source
    return source.replace(old, new)


def printed(world: World, note: str, **changes: str) -> str:
    request = PrintRequest("F-11", note, Audience.ROOM, **changes)
    return bare(text_of(print_form(world.me, world.desk, request).value.pdf))


def test_the_copy_is_printed_in_the_place_of_the_form(world: World) -> None:
    note = world.note("一段会谈")
    assert "个别咨询记录表" in printed(world, note)
    assert use_school_form(world.me, world.desk, own_copy(), "F-11.school.toml").value == "F-11"
    assert "本校咨询记录表" in printed(world, note)
    sheet = draw(prepare(world.me, world.desk, "F-11", note), "room", (), "", "")
    assert "本校咨询记录表" in bare(text_of(sheet.pdf))
    lines = print_log(world.me, world.desk).lines
    assert [(line.form_id, line.copy_no) for line in lines] == [("F-11", 2), ("F-11", 1)], "one series of copies"
    void_print(world.me, world.desk, lines[0].print_id)


def test_given_up_the_shipped_form_is_back_and_old_prints_stay_possible(world: World) -> None:
    note = world.note("一段会谈")
    use_school_form(world.me, world.desk, own_copy(), "F-11.school.toml")
    printed(world, note)
    (line,) = print_log(world.me, world.desk).lines
    assert set(school_forms(world.me, world.desk)) == {"F-11"}
    use_shipped_form(world.me, world.desk, "F-11")
    assert school_forms(world.me, world.desk) == {}
    assert "个别咨询记录表" in printed(world, note)
    assert "本校咨询记录表" in printed(world, note, form_hash=line.form_hash)
    old = prepare(world.me, world.desk, "F-11", note, line.form_hash)
    assert "本校咨询记录表" in bare(text_of(draw(old, "room", (), "", "").pdf))
    with pytest.raises(UserError, match="没有"):
        use_shipped_form(world.me, world.desk, "F-11")
    with pytest.raises(UserError):
        prepare(world.me, world.desk, "F-11", note, "f" * 64)


def test_a_newer_copy_takes_the_place_of_the_older(world: World) -> None:
    note = world.note("一段会谈")
    use_school_form(world.me, world.desk, own_copy(), "F-11.school.toml")
    use_school_form(world.me, world.desk, own_copy(new='title = "第二版记录表"'), "F-11.school.toml")
    assert "第二版记录表" in printed(world, note)


def test_a_copy_that_gives_away_more_is_refused(world: World) -> None:
    with pytest.raises(FormRefused):
        use_school_form(world.me, world.desk, own_copy('secrecy = "S3"', 'secrecy = "S1"'), "F-11.school.toml")
    with pytest.raises(FormRefused):
        use_school_form(world.me, world.desk, "[form", "F-11.school.toml")
    other = own_copy().replace('id = "F-11.school"', 'id = "F-99.school"')
    with pytest.raises(UserError, match="F-99"):
        use_school_form(world.me, world.desk, other, "F-99.school.toml")
    assert school_forms(world.me, world.desk) == {}


def test_only_the_director_decides(world: World) -> None:
    with pytest.raises(AccessDenied):
        use_school_form(world.colleague, world.desk, own_copy(), "F-11.school.toml")
    with pytest.raises(AccessDenied):
        use_shipped_form(world.colleague, world.desk, "F-11")
