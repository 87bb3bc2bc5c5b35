"""A line below a field of the locked pages: an error or a hint with its drawn icon."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from counselroom.ui.theme.svg_icon import svg_pixmap
from counselroom.ui.theme.theme import Theme
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.variant import set_variant

_SIZE = 15


class ErrorLine(QWidget):
    """Hidden while there is nothing to say."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._mark = QLabel()
        self._text = Label("", "hint", wrap=True)
        self._kind: Literal["error", "hint"] = "hint"
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(5)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        theme.changed.connect(self._dress)
        self.say("")

    def text(self) -> str:
        """Return what it says."""
        return self._text.text()

    def say(self, text: str, kind: Literal["error", "hint"] = "hint") -> None:
        """Say `text`; nothing hides the line."""
        self._kind = kind
        self._text.setText(text)
        set_variant(self._text, "kind", kind)
        self._dress()
        self.setVisible(bool(text))

    def _dress(self) -> None:
        if not self.text():
            return  # the icon of a line that says nothing would only cost time before the unlock page is there
        name, colour = ("alert-circle-outline", "brick") if self._kind == "error" else ("apple-keyboard-caps", "ink3")
        self._mark.setPixmap(svg_pixmap(name, self._theme.colour(colour), _SIZE, self.devicePixelRatioF()))
