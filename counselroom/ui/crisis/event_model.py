"""专案 in a list as a table reads it: masked by the page's face, clocks moved on by the page's timer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from counselroom.i18n import pgettext
from counselroom.rules.deadlines import Clock, ClockState
from counselroom.services.crisis_lists import EventLine
from counselroom.ui.crisis.time import BelievedTime
from counselroom.ui.crisis.words import due_text, level_chip, owner_word, state_chip, when_text
from counselroom.ui.masking import Face
from counselroom.ui.widgets.chip_face import ChipFace, near, overdue
from counselroom.ui.widgets.clock_text import clock_text
from counselroom.ui.widgets.list_roles import ListRole

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
CODE, STUDENT, CLASS, LEVEL, STEP, CLOCK, OWNER, STATE = range(8)


class EventModel(QAbstractTableModel):
    """Rows of 专案.

    Args:
        face: how people are shown now.
        time: what time it is.
    """

    def __init__(self, face: Callable[[], Face], time: BelievedTime, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._face = face
        self._time = time
        self._lines: Sequence[EventLine] = ()

    def show(self, lines: Sequence[EventLine]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def masking_changed(self) -> None:
        """Show all rows anew."""
        if self._lines:
            self.dataChanged.emit(self.index(0, CODE), self.index(len(self._lines) - 1, STATE))

    def tick(self) -> None:
        """Move the clocks on."""
        if self._lines:
            self.dataChanged.emit(self.index(0, STEP), self.index(len(self._lines) - 1, CLOCK))

    def widths_changed(self) -> None:
        """Show the heads anew."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, CODE, STATE)

    def event_at(self, row: int) -> str:
        """Return the id of a row; empty when there is none."""
        return self._lines[row].id if 0 <= row < len(self._lines) else ""

    def step_at(self, row: int) -> str:
        """Return the id of the next item of a row; empty when there is none."""
        return self._lines[row].step_id if 0 <= row < len(self._lines) else ""

    def row_of(self, event_id: str) -> int:
        """Return the row of a 专案, or -1."""
        return next((number for number, line in enumerate(self._lines) if line.id == event_id), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return the number of columns."""
        return 0 if parent.isValid() else 8

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802 - Qt's name
        """Return the head of a column."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            pgettext("cases", "Code"),
            pgettext("cases", "Student"),
            pgettext("cases", "Class"),
            pgettext("cases", "Level"),
            pgettext("cases", "Next step"),
            pgettext("cases", "Clock"),
            pgettext("cases", "Leads"),
            pgettext("cases", "State"),
        )[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell as it may be shown now."""
        line, column = self._lines[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(line, column)
        if role == ListRole.CHIP:
            return self._chip(line, column)
        if role == ListRole.BOLD:
            return column == CODE
        if role == ListRole.AFTER and column == STEP and line.step_id:
            return line.step_owner_name or owner_word(line.step_owner_role)
        if role == ListRole.TONE and column in (CLASS, OWNER):
            return "ink2"
        return None

    def _clock(self, line: EventLine) -> Clock:
        if line.clock.state is ClockState.NONE:
            return line.clock
        grace = timedelta(0)
        if line.due_at is not None and line.runs_from == line.due_at:
            # What is to be done at once is late when the reading says so; the timer only makes it later.
            late = line.clock.state is ClockState.OVERDUE
            left = line.due_at - self._time.now()
            return Clock(ClockState.OVERDUE if late else ClockState.AT_ONCE, left)
        return self._time.clock(line.runs_from, line.due_at, grace)

    def _text(self, line: EventLine, column: int) -> str:
        face = self._face()
        if column == CODE:
            return line.code
        if column == STUDENT:
            return face.name(line.student_name, line.student_no)
        if column == CLASS:
            return face.class_name(line.class_name) or "—"
        if column == LEVEL:
            return level_chip(line.level).text
        if column == STEP:
            if line.closed_at is not None:
                return when_text(line.closed_at, self._time.now())
            return line.step_title or pgettext("cases", "all settled: lead on or close")
        if column == CLOCK:
            clock = self._clock(line)
            if clock.left is None:
                return ""
            text = pgettext("clock", "at once") if clock.state is ClockState.AT_ONCE else clock_text(clock.left)
            return f"{text}　{due_text(line.due_at, self._time.now())}"
        if column == OWNER:
            return line.counsellor_name
        return state_chip(line.state).text

    def _chip(self, line: EventLine, column: int) -> ChipFace | None:
        if column == LEVEL:
            chip = level_chip(line.level)
            return chip.masked() if self._face().masked else chip
        if column == STATE:
            return state_chip(line.state)
        if column == CLOCK:
            clock = self._clock(line)
            if clock.left is None:
                return None
            if clock.state is ClockState.OVERDUE:
                return overdue(clock_text(clock.left))
            if clock.state is ClockState.NEAR:
                return near(clock_text(clock.left))
            if clock.state is ClockState.AT_ONCE:
                return ChipFace(pgettext("clock", "at once"), "amber", "mdi6.clock-alert-outline")
        return None
