"""打印登记: every copy, with what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.printing import PrintState
from counselroom.services.changes import ChangeSet
from counselroom.services.print_log import LogLine, LogLines, print_log
from counselroom.ui.masking import Face
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.moments import day_and_time
from counselroom.ui.printing.form_catalogue import fit_columns
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.room import Room
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.pill import Pill

_WIDTHS = (132, 200, 88, 150, 90, 88)
_LATER = 200


class LogView(QFrame):
    """The log with a search field and the states as filters.

    Attributes:
        touched: the filter has changed.
    """

    touched = Signal()

    def __init__(self, room: Room, place: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room, self._place = room, place
        self._lines: dict[str, LogLine] = {}
        self.setProperty("kind", "panel")
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(_("Form, recipient or purpose"))
        self.search.setAccessibleName(_("Search the print log"))
        self.search.setMaximumWidth(280)
        self._states = QButtonGroup(self)
        self._pills: dict[str, Pill] = {}
        heads = (
            pgettext("print log", "Time"),
            pgettext("print log", "Form"),
            pgettext("print log", "Copy"),
            pgettext("print log", "Recipient"),
            pgettext("print log", "Printed by"),
            pgettext("print log", "State"),
            pgettext("print log", "Purpose"),
            "",
        )
        self._model = PlainModel(heads, self)
        self.table = ListTable(room.icons, pgettext("print", "Print log"))
        self.table.setModel(self._model)
        self._count = Label("", "meta")
        self._empty = EmptyState(room.icons, "mdi6.printer-outline", _("Nothing was printed yet."))
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_LATER)
        self._lay_out()
        self._later.timeout.connect(self.reload)
        self.search.textChanged.connect(self._filter)
        self._states.buttonToggled.connect(lambda _button, _on: self._filter())
        self.table.opened.connect(lambda index: self._open(self._model.key_at(index.row())))
        self.table.acted.connect(lambda index: self._void(self._model.key_at(index.row())))
        room.bus.changed.connect(self._reload_if_concerned)
        Redrawing(self, room.masking, self._show_rows)
        room.icons.theme.changed.connect(self._fit)
        self._fit()
        self.reload()

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(16, 8, 16, 8)
        tools.setSpacing(8)
        tools.addWidget(self.search, 1)
        for key, words in (
            ("", pgettext("print log", "All")),
            *((state.value, state_word(state)) for state in PrintState),
        ):
            pill = Pill(self._room.icons, words)
            self._states.addButton(pill)
            self._pills[key] = pill
            tools.addWidget(pill)
        self._pills[""].setChecked(True)
        tools.addStretch(1)
        tools.addWidget(self._count)
        place = QVBoxLayout()
        place.setContentsMargins(16, 0, 16, 16)
        place.addWidget(self._empty)
        self._empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._empty.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(tools)
        column.addWidget(self.table, 1)
        column.addLayout(place)
        column.addStretch(0)

    def state(self) -> dict[str, Any]:
        """Return the filter."""
        return {"query": self.search.text(), "state": self._state()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the filter."""
        self.search.setText(str(state.get("query") or ""))
        pill = self._pills.get(str(state.get("state") or ""))
        if pill is not None:
            pill.setChecked(True)

    def reload(self) -> None:
        """Read the log anew."""
        room, query, state = self._room, self.search.text(), self._state()
        wanted = PrintState(state) if state else None
        room.tasks.query(
            self, lambda: print_log(room.actor, room.desk, state=wanted, query=query), self._show, key="print.log"
        )

    def _state(self) -> str:
        return next((key for key, pill in self._pills.items() if pill.isChecked()), "")

    def _filter(self) -> None:
        self.touched.emit()
        self._later.start()

    def _show(self, found: LogLines) -> None:
        self._lines = {line.print_id: line for line in found.lines}
        self._count.setText(_("{count} copies").format(count=f"{found.total:,}"))
        filtered = bool(self.search.text().strip() or self._state())
        self._empty.set_sentence(_("No copy fits the filter.") if filtered else _("Nothing was printed yet."))
        self._empty.setVisible(not found.lines)
        self.table.setVisible(bool(found.lines))
        self._show_rows()

    def _show_rows(self) -> None:
        face, now = self._room.masking.face(self._place), self._room.now()
        current = self._model.key_at(self.table.currentIndex().row())
        self._model.show(
            [(line.print_id, _cells(line, face, day_and_time(line.printed_at, now))) for line in self._lines.values()]
        )
        if self._model.rowCount():
            self.table.setCurrentIndex(self._model.index(max(0, self._model.row_of(current)), 0))

    def _open(self, print_id: str) -> None:
        line = self._lines.get(print_id)
        if line is not None:
            self._room.ways.open_page(
                "print_preview",
                form=line.form_id,
                entity=line.entity,
                entity_id=line.entity_id,
                form_hash=line.form_hash,
            )

    def _void(self, print_id: str) -> None:
        line = self._lines.get(print_id)
        if line is not None and line.state is not PrintState.VOIDED:
            self._room.ways.open_dialog("void_print", print_id=print_id, form=line.form_id, copy_no=line.copy_no)

    def _reload_if_concerned(self, changes: ChangeSet) -> None:
        if changes.concerns("print_log"):
            self.reload()

    def _fit(self) -> None:
        fit_columns(self.table, self._room, _WIDTHS, last=72)


def state_word(state: PrintState) -> str:
    """Return the word for what became of a copy."""
    return {
        PrintState.PRINTED: pgettext("print log", "Printed"),
        PrintState.SAVED: pgettext("print log", "Saved as PDF"),
        PrintState.VOIDED: pgettext("print log", "Void"),
    }[state]


def _cells(line: LogLine, face: Face, when: str) -> tuple[Cell, ...]:
    chip = None
    if line.state is not PrintState.PRINTED:
        chip = ChipFace(state_word(line.state), "amber" if line.state is PrintState.VOIDED else "slate")
    # A recipient can be a guardian's name; the reader is said in its place while names are masked.
    recipient = line.audience if face.masked or not line.recipient else line.recipient
    return (
        Cell(when),
        Cell(f"{line.form_id} {line.title}".strip(), bold=True),
        Cell(pgettext("print log", "copy {number}").format(number=line.copy_no)),
        Cell(recipient),
        Cell(line.printed_by, tone="ink2"),
        Cell(state_word(line.state), chip=chip),
        Cell(line.purpose or "—"),
        Cell("", is_action=False)
        if line.state is PrintState.VOIDED
        else Cell(pgettext("print log", "Make void"), is_action=True),
    )
