"""The panel: title, count, at most one action; the title stays while the body scrolls."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from counselroom.ui.widgets.label import ElidedLabel


class Panel(QFrame):
    """A framed part of a page.

    Args:
        title: what it holds.
        count: how many, or another short fact, after the title.
        parent: the parent widget.
    """

    def __init__(self, title: str, count: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.setAccessibleName(title)
        self._title = ElidedLabel(title, "section")
        self._count = ElidedLabel(count, "meta")
        self._head = QFrame()
        self._head.setProperty("kind", "panel_head")
        self._row = QHBoxLayout(self._head)
        self._row.setContentsMargins(16, 0, 12, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self._title)
        self._row.addWidget(self._count)
        self._row.addStretch(1)
        self._action: QWidget | None = None
        self._body: QWidget | None = None
        self._column = QVBoxLayout(self)
        # One pixel, or the children paint over the rounded border.
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        self._column.addWidget(self._head)

    def title(self) -> str:
        """Return the title."""
        return self._title.text()

    def set_title(self, title: str) -> None:
        """Change the title."""
        self._title.setText(title)
        self.setAccessibleName(title)

    def set_count(self, text: str) -> None:
        """Change the words after the title."""
        self._count.setText(text)

    def set_action(self, action: QWidget) -> None:
        """Put the one action at the right end of the title."""
        if self._action is not None:
            self._row.removeWidget(self._action)
            self._action.hide()
            self._action.deleteLater()
        self._action = action
        self._row.addWidget(action)

    def set_body(self, body: QWidget, *, scroll: bool = False) -> None:
        """Put `body` below the title, in a scroll area of its own when `scroll`."""
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._body = body
        if scroll:
            area = QScrollArea()
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setWidgetResizable(True)
            area.setWidget(body)
            body.setProperty("kind", "scrolled")
            self._body = area
        self._column.addWidget(self._body, 1)
