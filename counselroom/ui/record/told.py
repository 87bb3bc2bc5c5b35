"""What a finished record says, label at the left and the words beside it; what is empty is not there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from counselroom.ui.record.rows import Rows
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.label import Label

_WIDTH = 128


class Told(Rows):
    """Rows of label and words, under headings."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(icons, parent)
        self._theme = icons.theme

    def add_heading(self, words: str) -> None:
        """Begin a part."""
        self.add(Label(words, "section"))

    def add_words(self, label: str, words: str) -> None:
        """Add a label with its words; nothing when there are none."""
        if not words:
            return
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        name = Label(label, "meta", wrap=True)
        name.setFixedWidth(round(_WIDTH * self._theme.pixels("size.base") / 14))
        line.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(Label(words, wrap=True), 1)
        self.add(row)

    def text(self) -> str:
        """Return all words that are shown."""
        return "\n".join(label.text() for label in self.findChildren(Label) if not label.isHidden())
