"""The page of one 专案: band, clocks, checklist, guard, contacts, log, what the rules refuse, closing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from counselroom.rules.crisis_words import ContactOutcome, CrisisKind, CrisisLevel, CrisisState, GuardEnd, StepState
from counselroom.rules.deadlines import ClockState
from counselroom.services import crisis, crisis_log, crisis_papers, crisis_steps, guard_24h
from counselroom.services.crisis_page import crisis_page
from counselroom.services.crisis_views import EventView
from counselroom.ui.crisis.form import CrisisForm
from counselroom.ui.crisis.time import BelievedTime
from counselroom.ui.dialogs.crisis_papers import CrisisPapersDialog
from counselroom.ui.dialogs.form_scroll import FormScroll
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.crisis import CrisisPage
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from tests.conftest import HandClock
from tests.services.crisis_support import begin, settle_all, step_named
from tests.services.world import World
from tests.ui import looks
from tests.ui.crisis_cases import begin_guard, closed_case, has, running_case
from tests.ui.rooms import alone, window_on

T = TypeVar("T")
Opened = tuple[MainWindow, Room, World]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Opened]:
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        yield parts


def rest(opened: Opened, qtbot: QtBot) -> None:
    for _round in range(3):
        arrived: list[None] = []
        owner = QObject()
        opened[1].tasks.query(owner, lambda: None, arrived.append)
        opened[1].tasks.job(lambda _job: None, arrived.append)
        qtbot.waitUntil(has(arrived, 2), timeout=20_000)
        looks.settle()


def done(opened: Opened, work: Callable[[], T]) -> T:
    return alone(opened[1], work)


def page_on(opened: Opened, make: Callable[[World], str], qtbot: QtBot) -> tuple[CrisisPage, str]:
    rest(opened, qtbot)
    event_id = done(opened, lambda: make(opened[2]))
    opened[0].go_to("crisis", {"event": event_id})
    rest(opened, qtbot)
    page = opened[0].page()
    assert isinstance(page, CrisisPage)
    return page, event_id


def calm(world: World) -> str:
    return begin(world, kind=CrisisKind.OTHER)


def form(opened: Opened, qtbot: QtBot, key: str, **arguments: object) -> CrisisForm:
    opened[1].ways.open_dialog(key, **arguments)
    rest(opened, qtbot)
    dialog = opened[0].dialogs.dialog
    assert isinstance(dialog, CrisisForm)
    return dialog


def act(opened: Opened, qtbot: QtBot, dialog: CrisisForm) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    rest(opened, qtbot)


def view(opened: Opened, event_id: str) -> EventView:
    world = opened[2]
    return done(opened, lambda: crisis.event(world.me, world.desk, event_id))


def test_the_band_names_step_owner_due_time_and_clock(opened: Opened, qtbot: QtBot) -> None:
    page, _event = page_on(opened, calm, qtbot)
    band = page._band
    assert band.title() == "确认学生安全，初步评估"
    assert band._left.text() == "立即"
    assert band._due.text().startswith("今天")
    assert band._detail.text().startswith("咨询师")
    assert band._paper.text() == "打开评估"
    assert page.header.title() == "Z2026-001　欧阳若曦"


def test_the_checklist_is_shown_by_stage_and_by_time(opened: Opened, qtbot: QtBot) -> None:
    page, _event = page_on(opened, running_case, qtbot)
    assert len(page._model.headings()) == 4
    assert page._model.index(0, 0).data() == "即刻处置　2 / 7"
    page._choose_view("time")
    assert page._model.headings() == []
    first = page._model.step_at(0)
    assert first is not None
    assert first.item == "CK-E-03"
    last = page._model.step_at(page._model.rowCount() - 1)
    assert last is not None
    assert last.state is StepState.DONE


def test_an_item_is_ticked_with_space_and_taken_back(opened: Opened, qtbot: QtBot) -> None:
    page, event_id = page_on(opened, calm, qtbot)
    QTest.keyClick(page._table, Qt.Key.Key_Space)
    rest(opened, qtbot)
    assert view(opened, event_id).settled == 1
    opened[0]._toast.undo()
    rest(opened, qtbot)
    assert view(opened, event_id).settled == 0
    assert page._band.title() == "确认学生安全，初步评估"


def test_an_item_that_is_late_asks_for_one_line(opened: Opened, qtbot: QtBot, clock: HandClock) -> None:
    page, event_id = page_on(opened, calm, qtbot)
    clock.moment += timedelta(hours=1)
    page._reload()
    rest(opened, qtbot)
    assert page._band._left_label.text() == "已过时限"
    QTest.keyClick(page._table, Qt.Key.Key_Space)
    rest(opened, qtbot)
    dialog = opened[0].dialogs.dialog
    assert isinstance(dialog, CrisisForm), "it is not ticked in silence (R-05)"
    act(opened, qtbot, dialog)
    assert dialog.fields["late"].error()
    dialog.put("late", "先陪着学生")
    act(opened, qtbot, dialog)
    assert next(step for step in view(opened, event_id).steps if step.item == "CK-E-01").late_reason == "先陪着学生"


def test_an_item_is_set_aside_only_with_a_reason_and_opened_again(opened: Opened, qtbot: QtBot) -> None:
    _page, event_id = page_on(opened, calm, qtbot)
    step = done(opened, lambda: step_named(opened[2], event_id, "CK-E-06"))
    dialog = form(opened, qtbot, "crisis_step", step=step.id)
    dialog.put("how", "skip")
    act(opened, qtbot, dialog)
    assert dialog.fields["skip"].error()
    dialog.put("skip", "没有伤情")
    act(opened, qtbot, dialog)
    assert done(opened, lambda: step_named(opened[2], event_id, "CK-E-06")).state is StepState.NOT_APPLICABLE
    settled = done(opened, lambda: step_named(opened[2], event_id, "CK-E-06"))
    dialog = form(opened, qtbot, "crisis_step", step=settled.id)
    dialog._open_again()  # type: ignore[attr-defined]  # the dialog of an item
    rest(opened, qtbot)
    assert done(opened, lambda: step_named(opened[2], event_id, "CK-E-06")).state is StepState.OPEN


def test_an_item_that_waits_or_lacks_its_paper_says_so(opened: Opened, qtbot: QtBot) -> None:
    _page, event_id = page_on(opened, calm, qtbot)
    waiting = done(opened, lambda: step_named(opened[2], event_id, "CK-E-16"))
    dialog = form(opened, qtbot, "crisis_step", step=waiting.id)
    assert not dialog.act_button.isEnabled()
    assert "前面的事项还没有办结" in dialog._hint.text()  # type: ignore[attr-defined]  # the dialog of an item
    dialog.finish()
    paper = done(opened, lambda: step_named(opened[2], event_id, "CK-E-09"))
    dialog = form(opened, qtbot, "crisis_step", step=paper.id)
    assert "签收件" in dialog._hint.text()  # type: ignore[attr-defined]  # the dialog of an item
    dialog.finish()


def test_several_checklists_hang_at_once(opened: Opened, qtbot: QtBot) -> None:
    page, event_id = page_on(opened, calm, qtbot)
    dialog = form(opened, qtbot, "crisis_item", event=event_id)
    dialog.put("list", "CK-F")
    act(opened, qtbot, dialog)
    assert [entry["key"] for entry in view(opened, event_id).plan] == ["CK-E", "CK-F"]
    headings = [str(page._model.index(row, 0).data()) for row in page._model.headings()]
    assert headings[0].startswith("即刻处置　")  # the list every case has needs no key
    assert any(words.startswith("CK-F　") for words in headings)
    dialog = form(opened, qtbot, "crisis_item", event=event_id)
    dialog.put("title", "联系外省亲属")
    act(opened, qtbot, dialog)
    assert view(opened, event_id).steps[-1].title == "联系外省亲属"


def test_a_guard_is_begun_observed_handed_over_and_ended(opened: Opened, qtbot: QtBot, clock: HandClock) -> None:
    page, event_id = page_on(opened, calm, qtbot)
    world = opened[2]
    dialog = form(opened, qtbot, "guard", event=event_id)
    dialog.put("names", "林老师、周老师")
    act(opened, qtbot, dialog)
    (guard,) = done(opened, lambda: guard_24h.list_guards(world.me, world.desk, event_id))
    assert [shift.name for shift in guard.on_guard] == ["林老师", "周老师"]
    assert page._guard._now.text() == "林老师（咨询师）、周老师（咨询师）"
    assert "没有排人" in page._guard._gap.text()
    dialog = form(opened, qtbot, "guard_observation", event=event_id)
    dialog.put("said", "情绪平稳")
    act(opened, qtbot, dialog)
    assert page._sections["guard"].count == "已记 1 / 12 时段"
    dialog = form(opened, qtbot, "guard_shift", event=event_id)
    dialog.put("names", "吴老师")
    act(opened, qtbot, dialog)
    clock.moment += timedelta(minutes=30)
    dialog = form(opened, qtbot, "guard_handover", event=event_id)
    dialog.put("to", "吴老师")
    act(opened, qtbot, dialog)
    dialog = form(opened, qtbot, "guard", event=event_id)
    dialog.put("end", GuardEnd.PARENT_TOOK_OVER.value)
    act(opened, qtbot, dialog)
    assert dialog.fields["taker"].error()
    dialog.put("taker", "欧阳建国")
    act(opened, qtbot, dialog)
    (guard,) = done(opened, lambda: guard_24h.list_guards(world.me, world.desk, event_id))
    assert guard.ended_at is not None


def test_a_gap_is_told_and_needs_its_reason(opened: Opened, qtbot: QtBot, clock: HandClock) -> None:
    page, event_id = page_on(opened, calm, qtbot)
    done(opened, lambda: begin_guard(opened[2], event_id))
    clock.moment += timedelta(hours=7)
    page._reload()
    rest(opened, qtbot)
    assert page._guard._gap.text().startswith("空档 1 小时")
    dialog = form(opened, qtbot, "guard", event=event_id)
    dialog.put("end", GuardEnd.OTHER.value)
    act(opened, qtbot, dialog)
    assert "空档" in dialog._error.text()
    dialog.put("gap", "换班时去送医")
    act(opened, qtbot, dialog)
    assert opened[0].dialogs.dialog is None


def test_a_long_gap_is_told_in_days_and_hours(opened: Opened, qtbot: QtBot, clock: HandClock) -> None:
    page, event_id = page_on(opened, calm, qtbot)
    done(opened, lambda: begin_guard(opened[2], event_id))
    clock.moment += timedelta(hours=6 + 24 + 16, minutes=21)
    page._reload()
    rest(opened, qtbot)
    assert page._guard._gap.text().startswith("空档 1 天 16 小时")
    dialog = form(opened, qtbot, "guard", event=event_id)
    assert dialog._hint.text() == "班次有 1 天 16 小时空档，需要写原因。"  # type: ignore[attr-defined]  # the guard's
    dialog.finish()


def test_the_list_of_papers_says_when_nothing_can_be_read(opened: Opened, qtbot: QtBot) -> None:
    dialog = form(opened, qtbot, "crisis_papers", event="none")
    assert isinstance(dialog, CrisisPapersDialog)
    assert not dialog._nothing.isHidden()
    assert dialog._table.isHidden()
    assert not dialog.act_button.isEnabled()
    dialog.finish()
    _page, event_id = page_on(opened, calm, qtbot)
    dialog = form(opened, qtbot, "crisis_papers", event=event_id)
    assert isinstance(dialog, CrisisPapersDialog)
    assert dialog._nothing.isHidden()
    table = dialog._table
    assert table.height() >= table.horizontalHeader().height() + sum(
        table.rowHeight(row) for row in range(len(dialog._rows))
    )
    dialog.finish()


def test_the_contacts_fill_their_tab_in_a_small_window(opened: Opened, qtbot: QtBot) -> None:
    opened[0].resize(1093, 550)
    page, _event_id = page_on(opened, calm, qtbot)
    page._parts.show_section("contacts")
    looks.settle()
    table = page._contacts.table
    assert table.horizontalHeader().length() == table.viewport().width()


def test_the_fields_of_a_dialog_end_where_its_buttons_do(opened: Opened, qtbot: QtBot) -> None:
    opened[0].resize(1440, 900)
    _page, event_id = page_on(opened, calm, qtbot)
    dialog = form(opened, qtbot, "contact_attempt", event=event_id)
    looks.settle()

    def right(widget: QWidget) -> int:
        return widget.mapTo(dialog, widget.rect().bottomRight()).x()

    assert right(dialog.fields["outcome"]) == right(dialog.act_button)
    dialog.finish()


def test_a_low_dialog_shows_the_field_with_the_keyboard(opened: Opened, qtbot: QtBot) -> None:
    opened[0].resize(1093, 550)
    _page, event_id = page_on(opened, calm, qtbot)
    dialog = form(opened, qtbot, "crisis_report", event=event_id)
    looks.settle()
    (area,) = dialog.findChildren(FormScroll)
    assert area.verticalScrollBar().maximum() > 0
    last = dialog.fields["enclosures"].editor
    last.setFocus()
    looks.settle()
    assert area.viewport().rect().contains(last.mapTo(area.viewport(), last.rect().center()))
    dialog.finish()


def test_a_click_on_a_contact_writes_an_attempt_down(opened: Opened, qtbot: QtBot) -> None:
    page, event_id = page_on(opened, calm, qtbot)
    world = opened[2]
    table = page._contacts.table
    assert table.model().index(0, 2).data() == "13811112222"
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.row_rect(0).center())
    rest(opened, qtbot)
    dialog = opened[0].dialogs.dialog
    assert isinstance(dialog, CrisisForm)
    dialog.put("outcome", ContactOutcome.NO_ANSWER.value)
    act(opened, qtbot, dialog)
    (line, *_others) = done(opened, lambda: crisis_log.list_contacts(world.me, world.desk, event_id))
    assert (line.attempts, line.last_outcome) == (1, ContactOutcome.NO_ANSWER)
    assert "无人接听" in str(table.model().index(0, 3).data())


def test_ctrl_j_appends_to_the_log(opened: Opened, qtbot: QtBot) -> None:
    page, event_id = page_on(opened, calm, qtbot)
    page.jot()
    line = page._log.line
    line.setText("学生愿意等母亲来校")
    QTest.keyClick(line, Qt.Key.Key_Return)
    rest(opened, qtbot)
    assert line.text() == ""
    lines = done(opened, lambda: crisis_log.list_lines(opened[2].me, opened[2].desk, event_id))
    assert lines[0].text == "学生愿意等母亲来校"
    dialog = form(opened, qtbot, "crisis_log", event=event_id)
    act(opened, qtbot, dialog)
    assert dialog.fields["said"].error()
    dialog.put("said", "又一条")
    act(opened, qtbot, dialog)
    assert page._log._model.rowCount() == 3


def test_the_notice_takes_its_reply_once_it_is_issued(opened: Opened, qtbot: QtBot) -> None:
    _page, event_id = page_on(opened, calm, qtbot)
    world = opened[2]
    dialog = form(opened, qtbot, "guardian_notice", event=event_id)
    assert dialog.value("addressee") == "欧阳建国"
    assert dialog.value("facts") == "课间同学告诉班主任"
    dialog.put("facts", "")
    act(opened, qtbot, dialog)
    assert dialog.fields["facts"].error()
    dialog.put("facts", "上午情绪低落")
    act(opened, qtbot, dialog)
    assert opened[0].page().key == "print_preview"
    dialog = form(opened, qtbot, "guardian_notice", event=event_id)
    assert not dialog.fields["facts"].isVisible()
    dialog.put("reply", "已知悉")
    dialog.put("expected", "16:00")
    act(opened, qtbot, dialog)
    (notice,) = done(opened, lambda: crisis_papers.list_notices(world.me, world.desk, event_id))
    assert (notice.data.facts, notice.reply.reply) == ("上午情绪低落", "已知悉")


def test_the_report_is_filled_in_and_approved(opened: Opened, qtbot: QtBot) -> None:
    _page, event_id = page_on(opened, running_case, qtbot)
    world = opened[2]
    dialog = form(opened, qtbot, "crisis_report", event=event_id)
    assert "欧阳若曦" in dialog.value("persons")
    assert "一小时内到校" in dialog.value("course")
    act(opened, qtbot, dialog)
    assert opened[0].page().key == "print_preview"
    dialog = form(opened, qtbot, "crisis_report", event=event_id)
    act(opened, qtbot, dialog)
    (report,) = done(opened, lambda: crisis_papers.list_reports(world.me, world.desk, event_id))
    assert report.approved_at is not None


def test_a_level_changes_with_its_reason_and_the_state_follows_the_rules(opened: Opened, qtbot: QtBot) -> None:
    _page, event_id = page_on(opened, calm, qtbot)
    dialog = form(opened, qtbot, "crisis_level", event=event_id)
    states = dialog.fields["state"].editor
    offered = [states.itemData(number) for number in range(states.count())]  # type: ignore[attr-defined]  # a choice
    assert offered == ["reported", "assessing", "responding"], "nothing the rules refuse is offered"
    dialog.put("level", CrisisLevel.MODERATE.value)
    act(opened, qtbot, dialog)
    assert dialog.fields["reason"].error()
    dialog.put("reason", "复评后")
    dialog.put("state", CrisisState.RESPONDING.value)
    act(opened, qtbot, dialog)
    found = view(opened, event_id)
    assert (found.data.level, found.state) == (CrisisLevel.MODERATE, CrisisState.RESPONDING)


def test_closing_says_what_stands_in_the_way(opened: Opened, qtbot: QtBot) -> None:
    page, event_id = page_on(opened, calm, qtbot)
    world = opened[2]
    dialog = form(opened, qtbot, "close_crisis", event=event_id)
    assert not dialog.act_button.isEnabled()
    assert "还有事项没有办结" in dialog._blocks.text()  # type: ignore[attr-defined]  # the dialog that closes
    dialog.finish()

    def finish() -> None:
        settle_all(world, event_id)
        for state in (CrisisState.RESPONDING, CrisisState.STABILISED):
            crisis.set_event_state(world.me, world.desk, event_id, state)

    done(opened, finish)
    page._reload()
    rest(opened, qtbot)
    assert page._band.title() == "所有事项都已办结"
    page.settle_next()
    rest(opened, qtbot)
    dialog = opened[0].dialogs.dialog  # type: ignore[assignment]  # a form
    assert isinstance(dialog, CrisisForm)
    act(opened, qtbot, dialog)
    assert dialog.fields["outcome"].error()
    dialog.put("outcome", "已安排随访")
    act(opened, qtbot, dialog)
    assert view(opened, event_id).state is CrisisState.CLOSED
    assert page._band.title() == "已结案，只能看"


def test_a_closed_case_is_read_only(opened: Opened, qtbot: QtBot) -> None:
    page, _event = page_on(opened, closed_case, qtbot)
    assert not page._add.isEnabled()
    assert not page._observe.isEnabled()
    assert not page._log.line.isVisible()
    assert page._band._detail.text() == "核对后确认是误会"
    QTest.keyClick(page._table, Qt.Key.Key_Space)
    page._contacts._choose(0)
    rest(opened, qtbot)
    assert opened[0].dialogs.dialog is None


def test_a_mistake_is_closed_with_its_reason(opened: Opened, qtbot: QtBot) -> None:
    _page, event_id = page_on(opened, calm, qtbot)
    dialog = form(opened, qtbot, "close_crisis", event=event_id, mistake=True)
    act(opened, qtbot, dialog)
    assert dialog.fields["reason"].error()
    dialog.put("reason", "核对后确认是误会")
    act(opened, qtbot, dialog)
    assert view(opened, event_id).state is CrisisState.FALSE_ALARM


def test_f8_covers_names_numbers_and_the_log(opened: Opened, qtbot: QtBot) -> None:
    page, _event = page_on(opened, running_case, qtbot)
    assert page._log._model.index(0, 1).data() == "学生在辅导室，情绪平稳"
    QTest.keyClick(opened[0], Qt.Key.Key_F8)
    looks.settle()
    assert page.header.title() == "Z2026-001　欧阳同学"
    assert page._contacts.table.model().index(0, 2).data() == "…222"
    assert page._contacts.table.model().index(0, 1).data() == "监护人"
    assert page._log._model.index(0, 1).data() == "遮名时不显示"


def test_the_parts_become_tabs_where_there_is_little_room(opened: Opened, qtbot: QtBot) -> None:
    page, _event = page_on(opened, running_case, qtbot)
    window = opened[0]
    assert not page._parts._frames["steps"].tabs.isVisible()
    window.resize(1366, 688)
    looks.settle()
    assert page._parts._frames["guard"].tabs.count() == 3
    window.resize(1093, 550)
    looks.settle()
    assert window.height() == 550
    assert page._parts._frames["steps"].tabs.count() == 4
    page.jot()
    assert page._parts._frames["steps"].current() == "log"
    window.resize(1440, 900)
    looks.settle()
    assert page._table.isVisible()
    assert page._log.isVisible()


def test_the_time_goes_on_by_the_counter_whatever_is_done_to_the_clock(clock: HandClock) -> None:
    seconds = 100.0
    time = BelievedTime(clock.now, lambda: seconds)
    believed = clock.now()
    time.take(believed)
    seconds += 3600  # an hour of sleep
    clock.moment += timedelta(hours=1)
    assert time.now() - believed == timedelta(hours=1)
    assert not time.has_jumped()
    clock.moment -= timedelta(hours=5)
    assert time.now() - believed == timedelta(hours=1)
    assert time.has_jumped()
    state = time.clock(believed, believed + timedelta(minutes=30), timedelta(0)).state
    assert state is ClockState.OVERDUE


def test_a_clock_set_back_is_told_and_moves_no_deadline(opened: Opened, qtbot: QtBot) -> None:
    page, _event = page_on(opened, calm, qtbot)
    assert page.banner_text() == ""
    page._time._wall = lambda: opened[2].clock.now() - timedelta(hours=3)
    left = page._band._left.text()
    page.tick()
    assert page.banner_text() == "系统时间变动过，请核对剩余时间。"
    assert page._band._left.text() == left


def test_it_is_read_at_once(opened: Opened, qtbot: QtBot) -> None:
    _page, event_id = page_on(opened, running_case, qtbot)
    world = opened[2]
    found = done(opened, lambda: crisis_page(world.me, world.desk, event_id))
    assert (found.class_name, found.my_name, found.watchers) == ("初二（3）班", "林老师", 2)
    assert found.event.next_step is not None
    step = found.event.steps[0]
    by_step = done(opened, lambda: crisis_page(world.me, world.desk, step_id=step.id))
    assert by_step.event.id == event_id
    done(opened, lambda: crisis_steps.reopen_step(world.me, world.desk, step.id, step.seen))
