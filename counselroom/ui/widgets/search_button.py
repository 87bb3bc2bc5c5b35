"""What looks like a search field and opens the palette."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from counselroom.ui.theme.icons import Icons, icon_label
from counselroom.ui.widgets.button import press_by_enter
from counselroom.ui.widgets.key_cap import KeyCap
from counselroom.ui.widgets.label import ElidedLabel

WIDTH = 440


class SearchButton(QPushButton):
    """Icon, what can be searched for, and the key. A button: the text is typed in the palette."""

    def __init__(self, icons: Icons, words: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "search")
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(WIDTH)
        self.setAutoDefault(False)
        self._words = ElidedLabel(words, "placeholder")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 8, 0)
        row.setSpacing(8)
        icon = icon_label(icons.named("mdi6.magnify"), "ink2", 18)
        for widget in (icon, self._words):
            widget.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.addWidget(icon)
        row.addWidget(self._words, 1)
        row.addWidget(KeyCap(key))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let Enter press it as the space bar does."""
        if not press_by_enter(self, event):
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the width of the design; the height is the style sheet's."""
        return QSize(WIDTH, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a width in which the field can still be recognised."""
        return QSize(180, super().sizeHint().height())
