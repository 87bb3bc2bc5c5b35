"""A panel with a chart and, in its place when asked for, the table of the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.printing.chart_data import Chart, Picture
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.statistics.chart_view import ChartView
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.label import ElidedLabel, Label
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.panel import Panel

Rows = Sequence[tuple[str, tuple[Cell, ...]]]


class NumbersModel(PlainModel):
    """Rows with a name in front and numbers behind it; the heads stand above the numbers."""

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802 - Qt's name
        """Return the head of a column, at the right above numbers."""
        if role == Qt.ItemDataRole.TextAlignmentRole and section > 0:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return super().headerData(section, orientation, role)


class ChartPanel(Panel):
    """Chart and table of one thing.

    Attributes:
        stale: the chart is to be drawn anew.
        turned: the chart or the table was asked for.
    """

    stale = Signal()
    turned = Signal()

    def __init__(self, icons: Icons, title: str, meta: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, meta, parent)
        self._icons = icons
        self.chart: Chart | None = None
        self.view = ChartView(icons.theme, title)
        self.table = ListTable(icons, _("{title}, as a table").format(title=title))
        stretch(self.table)
        self._foot = ElidedLabel("", "caption")  # of one line: one that wraps would make the whole page scroll
        self._undrawn = ElidedLabel(_("The chart could not be drawn; these are its numbers."), "caption")
        self._empty = Label("", "hint", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.button = Button(pgettext("statistics", "Show as a table"), "text", size="compact")
        self.button.setCheckable(True)
        self.button.toggled.connect(self._turn)
        self.set_action(self.button)
        self._stack = QStackedWidget()
        for page in (self._framed(self.view, 12), self.table, self._framed(self._empty, 16)):
            self._stack.addWidget(page)
        self._stack.setCurrentIndex(2)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        below = QWidget()
        lines = QVBoxLayout(below)
        lines.setContentsMargins(16, 0, 16, 10)
        for sentence in (self._undrawn, self._foot):
            lines.addWidget(sentence)
            sentence.hide()
        column.addWidget(below)
        self.set_body(body)
        # As high as there is room for: the pictures take any size, and lists scroll.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.view.stale.connect(self.stale)

    def show_numbers(self, chart: Chart | None, heads: Sequence[str], rows: Rows, foot: str, nothing: str) -> None:
        """Show other numbers.

        Args:
            chart: what the chart shows; None when there is nothing to show.
            heads: of the columns of the table.
            rows: of the table.
            foot: a sentence below; empty for none.
            nothing: the sentence in the place of an empty chart.
        """
        self.chart = chart
        if self.is_undrawn():
            self.set_table(shown=False)  # new numbers are a new try
        model = NumbersModel(heads, self)
        model.show(rows)
        before = self.table.model()
        self.table.setModel(model)
        if before is not None:
            before.deleteLater()
        self.view.setAccessibleDescription("；".join("，".join(cell.text for cell in cells) for _key, cells in rows))
        self._foot.setText(foot)
        self._foot.setVisible(bool(foot))
        self._empty.setText(nothing)
        self.button.setEnabled(bool(rows))
        self._show()
        self.stale.emit()

    def show_picture(self, picture: Picture | None) -> None:
        """Show the drawn chart."""
        self.view.show_picture(picture)

    def show_undrawn(self) -> None:
        """Show the table because no picture came, and say so until the chart is asked for again."""
        if self.shows_table():
            return
        had_focus = self.view.hasFocus()
        self.set_table(shown=True)
        self._undrawn.show()
        if had_focus:
            self.table.setFocus()

    def shows_table(self) -> bool:
        """Return whether the table is shown."""
        return self.button.isChecked()

    def is_undrawn(self) -> bool:
        """Return whether the table is shown only because no picture came."""
        return not self._undrawn.isHidden()

    def set_table(self, *, shown: bool) -> None:
        """Show the table, or the chart."""
        self.button.setChecked(shown)

    def part(self) -> QWidget:
        """Return what the keyboard goes to."""
        return self.table if self.shows_table() else self.view

    def _turn(self, shown: bool) -> None:
        self._undrawn.hide()
        self.button.setText(
            pgettext("statistics", "Show as a chart") if shown else pgettext("statistics", "Show as a table")
        )
        self._show()
        self.turned.emit()

    def _show(self) -> None:
        if self.chart is None and not self.shows_table():
            self._stack.setCurrentIndex(2)
        else:
            self._stack.setCurrentIndex(1 if self.shows_table() else 0)

    @staticmethod
    def _framed(inner: QWidget, top: int) -> QWidget:
        frame = QWidget()
        column = QVBoxLayout(frame)
        column.setContentsMargins(16, top, 16, 12)
        column.addWidget(inner)
        return frame


def stretch(table: ListTable) -> None:
    """Let the columns of a table share its width."""
    header = table.horizontalHeader()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
