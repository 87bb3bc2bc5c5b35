"""The one dialog with fields that may be open: opened by its key, kept over a lock, its text never lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from counselroom.i18n import _
from counselroom.services.drafts import DraftView, discard_draft, find_draft, save_draft
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.dialogs.table import DIALOGS
from counselroom.ui.room import Room

_KNOWN = {entry.key: entry for entry in DIALOGS}


class DialogKeeper(QObject):
    """Opens the dialogs of the table over the window.

    What was typed into a dialog that is closed without saving becomes a draft of its own place, which the same
    dialog takes up again; saving forgets it.

    Attributes:
        touched: the state of the dialog is worth keeping.
    """

    touched = Signal()

    def __init__(self, room: Room, window: QWidget) -> None:
        super().__init__(window)
        self._room = room
        self._window = window
        self.dialog: EntryDialog | None = None
        self._key = ""

    def open(self, key: str, arguments: Mapping[str, Any], typed: Mapping[str, Any] | None = None) -> None:
        """Open a dialog; one that is open is closed first, its text kept.

        Args:
            key: its name in the table.
            arguments: what it is opened for.
            typed: what was typed before a lock; without it a draft of the same dialog is looked for.
        """
        if self.dialog is not None:
            self.dialog.reject()
        dialog = _KNOWN[key].make(self._room, arguments, self._window)
        dialog.settle()
        self.dialog, self._key = dialog, key
        dialog.touched.connect(self.touched)
        dialog.finished_well.connect(lambda: self._forget(dialog))
        dialog.rejected.connect(lambda: self._keep_text(dialog))
        dialog.finished.connect(lambda _code: self._let_go(dialog))
        dialog.open()
        dialog.first().setFocus()
        if typed is not None:
            dialog.restore(typed)
        else:
            self._look_for_draft(dialog)
        self.touched.emit()

    def state(self) -> dict[str, Any] | None:
        """Return the open dialog with what was typed into it, or None."""
        if self.dialog is None:
            return None
        return {"dialog": self._key, "arguments": self.dialog.arguments, "state": self.dialog.state()}

    def restore(self, kept: Mapping[str, Any] | None) -> None:
        """Open the dialog of before a lock, or of a draft."""
        if kept and kept.get("dialog") in _KNOWN:
            self.open(str(kept["dialog"]), dict(kept.get("arguments") or {}), dict(kept.get("state") or {}))

    def _look_for_draft(self, dialog: EntryDialog) -> None:
        room, place = self._room, place_of(self._key, dialog.arguments)

        def show(draft: DraftView | None) -> None:
            if draft is not None and dialog is self.dialog and not dialog.has_text():
                dialog.restore(dict(draft.state.get("state") or {}))

        room.tasks.query(dialog, lambda: find_draft(room.actor, room.desk, place), show)

    def _keep_text(self, dialog: EntryDialog) -> None:
        room = self._room
        if not dialog.has_text() or room.desk.vault.read_only is not None:
            return
        place = place_of(self._key, dialog.arguments)
        kept = {"dialog": self._key, "arguments": dialog.arguments, "state": dialog.state()}
        room.tasks.change(
            lambda: save_draft(room.actor, room.desk, place, kept),
            lambda _done: room.messages.say(_("Kept as a draft. Open the same form again to go on.")),
        )

    def _forget(self, dialog: EntryDialog) -> None:
        room, place = self._room, place_of(self._key, dialog.arguments)
        if room.desk.vault.read_only is None:
            room.tasks.change(lambda: discard_draft(room.actor, room.desk, place))

    def _let_go(self, dialog: EntryDialog) -> None:
        if self.dialog is dialog:
            self.dialog = None
            self.touched.emit()
        dialog.deleteLater()


def place_of(key: str, arguments: Mapping[str, Any]) -> str:
    """Return the place of the draft of a dialog opened for something."""
    return f"dialog:{key}:{json.dumps(dict(arguments), sort_keys=True, ensure_ascii=False)}"
