"""The middle of the record: the timeline with the pills that choose kinds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.timeline import TimelineEntry
from counselroom.ui.masking import Face
from counselroom.ui.record.timeline_list import TimelineList
from counselroom.ui.record.timeline_model import GROUPS, TimelineModel, TimelineRole
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.pill import Pill


class TimelinePanel(QFrame):
    """What happened, newest first.

    Attributes:
        opened: carries the entry that Enter or a double click opens.
        touched: another entry is the current one, or another kind was chosen.
    """

    opened = Signal(object)
    touched = Signal()

    def __init__(
        self, icons: Icons, face: Callable[[], Face], now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self._entries: Sequence[TimelineEntry] = ()
        self._wanted = ""
        self.model = TimelineModel(face, now, self)
        self.list = TimelineList(icons, pgettext("record", "Timeline"))
        self.list.setModel(self.model)
        self.list.opened.connect(lambda index: self.opened.emit(index.data(TimelineRole.ENTRY)))
        self.list.turned.connect(self.touched)
        self._nothing = EmptyState(
            icons,
            "mdi6.timeline-outline",
            _("Nothing has been noted about this student yet."),
            _("Appointments, notes and papers appear here by themselves."),
        )
        self.group = "all"
        self.pills: dict[str, Pill] = {}
        self._lay_out(icons)

    def _lay_out(self, icons: Icons) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        pills = QHBoxLayout()
        pills.setContentsMargins(12, 8, 12, 8)
        pills.setSpacing(8)
        group = QButtonGroup(self)
        for name, words in (
            ("all", pgettext("timeline", "All")),
            ("sessions", pgettext("timeline", "Counselling")),
            ("care", pgettext("timeline", "Care")),
            ("appointments", pgettext("timeline", "Appointments")),
            ("referrals", pgettext("timeline", "Referrals")),
            ("papers", pgettext("timeline", "Papers")),
            ("registers", pgettext("timeline", "Registers")),
        ):
            pill = Pill(icons, words, 0)
            pill.clicked.connect(lambda _checked=False, name=name: self._filter(name))
            group.addButton(pill)
            self.pills[name] = pill
            pills.addWidget(pill)
        self.pills["all"].setChecked(True)
        pills.addStretch(1)
        column.addLayout(pills)
        column.addWidget(self.list, 1)
        place = QVBoxLayout()
        place.setContentsMargins(16, 0, 16, 16)
        place.addWidget(self._nothing)
        column.addLayout(place)
        self._nothing.hide()

    def current(self) -> TimelineEntry | None:
        """Return the current entry, or None."""
        entry = self.list.currentIndex().data(TimelineRole.ENTRY)
        return entry if isinstance(entry, TimelineEntry) else None

    def choose(self, group: str, entity_id: str) -> None:
        """Show a kind, and once it is there the entry of a record."""
        self.group = group if group in GROUPS else "all"
        self.pills[self.group].setChecked(True)
        self._wanted = entity_id

    def show_entries(self, entries: Sequence[TimelineEntry]) -> None:
        """Show other entries, at the same place where it is there still."""
        current = self.current()
        wanted = self._wanted or (current.entity_id if current is not None else "")
        self._entries, self._wanted = entries, ""
        self.model.show(entries, self.group)
        for name, pill in self.pills.items():
            count = self.model.count_of(name)
            pill.set_count(count)
            pill.setVisible(count > 0 or name in ("all", self.group))
        has_rows = self.model.rowCount() > 0
        self.list.setVisible(has_rows)
        self._nothing.setVisible(not has_rows)
        row = self.model.row_of(wanted)
        if row >= 0:
            self.list.setCurrentIndex(self.model.index(row))
            self.list.scrollTo(self.model.index(row))

    def _filter(self, name: str) -> None:
        self.group = name
        self.show_entries(self._entries)
        self.touched.emit()
