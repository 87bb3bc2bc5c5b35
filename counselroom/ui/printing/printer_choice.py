"""Printer and copies in one row."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from counselroom.desktop.printer import Printer
from counselroom.i18n import _, pgettext
from counselroom.ui.room import Room
from counselroom.ui.widgets.label import Label

COPIES = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50)


class PrinterChoice(QWidget):
    """Which printer, how many copies.

    Attributes:
        found: the printers of this computer are known.
    """

    found = Signal()

    def __init__(self, room: Room, parent: QWidget | None = None, *, with_copies: bool = True) -> None:
        super().__init__(parent)
        self._printer = QComboBox()
        for widget in (self._printer, self._printer.view()):
            widget.setAccessibleName(pgettext("print", "Printer"))
        self._printer.setMinimumContentsLength(8)
        self._printer.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._copies = QComboBox(self)
        for widget in (self._copies, self._copies.view()):
            widget.setAccessibleName(pgettext("print", "Copies"))
        for number in COPIES:
            self._copies.addItem(str(number), number)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Label(pgettext("print", "Printer"), "label"))
        row.addWidget(self._printer)
        if with_copies:
            row.addWidget(Label(pgettext("print", "Copies"), "label"))
            row.addWidget(self._copies)
        self._copies.setVisible(with_copies)
        room.tasks.job(lambda _job: room.printers.found(), self._show, reads=False, owner=self)

    def is_ready(self) -> bool:
        """Tell whether there is a printer."""
        return bool(self.printer())

    def printer(self) -> str:
        """Return the name of the printer; empty when there is none."""
        return str(self._printer.currentData() or "")

    def copies(self) -> int:
        """Return how many copies."""
        return int(self._copies.currentData())

    def _show(self, printers: tuple[Printer, ...]) -> None:
        for printer in printers:
            words = printer.label if printer.is_ready else _("{printer} (not ready)").format(printer=printer.label)
            self._printer.addItem(words, printer.name)
        if not printers:
            self._printer.addItem(pgettext("print", "No printer"), "")
        self._printer.setEnabled(bool(printers))
        self.found.emit()
