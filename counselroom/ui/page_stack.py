"""The pages that were opened, the one that is shown, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from counselroom.ui.page import Page
from counselroom.ui.pages.table import PAGES, PageEntry
from counselroom.ui.room import Room
from counselroom.ui.size_class import LOW, SizeClass

_KNOWN = {entry.key: entry for entry in PAGES}
_LONGEST_WAY_BACK = 30
_MOST_ASKED = QSize(824, 340)
"""A page arranges itself for the room there is, so the window asks for no more than the smallest compact window has."""


class PageStack(QStackedWidget):
    """Makes each page when it is first wanted and keeps it.

    Attributes:
        turned: another page is shown, or the same one for something else.
        touched: the state of a page is worth keeping.
    """

    turned = Signal()
    touched = Signal()

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = room
        self._pages: dict[str, Page] = {}
        self._kept: dict[str, Mapping[str, Any]] = {}
        self._way: list[str] = []
        self._size = (SizeClass.REGULAR, LOW)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return what the page that is shown needs.

        One that is not seen, still arranged for a wide window, may not keep the window from becoming small.
        """
        page = self.currentWidget()
        return _MOST_ASKED if page is None else page.minimumSizeHint().boundedTo(_MOST_ASKED)

    def page(self) -> Page:
        """Return the page that is shown."""
        page = self.currentWidget()
        assert isinstance(page, Page)  # noqa: S101 - the stack holds nothing else
        return page

    def entry(self) -> PageEntry:
        """Return the line of the table of pages that is shown."""
        return _KNOWN[self.page().key]

    def go_to(self, key: str, arguments: Mapping[str, Any] | None = None) -> None:
        """Show a page, for something or as it was left."""
        before = self.currentWidget()
        page = self._made(key)
        if before is not page:  # the first page is the current one as soon as it is made
            if isinstance(before, Page) and self._way[-1:] != [before.key]:
                self._way = [*self._way, before.key][-_LONGEST_WAY_BACK:]
            self._turn_to(page)
        if arguments:
            page.show_subject(arguments)
        self.turned.emit()

    def back(self) -> None:
        """Show the page before; without one, that of the rail from which this one is opened."""
        here = self.page().key
        before = self._way.pop() if self._way else self.entry().parent
        if before and before != here:
            self._turn_to(self._made(before))
            self.turned.emit()

    def state(self) -> dict[str, Any]:
        """Return where the user is and the state of all pages that were opened."""
        return {
            "page": self.page().key,
            "way": list(self._way),
            "pages": {**self._kept, **{key: page.state() for key, page in self._pages.items()}},
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go back to where the user was; pages that do not exist any more are left out.

        A page that is not seen yet takes its state when it is made: the window is there at once, however many pages
        were open before.
        """
        for key, kept in dict(state.get("pages") or {}).items():
            if key in self._pages:
                self._pages[key].restore(kept)
            elif key in _KNOWN:
                self._kept[key] = kept
        if state.get("page") in _KNOWN:
            self.go_to(str(state["page"]))
        self._way = [key for key in state.get("way") or () if key in _KNOWN]

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """Fit all pages into a window of this class and height."""
        self._size = (size, height)
        for page in self._pages.values():
            page.set_size_class(size, height)

    def _turn_to(self, page: Page) -> None:
        self.setCurrentWidget(page)
        self.updateGeometry()
        # Who came by a key goes on by keys: the page begins where its reader begins.
        page.first().setFocus(Qt.FocusReason.OtherFocusReason)
        self.touched.emit()

    def _made(self, key: str) -> Page:
        if key not in self._pages:
            page = _KNOWN[key].make(self._room, key)
            page.set_size_class(*self._size)
            page.touched.connect(self.touched)
            self._pages[key] = page
            self.addWidget(page)
            if key in self._kept:
                page.restore(self._kept.pop(key))
        return self._pages[key]
