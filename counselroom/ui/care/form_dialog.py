"""The base of the dialogs of tiers and follow-up: fields by name in a scrolling form, kept and restored alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.changes import Done
from counselroom.ui.care.choice import Choice
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.dialogs.form_scroll import FormScroll
from counselroom.ui.dialogs.student_form import parsed_day
from counselroom.ui.masking import Face
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label

T = TypeVar("T")
Editor = QLineEdit | QPlainTextEdit | QComboBox | Choice
_LINES = 3
"""Lines of a text field."""


class FormDialog(EntryDialog):
    """Fields below a line that says whom it is about.

    `place` among the arguments is the page it was opened from: names are shown as they are there.
    """

    def __init__(self, room: Room, arguments: Mapping[str, Any], title: str, parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, title, parent)
        self.about = Label("", "meta_strong", wrap=True)
        self.fields: dict[str, Field] = {}
        self._inner = QWidget()
        self.form = QVBoxLayout(self._inner)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setSpacing(10)
        self.form.addWidget(self.about)
        self._work_buttons: list[Button] = []

    def finish_form(self, parent: QWidget | None, keep: str, width: int = 500) -> None:
        """Put the fields into their scroll area, with the button that changes nothing; called after the last field."""
        self.content.addWidget(FormScroll(self._inner, parent, width))
        cancel = self.add_button(Button(keep))
        cancel.clicked.connect(self.reject)

    def add_work(self, words: str, kind: Any, do: Callable[[], None]) -> Button:
        """Add a button that does the work; the primary one also answers to Ctrl Enter."""
        button = self.add_button(Button(words, kind, key="Ctrl Enter" if kind == "primary" else None))
        button.clicked.connect(do)
        if kind == "primary":
            QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(button.click)
        self._work_buttons.append(button)
        return button

    def face(self) -> Face:
        """Return how people are shown where the dialog was opened."""
        return self.room.masking.face(str(self.arguments.get("place") or "student_record"))

    def say_about(self, name: str, number: str | None, class_name: str, more: str = "") -> None:
        """Say whom it is about."""
        face = self.face()
        parts = (face.name(name, number), face.class_name(class_name), more)
        self.about.setText(pgettext("list", ", ").join(part for part in parts if part))

    # Fields.

    def add_line(self, name: str, label: str, hint: str = "", required: str = "", text: str = "") -> QLineEdit:
        """Add a field of one line."""
        edit = QLineEdit(text)
        edit.textEdited.connect(lambda _text: self.touched.emit())
        self._add(name, label, edit, hint, required)
        return edit

    def add_text(self, name: str, label: str, hint: str = "", required: str = "") -> QPlainTextEdit:
        """Add a field of a few lines; Tab leaves it."""
        edit = QPlainTextEdit()
        edit.setTabChangesFocus(True)
        edit.setFixedHeight(self.room.icons.theme.pixels("size.base") * 2 * _LINES)
        edit.textChanged.connect(self.touched)
        self._add(name, label, edit, hint, required)
        return edit

    def add_choice(
        self, name: str, label: str, options: Sequence[tuple[str, str]], columns: int = 5, hint: str = ""
    ) -> Choice:
        """Add a choice between a few words."""
        choice = Choice(self.room.icons, options, columns)
        choice.chosen.connect(self.touched)
        self._add(name, label, choice, hint, "")
        return choice

    def add_box(self, name: str, label: str, options: Sequence[tuple[str, str]], hint: str = "") -> QComboBox:
        """Add a choice from a list."""
        box = QComboBox()
        for key, words in options:
            box.addItem(words, key)
        box.activated.connect(lambda _index: self.touched.emit())
        self._add(name, label, box, hint, "")
        return box

    def text(self, name: str) -> str:
        """Return what a field holds, without spaces around it; the key of what is chosen."""
        return str(_value(self._editor(name))).strip()

    def day(self, name: str, *, optional: bool = False) -> date | None:
        """Return the day in a field; a wrong one is said at the field, which gets the keyboard."""
        text = self.text(name)
        found = parsed_day(text)
        wrong = found is None and not (optional and not text)
        self.fields[name].set_error(_("Please write the day like 2026-10-12.") if wrong else "")
        if wrong:
            self._editor(name).setFocus()
        return found

    def needs(self, name: str, sentence: str) -> bool:
        """Tell whether a field is filled in; if not, say so there and give it the keyboard."""
        missing = not self.text(name)
        self.fields[name].set_error(sentence if missing else "")
        if missing:
            self._editor(name).setFocus()
        return not missing

    def state(self) -> dict[str, Any]:
        """Return all fields by name."""
        return {name: _value(self._editor(name)) for name in self.fields}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was typed before."""
        for name in self.fields:
            if name in state:
                _set(self._editor(name), str(state[name] or ""))

    # Doing.

    def do(self, work: Callable[[], Done[T]], on_done: Callable[[Done[T]], None]) -> None:
        """Do the work of the dialog once; while it runs its buttons rest, and a refusal is said above them."""
        for button in self._work_buttons:
            button.setEnabled(False)

        def failed(error: BaseException) -> None:
            for button in self._work_buttons:
                button.setEnabled(True)
            self.refuse(error)

        self.room.tasks.change(work, on_done, on_failed=failed)

    def _add(self, name: str, label: str, editor: Editor, hint: str, required: str) -> None:
        self.fields[name] = Field(label, editor, hint, required, icons=self.room.icons)
        self.form.addWidget(self.fields[name])

    def _editor(self, name: str) -> Editor:
        editor = self.fields[name].editor
        assert isinstance(editor, QLineEdit | QPlainTextEdit | QComboBox | Choice)  # noqa: S101 - made by `_add`
        return editor


def _value(editor: Editor) -> str:
    match editor:
        case QLineEdit():
            return editor.text()
        case QPlainTextEdit():
            return editor.toPlainText()
        case QComboBox():
            return str(editor.currentData() or "")
        case _:
            return editor.value()


def _set(editor: Editor, value: str) -> None:
    match editor:
        case QLineEdit():
            editor.setText(value)
        case QPlainTextEdit():
            editor.setPlainText(value)
        case QComboBox():
            editor.setCurrentIndex(max(0, editor.findData(value)))
        case _:
            editor.set_value(value)
