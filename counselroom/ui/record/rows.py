"""Small rows of a side panel: label and value, icon and words, always made anew from what was read."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.ui.theme.icons import Icons, icon_label
from counselroom.ui.widgets.label import ElidedLabel, Label

LABEL_WIDTH = 64


class Rows(QFrame):
    """A column of rows that is filled again with each reading."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 8, 16, 12)
        self._column.setSpacing(6)
        self._parts: list[QWidget] = []

    def clear(self) -> None:
        """Take all rows away."""
        for part in self._parts:
            self._column.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts = []

    def add(self, part: QWidget) -> None:
        """Add a widget as a row."""
        self._parts.append(part)
        self._column.addWidget(part)

    def add_fact(self, label: str, value: str) -> None:
        """Add a label with its value; a missing value is a dash."""
        row, line = _row()
        name = ElidedLabel(label, "meta")
        name.setFixedWidth(round(LABEL_WIDTH * self._icons.theme.pixels("size.base") / 14))
        line.addWidget(name)
        line.addWidget(ElidedLabel(value or "—", "meta_strong"), 1)
        self.add(row)

    def add_line(self, icon: str, words: str, right: str = "", *, colour: str = "ink2") -> None:
        """Add an icon with words and a short fact at the right."""
        row, line = _row()
        if icon:
            line.addWidget(icon_label(self._icons.named(icon), colour, 16))
        line.addWidget(ElidedLabel(words, "meta_strong"), 1)
        if right:
            line.addWidget(Label(right, "caption"))
        self.add(row)

    def add_with(self, words: str, tail: QWidget, icon: str = "") -> None:
        """Add words with a control at the right."""
        row, line = _row()
        if icon:
            line.addWidget(icon_label(self._icons.named(icon), "ink2", 16))
        line.addWidget(ElidedLabel(words, "meta_strong"), 1)
        line.addWidget(tail)
        self.add(row)

    def add_hint(self, words: str) -> None:
        """Add a sentence that stands where there is nothing else."""
        self.add(Label(words, "hint", wrap=True))


def _row() -> tuple[QWidget, QHBoxLayout]:
    row = QWidget()
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    line.setAlignment(Qt.AlignmentFlag.AlignVCenter)
    return row, line
