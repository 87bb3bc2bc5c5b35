"""The guardians of a student: added, edited, taken off, and put into the order in which they are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.people import Relation
from counselroom.services.changes import Done, Undo
from counselroom.services.guardians import edit_guardian, remove_guardian
from counselroom.services.rows import GuardianView
from counselroom.services.students import add_guardian, list_guardians, order_guardians
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.dialogs.form_scroll import FormScroll
from counselroom.ui.record.words import relation_word
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.icon_button import IconButton
from counselroom.ui.widgets.label import Label

_ID = Qt.ItemDataRole.UserRole + 1
_TEXTS = ("name", "phone", "backup_phone", "address")


class GuardiansDialog(EntryDialog):
    """List at the top, the fields of one guardian below; each change is stored at once and can be undone."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Guardians"), parent)
        self._student = str(arguments.get("student") or "")
        self._views: dict[str, GuardianView] = {}
        self._edited = ""
        self._model = QStandardItemModel(self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setAccessibleName(pgettext("guardians", "In the order in which they are called"))
        self.list.setFixedHeight(112)
        self.list.selectionModel().currentChanged.connect(lambda: self._chosen())
        self._texts = {name: QLineEdit() for name in _TEXTS}
        self._relation = QComboBox()
        for relation in Relation:
            self._relation.addItem(relation_word(relation), relation.value)
        self._mode = Label("", "section")
        self.content.addWidget(FormScroll(self._lay_out(), parent, 520))
        self.close_button = self.add_button(Button(pgettext("guardians", "Close")))
        self.close_button.clicked.connect(self.reject)
        self.save_button = self.add_button(Button(pgettext("guardians", "Save guardian"), "primary", key="Ctrl Enter"))
        self.also_by_key(self.save_button)
        self.save_button.clicked.connect(self.save)
        for edit in self._texts.values():
            edit.textEdited.connect(lambda _text: self.touched.emit())
        self._relation.activated.connect(lambda _index: self.touched.emit())
        for keys, step in (("Alt+Up", -1), ("Alt+Down", 1)):
            QShortcut(QKeySequence(keys), self).activated.connect(lambda step=step: self.call_earlier_or_later(step))
        self._start_new()
        self._load()

    def _lay_out(self) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(
            Label(_("The first one is called first. Alt and an arrow key moves a guardian."), "hint", wrap=True)
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.list, 1)
        buttons = QVBoxLayout()
        buttons.setSpacing(4)
        icons = self.icons
        self._up = IconButton(icons.named("mdi6.arrow-up"), _("Call earlier"), "Alt ↑")
        self._up.clicked.connect(lambda: self.call_earlier_or_later(-1))
        self._down = IconButton(icons.named("mdi6.arrow-down"), _("Call later"), "Alt ↓")
        self._down.clicked.connect(lambda: self.call_earlier_or_later(1))
        self._remove = IconButton(icons.named("mdi6.account-remove-outline"), _("Take off the list"))
        self._remove.clicked.connect(self.remove)
        for button in (self._up, self._down, self._remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        row.addLayout(buttons)
        column.addLayout(row)
        head = QHBoxLayout()
        head.addWidget(self._mode)
        head.addStretch(1)
        self._new = Button(pgettext("guardians", "Add another"), "text", icons.named("mdi6.plus"), size="compact")
        self._new.clicked.connect(self._add_another)
        head.addWidget(self._new)
        column.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        self._name = Field(pgettext("guardian", "Name"), self._texts["name"], required_when=_("needed"), icons=icons)
        grid.addWidget(self._name, 0, 0)
        grid.addWidget(Field(pgettext("guardian", "Relation"), self._relation, icons=icons), 0, 1)
        grid.addWidget(Field(pgettext("guardian", "Telephone"), self._texts["phone"], icons=icons), 1, 0)
        grid.addWidget(Field(pgettext("guardian", "Second telephone"), self._texts["backup_phone"], icons=icons), 1, 1)
        grid.addWidget(Field(pgettext("guardian", "Address"), self._texts["address"], icons=icons), 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        return form

    def first(self) -> QWidget:
        """Return the name field, or the list when there are guardians."""
        return self.list if self._views else self._texts["name"]

    def state(self) -> dict[str, Any]:
        """Return what was typed and for whom."""
        return {
            **{name: edit.text() for name, edit in self._texts.items()},
            "relation": self._relation.currentData(),
            "edited": self._edited,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was typed before."""
        self._edited = str(state.get("edited") or "")
        for name, edit in self._texts.items():
            edit.setText(str(state.get(name) or ""))
        self._relation.setCurrentIndex(max(0, self._relation.findData(state.get("relation"))))
        self._say_mode()

    def save(self) -> None:
        """Store the guardian in the fields."""
        missing = not self._texts["name"].text().strip()
        self._name.set_error(_("The guardian needs a name.") if missing else "")
        if missing:
            self._texts["name"].setFocus()
            return
        room, edited, student_id = self.room, self._edited, self._student
        name = self._texts["name"].text()
        relation = Relation(self._relation.currentData())
        phone, second, address = (self._texts[part].text().strip() or None for part in _TEXTS[1:])
        said = _("The guardian's data were changed.") if edited else _("The guardian was added.")

        def work() -> Done[GuardianView]:
            if edited:
                return edit_guardian(room.actor, room.desk, edited, name, relation, phone, second, address)
            return add_guardian(room.actor, room.desk, student_id, name, relation, phone, second, address)

        self._change(work, said)

    def call_earlier_or_later(self, step: int) -> None:
        """Let the chosen guardian be called earlier or later."""
        order = [self._model.item(row).data(_ID) for row in range(self._model.rowCount())]
        row = self.list.currentIndex().row()
        if row < 0 or not 0 <= row + step < len(order):
            return
        order[row], order[row + step] = order[row + step], order[row]
        room, student_id, wanted = self.room, self._student, tuple(order)
        self._edited = order[row + step]
        self._change(lambda: order_guardians(room.actor, room.desk, student_id, wanted), _("The order was changed."))

    def remove(self) -> None:
        """Take the chosen guardian off the list."""
        chosen = self.list.currentIndex().data(_ID)
        if chosen:
            room = self.room
            self._edited = ""
            self._change(
                lambda: remove_guardian(room.actor, room.desk, chosen), _("The guardian was taken off the list.")
            )

    def _change(self, work: Callable[[], Done[Any]], said: str) -> None:
        self.tell("")

        def done(result: Done[Any]) -> None:
            undo: Undo | None = result.changes.undo
            self.room.messages.say(said, undo)
            self._load(fill=True)

        self.room.tasks.change(work, done, on_failed=self.refuse)

    def _load(self, *, fill: bool = False) -> None:
        room, student_id = self.room, self._student
        if student_id:
            room.tasks.query(
                self,
                lambda: list_guardians(room.actor, room.desk, student_id),
                lambda found: self._show(found, fill=fill),
                on_failed=self.refuse,
            )

    def _show(self, found: tuple[GuardianView, ...], *, fill: bool) -> None:
        typed = self.has_text() and not fill
        self._views = {view.id: view for view in found}
        blocked = self.list.selectionModel().blockSignals(True)
        self._model.clear()
        for number, view in enumerate(found, start=1):
            words = f"{number}. {relation_word(view.relation)}　{view.name}　{view.phone or ''}".rstrip()
            item = QStandardItem(words)
            item.setData(view.id, _ID)
            item.setSizeHint(QSize(0, self.icons.theme.pixels("height.control")))
            self._model.appendRow(item)
        wanted = next((row for row, view in enumerate(found) if view.id == self._edited), 0)
        if found and not (typed and not self._edited):
            self.list.setCurrentIndex(self._model.index(wanted, 0))
        self.list.selectionModel().blockSignals(blocked)
        if not typed:
            self._chosen()

    def _chosen(self) -> None:
        view = self._views.get(self.list.currentIndex().data(_ID) or "")
        if view is None:
            self._start_new()
            return
        self._edited = view.id
        for name, value in (
            ("name", view.name),
            ("phone", view.phone),
            ("backup_phone", view.backup_phone),
            ("address", view.address),
        ):
            self._texts[name].setText(value or "")
        self._relation.setCurrentIndex(self._relation.findData(view.relation.value))
        self._say_mode()
        self.settle()

    def _add_another(self) -> None:
        self.list.selectionModel().clearSelection()
        self.list.setCurrentIndex(self._model.index(-1, 0))
        self._start_new()
        self._texts["name"].setFocus()

    def _start_new(self) -> None:
        self._edited = ""
        for edit in self._texts.values():
            edit.clear()
        self._relation.setCurrentIndex(1)
        self._say_mode()
        self.settle()

    def _say_mode(self) -> None:
        new = not self._edited
        self._mode.setText(pgettext("guardians", "New guardian") if new else pgettext("guardians", "Chosen guardian"))
        for button in (self._up, self._down, self._remove):
            button.setEnabled(not new)
        self._name.set_error("")
