"""Chooses a student of the school by name, pinyin, initials or number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import QObject, QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from counselroom.i18n import _
from counselroom.services.student_lists import StudentRow, StudentRows, student_rows
from counselroom.ui.room import Room

_OFFERED = 8


class StudentEditor(QObject):
    """A line with a list of the students who fit; the answer is the chosen one's id, with the name for the eye.

    The dialog was opened to write about one person, so the name is shown.
    """

    is_wide = False
    _changed = Signal()

    def __init__(self, room: Room) -> None:
        self.widget: QWidget = QLineEdit()
        self._line: QLineEdit = self.widget
        super().__init__(self._line)
        self._room = room
        self._chosen: tuple[str, str] = ("", "")
        self._offered: dict[str, StudentRow] = {}
        self._model = QStringListModel(self)
        completer = QCompleter(self._model, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.activated[str].connect(self._choose)  # type: ignore[index]  # the stubs know no overloads
        room.icons.theme.dress(cast("QWidget", completer.popup()))  # a window of its own
        self._line.setCompleter(completer)
        self._line.setPlaceholderText(_("Name, pinyin, initials or number"))
        self._line.textEdited.connect(self._typed)

    def student_id(self) -> str | None:
        """Return the id of the chosen student, or None while the words name nobody."""
        return self._chosen[0] if self._chosen[1] and self._line.text() == self._chosen[1] else None

    def value(self) -> Any:
        """Return the words, with the id when they name a chosen student."""
        return {"words": self._line.text(), "student": self.student_id() or ""}

    def set_value(self, value: Any) -> None:
        """Show an answer: what `value` returned."""
        words, student = (value or {}).get("words", ""), (value or {}).get("student", "")
        self._chosen = (str(student), str(words)) if student else ("", "")
        self._line.setText(str(words))

    def on_change(self, told: Callable[[], None]) -> None:
        """Call `told` whenever another student is chosen or something is typed."""
        self._changed.connect(told)

    def _typed(self, text: str) -> None:
        self._changed.emit()
        room = self._room
        if text.strip():
            room.tasks.query(
                self,
                lambda: student_rows(
                    room.actor, room.desk, unit_id=None, query=text, with_left=False, offset=0, limit=_OFFERED
                ),
                self._offer,
                key="register.student",
            )

    def _offer(self, found: StudentRows) -> None:
        self._offered = {
            "　".join(filter(None, (row.name, row.class_name or "", row.student_no or ""))): row
            for row in found.rows[:_OFFERED]
        }
        self._model.setStringList(list(self._offered))
        completer = self._line.completer()
        if self._offered and self._line.hasFocus() and completer is not None:
            completer.complete()

    def _choose(self, words: str) -> None:
        row = self._offered.get(words)
        if row is not None:
            self._chosen = (row.id, words)
            self._line.setText(words)
            self._changed.emit()
