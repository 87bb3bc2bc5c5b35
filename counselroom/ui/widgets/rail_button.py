"""One item of the rail, painted: a border at the left in a style sheet would bend with the radius."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import press_by_enter

BAR = QSize(3, 26)
ICON = 22


class RailButton(QAbstractButton):
    """Icon over label; the current one on the surface with a border, bold, and a bar at the left edge."""

    def __init__(
        self, icons: Icons, label: str, icon_name: str, shortcut: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icons = icons
        self._icon_name = icon_name
        self._shortcut = shortcut
        self._current = False
        self._compact = False
        self.setText(label)
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        icons.theme.changed.connect(self._dress)
        self._dress()

    def is_current(self) -> bool:
        """Tell whether this is the page that is shown."""
        return self._current

    def set_current(self, current: bool) -> None:
        """Mark it as the page that is shown."""
        self._current = current
        self.setAccessibleDescription("✓" if current else "")
        self._dress()

    def set_look(self, *, compact: bool, size: QSize) -> None:
        """Show the icon alone (then with a tooltip), or icon and label, in `size`."""
        self._compact = compact
        words = f"{self.text()}　{self._shortcut}" if self._shortcut else self.text()
        self.setToolTip(words if compact or self._shortcut else "")
        self.setFixedSize(size)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size that the rail gave it."""
        return self.minimumSize()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the arrow keys to the rail, which does not wrap; let Enter press it as the space bar does."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        elif not press_by_enter(self, event):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint ground, bar, icon, label and focus ring."""
        del event
        theme = self._icons.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(6.5, 1.5, -5.5, -1.5)
        radius = theme.pixels("radius.panel")
        if self._current or self.underMouse():
            painter.setPen(QPen(theme.colour("line"), 1) if self._current else Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("surface" if self._current else "hover"))
            painter.drawRoundedRect(box, radius, radius)
        if self._current:
            painter.fillRect(
                QRect(6, (self.height() - BAR.height()) // 2, BAR.width(), BAR.height()), theme.colour("accent")
            )
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        ink = "accent" if self._current else "ink2"
        font = theme.font("caption", bold=self._current)
        line = 0 if self._compact else theme.pixels("size.caption") + 5
        top = (self.height() - ICON - line) // 2
        self._icons.paint(painter, QRect((self.width() - ICON) // 2, top, ICON, ICON), self._icon_name, ink)
        if not self._compact:
            painter.setFont(font)
            painter.setPen(theme.colour(ink))
            place = QRect(0, top + ICON, self.width(), line + 2)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self.text())

    def _dress(self) -> None:
        palette = self.palette()
        palette.setColor(self.foregroundRole(), self._icons.theme.colour("accent" if self._current else "ink2"))
        self.setPalette(palette)
        self.update()
