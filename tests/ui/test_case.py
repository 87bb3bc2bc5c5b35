"""The page of a counselling case and its dialogs: goals, sessions, consents with scan, closing; by keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from counselroom.rules.counselling import AppointmentState, CaseStatus, ConsentKind
from counselroom.services import appointments, attachments, cases, consents, sessions
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.case import CaseFilePage
from counselroom.ui.pages.note import NotePaper
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.question import Question
from tests.conftest import HandClock
from tests.services.world import World
from tests.ui.rooms import HandFiles, alone, window_on

Opened = tuple[MainWindow, Room, World]
CTRL = Qt.KeyboardModifier.ControlModifier
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Opened]:
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        parts[0].activateWindow()
        yield parts


def page_of(opened: Opened, qtbot: QtBot, case_id: str) -> CaseFilePage:
    window = opened[0]
    window.go_to("case", {"case": case_id})
    page = window.page()
    assert isinstance(page, CaseFilePage)
    qtbot.waitUntil(lambda: page.current_student() is not None, timeout=10_000)
    return page


def the_dialog(window: MainWindow) -> Any:
    assert window.dialogs.dialog is not None
    return window.dialogs.dialog


def with_sessions(world: World) -> str:
    """A case with a signed note, a draft, and an appointment that has no note."""
    case_id = world.case(goals=("按时入睡",))
    world.note("第一次", case_id=case_id)
    row = appointments.book_appointment(world.me, world.desk, world.booking(days=0, hour=10)).value
    world.clock.moment += timedelta(hours=4)
    for state in (AppointmentState.CHECKED_IN, AppointmentState.COMPLETED):
        appointments.set_appointment_state(world.me, world.desk, row.id, state)
    draft = world.draft("第二次", starts_at=world.at(0, 12), ends_at=world.at(0, 13))
    sessions.start_note(world.me, world.desk, case_id, draft)
    return case_id


def test_a_case_shows_what_waits_and_enter_opens_it(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    page = page_of(opened, qtbot, alone(room, lambda: with_sessions(world)))
    model = page.table.model()
    states = [model.index(row, 4).data() for row in range(model.rowCount())]
    assert states == ["草稿", "没有记录", "已签名"]
    page.table.setCurrentIndex(model.index(1, 0))
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    note = window.page()
    assert isinstance(note, NotePaper)
    qtbot.waitUntil(lambda: note.current_student() == world.students[0], timeout=10_000)
    assert note.facts.span.text() == "10:00-10:50"


def test_goals_restriction_and_pause_can_be_undone(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    case_id = alone(room, lambda: world.case(goals=("一",)))
    page = page_of(opened, qtbot, case_id)

    def now() -> cases.CaseView:
        return alone(room, lambda: cases.case(world.me, world.desk, case_id))

    page.goals.setPlainText("一\n二")
    page.save_goals_button.click()
    qtbot.waitUntil(lambda: now().goals == ("一", "二"))
    qtbot.waitUntil(lambda: not page.save_goals_button.isEnabled())
    page.write_button.setFocus()
    qtbot.waitUntil(lambda: bool(window._toast.isVisible()))
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: now().goals == ("一",))
    page = page_of(opened, qtbot, case_id)
    page.restrict_button.click()
    qtbot.waitUntil(lambda: now().restricted)
    qtbot.waitUntil(lambda: "取消" in page.restrict_button.text())
    page.pause_button.click()
    qtbot.waitUntil(lambda: now().status is CaseStatus.PAUSED)


def test_a_case_is_closed_once_asked_and_reopened(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    case_id = alone(room, lambda: world.case())
    page = page_of(opened, qtbot, case_id)
    page.close_button.click()
    dialog = the_dialog(window)
    dialog.close_it()
    assert dialog.fields["summary"].error(), "a summary is needed"
    QTest.keyClicks(dialog.fields["summary"].editor, "done")
    dialog.close_button.click()
    qtbot.waitUntil(lambda: page.reopen_button.isVisible(), timeout=10_000)
    assert not page.write_button.isVisible()
    assert alone(room, lambda: cases.case(world.me, world.desk, case_id)).close_summary == "done"
    page.ask_to_reopen()
    question = next(child for child in window.findChildren(Question))
    question.act_button.click()
    qtbot.waitUntil(lambda: page.write_button.isVisible(), timeout=10_000)


def test_a_case_is_opened_and_handed_over(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    window.dialogs.open("open_case", {"student": world.students[1]})
    dialog = the_dialog(window)
    dialog.fields["goals"].editor.setPlainText("能安睡")
    dialog.open_it()
    page = window.page()
    qtbot.waitUntil(lambda: isinstance(window.page(), CaseFilePage), timeout=10_000)
    page = window.page()
    assert isinstance(page, CaseFilePage)
    qtbot.waitUntil(lambda: page.current_student() == world.students[1], timeout=10_000)
    assert page.goals.toPlainText() == "能安睡"
    page.hand_over_button.click()
    dialog = the_dialog(window)
    qtbot.waitUntil(lambda: dialog.give_button.isEnabled(), timeout=10_000)
    dialog.fields["reason"].editor.setPlainText("调岗")
    dialog.give_button.click()
    qtbot.waitUntil(lambda: window.dialogs.dialog is None, timeout=10_000)
    (found,) = alone(room, lambda: cases.list_cases(world.colleague, world.desk))
    assert found.counsellor_id == world.colleague.person_id


def test_sys_07_a_consent_is_typed_in_with_its_scan_and_withdrawn(opened: Opened, qtbot: QtBot, tmp_path: Path) -> None:
    window, room, world = opened
    scan = tmp_path / "scan.png"
    scan.write_bytes(PNG)
    assert isinstance(room.files, HandFiles)
    room.files.answers = [scan]
    window.dialogs.open("consent", {"student": world.students[0]})
    dialog = the_dialog(window)
    qtbot.waitUntil(lambda: dialog.about.text() != "", timeout=10_000)
    dialog.fields["signed_by"].editor.setText("欧阳若曦")
    dialog.choose_scan()
    dialog.keep_button.click()
    qtbot.waitUntil(lambda: window.dialogs.dialog is None, timeout=10_000)
    (held,) = alone(room, lambda: consents.list_consents(world.me, world.desk, world.students[0]))
    assert (held.data.kind, held.data.text_version, held.data.signer_relation) == (
        ConsentKind.SERVICE,
        "F-08 v1",
        "本人",
    )
    (kept,) = alone(room, lambda: attachments.list_attachments(world.me, world.desk, "consent", held.id))
    assert kept.media_type == "image/png"
    for child in window.findChildren(Question):
        child.keep_button.click()
    window.dialogs.open("consent", {"student": world.students[0]})
    again = the_dialog(window)
    qtbot.waitUntil(lambda: again.about.text() != "", timeout=10_000)
    again.withdraw(held.id)
    assert alone(room, lambda: consents.list_consents(world.me, world.desk, world.students[0]))[0].withdrawn_at is None
    again.withdraw(held.id)
    qtbot.waitUntil(
        lambda: (
            alone(room, lambda: consents.list_consents(world.me, world.desk, world.students[0]))[0].withdrawn_at
            is not None
        )
    )
