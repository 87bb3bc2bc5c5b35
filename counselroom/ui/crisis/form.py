"""The base of the dialogs of a 专案: everything that is known is filled in, Ctrl Enter does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.changes import Done
from counselroom.services.crisis_page import CrisisPage, crisis_page
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.dialogs.form_scroll import FormScroll
from counselroom.ui.room import Room
from counselroom.ui.typed_moments import moment_text, parsed_moment
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.tick_line import TickLine

Typed = QLineEdit | QPlainTextEdit | QComboBox
Editor = Typed | TickLine


class CrisisForm(EntryDialog):
    """A dialog about one 专案.

    Attributes:
        page: the 专案, once it was read.
        fields: the fields by key.
        act_button: the verb that does it.
    """

    def __init__(
        self,
        room: Room,
        arguments: Mapping[str, Any],
        title: str,
        act: str,
        parent: QWidget | None = None,
        *,
        keep: str = "",
        danger: bool = False,
        width: int = 520,
    ) -> None:
        super().__init__(room, arguments, title, parent)
        self.page: CrisisPage | None = None
        self.fields: dict[str, Field] = {}
        self._editors: dict[str, Editor] = {}
        self._typed: Mapping[str, Any] | None = None
        self._by_hand: set[str] = set()
        whole = QWidget()
        self.column = QVBoxLayout(whole)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(10)
        self.content.addWidget(FormScroll(whole, parent, width))
        keep_button = self.add_button(Button(keep or pgettext("crisis", "Not now")))
        keep_button.clicked.connect(self.reject)
        self.keep_button = keep_button
        self.act_button = self.add_button(Button(act, "danger" if danger else "primary", key="Ctrl Enter"))
        self.act_button.clicked.connect(self.act)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._act_by_key)

    # Making fields.

    def note(self, text: str, kind: str = "body") -> Label:
        """Add a sentence."""
        label = Label(text, kind, wrap=True)
        self.column.addWidget(label)
        return label

    def line(self, key: str, label: str, text: str = "", hint: str = "", needed: str = "") -> QLineEdit:
        """Add a field of one line."""
        editor = QLineEdit(text)
        editor.textEdited.connect(lambda _text: self.touched.emit())
        self._add(key, label, editor, hint, needed)
        return editor

    def text(self, key: str, label: str, hint: str = "", needed: str = "", lines: int = 3) -> QPlainTextEdit:
        """Add a field of several lines."""
        editor = QPlainTextEdit()
        editor.setTabChangesFocus(True)
        editor.setFixedHeight(16 + lines * (editor.fontMetrics().lineSpacing() + 2))
        editor.textChanged.connect(self.touched)
        self._add(key, label, editor, hint, needed)
        return editor

    def choice(
        self, key: str, label: str, options: Sequence[tuple[str, str]], hint: str = "", needed: str = ""
    ) -> QComboBox:
        """Add a choice of `(value, words)`."""
        editor = QComboBox()
        for value, words in options:
            editor.addItem(words, value)
        editor.activated.connect(lambda _index: self.touched.emit())
        self._add(key, label, editor, hint, needed)
        return editor

    def suggest(self, key: str, words: Sequence[str]) -> None:
        """Offer words while somebody types into a field of one line."""
        editor = self._editors[key]
        assert isinstance(editor, QLineEdit)  # noqa: S101 - made by `line`
        completer = QCompleter(list(words), editor)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.room.icons.theme.dress(cast("QWidget", completer.popup()))  # a window of its own
        editor.setCompleter(completer)

    def refill(self, key: str, options: Sequence[tuple[str, str]]) -> None:
        """Offer other choices in a field; what stands in it stays, as far as it is offered."""
        editor, before = self._editors[key], self.value(key)
        assert isinstance(editor, QComboBox)  # noqa: S101 - made by `choice`
        with QSignalBlocker(editor):
            editor.clear()
            for value, words in options:
                editor.addItem(words, value)
            self.put(key, before)

    def tick(self, key: str, text: str) -> TickLine:
        """Add a box to tick."""
        editor = TickLine(text)
        editor.toggled.connect(lambda _on: self.touched.emit())
        self._editors[key] = editor
        self.column.addWidget(editor)
        return editor

    def beside(self, *keys: str) -> None:
        """Put fields that were added side by side."""
        row = QHBoxLayout()
        row.setSpacing(12)
        for key in keys:
            self.column.removeWidget(self.fields[key])
            row.addWidget(self.fields[key], 1, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(row)

    def _add(
        self, key: str, label: str, editor: QLineEdit | QPlainTextEdit | QComboBox, hint: str, needed: str
    ) -> None:
        field = Field(label, editor, hint, needed, icons=self.room.icons)
        self.fields[key] = field
        self._editors[key] = editor
        self.column.addWidget(field)

    # Values.

    def value(self, key: str) -> str:
        """Return what is in a field, without blanks around."""
        editor = self._editors[key]
        if isinstance(editor, QLineEdit):
            return editor.text().strip()
        if isinstance(editor, QPlainTextEdit):
            return editor.toPlainText().strip()
        if isinstance(editor, QComboBox):
            return str(editor.currentData() or "")
        return "1" if editor.is_ticked() else ""

    def put(self, key: str, value: str) -> None:
        """Fill a field."""
        editor = self._editors[key]
        if isinstance(editor, QLineEdit):
            editor.setText(value)
        elif isinstance(editor, QPlainTextEdit):
            editor.setPlainText(value)
        elif isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findData(value)))
        else:
            editor.box.setChecked(bool(value))

    def moment(self, key: str) -> datetime | None:
        """Return the moment in a field; what is none is said at the field, and None returned."""
        found = parsed_moment(self.value(key), self.room.now())
        self.fields[key].set_error("" if found else _("Please write a time such as 09:30 or 2026-10-12 09:30."))
        return found

    def put_moment(self, key: str, moment: datetime) -> None:
        """Fill a field with a moment."""
        self.put(key, moment_text(moment, self.room.now()))

    def lacks(self, key: str, sentence: str) -> bool:
        """Tell whether a field is empty, and say at the field what is missing."""
        missing = not self.value(key)
        self.fields[key].set_error(sentence if missing else "")
        if missing:
            self.fields[key].editor.setFocus()
        return missing

    def state(self) -> dict[str, Any]:
        """Return what is in the fields."""
        return {key: self.value(key) for key in self._editors}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was in the fields before."""
        self._typed = dict(state)
        for key in self._editors:
            if key in state:
                self.put(key, str(state[key]))

    # Reading and doing.

    def read(self) -> None:
        """Ask for the 专案; `fill` is called with it."""
        room, event_id = self.room, str(self.arguments.get("event") or "")
        step_id = str(self.arguments.get("step") or "")
        if event_id or step_id:
            room.tasks.query(
                self,
                lambda: crisis_page(room.actor, room.desk, event_id, step_id=step_id),
                self._arrived,
                on_failed=self.refuse,
            )

    def fill(self, page: CrisisPage) -> None:
        """Fill in what is known; fields that were typed into keep their text."""

    def act(self) -> None:
        """Do what the dialog is for."""

    def change(self, work: Callable[[], Done[Any]], said: str = "", then: Callable[[Any], None] | None = None) -> None:
        """Do the work; on success say so with its undo and close, else say why not and keep everything."""
        room = self.room
        self.act_button.setEnabled(False)

        def done(found: Done[Any]) -> None:
            self.finish()
            if said:
                room.messages.say(said, found.changes.undo)
            elif found.changes.undo is not None:
                room.messages.say(found.changes.undo.sentence, found.changes.undo)
            if then is not None:
                then(found.value)

        def failed(error: BaseException) -> None:
            self.act_button.setEnabled(True)
            self.refuse(error)

        room.tasks.change(work, done, on_failed=failed)

    def offer(self, key: str, value: str) -> None:
        """Fill a field in which nothing was typed yet."""
        if key not in self._by_hand:
            self.put(key, value)

    def _arrived(self, page: CrisisPage) -> None:
        self.page = page
        before = dict(self._untouched or {})
        self._by_hand = {key for key, value in self.state().items() if value != before.get(key, value)}
        self.fill(page)
        self.settle()
        if self._untouched is not None:
            self._untouched |= {key: before[key] for key in self._by_hand}
        self._by_hand = set()
        if self._typed is not None:
            self.restore(self._typed)

    def _act_by_key(self) -> None:
        if self.act_button.isEnabled() and self.act_button.isVisible():
            self.act()
