"""草稿: what was typed and not saved, to go on with or to throw away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.drafts import DraftView, discard_draft, draft_versions, list_drafts
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.moments import day_and_time
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.empty_state import EmptyState

_KEPT = Qt.ItemDataRole.UserRole + 1
_PLACE = Qt.ItemDataRole.UserRole + 2
_DIALOG = "dialog:"
"""Drafts of dialogs begin with this; the state of the window itself is not a draft to choose."""


class DraftsDialog(EntryDialog):
    """The list of drafts with their earlier versions."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Drafts"), parent)
        self._model = QStandardItemModel(self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setAccessibleName(pgettext("dialog", "Drafts"))
        self.list.setMinimumSize(480, 260)
        self.list.activated.connect(lambda _index: self.go_on())
        self.list.selectionModel().currentChanged.connect(lambda: self._fit())
        self._nothing = EmptyState(
            room.icons, "mdi6.pencil-outline", _("There is no draft."), _("What is typed and not saved is kept here.")
        )
        self.content.addWidget(self._nothing)
        self.content.addWidget(self.list)
        self.discard_button = self.add_button(Button(pgettext("drafts", "Delete draft"), "danger"))
        self.discard_button.clicked.connect(self._discard)
        self.close_button = self.add_button(Button(pgettext("drafts", "Close")))
        self.close_button.clicked.connect(self.reject)
        self.go_on_button = self.add_button(Button(pgettext("drafts", "Go on writing"), "primary"))
        self.go_on_button.clicked.connect(self.go_on)
        self._is_asking = False
        self._nothing.hide()
        self._load()

    def first(self) -> QWidget:
        """Return the list."""
        return self.list

    def go_on(self) -> None:
        """Open what the chosen draft was typed into."""
        kept = self.list.currentIndex().data(_KEPT)
        if kept:
            room = self.room
            self.accept()
            room.ways.resume(kept)

    def _load(self) -> None:
        room = self.room

        def read() -> list[tuple[DraftView, tuple[tuple[Any, Mapping[str, Any]], ...]]]:
            drafts = [draft for draft in list_drafts(room.actor, room.desk) if draft.place.startswith(_DIALOG)]
            return [(draft, draft_versions(room.actor, room.desk, draft.place)) for draft in drafts]

        room.tasks.query(self, read, self._show, key="drafts")

    def _show(self, found: list[tuple[DraftView, tuple[tuple[Any, Mapping[str, Any]], ...]]]) -> None:
        # The table names this dialog too, so it is asked for late.
        from counselroom.ui.dialogs.table import DIALOGS

        labels = {entry.key: entry.label() for entry in DIALOGS}
        self._model.clear()
        for draft, versions in found:
            label = labels.get(str(draft.state.get("dialog")), "")
            if not label:
                continue
            when = day_and_time(draft.saved_at, self.room.now())
            self._add(_("{form}, kept {when}").format(form=label, when=when), draft.place, draft.state)
            for saved_at, state in versions:
                when = day_and_time(saved_at, self.room.now())
                earlier = _("earlier version: {when}").format(when=when)
                self._add(f"　{earlier}", draft.place, state)
        if self._model.rowCount():
            self.list.setCurrentIndex(self._model.index(0, 0))
        self._fit()

    def _add(self, text: str, place: str, kept: Mapping[str, Any]) -> None:
        item = QStandardItem(text)
        item.setData(dict(kept), _KEPT)
        item.setData(place, _PLACE)
        self._model.appendRow(item)

    def _fit(self) -> None:
        there = self._model.rowCount() > 0
        self._nothing.setVisible(not there)
        was_there = not self.list.isHidden()
        self.list.setVisible(there)
        self.go_on_button.setVisible(there)
        self.discard_button.setVisible(there)
        self._ask(asking=False)
        if there != was_there:
            self.fit_again()

    def _ask(self, *, asking: bool) -> None:
        # The question stands in the same dialog: no dialog opens another.
        self._is_asking = asking
        self.discard_button.setText(
            pgettext("drafts", "Delete for good") if asking else pgettext("drafts", "Delete draft")
        )
        self.tell(_("The text of this draft and of its earlier versions will be gone.") if asking else "")

    def _discard(self) -> None:
        place = self.list.currentIndex().data(_PLACE)
        if not self._is_asking:
            self._ask(asking=True)
            return
        room = self.room
        room.tasks.change(
            lambda: discard_draft(room.actor, room.desk, place), lambda _done: self._load(), on_failed=self.refuse
        )
