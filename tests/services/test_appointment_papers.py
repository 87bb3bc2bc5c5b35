"""F-05, the register of appointments over a period: who, when, how; never why; names only when they are asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from counselroom.errors import UserError
from counselroom.printing.definitions import Audience
from counselroom.rules.counselling import AppointmentState, CancelledBy, ClientType
from counselroom.services.appointments import book_appointment, cancel_appointment, set_appointment_state, walk_in
from counselroom.services.form_subjects import load_subject
from counselroom.services.print_offers import offers_about
from counselroom.services.prints import PrintRequest, print_blank, print_form
from counselroom.services.waiting import WaitingData, add_waiting
from tests.services.world import World

WEEK = "2026-10-12_2026-10-18"


def filled(world: World) -> None:
    came = walk_in(world.me, world.desk, "", name="赵家长", client_type=ClientType.PARENT).value
    set_appointment_state(world.me, world.desk, came.id, AppointmentState.COMPLETED)
    waits = add_waiting(
        world.me, world.desk, WaitingData(world.students[0], wanted_times="周二下午", referrer="陈老师")
    ).value
    booking = replace(world.booking(1, 14), issue_brief="同学矛盾", waiting_id=waits.id)
    book_appointment(world.me, world.desk, booking)
    gone = book_appointment(world.me, world.desk, world.booking(2, 9, client_id=world.students[1])).value
    cancel_appointment(world.me, world.desk, gone.id, CancelledBy.CLIENT, "病假")
    book_appointment(world.me, world.desk, world.booking(8, 9))


def rows(world: World, key: str) -> list[dict[str, str]]:
    with world.desk.look() as work:
        found = load_subject(work, "appointment_list", key).values["bookings.rows"]
    assert isinstance(found, list)
    return [dict(row) for row in found]


def test_a_week_of_appointments(world: World) -> None:
    filled(world)
    found = rows(world, WEEK)
    assert [(row["number"], row["who"], row["state"], row["visit"]) for row in found] == [
        ("1", "赵家长", "已完成", "首次"),
        ("2", "欧阳同学", "待到", "首次"),
        ("3", "单于同学", "已取消", ""),
    ]
    assert found[1]["wanted"] == "周二下午"
    assert found[1]["arranged"] == "10-13 14:00-14:50"
    assert found[2]["cancelled"] == "来访者：病假"
    assert "同学矛盾" not in str(found)
    assert not any(name in str(found) for name in ("若曦", "青禾", "陈老师"))


def test_names_are_written_out_when_they_are_asked_for(world: World) -> None:
    filled(world)
    found = rows(world, f"{WEEK}_names")
    assert [row["who"] for row in found] == ["赵家长", "欧阳若曦", "单于青禾"]
    assert found[1]["referrer"] == "陈老师"


def test_it_is_printed_blank_and_filled_and_offered(world: World) -> None:
    filled(world)
    assert print_blank("F-05").startswith(b"%PDF")
    request = PrintRequest("F-05", WEEK, Audience.ROOM)
    assert print_form(world.me, world.desk, request).value.pdf.startswith(b"%PDF")
    offers = offers_about(world.me, world.desk, "appointment_list", WEEK).offers
    assert [(offer.form_id, offer.is_printed) for offer in offers] == [("F-05", True)]


@pytest.mark.parametrize("key", ["x", "2026-10-12", "2026-10-18_2026-10-12"])
def test_what_is_no_period_is_not_printed(world: World, key: str) -> None:
    with pytest.raises(UserError):
        rows(world, key)
