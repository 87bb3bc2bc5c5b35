"""A button that is only an icon; its name is read out and shown as a tooltip."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QToolButton, QWidget

from counselroom.ui.theme.icons import Icon
from counselroom.ui.widgets.button import press_by_enter
from counselroom.ui.widgets.plain_text import tooltip


class IconButton(QToolButton):
    """A square button of 32 pixels with an icon.

    Args:
        icon: what it shows.
        name: what it does, for the tooltip and for screen readers.
        key: the key that does the same, added to the tooltip.
        colour: colour token of the icon.
        parent: the parent widget.
    """

    def __init__(
        self, icon: Icon, name: str, key: str = "", *, colour: str = "ink2", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "icon")
        self._colour = colour
        self.set_icon(icon)
        self.setAccessibleName(name)
        self.setToolTip(tooltip(f"{name}　{key}" if key else name))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of the style sheet: Qt would add room for words."""
        self.ensurePolished()
        return super().sizeHint() if self.minimumSize().isEmpty() else self.minimumSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Enter press it as the space bar does."""
        if not press_by_enter(self, event):
            super().keyPressEvent(event)

    def set_icon(self, icon: Icon) -> None:
        """Show another icon."""
        icon.dress(self, self._colour, 20)
