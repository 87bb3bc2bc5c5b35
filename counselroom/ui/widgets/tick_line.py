"""A box to tick with a sentence that may be longer than a line."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from counselroom.ui.widgets.label import Label


class _Words(Label):
    """Ticks the box when it is clicked."""

    def __init__(self, text: str, box: QCheckBox) -> None:
        super().__init__(text, wrap=True)
        self._box = box

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Do what a click on the words of a box does."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._box.toggle()


class TickLine(QWidget):
    """Box and sentence side by side; Qt breaks no line in the words of a box.

    Attributes:
        toggled: the box was ticked or cleared.
        box: the box.
    """

    toggled = Signal(bool)

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QCheckBox()
        self.box.setAccessibleName(text)
        self.box.toggled.connect(self.toggled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        words = _Words(text, self.box)
        words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        words.setContentsMargins(0, 6, 0, 0)  # its first line beside the box
        row.addWidget(words, 1)

    def is_ticked(self) -> bool:
        """Tell whether the box is ticked."""
        return self.box.isChecked()
