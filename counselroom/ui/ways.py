"""The way from a page to another page or to a dialog, without knowing how either is made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal


class Ways(QObject):
    """Asked by pages and dialogs, answered by the window.

    Attributes:
        page_wanted: carries the key of a page and what it is opened for, JSON values by name.
        dialog_wanted: carries the key of a dialog and what it is opened for.
        back_wanted: the page before this one.
        draft_wanted: carries the kept state of a dialog, which is opened with it.
        exchange_wanted: carries the folder of a restored vault that takes the place of the open one.
    """

    page_wanted = Signal(str, object)
    dialog_wanted = Signal(str, object)
    back_wanted = Signal()
    draft_wanted = Signal(object)
    exchange_wanted = Signal(object)

    def open_page(self, key: str, **arguments: Any) -> None:
        """Go to a page of the table of pages, for something or for nothing in particular."""
        self.page_wanted.emit(key, arguments)

    def open_dialog(self, key: str, **arguments: Any) -> None:
        """Open a dialog of the table of dialogs; one that is open is closed first, its text kept."""
        self.dialog_wanted.emit(key, arguments)

    def back(self) -> None:
        """Go back to the page before."""
        self.back_wanted.emit()

    def exchange(self, restored: Path) -> None:
        """Lock, put a restored vault in the place of the open one, which is kept, and start anew on it."""
        self.exchange_wanted.emit(restored)

    def resume(self, kept: Mapping[str, Any]) -> None:
        """Open the dialog of a draft with what was typed into it."""
        self.draft_wanted.emit(kept)
