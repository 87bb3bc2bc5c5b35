"""联系人: whom one reaches, with numbers that can be read while one dials. A click writes an attempt down."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counselroom.i18n import pgettext
from counselroom.services.crisis_page import CrisisPage
from counselroom.ui.crisis.people_model import ContactFace, contact_cells, contact_faces
from counselroom.ui.masking import Face
from counselroom.ui.models.plain import PlainModel
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.list_cell import Index, ListCell
from counselroom.ui.widgets.list_table import ListTable, RowHeight

ROLE, NAME, NUMBER, LAST = range(4)


class _NumberCell(ListCell):
    """Paints numbers larger than the rest."""

    def _paint_text(self, painter: QPainter, inner: QRect, index: Index, *, selected: bool) -> None:
        if index.column() != NUMBER:
            super()._paint_text(painter, inner, index, selected=selected)
            return
        theme = self._icons.theme
        painter.setFont(theme.font("section", bold=True))
        painter.setPen(theme.colour("ink"))
        text = painter.fontMetrics().elidedText(str(index.data() or ""), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)


class ContactList(QWidget):
    """The table.

    Attributes:
        chosen: carries the `ContactFace` that was clicked or opened with Enter.
        table: the rows.
    """

    chosen = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = icons.theme
        self._faces: list[ContactFace] = []
        self._model = PlainModel(
            (
                pgettext("contact", "Who"),
                pgettext("contact", "Name"),
                pgettext("contact", "Number"),
                pgettext("contact", "Last attempt"),
            ),
            self,
        )
        self.table = ListTable(icons, pgettext("crisis", "Contacts"))
        self._cell = _NumberCell(icons, self.table, self.table)
        self.table.setItemDelegate(self._cell)
        self.table.setModel(self._model)
        self.table.set_row_height(RowHeight.COMPACT)
        self.table.horizontalHeader().hide()
        self.table.horizontalHeader().setStretchLastSection(False)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.resized.connect(self.fit)
        self.table.opened.connect(lambda index: self._choose(index.row()))
        self.table.clicked.connect(lambda index: self._choose(index.row()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)

    def show_case(self, page: CrisisPage, face: Face, now: datetime) -> None:
        """Show everybody one reaches."""
        self._faces = contact_faces(page, now)
        row = self.table.currentIndex().row()
        self._model.show([(str(n), contact_cells(one, face)) for n, one in enumerate(self._faces)])
        if 0 <= row < len(self._faces):
            self.table.setCurrentIndex(self._model.index(row, NAME))
        self.fit()

    def fit(self) -> None:
        """Share the width."""
        scale = self._theme.pixels("size.base") / 14
        width = self.table.viewport().width()
        widths = {ROLE: round(80 * scale), NUMBER: round(132 * scale), LAST: round(118 * scale)}
        for column, size in widths.items():
            self.table.setColumnWidth(column, size)
        self.table.setColumnWidth(NAME, max(round(72 * scale), width - sum(widths.values())))

    def count(self) -> int:
        """Return how many there are."""
        return len(self._faces)

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._faces):
            self.chosen.emit(self._faces[row])
