"""The page of a note: written by keys, kept while it is written, signed, corrected; through the real window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from counselroom.rules.counselling import RiskLevel
from counselroom.services import appointments, cases, drafts, sessions
from counselroom.services.case_lists import case_list
from counselroom.services.note_files import OUTCOMES
from counselroom.services.note_saving import draft_place
from counselroom.services.undo import take_back
from counselroom.ui.main_window import MainWindow
from counselroom.ui.note import keeper
from counselroom.ui.note.sign_dialog import SignDialog
from counselroom.ui.pages.note import NotePaper
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.question import Question
from tests.conftest import HandClock
from tests.services.world import NAMES, World
from tests.ui.rooms import alone, window_on

Opened = tuple[MainWindow, Room, World]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(
    tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Opened]:
    monkeypatch.setattr(keeper, "AFTER_LAST", 30)
    monkeypatch.setattr(keeper, "AT_LEAST", 60)
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        parts[0].activateWindow()
        yield parts


def note_for(opened: Opened, qtbot: QtBot, **arguments: Any) -> NotePaper:
    """Open the page of a note and wait until it is there."""
    window = opened[0]
    window.go_to("note", arguments)
    page = window.page()
    assert isinstance(page, NotePaper)
    qtbot.waitUntil(lambda: page.current_student() is not None, timeout=10_000)
    return page


def typed(page: NotePaper, text: str) -> None:
    page.editor.setFocus()
    page.editor.insertPlainText(text)


def stored(opened: Opened, qtbot: QtBot, student: int = 0) -> str:
    """Wait until the note of a student is begun, and return its id."""
    _window, room, world = opened
    found: list[str] = []

    def is_there() -> bool:
        lines = alone(room, lambda: case_list(world.me, world.desk).lines)
        found[:] = [each for line in lines if line.client_id == world.students[student] for each in line.unsigned]
        return bool(found)

    qtbot.waitUntil(is_there, timeout=10_000)
    return found[0]


def dialog(qtbot: QtBot) -> SignDialog:
    def shown() -> SignDialog | None:
        return next(
            (each for each in QApplication.topLevelWidgets() if isinstance(each, SignDialog) and each.isVisible()), None
        )

    qtbot.waitUntil(lambda: shown() is not None)
    found = shown()
    assert found is not None
    return found


def test_a_note_is_written_and_signed_by_keys(opened: Opened, qtbot: QtBot) -> None:
    """Ctrl E at a student, words, Ctrl Enter, what is missing, Ctrl Enter again; a case is opened by it."""
    window, room, world = opened
    window.go_to("student_record", {"student": world.students[0]})
    QTest.keyClick(window, Qt.Key.Key_E, CTRL)
    page = window.page()
    assert isinstance(page, NotePaper)
    qtbot.waitUntil(lambda: page.current_student() == world.students[0], timeout=10_000)
    assert alone(room, lambda: case_list(world.me, world.desk).lines) == (), "a note nobody wrote leaves nothing"
    QTest.keyClicks(page.editor, "came on time")
    session_id = stored(opened, qtbot)
    QTest.keyClick(page.editor, Qt.Key.Key_Return, CTRL)
    question = dialog(qtbot)
    assert [link.text() for link in question.links] == [
        "安全评估还没有选。",
        "没有签名的同意书，也没有写例外的理由。",
    ]
    assert not question.act_button.isEnabled()
    question.links[0].click()
    assert page.facts.risks[RiskLevel.NONE].hasFocus()
    QTest.keyClick(page.facts.risks[RiskLevel.NONE], Qt.Key.Key_Space)
    QTest.keyClicks(page.facts.exception, "crisis")
    QTest.keyClick(page.facts.exception, Qt.Key.Key_Return, CTRL)
    question = dialog(qtbot)
    assert question.links == []
    QTest.keyClick(question, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: page.editor.isReadOnly() and page._is_signed(), timeout=10_000)
    view = alone(room, lambda: sessions.session(world.me, world.desk, session_id))
    assert view.signed_at is not None
    assert (view.draft.sections["presenting"], view.draft.risk_level) == ("came on time", RiskLevel.NONE)
    assert view.draft.consent_exception == "crisis"
    assert alone(room, lambda: drafts.find_draft(world.me, world.desk, draft_place(session_id))) is None


def test_what_is_typed_is_kept_and_found_again(opened: Opened, qtbot: QtBot) -> None:
    """The draft is written while the record rests; opened from anywhere, the newer text is there with its cursor."""
    window, room, world = opened
    case_id = alone(room, lambda: world.case())
    page = note_for(opened, qtbot, case=case_id)
    typed(page, "第一句。")
    session_id = stored(opened, qtbot)
    typed(page, "第二句。")
    place = draft_place(session_id)

    def kept() -> bool:
        found = alone(room, lambda: drafts.find_draft(world.me, world.desk, place))
        return found is not None and "第二句" in str(found.state)

    qtbot.waitUntil(kept, timeout=10_000)
    before = alone(room, lambda: sessions.session(world.me, world.desk, session_id)).draft.sections
    assert "第二句" not in str(before), "each writing into the record leaves an audit row"
    page.keeper.open()  # as after a kill: what was not written is only in the draft
    page.restore({"session": session_id})
    qtbot.waitUntil(lambda: page.current_student() is not None, timeout=10_000)
    assert "第二句" in page.editor.toPlainText()
    window.go_to("students")
    qtbot.waitUntil(
        lambda: "第二句" in str(alone(room, lambda: sessions.session(world.me, world.desk, session_id)).draft.sections)
    )


def test_a_sentence_cut_off_by_a_lock_goes_on(opened: Opened, qtbot: QtBot) -> None:
    window, _room, world = opened
    page = note_for(opened, qtbot, student=world.students[0])
    typed(page, "说到一半")
    page.facts.risks[RiskLevel.MILD].click()
    page.editor.moveCursor(QTextCursor.MoveOperation.Left)
    state, place = window.state(), page.editor.cursor_place()
    page.restore({})
    assert page.current_student() is None
    window.restore(state)
    qtbot.waitUntil(lambda: "说到一半" in page.editor.toPlainText(), timeout=10_000)
    assert page.editor.cursor_place() == place
    assert page.facts.risk() is RiskLevel.MILD
    qtbot.waitUntil(lambda: window.focusWidget() is page.editor)


def test_headings_cannot_be_touched(opened: Opened, qtbot: QtBot) -> None:
    page = note_for(opened, qtbot, student=opened[2].students[0])
    editor = page.editor
    headings = [line for line in editor.toPlainText().split("\n") if line]
    typed(page, "甲")
    for keys in (
        lambda: QTest.keyClick(editor, Qt.Key.Key_A, CTRL),
        lambda: QTest.keyClick(editor, Qt.Key.Key_Delete),
        lambda: QTest.keyClick(editor, Qt.Key.Key_Backspace),
        lambda: QTest.keyClick(editor, Qt.Key.Key_Delete),
    ):
        keys()
    assert [line for line in editor.toPlainText().split("\n") if line] == headings
    editor.selectAll()  # by the mouse, over everything
    data = QMimeData()
    data.setHtml("<b>粗</b>")
    data.setText("贴\r\n入\t的")
    editor.insertFromMimeData(data)
    assert [line for line in editor.toPlainText().split("\n") if line in headings] == headings
    assert "贴\n入 的" in "\n".join(editor.sections().values())
    everything = QTextCursor(editor.document())
    everything.select(QTextCursor.SelectionType.Document)
    everything.removeSelectedText()  # whatever way it came
    assert [line for line in editor.toPlainText().split("\n") if line in headings] == headings


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_tools_of_the_text(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    page = note_for(opened, qtbot, student=world.students[0])
    editor = page.editor
    editor.setFocus()
    QTest.keyClick(editor, Qt.Key.Key_F5)
    assert f"{room.now():%H:%M}" in editor.toPlainText()
    QTest.keyClick(editor, Qt.Key.Key_Slash, CTRL)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert "按约前来" in editor.toPlainText()
    QTest.keyClick(editor, Qt.Key.Key_F11)
    assert not page.last.isVisible()
    assert not page.facts.isVisible()
    QTest.keyClick(editor, Qt.Key.Key_F11)
    assert page.facts.isVisible()
    page.editor.make_list("- ")
    QTest.keyClick(editor, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(editor, Qt.Key.Key_B, CTRL)
    assert "**" in editor.toPlainText()
    page.editor.make_list("- ")
    page.desk_panel.template.setCurrentIndex(page.desk_panel.template.findData("full"))
    page.desk_panel.template_chosen.emit("full")
    assert "按约前来" in editor.toPlainText()
    assert "技术与干预" in editor.toPlainText()
    QTest.keyClick(editor, Qt.Key.Key_F8)
    assert not editor.isVisible(), "F8 covers the text"
    assert NAMES[0] not in page.header.title()


def two_sessions(world: World) -> tuple[str, str]:
    """A signed session with agreements, and a draft after it."""
    case_id = world.case()
    first = replace(
        world.draft("谈睡眠", consent_exception="口头"),
        sections={"content": "谈睡眠", "homework": "- 早睡\n- 记录"},
    )
    one = sessions.start_note(world.me, world.desk, case_id, first).value
    sessions.sign_note(world.me, world.desk, one.id)
    two = sessions.start_note(
        world.me, world.desk, case_id, world.draft("第二次", starts_at=world.at(0, 10), ends_at=world.at(0, 11))
    )
    return one.id, two.value.id


def test_the_last_agreements_are_asked_about(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    _one, two = alone(room, lambda: two_sessions(world))
    page = note_for(opened, qtbot, session=two)
    next(iter(page.last._lines.values())).box.click()
    assert page._sections()[OUTCOMES] == "- 做到了：早睡\n- 没做到：记录"
    window.go_to("students")
    qtbot.waitUntil(
        lambda: alone(room, lambda: sessions.session(world.me, world.desk, two)).draft.sections.get(OUTCOMES, "") != ""
    )
    again = note_for(opened, qtbot, session=two)
    qtbot.waitUntil(lambda: len(again.last._lines) == 2)
    assert [line.is_ticked() for line in again.last._lines.values()] == [True, False]
    assert "谈睡眠" in "".join(label.text() for label in again.last.previous.findChildren(QLabel))


def test_a_signed_note_is_read_and_corrected_beside(opened: Opened, qtbot: QtBot) -> None:
    """R-09: what was signed stays; the correction stands below it with number, name and reason."""
    window, room, world = opened
    note = alone(room, lambda: world.note("原来的句子"))
    page = note_for(opened, qtbot, session=note)
    qtbot.waitUntil(lambda: page.editor.isReadOnly() and "原来" in page.editor.toPlainText())
    QTest.keyClicks(page.editor, "x")
    QTest.keyClick(page.editor, Qt.Key.Key_Return, CTRL)
    window_dialog = window.dialogs.dialog
    assert window_dialog is not None
    window_dialog.restore({"section": "content", "text": "改正的句子", "reason": "记错了"})
    window_dialog.add()  # type: ignore[attr-defined]  # the dialog of corrections
    qtbot.waitUntil(lambda: "更正 1" in page.editor.toPlainText(), timeout=10_000)
    text = page.editor.toPlainText()
    assert text.index("原来的句子") < text.index("更正 1") < text.index("改正的句子") < text.index("理由：记错了")
    assert page.editor.sections()["content"] == "原来的句子"
    assert page.state() == {"session": note}


def test_a_signed_note_takes_no_key_and_leaves_no_text_in_the_state(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    note = alone(room, lambda: world.note("秘密的句子"))
    page = note_for(opened, qtbot, session=note)
    qtbot.waitUntil(lambda: page.editor.isReadOnly() and "秘密" in page.editor.toPlainText())
    before = page.editor.toPlainText()
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Return, Qt.Key.Key_F5):
        QTest.keyClick(page.editor, key)
    assert page.editor.toPlainText() == before
    assert "秘密" not in str(page.state())


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_an_earlier_version_comes_back(opened: Opened, qtbot: QtBot, clock: HandClock) -> None:
    _window, room, world = opened
    _one, two = alone(room, lambda: two_sessions(world))
    place = draft_place(two)
    for text in ("旧的一版", "新的一版"):
        state = {"sections": {"content": text}}
        alone(room, lambda state=state: drafts.save_draft(world.me, world.desk, place, state, "session_record", two))
        clock.moment += timedelta(minutes=6)
    page = note_for(opened, qtbot, session=two)
    qtbot.waitUntil(lambda: "新的一版" in page.editor.toPlainText())
    page.desk_panel.versions_button.click()
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.actions()[-1].trigger()
    menu.close()
    assert "旧的一版" in page.editor.toPlainText()


def test_the_note_of_an_appointment_and_the_next_one(opened: Opened, qtbot: QtBot) -> None:
    """What was booked is filled in; the appointment booked next is shown, the wish for an assessment goes on."""
    _window, room, world = opened
    asked: list[tuple[str, object]] = []
    room.ways.dialog_wanted.disconnect()
    room.ways.dialog_wanted.connect(lambda key, arguments: asked.append((key, arguments)))
    room.ways.page_wanted.disconnect()
    room.ways.page_wanted.connect(lambda key, arguments: asked.append((key, arguments)))
    booked = alone(room, lambda: appointments.book_appointment(world.me, world.desk, world.booking(days=0)).value)
    page = note_for(opened, qtbot, appointment=booked.id)
    assert (page.facts.span.text(), page.facts.place.currentText()) == ("14:00-14:50", "个别咨询室")
    page.facts.next.setText("2026-10-19 15:00")
    page.facts.book_button.click()
    page.facts.consent_button.click()
    page.facts.risks[RiskLevel.SEVERE].click()
    assert page.facts.assess_button.isVisible()
    typed(page, "需要评估")
    page.facts.assess_button.click()
    qtbot.waitUntil(lambda: len(asked) == 3, timeout=10_000)
    student = world.students[0]
    assert asked[0] == ("appointment", {"student": student, "starts_at": "2026-10-19T15:00:00+08:00"})
    assert asked[1] == ("consent", {"student": student})
    key, arguments = asked[2]
    assert key == "assessment"
    assert arguments == {
        "student": student,
        "source_entity": "session_record",
        "source_id": stored(opened, qtbot),
    }
    alone(room, lambda: appointments.book_appointment(world.me, world.desk, world.booking(days=7, hour=15)))
    again = note_for(opened, qtbot, session=stored(opened, qtbot))
    qtbot.waitUntil(lambda: again.facts.next.text() == "2026-10-19 15:00")
    page.facts.visibility.setCurrentIndex(1)
    page.facts.visibility.activated.emit(1)
    case_id = alone(room, lambda: case_list(world.me, world.desk).lines)[0].id
    qtbot.waitUntil(lambda: alone(room, lambda: cases.case(world.me, world.desk, case_id)).restricted)


def test_r_01_another_counsellors_note_is_refused(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    note = alone(room, lambda: world.note("别人的话", world.colleague, student=1))
    counsellor = replace(room, actor=replace(room.actor, roles=frozenset(room.actor.roles) - {"center_director"}))
    page = NotePaper(counsellor, "note", window)
    page.show_subject({"session": note})
    said: list[str] = []
    room.messages.failed.connect(said.append)
    qtbot.waitUntil(lambda: bool(said), timeout=10_000)
    assert "别人的话" not in page.editor.toPlainText()
    assert page.current_student() is None


def test_a_draft_with_text_is_discarded_after_a_question_and_comes_back(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    window.go_to("student_record", {"student": world.students[0]})
    page = note_for(opened, qtbot, student=world.students[0])
    typed(page, "按约前来")
    session_id = stored(opened, qtbot)
    said: list[tuple[str, Any]] = []
    room.messages.done.connect(lambda sentence, undo: said.append((sentence, undo)))
    page.desk_panel.discard_button.click()
    question = next(found for found in window.findChildren(Question) if found.isVisible())
    question.keep_button.click()
    assert page.current_student() is not None
    page.desk_panel.discard_button.click()
    question = next(found for found in window.findChildren(Question) if found.isVisible())
    question.act_button.click()
    qtbot.waitUntil(lambda: window.page().key == "student_record", timeout=10_000)
    assert said[-1][0] == "草稿已丢弃。"
    assert alone(room, lambda: sessions.list_unsigned(world.me, world.desk)) == ()
    alone(room, lambda: take_back(world.me, world.desk, said[-1][1]))
    assert session_id in {row[0] for row in alone(room, lambda: sessions.list_unsigned(world.me, world.desk))}
    text = alone(room, lambda: sessions.session(world.me, world.desk, session_id)).draft.sections
    assert "按约前来" in "".join(text.values())


def test_an_empty_draft_is_discarded_at_once(opened: Opened, qtbot: QtBot) -> None:
    window, _room, world = opened
    window.go_to("student_record", {"student": world.students[0]})
    page = note_for(opened, qtbot, student=world.students[0])
    page.desk_panel.discard_button.click()
    assert window.page().key == "student_record"
    assert page.current_student() is None
