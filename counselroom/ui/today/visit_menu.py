"""The table of the visits with the menu of a row: what else can be done with a visit than its next step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QModelIndex, QPoint, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu, QWidget

from counselroom.i18n import pgettext
from counselroom.ui.theme.icons import Icons
from counselroom.ui.today.lists import STRETCH, ShortTable

Offer = tuple[str, str, Callable[[], None]]
"""Words, icon and deed of a line of the menu."""


class VisitTable(ShortTable):
    """The visits. Space, the menu key and the right button ask for the menu of a row.

    Attributes:
        menu_wanted: the key of the row, and where on the screen the menu is to be.
    """

    menu_wanted = Signal(str, QPoint)

    def __init__(
        self,
        icons: Icons,
        name: str,
        heads: Sequence[str],
        widths: Sequence[int],
        least: int = 0,
        drops: Sequence[int] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(icons, name, heads, widths, least, drops, parent)
        self.marked.connect(self.ask_for_menu)

    def ask_for_menu(self, index: QModelIndex | None = None) -> None:
        """Ask for the menu of a row, below that row; without one, of the current row."""
        found = self.currentIndex() if index is None else index
        if found.isValid():
            corner = self.row_rect(found.row()).bottomLeft() + QPoint(16, 0)
            self.menu_wanted.emit(self.model_of_rows.key_at(found.row()), self.viewport().mapToGlobal(corner))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        """Take the right button for the row below it, the menu key for the current one."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self.ask_for_menu()
            return
        index = self.indexAt(event.pos())
        if index.isValid():
            self.setCurrentIndex(index)
            self.menu_wanted.emit(self.model_of_rows.key_at(index.row()), event.globalPos())


def visit_table(icons: Icons) -> VisitTable:
    """Return the table of the visits."""
    heads = (
        pgettext("today", "Time"),
        pgettext("today", "Length"),
        pgettext("today", "Visitor"),
        pgettext("today", "Class"),
        pgettext("today", "Kind"),
        pgettext("today", "Place"),
        pgettext("today", "State"),
        "",
    )
    return VisitTable(
        icons, pgettext("today", "Visits today"), heads, (64, 68, 84, 106, STRETCH, 98, 112, 104), 130, (1, 5, 3)
    )


def show_menu(owner: QWidget, icons: Icons, offers: Sequence[Offer], where: QPoint) -> None:
    """Show what is offered, the first line chosen."""
    if not offers:
        return
    menu = QMenu(owner)
    menu.aboutToHide.connect(menu.deleteLater)
    for words, icon, do in offers:
        menu.addAction(icons.icon(icon), words).triggered.connect(lambda _checked=False, do=do: do())
    menu.popup(where)
    menu.setActiveAction(menu.actions()[0])
