"""The archive card as it is typed in: the sections of its form, one below the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QFrame,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from counselroom.i18n import _
from counselroom.services.card_fields import card_sections
from counselroom.ui.dialogs.student_form import parsed_day
from counselroom.ui.registers.editors import Editor, editor_for
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.panel import Panel
from counselroom.ui.widgets.variant import set_variant

_DAY = "collected_on"
_COLUMNS = 2
_NOTE_HEIGHT = 68
"""Pixels of a note: two lines, as on the paper; more scrolls."""


class CardForm(QWidget):
    """All fields of the card (F-19) but those that come from the roster.

    Attributes:
        changed: the user changed something.
    """

    changed = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editors: dict[str, Editor] = {}
        self.fields: dict[str, Field] = {}
        self._is_filling = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        for section in card_sections():
            panel = Panel(section.title)
            body = QFrame()
            grid = QGridLayout(body)
            grid.setContentsMargins(16, 12, 16, 16)
            grid.setHorizontalSpacing(16)
            grid.setVerticalSpacing(10)
            row = place = 0
            for asked in section.fields:
                editor = editor_for(asked, icons)
                if isinstance(editor.widget, QPlainTextEdit):
                    editor.widget.setFixedHeight(_NOTE_HEIGHT)
                editor.on_change(self._touched)
                field = Field(asked.label.replace("　", ""), editor.widget, icons=icons, parent=body)
                self._editors[asked.link_id], self.fields[asked.link_id] = editor, field
                if editor.is_wide and place:
                    row, place = row + 1, 0
                grid.addWidget(field, row, place, 1, _COLUMNS if editor.is_wide else 1)
                place += _COLUMNS if editor.is_wide else 1
                if place >= _COLUMNS:
                    row, place = row + 1, 0
            for number in range(_COLUMNS):
                grid.setColumnStretch(number, 1)
            panel.set_body(body)
            column.addWidget(panel)
        column.addStretch(1)

    def first(self) -> QWidget:
        """Return the first editor."""
        return next(iter(self._editors.values())).widget

    def answers(self) -> dict[str, Any]:
        """Return everything that is filled in, as JSON values."""
        return {name: editor.value() for name, editor in self._editors.items()}

    def show_answers(self, answers: Mapping[str, Any]) -> None:
        """Fill in a card; it does not count as a change."""
        self._is_filling = True
        for name, editor in self._editors.items():
            editor.set_value(answers.get(name))
            self.fields[name].set_error("")
        self._is_filling = False

    def is_right(self) -> bool:
        """Tell whether the day is one; if not, say so there and give it the keyboard."""
        text = str(self._editors[_DAY].value() or "")
        wrong = bool(text) and parsed_day(text) is None
        self.fields[_DAY].set_error(_("Please write the day like 2026-10-12.") if wrong else "")
        if wrong:
            self._editors[_DAY].widget.setFocus()
        return not wrong

    def set_read_only(self, read_only: bool) -> None:
        """Show a filed card, or let it be typed in."""
        for field in self.fields.values():
            for part in field.findChildren(QWidget):
                if isinstance(part, QLineEdit | QPlainTextEdit):
                    part.setReadOnly(read_only)  # not disabled: what was filed is there to be read
                elif isinstance(part, QComboBox | QAbstractButton):
                    part.setEnabled(not read_only)
                    set_variant(part, "filed", "true" if read_only else "false")

    def _touched(self) -> None:
        if not self._is_filling:
            self.changed.emit()
