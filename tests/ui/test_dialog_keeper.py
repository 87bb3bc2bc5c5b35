"""Dialogs with fields: opened by key, kept over a lock, their text never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from counselroom.errors import UserError
from counselroom.services.drafts import DraftView, list_drafts
from counselroom.ui import dialog_keeper
from counselroom.ui.dialogs import table
from counselroom.ui.dialogs.drafts import DraftsDialog
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.dialogs.table import DialogEntry
from counselroom.ui.main_window import MainWindow
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from tests.conftest import HandClock
from tests.services.world import World
from tests.ui.rooms import window_on

Opened = tuple[MainWindow, Room, World]


class NameDialog(EntryDialog):
    """A dialog with one field."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, "登记", parent)
        self.field = QLineEdit()
        self.field.textChanged.connect(lambda: self.touched.emit())
        self.content.addWidget(self.field)

    def state(self) -> dict[str, Any]:
        return {"text": self.field.text(), "cursor": self.field.cursorPosition()}

    def restore(self, state: Mapping[str, Any]) -> None:
        self.field.setText(str(state.get("text") or ""))
        self.field.setCursorPosition(int(state.get("cursor") or 0))

    def first(self) -> QWidget:
        return self.field


@pytest.fixture
def opened(
    tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Opened]:
    entry = DialogEntry("name", lambda: "登记", NameDialog)
    monkeypatch.setitem(dialog_keeper._KNOWN, "name", entry)
    monkeypatch.setattr(table, "DIALOGS", (*table.DIALOGS, entry))
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        yield parts


def open_name(window: MainWindow, room: Room, **arguments: str) -> NameDialog:
    room.ways.open_dialog("name", **arguments)
    dialog = window.dialogs.dialog
    assert isinstance(dialog, NameDialog)
    return dialog


def drafts_of(room: Room, qtbot: QtBot) -> list[str]:
    """Return the texts of the drafts, read on the lane of the window like everything else."""
    found: list[tuple[DraftView, ...]] = []
    room.tasks.query(room.tasks, lambda: list_drafts(room.actor, room.desk), found.append)
    qtbot.waitUntil(lambda: bool(found))
    return [str(draft.state["state"]["text"]) for draft in found[0] if draft.place.startswith("dialog:")]


def until(qtbot: QtBot, held: Callable[[], bool]) -> None:
    qtbot.waitUntil(held)


def test_text_of_a_closed_dialog_becomes_a_draft_and_is_taken_up_again(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    dialog = open_name(window, room, student="s1")
    QTest.keyClicks(dialog.field, "half a name")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.dialogs.dialog is None
    assert drafts_of(room, qtbot) == ["half a name"]
    other = open_name(window, room, student="s2")
    assert not other.field.text()
    again = open_name(window, room, student="s1")
    until(qtbot, lambda: again.field.text() == "half a name")
    again.finish()
    assert drafts_of(room, qtbot) == []


def test_a_dialog_closed_untouched_leaves_no_draft(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    dialog = open_name(window, room)
    dialog.reject()
    qtbot.wait(30)
    assert drafts_of(room, qtbot) == []


def test_an_open_dialog_is_part_of_the_state_of_the_window(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    dialog = open_name(window, room, student="s1")
    QTest.keyClicks(dialog.field, "abc")
    dialog.field.setCursorPosition(1)
    window.cover()
    dialog.close()
    kept = window.state()
    window._covered = None
    assert kept["dialog"]["arguments"] == {"student": "s1"}
    window.restore(kept)
    back = window.dialogs.dialog
    assert isinstance(back, NameDialog)
    assert (back.field.text(), back.field.cursorPosition()) == ("abc", 1)


def test_a_refusal_is_said_in_the_dialog(opened: Opened) -> None:
    window, room, _world = opened
    dialog = open_name(window, room)
    dialog.refuse(UserError("这一行没有保存。", "其余都在。"))
    assert "这一行没有保存" in dialog._error.text()
    assert not dialog._error.isHidden()
    dialog.tell("")
    assert dialog._error.isHidden()


def test_the_list_of_drafts_goes_on_with_one_and_deletes_one(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    for student in ("s1", "s2"):
        dialog = open_name(window, room, student=student)
        QTest.keyClicks(dialog.field, f"text {student}")
        dialog.reject()
    assert len(drafts_of(room, qtbot)) == 2
    room.ways.open_dialog("drafts")
    drafts = window.dialogs.dialog
    assert isinstance(drafts, DraftsDialog)
    until(qtbot, lambda: drafts._model.rowCount() == 2)
    drafts.discard_button.click()
    assert len(drafts_of(room, qtbot)) == 2, "asked first"
    drafts.discard_button.click()
    until(qtbot, lambda: drafts._model.rowCount() == 1)
    assert drafts_of(room, qtbot) == ["text s1"]
    QTest.keyClick(drafts.list, Qt.Key.Key_Return)
    until(qtbot, lambda: isinstance(window.dialogs.dialog, NameDialog))
    resumed = window.dialogs.dialog
    assert isinstance(resumed, NameDialog)
    assert resumed.field.text() == "text s1"


def test_the_list_of_drafts_says_when_there_is_none(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    room.ways.open_dialog("drafts")
    drafts = window.dialogs.dialog
    assert isinstance(drafts, DraftsDialog)
    qtbot.waitUntil(drafts._nothing.isVisible, timeout=20_000)
    assert drafts.go_on_button.isHidden()
    qtbot.waitUntil(lambda: drafts.height() < 260, timeout=20_000)  # no room is kept for a list that is not there
    drafts.close_button.click()
    assert window.dialogs.dialog is None
