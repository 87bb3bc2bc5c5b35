"""Every register as a list on paper, and what a school year asks of each person."""

from __future__ import annotations

from typing import Any

import pytest

from counselroom.printing.definitions import Audience
from counselroom.printing.form_files import FormRefused, read_form
from counselroom.printing.list_form import list_form
from counselroom.services import forms, registers
from counselroom.services.print_offers import offers_about
from counselroom.services.print_preview import draw, prepare
from counselroom.services.prints import PrintRequest, print_form
from counselroom.services.register_definitions import register_named
from counselroom.services.register_papers import LIST, list_key
from counselroom.services.register_rows import RowFilter
from counselroom.services.registers import Entry
from tests.printing.pdf import bare, text_of
from tests.services.register_rows_support import filed
from tests.services.world import World


def key_of(world: World, register: str, **wanted: str) -> str:
    return list_key(register_named(register), RowFilter(**wanted), world.me.person_id)  # type: ignore[arg-type] # texts


def trained(world: World, name: str, hours: int, role: str = "full_time", day: str = "2026-10-08", **more: Any) -> None:
    data = {"date": day, "name": name, "role": role, "training": "危机干预", "hours": hours, **more}
    registers.add_row(world.me, world.desk, "F-61", Entry(data), file=True)


@pytest.mark.parametrize("key", ["F-29", "F-40", "F-75"])
def test_a_register_of_sheets_is_printed_as_a_list(world: World, key: str) -> None:
    register = register_named(key)
    filed(world, key, 1)
    filed(world, key, 2)
    entity_id = key_of(world, key)
    prepared = prepare(world.me, world.desk, key, entity_id)
    found = bare(text_of(draw(prepared, "room", (), "房间", "存档").pdf))
    if not register.is_list:
        assert "一览" in bare(prepared.title)
        assert offers_about(world.me, world.desk, LIST, entity_id).offers[0].title == prepared.title
        assert "2条" in found
        assert all(bare(register.field(name).label) in found for name in register.shown)
    printed = print_form(world.me, world.desk, PrintRequest(key, entity_id, Audience.ROOM, "房间", "存档")).value
    ((form_hash, entity),) = world.sql("SELECT form_hash, entity FROM print_log")
    assert entity == LIST
    again = prepare(world.me, world.desk, key, entity_id, form_hash)
    assert bare(text_of(draw(again, "room", (), "房间", "存档").pdf))[:40] == bare(text_of(printed.pdf))[:40]


def test_a_list_is_of_a_time_and_adds_up(world: World) -> None:
    for day, missing in (("2025-10-08", 5), ("2026-10-08", 1), ("2026-11-09", 2)):
        filed(world, "F-29", date=day, missing=missing, damaged=0)
    prepared = prepare(world.me, world.desk, "F-29", key_of(world, "F-29", academic_year="2026-2027"))
    assert prepared.values is not None
    assert prepared.values["list_period"] == "2026-2027 学年（2026-10-08 至 2026-11-09）"
    assert prepared.values["list_count"] == "2 条，缺失 3 卷，破损 0 卷"
    whole = prepare(world.me, world.desk, "F-29", key_of(world, "F-29"))
    assert whole.values is not None
    assert whole.values["list_period"] == "2025-10-08 至 2026-11-09"


def test_a_list_names_no_reader_who_may_not_see_a_column() -> None:
    for form in forms.all_forms().values():
        head = form.definition.register_head
        if head is None or head.rows is not None:
            continue
        made = list_form(form)
        by_name = {item.link_id: item for item in form.definition.item}
        (table,) = (item for item in made.definition.item if item.link_id == "list_rows")
        for column in table.columns[1:]:
            assert set(table.audiences) <= set(by_name[column.link_id].audiences)
        assert made.secrecy >= form.secrecy


# What a school year asks for.


def people(world: World, **wanted: str) -> list[tuple[str, int, int | None, int, str]]:
    found = registers.list_rows(world.me, world.desk, "F-61", RowFilter(**wanted))  # type: ignore[arg-type] # texts
    return [(each.person, each.done, each.required, each.missing, each.instead) for each in found.progress]


def test_a_year_asks_for_hours_by_role(world: World) -> None:
    trained(world, "周老师", 8)
    trained(world, "周老师", 16, day="2027-03-01")
    trained(world, "吴老师", 12, role="class_teacher")
    trained(world, "郑同学", 2, role="peer_delegate")
    trained(world, "周老师", 30, day="2025-10-08")
    draft = Entry({"name": "周老师", "hours": 9, "role": "full_time"})
    registers.add_row(world.me, world.desk, "F-61", draft, file=False)
    this_year = [("吴老师", 12, 10, 0, ""), ("周老师", 24, 40, 16, ""), ("郑同学", 2, None, 0, "")]
    assert people(world) == this_year
    assert people(world, academic_year="2026-2027", term="2026-2027-2") == this_year
    assert people(world, academic_year="2025-2026") == [("周老师", 30, 40, 10, "")]
    paper = prepare(world.me, world.desk, "F-61", key_of(world, "F-61", academic_year="2026-2027", term="2026-2027-2"))
    assert paper.values is not None
    assert paper.values["people"] == [
        {"name": "周老师", "hours": 24, "required": 40, "missing": 16, "note": "专职教师"}
    ]
    whole = prepare(world.me, world.desk, "F-61", key_of(world, "F-61"))
    assert whole.values is not None
    rows: Any = whole.values["people"]
    assert [(row["name"], row["missing"], row["note"]) for row in rows][:2] == [
        ("周老师", 10, "专职教师，2025-2026"),
        ("吴老师", 0, "班主任，2026-2027"),
    ]
    assert rows[-1]["required"] == rows[-1]["missing"] == "—"


def test_two_conferences_count_instead(world: World) -> None:
    trained(world, "周老师", 8, kind="conference", level="nation")
    trained(world, "周老师", 4, kind="conference", level="city")
    trained(world, "周老师", 4, kind="conference")
    assert people(world) == [("周老师", 16, 40, 24, "")]
    trained(world, "周老师", 4, kind="conference", level="province")
    assert people(world) == [("周老师", 20, 40, 0, "以两次会议代替")]
    trained(world, "吴老师", 4, "class_teacher", kind="conference", level="province")
    trained(world, "吴老师", 4, "class_teacher", kind="conference", level="province")
    assert people(world)[0] == ("吴老师", 8, 10, 2, "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('field = "hours"', 'field = "grade"'),
        ('by = "role"', 'by = "training"'),
        ("full_time = 40,", "nobody = 40,"),
        ('codes = ["full_time",', 'codes = ["nobody",'),
        ('{ question = "kind", operator', '{ question = "gone", operator'),
    ],
)
def test_a_target_that_fits_nothing_is_refused(old: str, new: str) -> None:
    source = forms.all_forms()["F-61"].source
    assert old in source
    with pytest.raises(FormRefused):
        read_form(source.replace(old, new, 1), "F-61.toml", {})
