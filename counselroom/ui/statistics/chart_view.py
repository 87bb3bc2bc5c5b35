"""A chart as a picture: drawn elsewhere, shown here, said in words to who cannot see it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from counselroom.printing.chart_data import ChartLook, Picture
from counselroom.ui.theme.theme import Theme

_SETTLES = 120
"""Milliseconds after which a changed size is taken for the last one."""


class ChartView(QWidget):
    """Shows a picture of its own size.

    Attributes:
        stale: it has another size than its picture, or the colours have changed: draw anew.
    """

    stale = Signal()

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image: QImage | None = None
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 110)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_SETTLES)
        self._later.timeout.connect(self.stale)
        theme.changed.connect(self._forget)

    def look(self) -> ChartLook:
        """Return the room and the colours for the picture."""
        theme = self._theme
        text, caption = theme.pixels("size.secondary"), theme.pixels("size.caption")
        ratio = self.devicePixelRatioF()
        return ChartLook(self.width(), self.height(), ratio, text, caption, theme.tokens.colours)

    def show_picture(self, picture: Picture | None) -> None:
        """Show a drawn chart; None for nothing."""
        self._image = None
        if picture is not None:
            format_ = QImage.Format.Format_RGBA8888
            image = QImage(picture.pixels, picture.width, picture.height, 4 * picture.width, format_).copy()
            image.setDevicePixelRatio(self.devicePixelRatioF())
            self._image = image
        self.update()

    def picture(self) -> QImage | None:
        """Return what is shown."""
        return self._image

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a good size."""
        return QSize(420, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for a picture of the new size."""
        super().resizeEvent(event)
        self._later.start()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the picture, and a ring when the keyboard is here."""
        del event
        painter = QPainter(self)
        if self._image is not None:
            painter.drawImage(0, 0, self._image)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _forget(self) -> None:
        """Leave the colours of before at once; the new ones take a moment."""
        self._image = None
        self.update()
        self._later.start()
