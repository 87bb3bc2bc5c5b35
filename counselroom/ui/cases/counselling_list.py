"""辅导个案: the reader's own counselling cases, each with the step that is next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.case_lists import CaseLine, CaseList, case_list
from counselroom.services.changes import ChangeSet
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.moments import day_and_time, day_word
from counselroom.ui.record.words import case_word
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.room import Room
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.pill import Pill

PLACE = "cases"
"""Names are masked as on the page this stands on."""
_KINDS = ("case_file", "session_record", "appointment", "person", "student")


class CounsellingList(QWidget):
    """A table of cases with a switch to the closed ones.

    Attributes:
        touched: the chosen row or the switch has changed.
        counted: how many cases there are.
    """

    touched = Signal()
    counted = Signal(int)

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = room
        self._lines: dict[str, CaseLine] = {}
        self._wanted = ""
        self._total = 0
        self._is_stale = True  # read when it is first shown: most come to this page for a 专案
        self._model = PlainModel(
            (
                pgettext("cases", "Code"),
                pgettext("cases", "Client"),
                pgettext("cases", "Class"),
                pgettext("cases", "Sessions"),
                pgettext("cases", "Last session"),
                pgettext("cases", "Next appointment"),
                pgettext("cases", "State"),
                "",
            ),
            self,
        )
        self.table = ListTable(room.icons, pgettext("cases", "Counselling cases"))
        self.table.setModel(self._model)
        self.table.opened.connect(lambda index: self._open(self._model.key_at(index.row())))
        self.table.acted.connect(lambda index: self._act(self._model.key_at(index.row())))
        self.table.selectionModel().currentChanged.connect(lambda: self.touched.emit())
        self._closed = Pill(room.icons, pgettext("cases", "Closed cases"), multi=True)
        self._closed.clicked.connect(self._switch)
        self._count = Label("", "meta")
        self._empty = EmptyState(room.icons, "mdi6.folder-heart-outline", "", "")
        self._lay_out()
        room.bus.changed.connect(self._reload_if_concerned)
        Redrawing(self, room.masking, self._show_lines)

    def _lay_out(self) -> None:
        panel = QFrame()
        panel.setProperty("kind", "panel")
        column = QVBoxLayout(panel)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        tools = QHBoxLayout()
        tools.setContentsMargins(16, 8, 16, 8)
        tools.setSpacing(8)
        tools.addWidget(self._count)
        tools.addStretch(1)
        tools.addWidget(self._closed)
        column.addLayout(tools)
        column.addWidget(self.table, 1)
        place = QVBoxLayout()
        place.setContentsMargins(16, 0, 16, 16)
        place.addWidget(self._empty)
        column.addLayout(place)
        column.addStretch(0)
        self._empty.hide()
        head = self.table.horizontalHeader()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(panel)

    def refresh(self) -> None:
        """Read the list again."""
        room, closed = self._room, self._closed.isChecked()
        self._is_stale = False
        room.tasks.query(
            self, lambda: case_list(room.actor, room.desk, closed=closed), self._show, key="cases.counselling"
        )

    def state(self) -> dict[str, Any]:
        """Return the chosen case and the switch."""
        return {"case": self._model.key_at(self.table.currentIndex().row()), "closed": self._closed.isChecked()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the chosen case and the switch of before."""
        self._wanted = str(state.get("case") or "")
        self._closed.setChecked(bool(state.get("closed")))
        self._is_stale = True
        if self.isVisible():
            self.refresh()

    def current_student(self) -> str | None:
        """Return the client of the chosen case."""
        line = self._lines.get(self._model.key_at(self.table.currentIndex().row()))
        return None if line is None else line.client_id

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Read again what changed while something else was shown."""
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    def _reload_if_concerned(self, changes: ChangeSet) -> None:
        if changes.concerns(*_KINDS):
            if self.isVisible():
                self.refresh()
            else:
                self._is_stale = True

    def _switch(self) -> None:
        self.refresh()
        self.touched.emit()

    def _show(self, found: CaseList) -> None:
        self._wanted = self._wanted or self._model.key_at(self.table.currentIndex().row())
        self._total, self._lines = found.total, {line.id: line for line in found.lines}
        self._show_lines()
        self.counted.emit(found.total)

    def _show_lines(self) -> None:
        here = self._wanted or self._model.key_at(self.table.currentIndex().row())
        self._wanted = ""
        self._model.show([(line.id, self._cells(line)) for line in self._lines.values()])
        self.table.setVisible(bool(self._lines))
        self._empty.setVisible(not self._lines)
        words = _("{count} cases").format(count=f"{self._total:,}")
        if self._total > len(self._lines):
            words = _("{first}; {second}").format(
                first=words, second=_("the first {count} are shown").format(count=len(self._lines))
            )
        self._count.setText(words)
        if self._closed.isChecked():
            self._empty.set_sentence(_("No case of yours is closed yet."))
        else:
            self._empty.set_sentence(
                _("You have no open case."), _("Ctrl E writes a note for a student, and opens a case for it.")
            )
        row = max(0, self._model.row_of(here))
        if self._lines:
            self.table.setCurrentIndex(self._model.index(row, 0))

    def _cells(self, line: CaseLine) -> tuple[Cell, ...]:
        now, face = self._room.now(), self._room.masking.face(PLACE)
        return (
            Cell(line.code, bold=True),
            Cell(face.name(line.client_name, line.client_no)),
            Cell(face.class_name(line.class_name or "") or "—"),
            Cell(str(line.sessions or "—"), right=True),
            Cell("—" if line.last_on is None else day_word(line.last_on, now.date())),
            Cell("—" if line.next_at is None else day_and_time(line.next_at, now)),
            Cell(chip=_chip(line)),
            Cell(_step(line), is_action=True),
        )

    def _open(self, case_id: str) -> None:
        if case_id:
            self._room.ways.open_page("case", case=case_id)

    def _act(self, case_id: str) -> None:
        line = self._lines.get(case_id)
        if line is None:
            return
        if line.unsigned:
            self._room.ways.open_page("note", session=line.unsigned[0])
        elif line.without_note:
            self._room.ways.open_page("note", appointment=line.without_note[0])
        elif line.closed_on is not None:
            self._open(case_id)
        else:
            self._room.ways.open_page("note", case=case_id)


def _chip(line: CaseLine) -> ChipFace:
    if line.unsigned:
        words = _("{count} to sign").format(count=len(line.unsigned))
        return ChipFace(words, "slate", "mdi6.pencil-outline")
    if line.without_note:
        words = _("{count} without a note").format(count=len(line.without_note))
        return ChipFace(words, "amber", "mdi6.file-alert-outline")
    return ChipFace(case_word(line.status), "plain")


def _step(line: CaseLine) -> str:
    if line.unsigned:
        return pgettext("cases", "Finish and sign")
    if line.closed_on is not None:
        return pgettext("cases", "Open")
    return pgettext("cases", "Write note")
