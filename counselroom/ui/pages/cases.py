"""个案: 专案 with the most urgent first, and the reader's counselling cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.changes import ChangeSet
from counselroom.services.crisis_lists import EventList, event_list
from counselroom.ui.cases.counselling_list import CounsellingList
from counselroom.ui.crisis.event_model import CLASS, CLOCK, CODE, LEVEL, OWNER, STATE, STEP, STUDENT, EventModel
from counselroom.ui.crisis.time import BelievedTime
from counselroom.ui.page import Page
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.room import Room
from counselroom.ui.size_class import SizeClass
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.pill import Pill
from counselroom.ui.widgets.segmented import Segmented

CRISIS, COUNSELLING = "crisis", "counselling"
_KINDS = ("crisis_event", "person", "student")
TICK = 30_000
"""Milliseconds between two looks at the clocks."""


class EventTable(ListTable):
    """The list of 专案. Enter before the rows are there is kept until they are.

    Attributes:
        waited: Enter was pressed while there was no row to open.
    """

    waited = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Keep an Enter that came faster than the rows."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not self.currentIndex().isValid():
            self.waited.emit()
            return
        super().keyPressEvent(event)


class CasesPage(Page):
    """Opened for {view}. Names are masked until F8; the first row has the keyboard."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Cases"), parent)
        self._time = BelievedTime(room.now, room.seconds)
        self._view = ""
        self._wanted = ""
        self._is_waiting = False
        self._is_loaded = False
        self._has_arrived = False
        self._found: EventList | None = None
        self._model = EventModel(self.face, self._time, self)
        self._table = EventTable(room.icons, pgettext("cases", "Crisis cases"))
        self._table.setModel(self._model)
        self._table.opened.connect(lambda index: self.open_case(self._model.event_at(index.row())))
        self._table.acted.connect(lambda index: self._settle(self._model.step_at(index.row())))
        self._table.waited.connect(self._wait)
        self._table.selectionModel().currentChanged.connect(lambda: self.touched.emit())
        self._views = Segmented(
            ((CRISIS, pgettext("cases", "Crisis cases")), (COUNSELLING, pgettext("cases", "Counselling cases")))
        )
        self._views.changed.connect(self._choose_view)
        self._closed = False
        self._count = Label("", "meta")
        self._empty_action = Button(pgettext("cases", "Begin a crisis case"))
        self._empty_action.clicked.connect(self._start)
        self._empty = EmptyState(room.icons, "mdi6.folder-heart-outline", "", "", self._empty_action)
        self._counselling = CounsellingList(room)
        self._counselling.touched.connect(self.touched)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._tick)
        self._lay_out()
        room.bus.changed.connect(self._reload_if_concerned)
        Redrawing(self, room.masking, self._model.masking_changed, self.faces)
        room.icons.theme.changed.connect(self._fit)
        self._fit()

    def _lay_out(self) -> None:
        icons = self.room.icons
        self.header.add_action(self._views)
        start = Button(pgettext("cases", "Begin a crisis case"), "primary", icons.named("mdi6.plus"))
        start.clicked.connect(self._start)
        self.header.add_action(start)
        panel = QFrame()
        panel.setProperty("kind", "panel")
        column = QVBoxLayout(panel)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        filters = QHBoxLayout()
        filters.setContentsMargins(16, 8, 16, 8)
        filters.setSpacing(8)
        group = QButtonGroup(self)
        self._pills: dict[bool, Pill] = {}
        for closed, words in ((False, pgettext("cases", "Under way")), (True, pgettext("cases", "Closed"))):
            pill = Pill(icons, words)
            pill.clicked.connect(lambda _checked=False, closed=closed: self._filter(closed=closed))
            group.addButton(pill)
            filters.addWidget(pill)
            self._pills[closed] = pill
        self._pills[False].setChecked(True)
        filters.addStretch(1)
        filters.addWidget(self._count)
        column.addLayout(filters)
        column.addWidget(self._table, 1)
        place = QVBoxLayout()
        place.setContentsMargins(16, 0, 16, 16)
        place.addWidget(self._empty)
        column.addLayout(place)
        column.addStretch(0)
        self._empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._empty.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(panel)
        self._stack.addWidget(self._counselling)
        self.body.addWidget(self._stack, 1)

    # What the window asks of every page.

    def panels(self) -> Sequence[QWidget]:
        """Return the switch, the filter, and the list that is shown."""
        if self._views.current() == COUNSELLING:
            return (self._views, self._counselling.table)
        return (self._views, self._pills[False], self._table)

    def first(self) -> QWidget:
        """Return the list: its first row is the most urgent 专案."""
        return self._counselling.table if self._views.current() == COUNSELLING else self._table

    def current_student(self) -> str | None:
        """Return the client of the chosen counselling case: Ctrl E writes a note for it."""
        return self._counselling.current_student() if self._views.current() == COUNSELLING else None

    def state(self) -> dict[str, Any]:
        """Return view, filter and chosen row."""
        return {
            "view": self._view,
            "closed": self._closed,
            "event": self._model.event_at(self._table.currentIndex().row()),
            "counselling": self._counselling.state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take view, filter and chosen row."""
        view = str(state.get("view") or "")
        if view in (CRISIS, COUNSELLING):
            self._view = view
            self._turn_to(view)
        self._closed = bool(state.get("closed"))
        self._pills[self._closed].setChecked(True)
        self._wanted = str(state.get("event") or "")
        if "counselling" in state:
            self._counselling.restore(dict(state.get("counselling") or {}))
        self._reload()

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """Leave class and leader away where there is little room."""
        super().set_size_class(size, height)
        if hasattr(self, "_table"):
            for column in (CLASS, OWNER):
                self._table.setColumnHidden(column, size <= SizeClass.COMPACT)
            self._fit()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Come in with the most urgent 专案 chosen."""
        super().showEvent(event)
        self._has_arrived = True
        self._timer.start()
        self._reload()

    def hideEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """Rest while nobody looks."""
        super().hideEvent(event)
        self._timer.stop()
        self._is_waiting = False

    # Showing.

    def _reload_if_concerned(self, changes: ChangeSet) -> None:
        if self.isVisible() and changes.concerns(*_KINDS):
            self._reload()

    def _reload(self) -> None:
        room, closed = self.room, self._closed
        room.tasks.query(
            self, lambda: event_list(room.actor, room.desk, with_closed=closed), self._show, key="cases.events"
        )

    def _show(self, found: EventList) -> None:
        self._found = found
        self._time.take(found.now)
        lines = [line for line in found.lines if (line.closed_at is not None) is self._closed]
        chosen = self._wanted or ("" if self._has_arrived else self._model.event_at(self._table.currentIndex().row()))
        self._wanted, self._has_arrived, self._is_loaded = "", False, True
        self._model.show(lines)
        row = max(0, self._model.row_of(chosen)) if lines else -1
        if row >= 0:
            self._table.setCurrentIndex(self._model.index(row, CODE))
        open_count = sum(line.closed_at is None for line in found.lines)
        self._pills[False].set_count(open_count)
        self._count.setText(_("most urgent first") if not self._closed else _("newest first"))
        self._table.setVisible(bool(lines))
        self._empty.setVisible(not lines)
        self._empty.set_sentence(
            _("No crisis case is closed yet.") if self._closed else _("No crisis case is open."),
            _("A crisis case is begun from an assessment, or here at once.") if not self._closed else "",
        )
        self._empty_action.setVisible(not self._closed)
        self.header.set_meta(_("{count} crisis cases are open").format(count=open_count) if open_count else "")
        self._say_jump(found)
        if not self._view:
            self._turn_to(CRISIS if open_count else COUNSELLING)
        if self._is_waiting:
            self._is_waiting = False
            self.open_case(self._model.event_at(row))

    def _say_jump(self, found: EventList) -> None:
        if found.clock_jumped or self._time.has_jumped():
            said = _("The system clock was changed; please check the time that is left.")
            if self.banner_text() != said:
                self.show_banner(said)

    def _tick(self) -> None:
        if self._time.has_jumped():
            self._reload()
        self._model.tick()

    def _turn_to(self, view: str) -> None:
        had_focus = self._table.hasFocus() or self._counselling.table.hasFocus()
        self._views.set_current(view)
        self._stack.setCurrentIndex(1 if view == COUNSELLING else 0)
        if had_focus:
            self.first().setFocus()

    def _choose_view(self, view: str) -> None:
        self._view = view
        self._turn_to(view)
        self.touched.emit()

    def _filter(self, *, closed: bool) -> None:
        self._closed = closed
        self._reload()
        self.touched.emit()

    def _fit(self) -> None:
        scale = self.room.icons.theme.pixels("size.base") / 14
        for column, width in ((CODE, 112), (STUDENT, 128), (CLASS, 128), (LEVEL, 110), (CLOCK, 158), (OWNER, 96),
                              (STATE, 108)):  # fmt: skip
            self._table.setColumnWidth(column, round(width * scale))
        self._model.widths_changed()
        head = self._table.horizontalHeader()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(STEP, head.ResizeMode.Stretch)

    # Doing.

    def _wait(self) -> None:
        if not self._is_loaded or self._has_arrived:
            self._is_waiting = True

    def open_case(self, event_id: str) -> None:
        """Open a 专案."""
        if event_id:
            self.room.ways.open_page("crisis", event=event_id)

    def _settle(self, step_id: str) -> None:
        if step_id:
            self.room.ways.open_dialog("crisis_step", step=step_id)

    def _start(self) -> None:
        self.room.ways.open_dialog("start_crisis")
