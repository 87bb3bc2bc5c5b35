"""Parts of a page that stand beside each other where there is room, and as tabs where there is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from counselroom.ui.widgets.label import ElidedLabel


@dataclass
class Section:
    """A part of a page.

    Attributes:
        key: its name in the state of the page.
        title: what it holds.
        body: what it shows.
        action: at most one, at the right end of the title.
        count: a short fact after the title.
        tab: the title where there is little room; the whole title where empty.
        tab_count: the fact after it.
    """

    key: str
    title: str
    body: QWidget
    action: QWidget | None = None
    count: str = ""
    tab: str = ""
    tab_count: str = ""


class SectionFrame(QFrame):
    """One or several sections in one frame.

    Attributes:
        turned: another tab is shown.
    """

    turned = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.setAccessibleName(name)
        self._sections: list[Section] = []
        self._title = ElidedLabel("", "section")
        self._count = ElidedLabel("", "meta")
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setAccessibleName(name)
        self.tabs.currentChanged.connect(self._turn)
        head = QFrame()
        head.setProperty("kind", "panel_head")
        self._head = QHBoxLayout(head)
        self._head.setContentsMargins(16, 0, 12, 0)
        self._head.setSpacing(8)
        self._head.addWidget(self._title)
        self._head.addWidget(self._count)
        self._head.addWidget(self.tabs)
        self._head.addStretch(1)
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._stack, 1)

    def hold(self, sections: Sequence[Section], current: str = "") -> None:
        """Take these sections, out of whatever frame they were in, and show one of them."""
        self._sections = list(sections)
        blocked = self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for section in sections:
            self.tabs.addTab("")
            self._stack.addWidget(section.body)
            if section.action is not None:
                self._head.addWidget(section.action)
        self.tabs.blockSignals(blocked)
        several = len(sections) > 1
        self.tabs.setVisible(several)
        self._title.setVisible(not several)
        self._count.setVisible(not several)
        self.setVisible(bool(sections))
        self.show_counts()
        if sections:
            self.show_section(current or sections[0].key)

    def show_counts(self) -> None:
        """Show the facts after the titles anew."""
        if len(self._sections) == 1:
            self._title.setText(self._sections[0].title)
            self._count.setText(self._sections[0].count)
        for number, section in enumerate(self._sections):
            title, count = section.tab or section.title, section.tab_count or section.count
            self.tabs.setTabText(number, f"{title} {count}".strip())

    def show_section(self, key: str) -> None:
        """Show one of the sections, if it is here."""
        number = next((n for n, section in enumerate(self._sections) if section.key == key), -1)
        if number >= 0:
            self.tabs.setCurrentIndex(number)
            self._turn(number)

    def current(self) -> str:
        """Return the key of the section that is shown."""
        number = max(0, self.tabs.currentIndex())
        return self._sections[number].key if number < len(self._sections) else ""

    def _turn(self, number: int) -> None:
        if not 0 <= number < len(self._sections):
            return
        self._stack.setCurrentWidget(self._sections[number].body)
        for section in self._sections:
            if section.action is not None:
                section.action.setVisible(section is self._sections[number])
        self.turned.emit(self._sections[number].key)
