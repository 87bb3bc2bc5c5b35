"""Drafts: nobody's but one's own, with earlier states, and without a trace in the audit log."""

from __future__ import annotations

from datetime import timedelta

from counselroom.services.drafts import (
    VERSIONS_KEPT_FOR,
    discard_draft,
    draft_versions,
    find_draft,
    list_drafts,
    save_draft,
)
from tests.services.world import World


def test_a_draft_is_kept_and_replaced(world: World) -> None:
    log = world.audit()
    done = save_draft(world.me, world.desk, "note", {"text": "一"}, "session_record", "n1")
    assert (done.value.place, done.value.entity, done.value.entity_id) == ("note", "session_record", "n1")
    assert done.value.state == {"text": "一"}
    again = save_draft(world.me, world.desk, "note", {"text": "二"})
    assert done.changes.changed == again.changes.changed
    assert {kind for kind, _id in again.changes.changed} == {"draft"}
    assert again.value.saved_at > done.value.saved_at
    save_draft(world.me, world.desk, "referral", {})
    first, second = list_drafts(world.me, world.desk)
    assert (first.place, second.place) == ("referral", "note")
    assert second == again.value
    assert (second.entity, second.entity_id) == (None, None)
    ((saved_at, state),) = draft_versions(world.me, world.desk, "note")
    assert (saved_at, state) == (done.value.saved_at, {"text": "一"})
    assert draft_versions(world.me, world.desk, "referral") == ()
    assert world.audit() == log


def test_the_same_state_makes_no_version(world: World) -> None:
    for _ in range(3):
        done = save_draft(world.me, world.desk, "note", {"text": "一", "list": [1, 2]})
    assert draft_versions(world.me, world.desk, "note") == ()
    assert list_drafts(world.me, world.desk)[0].saved_at == done.value.saved_at


def test_a_version_is_kept_every_five_minutes_for_seven_days(world: World) -> None:
    start = world.clock.now()
    for minute in range(13):
        world.clock.moment = start + timedelta(minutes=minute)
        save_draft(world.me, world.desk, "note", {"text": str(minute)})
    states = [state["text"] for _at, state in draft_versions(world.me, world.desk, "note")]
    assert states == ["8", "4", "0"]
    world.clock.moment = start + VERSIONS_KEPT_FOR + timedelta(minutes=5, seconds=30)
    save_draft(world.me, world.desk, "note", {"text": "later"})
    states = [state["text"] for _at, state in draft_versions(world.me, world.desk, "note")]
    assert states == ["12", "8"]


def test_a_draft_is_found_by_its_place(world: World) -> None:
    save_draft(world.me, world.desk, "note", {"text": "一"})
    found = find_draft(world.me, world.desk, "note")
    assert found is not None
    assert found.state == {"text": "一"}
    assert find_draft(world.me, world.desk, "other") is None
    assert find_draft(world.colleague, world.desk, "note") is None


def test_nobody_sees_anothers_draft(world: World) -> None:
    save_draft(world.me, world.desk, "note", {"text": "我的"})
    save_draft(world.colleague, world.desk, "note", {"text": "她的"})
    save_draft(world.colleague, world.desk, "note", {"text": "她的二"})
    assert [view.state for view in list_drafts(world.me, world.desk)] == [{"text": "我的"}]
    assert draft_versions(world.me, world.desk, "note") == ()
    assert list_drafts(world.director.because("检查"), world.desk) == ()
    assert not discard_draft(world.director.because("检查"), world.desk, "note").value
    assert len(list_drafts(world.colleague, world.desk)) == 1


def test_a_discarded_draft_is_gone_with_its_versions(world: World) -> None:
    for text in "一二三":
        save_draft(world.me, world.desk, "note", {"text": text})
        save_draft(world.me, world.desk, "other", {"text": text})
    done = discard_draft(world.me, world.desk, "note")
    assert done.value
    assert {kind for kind, _id in done.changes.changed} == {"draft"}
    assert [view.place for view in list_drafts(world.me, world.desk)] == ["other"]
    assert world.sql("SELECT count(*) FROM draft_version") == [(1,)]
    again = discard_draft(world.me, world.desk, "note")
    assert not again.value
    assert again.changes.changed == frozenset()
