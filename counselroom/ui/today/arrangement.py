"""How the five lists of 今日 stand in windows of different sizes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counselroom.i18n import pgettext
from counselroom.ui.size_class import LOW, SizeClass
from counselroom.ui.today.section import Section, TabPanel

GAP = 16
_LEFT, _RIGHT = 63, 37
_UPPER, _LOWER = 13, 7
"""Shares of the visits and of what stands below them."""


class Layout(Enum):
    """The three ways."""

    PANELS = "panels"
    TWO_TABS = "two_tabs"
    ONE_TAB = "one_tab"


def layout_for(size: SizeClass, height: int) -> Layout:
    """Return the way for a window: stacked panels become tabs where it is low, side panels where it is narrow."""
    if size <= SizeClass.COMPACT:
        return Layout.ONE_TAB
    return Layout.TWO_TABS if height < LOW else Layout.PANELS


@dataclass(frozen=True)
class Sections:
    """The lists of the page."""

    visits: Section
    unsigned: Section
    scratch: Section
    matters: Section
    tasks: Section

    def all(self) -> tuple[Section, ...]:
        """Return them in reading order."""
        return (self.visits, self.unsigned, self.scratch, self.matters, self.tasks)


class Arrangement(QWidget):
    """Holds the sections and puts them into another order when the window changes its class."""

    def __init__(self, sections: Sections, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sections = sections
        self._layout: Layout | None = None
        self._inner = QWidget(self)
        self._tabs: tuple[TabPanel, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def arrange(self, layout: Layout) -> None:
        """Put the sections into place; the keyboard stays where it is."""
        if layout is self._layout:
            return
        self._layout = layout
        # The window's, not the program's: before it is shown nothing has the keyboard, but something is to get it.
        focus = self.window().focusWidget()
        held = focus if focus is not None and self.isAncestorOf(focus) else None
        for panel in self._tabs:
            panel.release()
        # With its parent from the beginning: each change of the parent dresses everything inside anew.
        before, self._inner, self._tabs = self._inner, QWidget(self), ()
        {Layout.PANELS: self._panels, Layout.TWO_TABS: self._two_tabs, Layout.ONE_TAB: self._one_tab}[layout]()
        self._column.addWidget(self._inner)
        self._inner.show()
        before.hide()
        before.deleteLater()
        if held is not None:
            held.setFocus()

    def reveal(self, section: Section) -> None:
        """Bring a section to the front where it is a tab."""
        for panel in self._tabs:
            panel.show_section(section)

    def tab_bars(self) -> Sequence[QWidget]:
        """Return the rows of tabs."""
        return [panel.tabs for panel in self._tabs]

    def _row(self) -> QHBoxLayout:
        row = QHBoxLayout(self._inner)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        return row

    def _panels(self) -> None:
        for section in self._sections.all():
            section.set_bare(False)
        lower = QHBoxLayout()
        lower.setSpacing(GAP)
        lower.addWidget(self._sections.unsigned, 58)
        lower.addWidget(self._sections.scratch, 42)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(GAP)
        left.addWidget(self._sections.visits, _UPPER)
        left.addLayout(lower, _LOWER)
        right.addWidget(self._sections.matters, 1)
        right.addWidget(self._sections.tasks, 1)
        row = self._row()
        row.addLayout(left, _LEFT)
        row.addLayout(right, _RIGHT)
        for section in self._sections.all():
            section.show()  # a tab that was not in front comes hidden

    def _two_tabs(self) -> None:
        held = self._sections
        self._tabs = (
            TabPanel(pgettext("today", "Visits and notes"), (held.visits, held.unsigned, held.scratch)),
            TabPanel(pgettext("today", "Deadlines and follow-ups"), (held.matters, held.tasks)),
        )
        row = self._row()
        row.addWidget(self._tabs[0], _LEFT)
        row.addWidget(self._tabs[1], _RIGHT)

    def _one_tab(self) -> None:
        self._tabs = (TabPanel(pgettext("page", "Today"), self._sections.all()),)
        self._row().addWidget(self._tabs[0])
