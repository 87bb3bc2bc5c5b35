"""The board of follow-ups and the dialogs of tiers and tasks, by keys through the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from counselroom.rules.care_words import CareTier, TaskState, TierState, TierSubtype
from counselroom.rules.counselling import RiskLevel
from counselroom.services import follow_up_plans, follow_ups, tiers
from counselroom.services.follow_up_views import TaskView
from counselroom.ui.care.form_dialog import FormDialog
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.follow_ups import FollowUpsPage
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from tests.conftest import HandClock
from tests.services.care_support import confirmed, pass_days, proposed
from tests.services.world import World
from tests.ui import looks
from tests.ui.rooms import alone, window_on

Opened = tuple[MainWindow, Room, World]


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Opened]:
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        parts[0].activateWindow()
        yield parts


def three_weeks_in(opened: Opened) -> None:
    """Give two students tiers that began fifteen days ago."""
    _window, room, world = opened

    def begin() -> None:
        confirmed(world)
        confirmed(world, student_id=world.students[1], tier=CareTier.GROUP_SUPPORT, subtype=TierSubtype.SCREEN3)

    alone(room, begin)
    pass_days(world, 15)
    alone(room, lambda: follow_up_plans.go_on(world.me, world.desk))


def board(opened: Opened, qtbot: QtBot, **arguments: str) -> FollowUpsPage:
    window, _room, _world = opened
    window.go_to("follow_ups", arguments or None)
    page = window.page()
    assert isinstance(page, FollowUpsPage)
    qtbot.waitUntil(lambda: "已过" in shown_words(page.header))
    looks.settle()
    return page


def test_the_rest_of_a_long_board_comes_when_it_is_scrolled_to(
    opened: Opened, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("counselroom.services.follow_up_board.PIECE", 2)
    monkeypatch.setattr("counselroom.ui.pages.follow_ups.PIECE", 2)
    monkeypatch.setattr("counselroom.services.follow_up_board.follow_up_board.__kwdefaults__", {"shown": 2})
    three_weeks_in(opened)
    page = board(opened, qtbot, span="later")
    table, model = page._table, page._model
    total = page._total
    assert total > 4

    def goes_on() -> bool:
        table.scrollToBottom()
        if model.canFetchMore(model.index(-1, -1)):
            model.fetchMore(model.index(-1, -1))
        return model.rowCount() == total

    chosen = model.key_at(table.currentIndex().row())
    qtbot.waitUntil(goes_on)
    assert [model.key_at(row) for row in range(total)] == [row.id for row in page._rows]
    assert len({row.id for row in page._rows}) == total
    assert model.key_at(table.currentIndex().row()) == chosen
    assert page.state()["shown"] == total


def shown_words(root: QWidget) -> str:
    return "\n".join(label.text() for label in root.findChildren(QLabel) if label.isVisible())


def tasks(opened: Opened, student: int = 0) -> tuple[TaskView, ...]:
    _window, room, world = opened
    return alone(room, lambda: follow_ups.tasks_of(world.me, world.desk, world.students[student]))


def dialog(opened: Opened, qtbot: QtBot, key: str = "", **arguments: str) -> FormDialog:
    """Return the open dialog, opened first when a key is given, with what it asked for."""
    window, _room, _world = opened
    if key:
        window.dialogs.open(key, arguments)
    qtbot.waitUntil(lambda: window.dialogs.dialog is not None)
    found = window.dialogs.dialog
    assert isinstance(found, FormDialog)
    qtbot.waitUntil(lambda: bool(found.about.text()))
    return found


def done(opened: Opened, qtbot: QtBot) -> None:
    window, _room, _world = opened
    qtbot.waitUntil(lambda: window.dialogs.dialog is None)


def press(root: QWidget, words: str) -> None:
    buttons = (button for button in root.findChildren(QAbstractButton) if button.isVisible())
    next(button for button in buttons if button.text() == words).click()


def test_it_begins_with_what_is_overdue_and_masked(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    three_weeks_in(opened)
    page = board(opened, qtbot)
    qtbot.waitUntil(lambda: page._spans.current() == "overdue" and page._model.rowCount() > 0)
    model = page._model
    assert {model.index(row, 0).data() for row in range(model.rowCount())} == {"欧阳同学", "单于同学"}
    qtbot.waitUntil(lambda: "到宿舍了解情况" in shown_words(page._panel))
    assert "若曦" not in shown_words(window)
    room.masking.toggle(page.key)
    qtbot.waitUntil(lambda: "欧阳若曦" in shown_words(page._panel))
    assert model.index(0, 0).data() == "欧阳若曦"


def test_a_task_is_recorded_with_few_keys_and_taken_back(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    three_weeks_in(opened)
    page = board(opened, qtbot)
    qtbot.waitUntil(lambda: page._model.rowCount() > 0)
    first, rows = page._model.key_at(0), page._model.rowCount()
    page._table.setFocus()
    QTest.keyClick(page._table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    form = dialog(opened, qtbot)
    assert form.focusWidget() is form.first()
    QTest.keyClicks(form.focusWidget(), "sleep better")
    QTest.keyClick(form.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    done(opened, qtbot)
    qtbot.waitUntil(lambda: page._model.rowCount() == rows - 1)
    (task,) = (each for each in tasks(opened) if each.id == first)
    assert task.state is TaskState.DONE
    records = alone(room, lambda: follow_ups.records_of(world.me, world.desk, world.students[0]))
    assert [record.data.change for record in records] == ["sleep better"]
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(page._table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page._model.rowCount() == rows)


def test_risk_that_was_seen_leads_to_the_assessment(
    opened: Opened, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, room, world = opened
    three_weeks_in(opened)
    wanted: list[tuple[str, dict[str, str]]] = []
    room.ways.page_wanted.disconnect(window.go_to)
    room.ways.page_wanted.connect(lambda key, arguments: wanted.append((key, arguments)))
    form = dialog(opened, qtbot, "task_done", task=tasks(opened)[0].id)
    form.restore({"change": "说到不想上学", "risk": RiskLevel.MODERATE.value})
    press(form, "记下")
    done(opened, qtbot)
    ((key, arguments),) = wanted
    assert (key, arguments["student"], arguments["source_entity"]) == (
        "assessment",
        world.students[0],
        "follow_up_record",
    )


def test_missed_and_waived_take_a_reason(opened: Opened, qtbot: QtBot) -> None:
    three_weeks_in(opened)
    for number, (how, verb, state) in enumerate(
        (("missed", "记为未做", TaskState.MISSED), ("waived", "免做这次", TaskState.WAIVED))
    ):
        task = tasks(opened)[number]
        form = dialog(opened, qtbot, "task_settle", task=task.id, how=how)
        press(form, verb)
        assert form.fields["reason"].error()
        form.restore({"reason": "学生请假"})
        press(form, verb)
        done(opened, qtbot)
        settled = next(each for each in tasks(opened) if each.id == task.id)
        assert (settled.state, settled.close_reason) == (state, "学生请假")


def test_a_tier_is_proposed_confirmed_and_ended(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    form = dialog(opened, qtbot, "propose_tier", student=world.students[2])
    press(form, "提出")
    assert form.fields["evidence.interview"].error()
    form.restore({"tier": "group_support", "subtype": "affected", "evidence.interview": "同桌出事后睡不好"})
    press(form, "提出")
    done(opened, qtbot)
    (found,) = alone(room, lambda: tiers.tiers_of(world.me, world.desk, world.students[2]))
    assert (found.data.subtype, found.state) == (TierSubtype.AFFECTED, TierState.PROPOSED)
    form = dialog(opened, qtbot, "decide_tier", tier=found.id)
    assert "团体辅导" in shown_words(form)
    press(form, "确认级别")
    done(opened, qtbot)
    assert {task.rule for task in tasks(opened, 2)} == {"FR-15", "FR-16", "FR-17"}
    form = dialog(opened, qtbot, "end_tier", tier=found.id)
    press(form, "结束级别")
    assert form.fields["reason"].error()
    form.restore({"reason": "稳定"})
    press(form, "结束级别")
    done(opened, qtbot)
    assert {task.state for task in tasks(opened, 2)} == {TaskState.ENDED}
    del window


def test_a_proposal_can_be_given_back_and_a_scale_alone_is_not_enough(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    form = dialog(opened, qtbot, "propose_tier", student=world.students[0])
    form.restore({"tier": "group_support", "subtype": "screen3", "evidence.scale": "分数偏高"})
    press(form, "提出")
    done(opened, qtbot)
    (found,) = alone(room, lambda: tiers.tiers_of(world.me, world.desk, world.students[0]))
    form = dialog(opened, qtbot, "decide_tier", tier=found.id)
    press(form, "确认级别")
    qtbot.waitUntil(lambda: "访谈" in form._error.text())
    press(form, "退回")
    assert form.fields["reason"].error()
    form.restore({"reason": "先访谈"})
    press(form, "退回")
    done(opened, qtbot)
    (found,) = alone(room, lambda: tiers.tiers_of(world.me, world.desk, world.students[0]))
    assert found.state is TierState.REJECTED


def test_a_review_starts_the_clock_anew(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    three_weeks_in(opened)
    (held,) = alone(room, lambda: tiers.tiers_of(world.me, world.desk, world.students[0]))
    form = dialog(opened, qtbot, "end_tier", tier=held.id)
    press(form, "已复评，继续")
    done(opened, qtbot)
    (again,) = alone(room, lambda: tiers.tiers_of(world.me, world.desk, world.students[0]))
    assert again.review_due_on is not None
    assert held.review_due_on is not None
    assert (again.review_due_on - held.review_due_on).days == 15


def test_a_task_is_set_by_hand(opened: Opened, qtbot: QtBot) -> None:
    _window, _room, world = opened
    form = dialog(opened, qtbot, "add_task", student=world.students[0], rule="FR-03")
    form.restore({**form.state(), "task": "陪同复诊"})
    press(form, "14 天")
    qtbot.waitUntil(lambda: form.fields["rule"].editor.currentData() == "FR-03")  # type: ignore[attr-defined]  # a box
    press(form, "安排")
    done(opened, qtbot)
    (task,) = tasks(opened)
    assert (task.task, task.rule, task.due_on.isoformat()) == ("陪同复诊", "FR-03", "2026-10-26")


def test_filters_and_place_are_kept_over_a_lock(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    three_weeks_in(opened)
    page = board(opened, qtbot)
    press_pill(page, "group_support")
    qtbot.waitUntil(lambda: page._model.rowCount() == 1)
    page._owner.setCurrentIndex(1)
    page._filter_changed()
    kept = page.state()
    assert (kept["tier"], kept["owner"]) == ("group_support", world.me.person_id)
    again = FollowUpsPage(room, "again")
    qtbot.addWidget(again)
    again.restore(kept)
    qtbot.waitUntil(lambda: again._model.rowCount() == 1 and again._owner.count() > 1)
    assert again.state() == kept
    del window


def press_pill(page: FollowUpsPage, name: str) -> None:
    page._pills[name].click()


def test_nothing_open_says_so(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    page = board(opened, qtbot)
    assert "没有未办的随访" in shown_words(page)
    alone(room, lambda: proposed(world))
    page._reload()
    qtbot.waitUntil(lambda: "1 个级别待确认" in shown_words(page.header))
