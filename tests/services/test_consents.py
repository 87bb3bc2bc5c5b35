"""Consents: typed in from the signed paper, never edited, withdrawn at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError, OperationalError

from counselroom.errors import UserError
from counselroom.model.counselling import Consent
from counselroom.rules.counselling import ConsentKind
from counselroom.services.consents import ConsentData, list_consents, record_consent, withdraw_consent
from counselroom.services.desk import AccessDenied
from counselroom.services.rows import consents_of
from counselroom.vault import deeds
from tests.services.world import World


def data(world: World, **changes: Any) -> ConsentData:
    paper = ConsentData(
        world.students[0], ConsentKind.SERVICE, "F-08 v1", "欧阳建国", "父亲", world.at(-3, 16), "每周一次"
    )
    return replace(paper, **changes)


def test_a_consent_is_kept_as_it_stands_on_the_paper(world: World) -> None:
    paper = data(world)
    done = record_consent(world.me, world.desk, replace(paper, signed_by=" 欧阳建国 "))
    assert done.changes.changed == {("consent", done.value.id)}
    (view,) = list_consents(world.me, world.desk, world.students[0])
    assert view.data == paper
    assert view.withdrawn_at is None
    assert list_consents(world.me, world.desk, world.students[1]) == ()
    assert world.sql("SELECT secrecy, term FROM consent") == [("S2", "2026-2027-1")]


def test_the_newest_comes_first(world: World) -> None:
    kinds = (ConsentKind.SERVICE, ConsentKind.RECORDING, ConsentKind.GUARDIAN)
    for day, kind in zip((-3, -1, -2), kinds, strict=True):
        record_consent(world.me, world.desk, data(world, kind=kind, signed_at=world.at(day, 8)))
    found = list_consents(world.me, world.desk, world.students[0])
    assert [view.data.kind for view in found] == [ConsentKind.RECORDING, ConsentKind.GUARDIAN, ConsentKind.SERVICE]


def test_nobody_signs_in_the_future_or_without_a_name(world: World) -> None:
    for wrong in (
        data(world, signed_by=" "),
        data(world, signed_at=world.clock.moment + timedelta(seconds=1)),
    ):
        with pytest.raises(UserError) as caught:
            record_consent(world.me, world.desk, wrong)
        assert "欧阳" not in caught.value.sentence()
    assert world.sql("SELECT count(*) FROM consent") == [(0,)]
    record_consent(world.me, world.desk, data(world, signed_at=world.clock.moment))


def test_withdrawing_acts_once(world: World) -> None:
    view = record_consent(world.me, world.desk, data(world)).value
    done = withdraw_consent(world.me, world.desk, view.id)
    assert done.value.withdrawn_at is not None
    assert done.value.data == view.data
    assert done.changes.changed == {("consent", view.id)}
    for consent_id in (view.id, "none"):
        with pytest.raises(UserError):
            withdraw_consent(world.me, world.desk, consent_id)
    assert list_consents(world.me, world.desk, world.students[0]) == (done.value,)
    with world.desk.look() as work:
        (on_file,) = consents_of(work, world.students[0])
        assert (on_file.kind, on_file.signed_at, on_file.withdrawn_at) == (
            ConsentKind.SERVICE,
            view.data.signed_at,
            done.value.withdrawn_at,
        )
        assert consents_of(work, world.students[1]) == ()


def test_the_archive_manager_reads_and_does_not_write(world: World) -> None:
    view = record_consent(world.me, world.desk, data(world)).value
    assert list_consents(world.archivist, world.desk, world.students[0])
    for call in (
        lambda: record_consent(world.archivist, world.desk, data(world)),
        lambda: withdraw_consent(world.archivist, world.desk, view.id),
    ):
        with pytest.raises(AccessDenied):
            call()


@pytest.mark.parametrize("column", ["signed_by", "signed_at", "kind", "client_id", "scope"])
def test_a_signed_consent_cannot_be_changed_or_deleted(world: World, column: str) -> None:
    view = record_consent(world.me, world.desk, data(world)).value
    value: Any = {"signed_at": None, "kind": ConsentKind.TREATMENT, "client_id": world.students[1]}.get(column, "x")
    before = world.dump()
    with pytest.raises((IntegrityError, OperationalError)), world.desk.vault.change() as opened:
        opened.execute(update(Consent).where(Consent.id == view.id).values({column: value}))
    with pytest.raises((IntegrityError, OperationalError)), world.desk.vault.change() as opened:
        opened.execute(delete(Consent))
    assert world.dump() == before


def test_a_blanked_consent_holds_no_more(world: World) -> None:
    view = record_consent(world.me, world.desk, data(world)).value
    with world.desk.change() as work:
        event = work.event(world.me.because("录错学生"), "redact", "consent", view.id)
        deeds.redact(work.session, world.desk.vault.audit, event, new_id=work.new_id)
    with world.desk.look() as work:
        assert consents_of(work, world.students[0]) == ()
