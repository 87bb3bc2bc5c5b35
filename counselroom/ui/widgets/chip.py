"""The chip: a state, not clickable, icon and word. Tables paint the same chip by `paint_chip`."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.plain_text import tooltip

SIDE = 8
GAP = 4
SHAPES = ("mdi6.rhombus", "mdi6.triangle", "mdi6.circle")


def icon_size(theme: Theme, face: ChipFace) -> int:
    """Return the size of the icon in pixels: tier shapes are smaller than status icons."""
    return round(theme.pixels("size.caption") * (1.0 if face.icon in SHAPES else 1.25))


def chip_size(theme: Theme, face: ChipFace) -> QSize:
    """Return the size of a chip in logical pixels."""
    icon = icon_size(theme, face) if face.icon else 0
    height = theme.pixels("size.caption") + 10
    if face.shape_only:
        return QSize(icon + 4, height)
    width = QFontMetrics(theme.font("caption")).horizontalAdvance(face.text)
    return QSize(2 * SIDE + (icon + GAP if icon else 0) + width + 2, height)


def paint_chip(painter: QPainter, rect: QRect, face: ChipFace, icons: Icons) -> None:
    """Paint a chip over the whole of `rect`; a word that does not fit ends in …."""
    theme = icons.theme
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if face.border:
        painter.setPen(QPen(theme.colour(face.border), 1))
        painter.setBrush(theme.colour(face.fill) if face.fill else Qt.BrushStyle.NoBrush)
        radius = theme.pixels("radius.chip")
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    left = rect.left() + (2 if face.shape_only else SIDE)
    if face.icon:
        size = icon_size(theme, face)
        icons.paint(
            painter, QRect(left, rect.center().y() - size // 2 + (size + 1) % 2, size, size), face.icon, face.ink
        )
        left += size + GAP
    if not face.shape_only:
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.colour(face.ink))
        place = QRect(left, rect.top(), rect.right() - SIDE - left + 3, rect.height())
        text = painter.fontMetrics().elidedText(face.text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
    painter.restore()


class Chip(QWidget):
    """A chip outside of tables. The word is its accessible name and, when only the shape is shown, nobody's to read."""

    def __init__(self, icons: Icons, face: ChipFace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._face = face
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        icons.theme.changed.connect(self._dress)
        self._dress()

    def face(self) -> ChipFace:
        """Return what it shows."""
        return self._face

    def set_face(self, face: ChipFace) -> None:
        """Show another state."""
        self._face = face
        self._dress()

    def text(self) -> str:
        """Return the word, as a screen reader says it."""
        return self._face.text

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size of icon and word."""
        return chip_size(self._icons.theme, self._face)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the chip."""
        del event
        paint_chip(QPainter(self), self.rect(), self._face, self._icons)

    def _dress(self) -> None:
        self.setAccessibleName(self._face.text)
        self.setToolTip(tooltip(self._face.text) if self._face.tone == "done" else "")
        palette = self.palette()
        palette.setColor(self.foregroundRole(), self._icons.theme.colour(self._face.ink))
        self.setPalette(palette)
        self.updateGeometry()
        self.update()
