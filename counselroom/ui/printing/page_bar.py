"""Zoom and pages of the print preview, in the head of the page."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from counselroom.i18n import pgettext
from counselroom.ui.printing.paper_view import WHOLE, WIDTH, PaperView
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.icon_button import IconButton
from counselroom.ui.widgets.label import Label


class PageBar(QWidget):
    """Buttons for the size of the page and for the pages.

    Attributes:
        turned: go on by so many pages.
    """

    turned = Signal(int)

    def __init__(self, icons: Icons, paper: PaperView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paper = paper
        smaller = IconButton(icons.named("mdi6.minus"), pgettext("print", "Smaller"), "Ctrl −")
        larger = IconButton(icons.named("mdi6.plus"), pgettext("print", "Larger"), "Ctrl +")
        self._zoom = Button("")
        self._back = IconButton(icons.named("mdi6.chevron-left"), pgettext("print", "Previous page"))
        self._pages = Label("")
        self._next = IconButton(icons.named("mdi6.chevron-right"), pgettext("print", "Next page"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget in (smaller, self._zoom, larger, self._back, self._pages, self._next):
            row.addWidget(widget)
        smaller.clicked.connect(lambda: paper.step(-1))
        larger.clicked.connect(lambda: paper.step(1))
        self._zoom.clicked.connect(self._choose_zoom)
        self._back.clicked.connect(lambda: self.turned.emit(-1))
        self._next.clicked.connect(lambda: self.turned.emit(1))
        self.show_zoom()
        self.show_pages(0, 1)

    def show_zoom(self) -> None:
        """Show how large the page is."""
        words = {WHOLE: pgettext("print", "Whole page"), WIDTH: pgettext("print", "Page width")}
        self._zoom.setText(f"{words.get(self._paper.zoom(), '')} {self._paper.scale():.0%}".strip())

    def show_pages(self, page: int, pages: int) -> None:
        """Show which page of how many is there, from 0."""
        self._pages.setText(f"{page + 1} / {pages}")
        self._back.setEnabled(page > 0)
        self._next.setEnabled(page + 1 < pages)

    def _choose_zoom(self) -> None:
        menu = QMenu(self)
        for words, zoom in (
            (pgettext("print", "Whole page"), WHOLE),
            (pgettext("print", "Page width"), WIDTH),
            ("100%", 1.0),
        ):
            menu.addAction(words).triggered.connect(lambda _checked=False, zoom=zoom: self._paper.set_zoom(zoom))
        menu.popup(self._zoom.mapToGlobal(self._zoom.rect().bottomLeft()))
