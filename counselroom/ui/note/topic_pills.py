"""The topics of a session as pills: a few to click, all others behind a plus."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from counselroom.i18n import pgettext
from counselroom.services.topics import Topic
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.pill import Pill

SHOWN = 4
"""Topics that are there to click before any is chosen: the first of the list."""
GAP = 6


class TopicPills(QWidget):
    """Pills in as many lines as they need.

    Attributes:
        changed: a topic was chosen or taken away by the user.
    """

    changed = Signal()

    def __init__(self, icons: Icons, topics: Sequence[Topic], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._topics = tuple(topics)
        self._pills: dict[str, Pill] = {}
        self._height = 0
        self._more = Button(pgettext("note", "More topics"), "text", icons.named("mdi6.plus"), size="compact")
        self._more.setParent(self)
        self._more.clicked.connect(self._open_menu)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        icons.theme.changed.connect(self._place)
        for topic in self._topics[:SHOWN]:
            self._add(topic.key, topic.label)

    def chosen(self) -> tuple[str, ...]:
        """Return the keys of the chosen topics, in the order of the list."""
        on = {key for key, pill in self._pills.items() if pill.isChecked()}
        order = [topic.key for topic in self._topics]
        return tuple(sorted(on, key=lambda key: (order.index(key) if key in order else len(order), key)))

    def choose(self, keys: Sequence[str]) -> None:
        """Choose these topics and no others; one that is on the list no more is shown by its key."""
        labels = {topic.key: topic.label for topic in self._topics}
        for key in keys:
            if key not in self._pills:
                self._add(key, labels.get(key, key))
        for key, pill in self._pills.items():
            pill.setChecked(key in keys)
        self._place()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the height the pills need at the present width."""
        return QSize(200, self._height or 34)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the same height."""
        return QSize(80, self._height or 34)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Break the lines anew."""
        super().resizeEvent(event)
        self._place()

    def _add(self, key: str, label: str) -> None:
        pill = Pill(self._icons, label, multi=True, parent=self)
        pill.clicked.connect(lambda _checked: self._clicked())
        self._pills[key] = pill
        pill.show()
        QWidget.setTabOrder(pill, self._more)

    def _clicked(self) -> None:
        self._place()
        self.changed.emit()

    def _open_menu(self) -> None:
        menu = QMenu(self)
        chosen = set(self.chosen())
        for topic in self._topics:
            action = menu.addAction(topic.label)
            action.setCheckable(True)
            action.setChecked(topic.key in chosen)
            action.triggered.connect(lambda _on=False, key=topic.key: self._toggle(key))
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def _toggle(self, key: str) -> None:
        now = set(self.chosen())
        self.choose(tuple(now ^ {key}))
        self.changed.emit()

    def _place(self) -> None:
        left = top = line = 0
        for part in (*self._pills.values(), self._more):
            size = part.sizeHint()
            if left and left + size.width() > self.width():
                left, top, line = 0, top + line + GAP, 0
            part.setGeometry(left, top, size.width(), size.height())
            left, line = left + size.width() + GAP, max(line, size.height())
        if top + line != self._height:
            self._height = top + line
            self.updateGeometry()
