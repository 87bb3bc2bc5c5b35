"""Whose lanes are shown, and what else."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.i18n import pgettext
from counselroom.services.schedule import Named
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.label import Label

BUSY, CANCELLED = "busy", "cancelled"
"""Keys beside the ids of counsellors."""


class WhoPanel(QFrame):
    """A box to tick for each counsellor, for times on duty elsewhere, and for what was cancelled.

    Attributes:
        changed: something else is to be shown.
    """

    changed = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self._icons = icons
        self._boxes: dict[str, QCheckBox] = {}
        self._counts: dict[str, Label] = {}
        self._known: tuple[Named, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(13, 8, 13, 8)
        self._column.setSpacing(2)
        self._column.addWidget(Label(pgettext("calendar", "Shown"), "caption"))
        self._rows: list[QWidget] = []
        self._hidden: set[str] = {CANCELLED}

    def hidden(self) -> frozenset[str]:
        """Return the keys of what is not shown."""
        return frozenset(self._hidden)

    def set_hidden(self, hidden: Collection[str]) -> None:
        """Leave this out, as it was before."""
        self._hidden = set(hidden)
        for key, box in self._boxes.items():
            box.blockSignals(True)
            box.setChecked(key not in self._hidden)
            box.blockSignals(False)

    def show_counsellors(self, counsellors: Sequence[Named], counts: Mapping[str, int]) -> None:
        """Offer these counsellors, each with how many appointments they have."""
        if tuple(counsellors) != self._known:
            self._known = tuple(counsellors)
            self._make()
        for key, label in self._counts.items():
            label.setText(str(counts.get(key, 0)))

    def _make(self) -> None:
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows, self._boxes, self._counts = [], {}, {}
        for number, each in enumerate(self._known):
            self._add(each.id, each.name, ("accent", "slate")[number % 2])
        self._add(BUSY, pgettext("calendar", "On duty elsewhere"), "line2")
        self._add(CANCELLED, pgettext("calendar", "Cancelled"), "line")

    def _add(self, key: str, words: str, colour: str) -> None:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        box = QCheckBox(words)
        box.setAccessibleName(words)
        box.setChecked(key not in self._hidden)
        box.toggled.connect(lambda on, key=key: self._toggle(key, on=on))
        count = Label("0", "meta")
        line.addWidget(_Swatch(self._icons, colour))
        line.addWidget(box, 1)
        line.addWidget(count)
        self._boxes[key], self._counts[key] = box, count
        self._rows.append(row)
        self._column.addWidget(row)

    def _toggle(self, key: str, *, on: bool) -> None:
        if on:
            self._hidden.discard(key)
        else:
            self._hidden.add(key)
        self.changed.emit()


class _Swatch(QWidget):
    """A small square in the colour of a lane."""

    def __init__(self, icons: Icons, colour: str) -> None:
        super().__init__()
        self._theme, self._colour = icons.theme, colour
        self.setFixedSize(10, 10)
        self.setAutoFillBackground(True)
        self._theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(self._theme.colour(self._colour)))
        self.setPalette(palette)
