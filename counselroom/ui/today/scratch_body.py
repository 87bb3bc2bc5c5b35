"""随手记: one line to write, and the pile of what was written."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.ui.theme.icons import Icons
from counselroom.ui.today.lists import scratch_table
from counselroom.ui.widgets.label import Label


class ScratchBody(QWidget):
    """The field and the pile.

    Attributes:
        written: Enter in the field: the line.
        given: a note is to be given to somebody: its id.
        dropped: a note is to be taken off the pile: its id.
        field: the line.
        table: the pile.
    """

    written = Signal(str)
    given = Signal(str)
    dropped = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("When interrupted, write a line; give it to somebody later"))
        self.field.setAccessibleName(pgettext("today", "Quick note"))
        self.field.returnPressed.connect(self._write)
        self.table = scratch_table(icons)
        self.table.acted.connect(lambda _index: self.given.emit(self.table.current_key()))
        self.table.opened.connect(lambda _index: self.given.emit(self.table.current_key()))
        self._none = Label(_("Nothing waits here."), "hint", wrap=True)
        self._none.setContentsMargins(4, 4, 4, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(4)
        line = QVBoxLayout()
        line.setContentsMargins(12, 0, 12, 4)
        line.addWidget(self.field)
        line.addWidget(self._none)
        column.addLayout(line)
        column.addWidget(self.table, 1)
        column.addStretch(0)
        self.show_empty(empty=True)

    def show_empty(self, *, empty: bool) -> None:
        """Show that nothing waits, or the pile."""
        self._none.setVisible(empty)
        self.table.setVisible(not empty)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Del takes the current note off the pile."""
        if event.key() == Qt.Key.Key_Delete and self.table.hasFocus() and self.table.current_key():
            self.dropped.emit(self.table.current_key())
            return
        super().keyPressEvent(event)

    def _write(self) -> None:
        if self.field.text().strip():
            self.written.emit(self.field.text().strip())
