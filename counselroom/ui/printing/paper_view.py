"""A page of paper in the window: always white, with the places a pen will fill marked on the screen only."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from counselroom.i18n import _
from counselroom.services.page_images import PageImage, WordPlace
from counselroom.ui.theme.theme import Theme

WHOLE, WIDTH = 0.0, -1.0
"""Zooms that follow the window: the whole page, or its width."""
STEPS = (0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
_MARGIN = 12
_PEN_ROOM = 62.0
"""Points marked behind a word that asks for a signature."""
_PAPER = QColor("#FFFFFF")
_MARK, _MARK_LINE = QColor(250, 239, 215, 170), QColor("#DDBF84")
"""The soft amber of the light theme: paper is white in the dark too."""


_OVERSAMPLED = 130.0
"""Below so many dots an inch a page is drawn twice as fine and made smaller: thin rules stay thin."""


def picture_of(image: PageImage, factor: int) -> QImage:
    """Return a drawn page as a picture of its own, made smaller by `factor`; for the thread that drew it."""
    picture = QImage(image.pixels, image.width, image.height, image.width * 4, QImage.Format.Format_RGB32)
    if factor == 1:
        return picture.copy()
    size = QSize(image.width // factor, image.height // factor)
    return picture.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)


class PaperView(QAbstractScrollArea):
    """Shows one page.

    Attributes:
        size_wanted: the page is to be drawn anew at another resolution.
        turned: Page Up or Page Down: go on by so many pages.
    """

    size_wanted = Signal()
    turned = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._points = (595.3, 841.9)
        self._zoom = WHOLE
        self._image: QImage | None = None
        self._marks: Sequence[WordPlace] = ()
        self._words = ""
        self.setProperty("kind", "paper")
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Preview of the page"))
        self.viewport().setAutoFillBackground(False)
        theme.changed.connect(self.viewport().update)

    def zoom(self) -> float:
        """Return the zoom: a factor, `WHOLE` or `WIDTH`."""
        return self._zoom

    def set_zoom(self, zoom: float) -> None:
        """Show the page at another size."""
        self._zoom = zoom
        self._fit()
        self.size_wanted.emit()

    def step(self, direction: int) -> None:
        """Zoom in (1) or out (-1) by a step, or back to the whole page (0)."""
        if direction == 0:
            self.set_zoom(WHOLE)
            return
        now = self.scale()
        if direction > 0:
            self.set_zoom(next((step for step in STEPS if step > now + 0.01), STEPS[-1]))
        else:
            self.set_zoom(next((step for step in reversed(STEPS) if step < now - 0.01), STEPS[0]))

    def scale(self) -> float:
        """Return the factor in use: 1 is the size of the paper at 96 dots an inch."""
        if self._zoom > 0:
            return self._zoom
        room = self.viewport().size() - QSize(2 * _MARGIN, 2 * _MARGIN)
        wide = max(0.1, room.width() * 72 / 96 / self._points[0])
        high = max(0.1, room.height() * 72 / 96 / self._points[1])
        return wide if self._zoom == WIDTH else min(wide, high)

    def dots_per_inch(self) -> float:
        """Return the resolution at which the page is to be drawn for this screen."""
        return 96 * self.scale() * self.devicePixelRatioF()

    def factor(self) -> int:
        """Return how many times finer than the screen the page is to be drawn."""
        return 2 if self.dots_per_inch() < _OVERSAMPLED else 1

    def show_page(self, image: QImage, points: tuple[float, float], marks: Sequence[WordPlace]) -> None:
        """Show a drawn page."""
        self._words = ""
        self._image = image
        self._points, self._marks = points, marks
        self._fit()

    def show_words(self, words: str) -> None:
        """Show a sentence instead of a page."""
        self._image, self._marks, self._words = None, (), words
        self.setAccessibleDescription(words)
        self._fit()

    def let_go(self) -> None:
        """Forget the picture of the page, 8 MB, while nobody sees it; its place and its zoom stay."""
        self._image = None

    def has_page(self) -> bool:
        """Tell whether a page is shown."""
        return self._image is not None

    def paper(self) -> QRectF:
        """Return where the paper is in the viewport."""
        scale = self.scale() * 96 / 72
        width, height = self._points[0] * scale, self._points[1] * scale
        room = self.viewport().size()
        left = max(_MARGIN, (room.width() - width) / 2) - self.horizontalScrollBar().value()
        top = max(_MARGIN, (room.height() - height) / 2) - self.verticalScrollBar().value()
        return QRectF(left, top, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the ground, the paper in its frame, the page and the marks."""
        del event
        painter = QPainter(self.viewport())
        theme = self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("rail"))
        frame = QRectF(self.viewport().rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, theme.pixels("radius.panel"), theme.pixels("radius.panel"))
        if self._image is None:
            painter.setPen(theme.colour("ink2"))
            painter.setFont(theme.font("base"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(frame.adjusted(32, 0, -32, 0), flags, self._words)
        else:
            painter.setClipRect(frame.adjusted(1, 1, -1, -1))
            self._paint_paper(painter)
        if self.hasFocus():
            painter.setClipping(False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def _paint_paper(self, painter: QPainter) -> None:
        paper = self.paper()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(paper, _PAPER)
        if self._image is not None:
            painter.drawImage(paper, self._image, QRectF(self._image.rect()))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.colour("line2"), 1))
        painter.drawRect(paper)
        scale = self.scale() * 96 / 72
        painter.setBrush(_MARK)
        painter.setPen(QPen(_MARK_LINE, 1))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        for mark in self._marks:
            asks = mark.word.endswith("：")
            x = mark.x + mark.width + 2 if asks else mark.x - 2
            width = _PEN_ROOM if asks else mark.width + 4
            place = QRectF(x * scale, (mark.y - 4) * scale, width * scale, (mark.height + 8) * scale)
            painter.drawRect(place.translated(QPointF(paper.topLeft())))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the page into the new size."""
        super().resizeEvent(event)
        self._fit()
        if self._zoom <= 0:
            self.size_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Page Up and Page Down turn the page; arrows move it."""
        turns = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        if event.key() in turns:
            self.turned.emit(turns[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Ctrl and the wheel zoom."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def _fit(self) -> None:
        scale = self.scale() * 96 / 72
        room = self.viewport().size()
        wide = round(self._points[0] * scale) + 2 * _MARGIN if self._image is not None else 0
        high = round(self._points[1] * scale) + 2 * _MARGIN if self._image is not None else 0
        for bar, whole, seen in (
            (self.horizontalScrollBar(), wide, room.width()),
            (self.verticalScrollBar(), high, room.height()),
        ):
            bar.setRange(0, max(0, whole - seen))
            bar.setPageStep(seen)
            bar.setSingleStep(24)
        self.viewport().update()
