"""A small table inside a row of a register: one line of fields for each of its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from counselroom.i18n import pgettext
from counselroom.services.register_definitions import RegisterField
from counselroom.ui.registers.written import day_text, number_of
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.label import Label

_FIRST_ROWS = 2


class TableEditor(QObject):
    """Lines of fields under their heads; a button adds a line, an empty line is left out."""

    is_wide = True
    _changed = Signal()

    def __init__(self, asked: RegisterField) -> None:
        self.widget: QWidget = QWidget()
        super().__init__(self.widget)
        self._columns = asked.columns
        self._rows: list[dict[str, QLineEdit]] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(6)
        for number, column in enumerate(self._columns):
            self._grid.addWidget(Label(column.label, "hint"), 0, number)
        self._more = Button(pgettext("register", "Add a line"), "text", size="compact")
        self._more.clicked.connect(self._add_line)
        whole = QVBoxLayout(self.widget)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        whole.addLayout(self._grid)
        for _line in range(_FIRST_ROWS):
            self._add_line()
        whole.addWidget(self._more)

    def value(self) -> Any:
        """Return the rows that are not empty."""
        rows = [
            {name: self._answer(name, edit) for name, edit in row.items() if edit.text().strip()} for row in self._rows
        ]
        return [row for row in rows if row]

    def set_value(self, value: Any) -> None:
        """Show rows."""
        rows: list[Mapping[str, Any]] = list(value or ())
        while len(self._rows) < len(rows):
            self._add_line()
        for number, line in enumerate(self._rows):
            answers = rows[number] if number < len(rows) else {}
            for name, edit in line.items():
                edit.setText(str(answers.get(name, "")))

    def on_change(self, told: Callable[[], None]) -> None:
        """Call `told` whenever something is typed."""
        self._changed.connect(told)

    def _answer(self, name: str, edit: QLineEdit) -> int | str:
        kind = next(column.type for column in self._columns if column.link_id == name)
        if kind == "int":
            return number_of(edit.text())
        return day_text(edit.text()) if kind == "date" else edit.text().strip()

    def _add_line(self) -> None:
        number = len(self._rows) + 1
        line: dict[str, QLineEdit] = {}
        for place, column in enumerate(self._columns):
            edit = QLineEdit()
            edit.setAccessibleName(f"{column.label} {number}")
            edit.textEdited.connect(lambda _text: self._changed.emit())
            self._grid.addWidget(edit, number, place)
            line[column.link_id] = edit
        self._rows.append(line)
        if number <= _FIRST_ROWS:
            return
        fields = [edit for row in self._rows for edit in row.values()]
        for before, after in pairwise([self._more, *fields, self._more]):
            QWidget.setTabOrder(before, after)  # the button was there before the new line and stands below it
