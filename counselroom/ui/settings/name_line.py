"""The line below a list of names: it adds one, or renames the row that was opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from counselroom.i18n import pgettext
from counselroom.ui.widgets.button import Button


class NameLine(QWidget):
    """A field with a button; Enter does what the button says.

    Attributes:
        added: carries a new name.
        renamed: the key of the row and its new name.
        touched: something was typed.
    """

    added = Signal(str)
    renamed = Signal(str, str)
    touched = Signal()

    def __init__(self, name: str, add: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._add_word = add
        self._key = ""
        self.field = QLineEdit()
        self.field.setMaxLength(40)
        self.field.setPlaceholderText(name)
        self.field.setAccessibleName(name)
        self.field.setFixedWidth(280)
        self.button = Button(add)
        self.keep = Button(pgettext("settings", "Keep the name"), "text")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self.field, self.button, self.keep):
            row.addWidget(part)
        row.addStretch(1)
        self.field.textChanged.connect(lambda text: self.button.setEnabled(bool(text.strip())))
        self.field.textEdited.connect(lambda _text: self.touched.emit())
        self.field.returnPressed.connect(self._go)
        self.button.clicked.connect(self._go)
        self.keep.clicked.connect(self.done)
        self.done()

    def rename(self, key: str, name: str) -> None:
        """Take a name to change it."""
        self._key = key
        self._show()
        self.field.setText(name)
        self.field.selectAll()
        self.field.setFocus()
        self.touched.emit()

    def done(self) -> None:
        """Be empty and ready for another one."""
        self._key = ""
        self.field.clear()
        self._show()
        self.button.setEnabled(False)
        self.touched.emit()

    def state(self) -> dict[str, Any]:
        """Return what is typed, and which row is renamed."""
        return {"name": self.field.text(), "row": self._key}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was typed before."""
        self._key = str(state.get("row") or "")
        self._show()
        self.field.setText(str(state.get("name") or ""))

    def _show(self) -> None:
        self.button.setText(pgettext("settings", "Rename") if self._key else self._add_word)
        self.keep.setVisible(bool(self._key))

    def _go(self) -> None:
        name = self.field.text().strip()
        if name and self._key:
            self.renamed.emit(self._key, name)
        elif name:
            self.added.emit(name)
