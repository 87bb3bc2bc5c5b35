"""The audit extract on paper (F-68)."""

from __future__ import annotations

import json
from datetime import date

import pytest

from counselroom.errors import UserError
from counselroom.printing.definitions import Audience
from counselroom.rules.access import Refusal
from counselroom.services import audit_papers
from counselroom.services.audit_extract import AuditFilter
from counselroom.services.audit_papers import audit_key
from counselroom.services.desk import AccessDenied
from counselroom.services.form_subjects import load_subject
from counselroom.services.print_offers import offers_about
from counselroom.services.print_preview import draw, prepare
from counselroom.services.prints import PrintRequest, print_blank, print_form
from tests.printing.pdf import text_of
from tests.services.world import World

WHOLE = audit_key(AuditFilter())


def rows_of(world: World, key: str = WHOLE) -> list[dict[str, str]]:
    with world.desk.look() as work:
        found = load_subject(work, "audit_log", key).values["audit.rows"]
    return [dict(row) for row in found]  # type: ignore[union-attr, arg-type] # a table


def test_the_director_prints_it_with_a_reason_and_the_log_keeps_the_copy(world: World) -> None:
    world.note("近来失眠")
    offers = offers_about(world.director, world.desk, "audit_log", WHOLE)
    assert [(each.form_id, each.is_printed) for each in offers.offers] == [("F-68", False)]
    with pytest.raises(AccessDenied) as asked:
        prepare(world.director, world.desk, "F-68", WHOLE)
    assert asked.value.refusal is Refusal.REASON_NEEDED
    director = world.director.because("教育局检查")
    prepared = prepare(director, world.desk, "F-68", WHOLE)
    assert prepared.is_secret
    sheet = draw(prepared, "room", (), "", "")
    text = text_of(sheet.pdf)
    assert "郑主任" in text
    assert "近来失眠" not in text
    request = PrintRequest("F-68", WHOLE, Audience.LEADING_GROUP, "领导小组", "保密检查")
    printed = print_form(director, world.desk, request).value
    assert printed.copy_no == 1
    assert world.sql("SELECT form_id, entity, recipient, state FROM print_log") == [
        ("F-68", "audit_log", "领导小组", "printed")
    ]
    assert ("print", WHOLE, "教育局检查") in [(row.action, row.entity_id, row.reason) for row in world.audit()]
    assert offers_about(world.director, world.desk, "audit_log", WHOLE).offers[0].is_printed


def test_nobody_else_sees_it(world: World) -> None:
    for actor in (world.colleague, world.archivist, world.colleague.because("想看")):
        with pytest.raises(AccessDenied):
            prepare(actor, world.desk, "F-68", WHOLE)
        with pytest.raises(AccessDenied):
            print_form(actor, world.desk, PrintRequest("F-68", WHOLE, Audience.ROOM))
        with pytest.raises(AccessDenied):
            offers_about(actor, world.desk, "audit_log", WHOLE)


def test_a_copy_stands_beside_its_row(world: World) -> None:
    referral = world.referral()
    for recipient in ("王医生", "李医生"):
        print_form(world.me, world.desk, PrintRequest("F-50", referral, Audience.ROOM, recipient, "就诊"))
    rows = rows_of(world, audit_key(AuditFilter(actor_id=world.me.account_id, action="print")))
    assert [(row["recipient"], row["copy"], row["action"]) for row in rows] == [
        ("王医生", "1", "打印"),
        ("李医生", "2", "打印"),
    ]
    assert {row["who"] for row in rows} == {"林老师"}
    assert {row["recipient"] for row in rows_of(world)} == {"", "王医生", "李医生"}
    logged = {seq: check.hex() for seq, check in world.sql("SELECT seq, hash FROM audit_log")}
    assert all(logged[int(row["number"])].startswith(row["check"]) and len(row["check"]) == 8 for row in rows)


def test_the_filter_is_the_paper(world: World) -> None:
    today = world.clock.now().date()
    wanted = AuditFilter(first=today, last=today, last_seq=4)
    key = audit_key(wanted)
    assert json.loads(key)["last_seq"] == "4"
    before = rows_of(world, key)
    world.note("甲")
    assert rows_of(world, key) == before
    with world.desk.look() as work:
        subject = load_subject(work, "audit_log", key)
    assert subject.values["audit.period"] == f"{today} 至 {today}"
    assert subject.values["audit.count"] == f"4 行（第 {before[0]['number']} 至 4 号）"
    assert (subject.academic_year, subject.term) == ("2026-2027", "第一学期")


def test_lists_and_other_keys_say_nothing(world: World) -> None:
    prepare(world.director.because("检查"), world.desk, "F-68", WHOLE)
    assert not any("{" in row["record"] or len(row["record"]) > 12 for row in rows_of(world))


@pytest.mark.parametrize("key", ["{", "[]", '{"first": "gestern"}', '{"who": "1"}', '{"last_seq": "x"}'])
def test_what_is_no_filter_is_refused(world: World, key: str) -> None:
    with pytest.raises(UserError), world.desk.look() as work:
        load_subject(work, "audit_log", key)


def test_too_many_rows_and_none_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match="没有"):
        rows_of(world, audit_key(AuditFilter(last=date(2000, 1, 1))))
    monkeypatch.setattr(audit_papers, "MOST_PRINTED", 2)
    with pytest.raises(UserError):
        rows_of(world)


def test_the_blank_one_is_for_the_pen() -> None:
    assert "链校验值" in text_of(print_blank("F-68"))
