"""The figures at the top of 统计, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.ui.widgets.label import ElidedLabel, Label
from counselroom.ui.widgets.plain_text import tooltip


@dataclass(frozen=True)
class FigureText:
    """One figure in words.

    Attributes:
        name: what it is.
        number: how many.
        unit: of what.
        line: more about it.
        meaning: what exactly is counted.
    """

    name: str
    number: str
    unit: str
    line: str
    meaning: str


class _Figure(QFrame):
    def __init__(self, *, is_first: bool) -> None:
        super().__init__()
        self.setProperty("kind", "figure_cell" if not is_first else "figure_cell_first")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._name = ElidedLabel("", "meta")
        self._number = Label("", "figure")
        self._unit = Label("", "meta")
        self._line = ElidedLabel("", "caption")
        row = QHBoxLayout()
        row.setSpacing(5)
        row.addWidget(self._number, 0, Qt.AlignmentFlag.AlignBaseline)
        row.addWidget(self._unit, 0, Qt.AlignmentFlag.AlignBaseline)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 10, 8, 10)
        column.setSpacing(0)
        column.addWidget(self._name)
        column.addLayout(row)
        column.addWidget(self._line)

    def show_figure(self, figure: FigureText) -> None:
        self._name.setText(figure.name)
        self._number.setText(figure.number)
        self._unit.setText(figure.unit)
        self._line.setText(figure.line)
        self.setToolTip(tooltip(figure.meaning))
        self.setAccessibleName(f"{figure.name} {figure.number} {figure.unit}".strip())
        self.setAccessibleDescription(f"{figure.line} {figure.meaning}".strip())


class FigureStrip(QFrame):
    """As many figures as there is room for on one line."""

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        self._figures = [_Figure(is_first=number == 0) for number in range(count)]
        for figure in self._figures:
            row.addWidget(figure, 1)

    def show_figures(self, figures: tuple[FigureText, ...]) -> None:
        """Show as many figures as were promised."""
        for widget, figure in zip(self._figures, figures, strict=True):
            widget.show_figure(figure)

    def names(self) -> list[str]:
        """Return what is said of each figure."""
        return [figure.accessibleName() for figure in self._figures]
