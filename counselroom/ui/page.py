"""The base of all pages: head, banner, body, and what is kept of it over a lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from counselroom.i18n import pgettext
from counselroom.ui.masking import DrawnFaces, Face
from counselroom.ui.room import Room
from counselroom.ui.size_class import LOW, SizeClass
from counselroom.ui.widgets.banner import Banner, BannerTone
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.page_header import PageHeader


class Page(QWidget):
    """One page of the rail.

    Attributes:
        key: its name in the table of pages, in drafts and for masking.
        room: the tools.
        header: title, facts and actions.
        body: the layout below.
        touched: its state has changed and is worth keeping.
    """

    touched = Signal()

    def __init__(self, room: Room, key: str, title: str, parent: QWidget | None = None, *, back: bool = False) -> None:
        super().__init__(parent)
        self.key = key
        self.room = room
        self.faces = DrawnFaces(room.masking, key)
        self.setObjectName("page")
        self.setAccessibleName(title)
        self.header = PageHeader(room.icons, title, back=back)
        self.header.went_back.connect(room.ways.back)
        self._banner: Banner | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.header)
        self._banner_place = QVBoxLayout()
        self._column.addLayout(self._banner_place)
        self.body = QVBoxLayout()
        self._column.addLayout(self.body, 1)
        self.set_size_class(SizeClass.REGULAR, LOW)

    def face(self) -> Face:
        """Return how people are shown on this page now, for drawing a part of it."""
        return self.faces.face()

    def state(self) -> dict[str, Any]:
        """Return what is to be the same after a lock, as JSON values."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the state of before; what does not fit any more is left out."""

    def show_subject(self, arguments: Mapping[str, Any]) -> None:
        """Show what the page was opened for; the same names as in its state."""
        self.restore(arguments)

    def panels(self) -> Sequence[QWidget]:
        """Return the widgets F6 goes through, in reading order."""
        return ()

    def first(self) -> QWidget:
        """Return the widget that has the keyboard when the window opens on this page."""
        return next(iter(self.panels()), self)

    def jot(self) -> None:
        """Take Ctrl J: write a line down. A page with a log of its own writes into that."""
        self.room.ways.open_dialog("scratch")

    def current_student(self) -> str | None:
        """Return the student the page is about, or the one that is chosen on it: Ctrl E writes a note for it."""
        return None

    def save_now(self) -> None:
        """Store what the page keeps beside its state: Ctrl S."""

    def zoom_text(self, step: int) -> bool:
        """Take Ctrl + (1), Ctrl - (-1) or Ctrl 0 (0) for something of this page; False leaves them to the window."""
        del step
        return False

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """Fit into a window of this class and height."""
        self.header.set_compact(size <= SizeClass.COMPACT or height < LOW)
        margin = 24 if size >= SizeClass.REGULAR else 16
        self.body.setContentsMargins(margin, 0, margin, margin)
        self._banner_place.setContentsMargins(margin, 0, margin, 0)

    def scroll_body(self) -> QVBoxLayout:
        """Return a column in a scroll area that fills the body, for a page that can be higher than the window."""
        inner = QWidget()
        inner.setProperty("kind", "scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addWidget(area)
        return column

    def show_banner(self, text: str, tone: BannerTone = "amber") -> None:
        """Say something that stays under the head until it is read."""
        self.hide_banner()
        button = Button(pgettext("banner", "Understood"), "text", size="compact")
        button.clicked.connect(self.hide_banner)
        self._banner = Banner(self.room.icons, "mdi6.alert-circle-outline", text, tone, button)
        self._banner_place.addWidget(self._banner)
        self._banner_place.addSpacing(12)

    def banner_text(self) -> str:
        """Return what the banner says; empty when there is none."""
        return "" if self._banner is None else self._banner.accessibleName()

    def hide_banner(self) -> None:
        """Take the banner away."""
        if self._banner is not None:
            self._banner.hide()
            self._banner.deleteLater()
            self._banner = None
            while (item := self._banner_place.takeAt(0)) is not None:
                del item
