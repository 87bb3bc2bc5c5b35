"""A list of the page with its title: a panel where there is room, a tab of a panel where there is not."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from counselroom.ui.widgets.label import ElidedLabel
from counselroom.ui.widgets.variant import set_variant

SMALLEST = (120, 90)


class Section(QFrame):
    """A titled list.

    Attributes:
        captioned: the words of its tab have changed.

    Args:
        title: what it lists.
        body: the list.
        action: at the right end of the title, or of the tabs while it is the one that is shown.
        short: the title on a tab, where it is another.
        parent: the parent widget.
    """

    captioned = Signal()

    def __init__(
        self,
        title: str,
        body: QWidget,
        action: QWidget | None = None,
        *,
        short: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.setAccessibleName(title)
        # The place decides how large it is, never its rows; else the window could not become smaller by itself.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumSize(*SMALLEST)
        self.title = title
        self.action = action
        self._short = short or title
        self._number = ""
        self._facts = ElidedLabel("", "meta")
        self._head = QFrame()
        self._head.setProperty("kind", "panel_head")
        self._row = QHBoxLayout(self._head)
        self._row.setContentsMargins(16, 0, 12, 0)
        self._row.setSpacing(8)
        self._row.addWidget(ElidedLabel(title, "section"))
        self._row.addWidget(self._facts)
        self._row.addStretch(1)
        if action is not None:
            self._row.addWidget(action)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(body, 1)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size that asks for nothing."""
        return QSize(200, 160)

    def set_count(self, facts: str, number: str) -> None:
        """Show how many there are: `facts` after the title, `number` on a tab."""
        self._facts.setText(facts)
        self._number = number
        self.captioned.emit()

    def facts(self) -> str:
        """Return the words after the title."""
        return self._facts.text()

    def caption(self) -> str:
        """Return the words of its tab."""
        return f"{self._short} {self._number}".strip()

    def set_bare(self, bare: bool) -> None:
        """Be the content of a tab, without frame and title; or a panel again, with its action."""
        self._head.setVisible(not bare)
        set_variant(self, "kind", "bare" if bare else "panel")
        if self.action is not None and not bare:
            self._row.addWidget(self.action)
            self.action.show()


class TabPanel(QFrame):
    """Sections as tabs of one panel.

    Attributes:
        tabs: the titles; arrow keys move between them.
    """

    def __init__(self, name: str, sections: Sequence[Section], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumSize(*SMALLEST)
        self._sections = tuple(sections)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(name)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        head = QFrame()
        head.setProperty("kind", "panel_head")
        row = QHBoxLayout(head)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self.tabs, 1, Qt.AlignmentFlag.AlignBottom)
        self._stack = QStackedWidget()
        for section in self._sections:
            section.set_bare(True)
            self.tabs.addTab(section.caption())
            self._stack.addWidget(section)
            if section.action is not None:
                row.addWidget(section.action)
            section.captioned.connect(self._caption)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._stack, 1)
        self.tabs.currentChanged.connect(self._turn)
        self._turn(0)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size that asks for nothing."""
        return QSize(200, 160)

    def show_section(self, section: Section) -> None:
        """Turn to a section."""
        if section in self._sections:
            self.tabs.setCurrentIndex(self._sections.index(section))

    def release(self) -> None:
        """Let the sections go, before they are arranged anew."""
        for section in self._sections:
            section.captioned.disconnect(self._caption)

    def _turn(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        for number, section in enumerate(self._sections):
            if section.action is not None:
                section.action.setVisible(number == place)

    def _caption(self) -> None:
        for number, section in enumerate(self._sections):
            if self.tabs.tabText(number) != section.caption():
                self.tabs.setTabText(number, section.caption())
