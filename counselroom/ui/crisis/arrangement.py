"""Where the parts of a 专案 stand: beside each other, partly behind each other at the right, or all as tabs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from counselroom.ui.crisis.sections import Section, SectionFrame
from counselroom.ui.size_class import LOW, SizeClass
from counselroom.ui.theme.theme import Theme

STEPS, GUARD, CONTACTS, LOG = "steps", "guard", "contacts", "log"
_RIGHT, _RIGHT_LOW = 448, 404


class Arrangement(QWidget):
    """The frames with the sections they hold.

    Attributes:
        turned: another tab is shown.
    """

    turned = Signal(str)

    def __init__(self, sections: Sequence[Section], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kind = ""
        self._sections: Mapping[str, Section] = {section.key: section for section in sections}
        self._frames = {name: SectionFrame(section.title) for name, section in self._sections.items()}
        for frame in self._frames.values():
            frame.turned.connect(self.turned)
        inner = QWidget()
        inner.setProperty("kind", "scrolled")
        side = QVBoxLayout(inner)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(12)
        for name, stretch in ((GUARD, 0), (CONTACTS, 3), (LOG, 4)):
            side.addWidget(self._frames[name], stretch)
        # It scrolls where the text is large; and the window can be made smaller, upon which the parts become tabs.
        self._side = QScrollArea()
        self._side.setWidgetResizable(True)
        self._side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._side.setWidget(inner)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._frames[STEPS], 1)
        row.addWidget(self._side)
        self.fit(SizeClass.REGULAR, LOW)

    def fit(self, size: SizeClass, height: int) -> None:
        """Arrange the parts for a window of this size and height in logical pixels."""
        compact = size <= SizeClass.COMPACT
        right = _RIGHT if height >= LOW else _RIGHT_LOW
        self._side.setFixedWidth(round(right * self._theme.pixels("size.base") / 14))
        kind = "compact" if compact else "low" if height < LOW else "wide"
        if kind == self._kind:
            return
        left, right_tab = self._frames[STEPS].current(), self._frames[GUARD].current()
        self._kind = kind
        parts = self._sections
        held = {
            "wide": {name: [parts[name]] for name in parts},
            "low": {STEPS: [parts[STEPS]], GUARD: [parts[GUARD], parts[CONTACTS], parts[LOG]], CONTACTS: [], LOG: []},
            "compact": {STEPS: list(parts.values()), GUARD: [], CONTACTS: [], LOG: []},
        }[kind]
        self._side.setVisible(not compact)
        for name, sections in held.items():
            self._frames[name].hold(sections, left if name == STEPS else right_tab)

    def fit_again(self) -> None:
        """Arrange the parts as they are, after the size of the text has changed."""
        size = SizeClass.COMPACT if self._kind == "compact" else SizeClass.REGULAR
        self.fit(size, LOW if self._kind == "wide" else LOW - 1)

    def tabs(self) -> tuple[str, str]:
        """Return which section is shown at the left and at the right."""
        return self._frames[STEPS].current(), self._frames[GUARD].current()

    def show_tabs(self, left: str, right: str) -> None:
        """Show these sections again; an empty one changes nothing."""
        for frame, key in ((STEPS, left), (GUARD, right)):
            if key:
                self._frames[frame].show_section(key)

    def show_section(self, key: str) -> None:
        """Show a section, wherever it is."""
        for frame in self._frames.values():
            frame.show_section(key)

    def show_counts(self) -> None:
        """Show the facts after the titles anew."""
        for frame in self._frames.values():
            frame.show_counts()
