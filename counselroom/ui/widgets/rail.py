"""The navigation rail: icon over two characters, the current page marked by shape, weight and an accent bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.rail_button import RailButton

WIDTH = 76
COMPACT_WIDTH = 52


@dataclass(frozen=True)
class RailItem:
    """One page of the rail.

    Attributes:
        key: the page.
        label: two characters.
        icon: `mdi6.` name.
        shortcut: shown in the tooltip (Alt 1).
    """

    key: str
    label: str
    icon: str
    shortcut: str = ""


class Rail(QFrame):
    """The pages of the program. No counts: those live on the pages.

    Attributes:
        chosen: the key of the page the user wants.
    """

    chosen = Signal(str)

    def __init__(
        self, icons: Icons, items: Sequence[RailItem], bottom: Sequence[RailItem] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "rail")
        # It becomes compact in a low window: its full height must not keep the window from becoming low.
        self.setMinimumHeight(1)
        self._icons = icons
        self._compact = False
        self._low = False
        self._mark = QLabel()
        self._mark.setProperty("kind", "mark")
        self._mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._buttons: dict[str, RailButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 1, 8)
        column.setSpacing(0)
        column.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(9)
        for item in items:
            column.addWidget(self._button(item))
        column.addStretch(1)
        for item in bottom:
            column.addWidget(self._button(item))
        icons.theme.changed.connect(self._fit)
        self._fit()

    def _button(self, item: RailItem) -> RailButton:
        button = RailButton(self._icons, item.label, item.icon, item.shortcut)
        button.clicked.connect(lambda _checked=False, key=item.key: self.chosen.emit(key))
        self._buttons[item.key] = button
        return button

    def current(self) -> str:
        """Return the key of the marked page; empty when none is."""
        return next((key for key, button in self._buttons.items() if button.is_current()), "")

    def set_current(self, key: str) -> None:
        """Mark a page."""
        for name, button in self._buttons.items():
            button.set_current(name == key)

    def set_compact(self, compact: bool, *, low: bool = False) -> None:
        """Show icons only (compact), or lower items for a window that is not high (`low`)."""
        self._compact = compact
        self._low = low
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move the keyboard up and down the rail."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        buttons = list(self._buttons.values())
        here = next((number for number, button in enumerate(buttons) if button.hasFocus()), None)
        if step and here is not None and 0 <= here + step < len(buttons):
            buttons[here + step].setFocus(Qt.FocusReason.TabFocusReason)
        elif not step:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        scale = self._icons.theme.pixels("size.base") / 14
        width = COMPACT_WIDTH if self._compact else round(WIDTH * scale)
        self.setFixedWidth(width)
        side = 30 if self._compact else 36
        self._mark.setPixmap(
            self._icons.pixmap("mdi6.tea-outline", "on_accent", side - 12, self._mark.devicePixelRatioF())
        )
        self._mark.setFixedSize(QSize(side, side))
        height = 42 if self._compact else round((49 if self._low else 54) * scale)
        for button in self._buttons.values():
            button.set_look(compact=self._compact, size=QSize(width - 1, height))
