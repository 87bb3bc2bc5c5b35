"""The list of students as a table reads it: fetched in pieces, masked by the page's face."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from counselroom.i18n import pgettext
from counselroom.rules.people import StudentStatus
from counselroom.services.student_lists import SortBy, StudentRow, StudentRows
from counselroom.ui.masking import Face
from counselroom.ui.moments import day_word
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.list_roles import ListRole

PIECE = 100
"""Rows fetched at a time."""
Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
NAME, CLASS, NUMBER, LAST, COUNT, STATUS = range(6)
SORTED_BY = {NAME: SortBy.NAME, CLASS: SortBy.CLASS, NUMBER: SortBy.NUMBER, STATUS: SortBy.STATUS}
"""Columns whose head can be clicked."""


class StudentModel(QAbstractTableModel):
    """Rows of the current filter.

    Args:
        face: how people are shown now.
        fetch: asks for the rows from this offset on; they come back by `append`.
        now: tells the day, from which the last session is seen.
    """

    def __init__(
        self,
        face: Callable[[], Face],
        fetch: Callable[[int], None],
        now: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._face = face
        self._fetch = fetch
        self._rows: list[StudentRow] = []
        self._total = 0
        self._is_fetching = False

    def show(self, found: StudentRows) -> None:
        """Show another list from its beginning."""
        self.beginResetModel()
        self._rows, self._total, self._is_fetching = list(found.rows), found.total, False
        self.endResetModel()

    def append(self, found: StudentRows) -> None:
        """Add the piece that was asked for."""
        self._is_fetching = False
        self._total = found.total
        if found.rows:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(found.rows) - 1)
            self._rows.extend(found.rows)
            self.endInsertRows()

    def masking_changed(self) -> None:
        """Show all names anew."""
        if self._rows:
            self.dataChanged.emit(self.index(0, NAME), self.index(len(self._rows) - 1, STATUS))

    def row_of(self, student_id: str) -> int:
        """Return the row of a student, or -1."""
        return next((number for number, row in enumerate(self._rows) if row.id == student_id), -1)

    def student_at(self, row: int) -> str:
        """Return the id of a row; empty when there is none."""
        return self._rows[row].id if 0 <= row < len(self._rows) else ""

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return how many rows are here already."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Return the number of columns."""
        return 0 if parent.isValid() else 6

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802 - Qt's name
        """Tell whether the list goes on."""
        return not parent.isValid() and not self._is_fetching and len(self._rows) < self._total

    def fetchMore(self, parent: Index) -> None:  # noqa: N802 - Qt's name
        """Ask for the next piece."""
        if self.canFetchMore(parent):
            self._is_fetching = True
            self._fetch(len(self._rows))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802 - Qt's name
        """Return the head of a column."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole and section == COUNT:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            pgettext("students", "Name"),
            pgettext("students", "Class"),
            pgettext("students", "Number"),
            pgettext("students", "Last session"),
            pgettext("students", "Sessions"),
            pgettext("students", "Status"),
        )[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell as it may be shown now."""
        row, column = self._rows[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(row, column)
        if role == ListRole.BOLD:
            return column == NAME
        if role == Qt.ItemDataRole.TextAlignmentRole and column == COUNT:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == ListRole.CHIP and column == STATUS and row.status is not StudentStatus.ENROLLED:
            return ChipFace(status_word(row.status), "slate")
        return None

    def _text(self, row: StudentRow, column: int) -> str:
        face = self._face()
        if column == NAME:
            return face.name(row.name, row.student_no)
        if column == CLASS:
            return row.class_name or "—"
        if column == NUMBER:
            return face.number(row.student_no) or "—"
        if column == LAST:
            return "—" if row.last_on is None else day_word(row.last_on, self._now().date())
        if column == COUNT:
            return str(row.sessions) if row.sessions else "—"
        return status_word(row.status)


def status_word(status: StudentStatus) -> str:
    """Return the word for whether a student is at the school."""
    return {
        StudentStatus.ENROLLED: pgettext("student", "enrolled"),
        StudentStatus.ON_LEAVE: pgettext("student", "on leave"),
        StudentStatus.TRANSFERRED: pgettext("student", "transferred"),
        StudentStatus.WITHDRAWN: pgettext("student", "withdrawn"),
        StudentStatus.GRADUATED: pgettext("student", "graduated"),
    }[status]
