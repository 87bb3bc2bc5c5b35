"""What stands in a scroll area and is as high as its wrapped sentences need at the present width."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget


class Tall(QWidget):
    """Qt's scroll area asks for a smallest size without a width, and squeezes what has sentences that wrap."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "scrolled")
        self._content = content
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(content)
        column.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Measure at the new width."""
        super().resizeEvent(event)
        self._measure()

    def event(self, event: QEvent) -> bool:
        """Measure again when something in it has changed."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._measure()
        return done

    def _measure(self) -> None:
        layout = self._content.layout()
        if layout is not None:
            height = layout.totalMinimumHeightForWidth(min(self.width(), self._content.maximumWidth()))
            if height >= 0 and height != self._content.minimumHeight():
                self._content.setMinimumHeight(height)
