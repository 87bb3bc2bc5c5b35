"""Counselling cases: one open case for a client and counsellor, and the restriction that search follows."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from counselroom.errors import UserError
from counselroom.model.counselling import CaseFile
from counselroom.rules.counselling import CaseStatus
from counselroom.services import search
from counselroom.services.cases import case, list_cases, open_case, restrict_case
from counselroom.services.undo import take_back
from tests.services.world import World


def test_a_case_is_opened_by_its_counsellor(world: World) -> None:
    done = open_case(world.colleague, world.desk, world.students[1], ("能安睡", "交朋友"))
    view = done.value
    assert (view.code, view.client_id, view.counsellor_id) == (
        "GA-2026-001",
        world.students[1],
        world.colleague.person_id,
    )
    assert (view.opened_on, view.status, view.goals, view.restricted) == (
        world.clock.moment.date(),
        CaseStatus.OPEN,
        ("能安睡", "交朋友"),
        False,
    )
    assert done.changes.changed == {("case_file", view.id)}
    assert case(world.colleague, world.desk, view.id) == view
    assert world.audit()[-2].entity_id == view.id


@pytest.mark.parametrize(
    ("status", "refused"),
    [
        (CaseStatus.OPEN, True),
        (CaseStatus.ACTIVE, True),
        (CaseStatus.PAUSED, True),
        (CaseStatus.CLOSED, False),
        (CaseStatus.ARCHIVED, False),
    ],
)
def test_a_second_open_case_of_a_client_with_the_same_counsellor_is_refused(
    world: World, status: CaseStatus, refused: bool
) -> None:
    case_id = world.case()
    with world.desk.vault.change() as opened:
        opened.execute(update(CaseFile).where(CaseFile.id == case_id).values(status=status))
    if refused:
        with pytest.raises(UserError):
            world.case()
    else:
        assert world.case() != case_id
    assert world.case(world.colleague) != case_id


def test_cases_are_listed_by_code_and_state(world: World) -> None:
    first, second = world.case(), world.case(student=1)
    world.note("会谈要点", case_id=second)
    assert [view.id for view in list_cases(world.me, world.desk)] == [first, second]
    assert [view.id for view in list_cases(world.me, world.desk, CaseStatus.ACTIVE)] == [second]
    assert list_cases(world.me, world.desk, CaseStatus.CLOSED) == ()


def test_a_voided_case_is_gone(world: World) -> None:
    case_id = world.case()
    with world.desk.vault.change() as opened:
        opened.execute(update(CaseFile).where(CaseFile.id == case_id).values(voided_at=world.clock.now()))
    assert list_cases(world.me, world.desk) == ()
    with pytest.raises(UserError):
        case(world.me, world.desk, case_id)


def test_search_follows_a_restriction_and_its_undo(world: World) -> None:
    def director_finds() -> int:
        return search.search_text(world.director.because("督导"), world.desk, "失眠").total

    case_id = world.case()
    world.note("近来失眠", case_id=case_id)
    other = world.note("也失眠", student=1)
    assert director_finds() == 2
    done = restrict_case(world.me, world.desk, case_id, restricted=True)
    assert done.value.restricted
    assert done.changes.changed == {("case_file", case_id)}
    assert world.sql("SELECT restricted FROM search_entry WHERE entity_id = :id", id=other) == [(0,)]
    assert director_finds() == 1
    world.note("仍失眠", case_id=case_id)
    assert director_finds() == 1
    assert done.changes.undo is not None
    take_back(world.me, world.desk, done.changes.undo)
    assert director_finds() == 3
    with pytest.raises(UserError):
        take_back(world.me, world.desk, done.changes.undo)


def test_undo_of_what_changed_nothing_changes_nothing(world: World) -> None:
    """Restricting a case that is restricted already must not be undone into opening it."""
    case_id = world.case()
    restrict_case(world.me, world.desk, case_id, restricted=True)
    again = restrict_case(world.me, world.desk, case_id, restricted=True)
    assert again.changes.undo is not None
    assert take_back(world.me, world.desk, again.changes.undo).value.restricted


def test_undo_refuses_a_case_that_has_moved_on(world: World) -> None:
    case_id = world.case()
    first = restrict_case(world.me, world.desk, case_id, restricted=True)
    restrict_case(world.me, world.desk, case_id, restricted=False)
    restrict_case(world.me, world.desk, case_id, restricted=True)
    assert first.changes.undo is not None
    with pytest.raises(UserError):
        take_back(world.me, world.desk, first.changes.undo)
    assert case(world.me, world.desk, case_id).restricted
