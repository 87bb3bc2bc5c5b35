"""Editors for the kinds of answers a register asks for; each speaks JSON values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from counselroom.i18n import pgettext
from counselroom.services.register_definitions import RegisterField
from counselroom.ui.registers.table_editor import TableEditor
from counselroom.ui.registers.written import day_text, number_of
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.pill import Pill
from counselroom.ui.widgets.pill_rows import pill_rows

_BOX_COLUMNS = 3
_NOTE_HEIGHT = 104


class Editor(Protocol):
    """What fills in one answer.

    Attributes:
        widget: what is shown.
        is_wide: takes the whole width of the form.
    """

    is_wide: bool

    @property
    def widget(self) -> QWidget:
        """Return what is shown."""
        ...

    def value(self) -> Any:
        """Return the answer as a JSON value; empty text or list for none."""
        ...

    def set_value(self, value: Any) -> None:
        """Show an answer."""
        ...

    def on_change(self, told: Callable[[], None]) -> None:
        """Call `told` whenever the user changes something."""
        ...


class LineEditor:
    """A line of text, a day, a time of day, a number, a name."""

    is_wide = False

    def __init__(self, asked: RegisterField) -> None:
        self._type = asked.type
        self.widget: QLineEdit = QLineEdit()
        hints = {"date": "2026-11-22", "time": "14:05"}
        self.widget.setPlaceholderText(hints.get(asked.type, ""))

    def value(self) -> Any:
        """Return the text, a day in its plain form, or the number."""
        text = self.widget.text().strip()
        if self._type == "int":
            return number_of(text)
        return day_text(text) if self._type == "date" else text

    def set_value(self, value: Any) -> None:
        """Show an answer."""
        self.widget.setText("" if value is None else str(value))

    def on_change(self, told: Callable[[], None]) -> None:
        """Call `told` whenever something is typed."""
        self.widget.textEdited.connect(lambda _text: told())


class NoteEditor:
    """Text of several lines."""

    is_wide = True

    def __init__(self, asked: RegisterField) -> None:
        del asked
        self.widget: QPlainTextEdit = QPlainTextEdit()
        self.widget.setTabChangesFocus(True)
        self.widget.setFixedHeight(_NOTE_HEIGHT)

    def value(self) -> Any:
        """Return the text."""
        return self.widget.toPlainText()

    def set_value(self, value: Any) -> None:
        """Show an answer."""
        self.widget.setPlainText("" if value is None else str(value))

    def on_change(self, told: Callable[[], None]) -> None:
        """Call `told` whenever something is typed."""
        self.widget.textChanged.connect(told)


class ChoiceEditor:
    """One of several answers, or words of one's own where the form leaves room for them."""

    is_wide = False

    def __init__(self, asked: RegisterField) -> None:
        self.widget: QComboBox = QComboBox()
        self._free = any(choice.other for choice in asked.choices)
        self.widget.setEditable(self._free)
        self.widget.addItem("", "")
        for choice in asked.choices:
            self.widget.addItem(choice.text, choice.code)

    def value(self) -> Any:
        """Return the code, or the words."""
        place = self.widget.findText(self.widget.currentText())
        return self.widget.itemData(place) if place >= 0 else self.widget.currentText().strip()

    def set_value(self, value: Any) -> None:
        """Show an answer."""
        place = self.widget.findData(value or "")
        if place >= 0:
            self.widget.setCurrentIndex(place)
        elif self._free:
            self.widget.setEditText(str(value))

    def on_change(self, told: Callable[[], None]) -> None:
        """Call `told` whenever another answer is chosen or typed."""
        self.widget.currentTextChanged.connect(lambda _text: told())


class YesNoEditor:
    """Yes, no, or not said."""

    is_wide = False

    def __init__(self, asked: RegisterField) -> None:
        del asked
        self.widget: QComboBox = QComboBox()
        self.widget.addItem("", None)
        self.widget.addItem(pgettext("register", "Yes"), True)
        self.widget.addItem(pgettext("register", "No"), False)

    def value(self) -> Any:
        """Return the answer, or None."""
        return self.widget.currentData()

    def set_value(self, value: Any) -> None:
        """Show an answer."""
        self.widget.setCurrentIndex(0 if not isinstance(value, bool) else 1 if value else 2)

    def on_change(self, told: Callable[[], None]) -> None:
        """Call `told` whenever another answer is chosen."""
        self.widget.currentIndexChanged.connect(lambda _index: told())


class ChoicesEditor(QObject):
    """Several answers to be ticked, with a line for words of one's own where the form leaves room for them."""

    is_wide = True
    _changed = Signal()

    def __init__(self, asked: RegisterField, icons: Icons) -> None:
        self.widget: QWidget = QWidget()
        super().__init__(self.widget)
        column = QVBoxLayout(self.widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._boxes: dict[str, Pill] = {}
        self._other: QLineEdit | None = None
        self._known = tuple(choice.code for choice in asked.choices)
        for choice in asked.choices:
            box = Pill(icons, choice.text, multi=True)
            self._boxes[choice.code] = box
            box.toggled.connect(lambda _on: self._changed.emit())
        column.addLayout(pill_rows(tuple(self._boxes.values()), _BOX_COLUMNS))
        if any(choice.other for choice in asked.choices):
            self._other = QLineEdit()
            self._other.setAccessibleName(pgettext("register", "Other words"))
            self._other.setPlaceholderText(pgettext("register", "Other words"))
            self._other.textEdited.connect(lambda _text: self._changed.emit())
            column.addWidget(self._other)

    def value(self) -> Any:
        """Return the codes, and the words of one's own behind them."""
        words = self._other.text().strip() if self._other is not None else ""
        return [code for code, box in self._boxes.items() if box.isChecked()] + ([words] if words else [])

    def set_value(self, value: Any) -> None:
        """Show an answer."""
        chosen: Sequence[str] = value or ()
        for code, box in self._boxes.items():
            box.setChecked(code in chosen)
        if self._other is not None:
            self._other.setText("、".join(code for code in chosen if code not in self._known))

    def on_change(self, told: Callable[[], None]) -> None:
        """Call `told` whenever something is ticked or typed."""
        self._changed.connect(told)


def editor_for(asked: RegisterField, icons: Icons) -> Editor:
    """Return the editor for the kind of answer a field takes."""
    match asked.type:
        case "note":
            return NoteEditor(asked)
        case "choice":
            return ChoiceEditor(asked)
        case "choices":
            return ChoicesEditor(asked, icons)
        case "bool":
            return YesNoEditor(asked)
        case "table":
            return TableEditor(asked)
        case _:
            return LineEditor(asked)
