"""What all locked pages stand on: painted hills, the time and the date. No name, no school, no count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise

from PySide6.QtCore import QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.ui.theme.theme import Theme
from counselroom.ui.widgets.label import Label

_HILLS = (
    ((0.665, 0.585, 0.630, 0.545, 0.640, 0.575, 0.625, 0.590), 0.10),
    ((0.765, 0.700, 0.735, 0.745, 0.675, 0.690, 0.735, 0.680), 0.21),
    ((0.825, 0.798, 0.820, 0.840, 0.800, 0.790, 0.825, 0.810), 0.34),
    ((0.922, 0.893, 0.900, 0.925, 0.920, 0.900, 0.893, 0.912), 0.52),
)
"""Heights of each hill at equal distances from left to right, as parts of the page, and how much accent it has."""
_DARK_PART = 0.34
"""In the dark the accent is pale: so much of it is enough."""
_TICK = 5_000


class HillsPage(QWidget):
    """A page of the locked window. `column` is the middle column below the date.

    Args:
        theme: the look.
        now: the clock, aware, shown in local time.
        clock_size: size token of the time.
    """

    lowest_with_clock = 0
    """Height below which time and date are left away."""

    def __init__(
        self, theme: Theme, now: Callable[[], datetime], clock_size: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self._now = now
        self._clock_size = clock_size
        self._time = Label("", "")
        self._date = Label("", "")
        for label in (self._time, self._date):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 16, 16, 16)
        self.column.setSpacing(0)
        self.column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.column.addStretch(2)
        self.column.addWidget(self._time)
        self.column.addWidget(self._date)
        timer = QTimer(self)
        timer.timeout.connect(self.tick)
        timer.start(_TICK)
        theme.changed.connect(self._dress)
        self._dress()
        self.tick()

    def tick(self) -> None:
        """Show the time and the date of now."""
        moment = self._now()
        self._time.setText(f"{moment:%H:%M}")
        self._date.setText(
            _("{month}/{day} {weekday}").format(month=moment.month, day=moment.day, weekday=weekday(moment.weekday()))
        )

    def _dress(self) -> None:
        self._time.setFont(self.theme.font(self._clock_size))
        self._date.setFont(self.theme.font("record_title" if self._clock_size == "clock_lock" else "section"))
        for label, colour in ((self._time, "ink"), (self._date, "ink2")):
            palette = label.palette()
            palette.setColor(label.foregroundRole(), self.theme.colour(colour))
            label.setPalette(palette)
        self.update()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Let the window be as small as the screen wants it."""
        return QSize(320, 240)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Leave time and date away where the page below them needs the height."""
        super().resizeEvent(event)
        for label in (self._time, self._date):
            label.setVisible(self.height() >= self.lowest_with_clock)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint sky, disc and hills, flat."""
        del event
        width, height = self.width(), self.height()
        dark = self.theme.is_dark()
        accent = self.theme.colour("accent")
        part = _DARK_PART if dark else 1.0
        sky = _mixed(self.theme.colour("bg"), accent, 0.04 * part)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), sky)
        painter.setPen(Qt.PenStyle.NoPen)
        disc = _mixed(sky, self.theme.colour("amber"), 0.10) if dark else self.theme.colour("amber_soft")
        painter.setBrush(_mixed(sky, disc, 1.0 if dark else 0.65))
        radius = 0.058 * width
        painter.drawEllipse(QPointF(0.778 * width, 0.546 * height), radius, radius)
        for heights, amount in _HILLS:
            painter.setBrush(_mixed(sky, accent, amount * part))
            painter.drawPath(_hill(heights, width, height))


def weekday(number: int) -> str:
    """Return the name of a day of the week, 0 for Monday."""
    return (
        pgettext("day", "Monday"),
        pgettext("day", "Tuesday"),
        pgettext("day", "Wednesday"),
        pgettext("day", "Thursday"),
        pgettext("day", "Friday"),
        pgettext("day", "Saturday"),
        pgettext("day", "Sunday"),
    )[number]


def _mixed(ground: QColor, colour: QColor, amount: float) -> QColor:
    return QColor.fromRgbF(
        (1 - amount) * ground.redF() + amount * colour.redF(),
        (1 - amount) * ground.greenF() + amount * colour.greenF(),
        (1 - amount) * ground.blueF() + amount * colour.blueF(),
    )


def _hill(heights: tuple[float, ...], width: int, height: int) -> QPainterPath:
    """Return the outline of a hill: a smooth curve through its heights, closed at the bottom."""
    step = width / (len(heights) - 1)
    points = [QPointF(number * step, part * height) for number, part in enumerate(heights)]
    path = QPainterPath(points[0])
    for left, right in pairwise(points):
        path.cubicTo(left + QPointF(step / 2, 0), right - QPointF(step / 2, 0), right)
    path.lineTo(width, height)
    path.lineTo(0, height)
    path.closeSubpath()
    return path
