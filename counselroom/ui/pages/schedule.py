"""日程: the week on a grid, the day as a table, the month in numbers, the plan of duty; who waits at the left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.counselling import AppointmentState
from counselroom.services.changes import ChangeSet
from counselroom.services.schedule import DayCount, Entry, Schedule, Waiting, month, schedule
from counselroom.ui.page import Page
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.room import Room
from counselroom.ui.schedule.booking_steps import BookingSteps
from counselroom.ui.schedule.day_view import DayView
from counselroom.ui.schedule.duty_table import DutyTable
from counselroom.ui.schedule.grid_layout import Cell, monday_of
from counselroom.ui.schedule.grid_view import cell_of
from counselroom.ui.schedule.month_table import MonthTable
from counselroom.ui.schedule.side_column import SideColumn
from counselroom.ui.schedule.views import DAY, DUTY, MONTH, WEEK, grid_keys, on_duty, shown_entries, span_words, week_of
from counselroom.ui.schedule.week_grid import WeekGrid
from counselroom.ui.size_class import LOW, SizeClass
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.icon_button import IconButton
from counselroom.ui.widgets.label import ElidedLabel
from counselroom.ui.widgets.segmented import Segmented

_KINDS = (
    "appointment", "waiting_entry", "duty_shift", "calendar_day", "academic_year", "room", "person", "account",
    "session_record", "tier_record", "parameter",
)  # fmt: skip
_ARROW = 36


class SchedulePage(Page):
    """One read a view; everything else is painted from it."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Schedule"), parent)
        self._day = room.now().date()
        self._found: Schedule | None = None
        self._entries: dict[str, Entry] = {}
        self._wanted_entry = ""
        self._wants_cell = True
        self._is_view_chosen = False
        self._is_compact = False
        self._steps = BookingSteps(room)
        self._view = Segmented(
            (
                (DAY, pgettext("calendar", "Day view")),
                (WEEK, pgettext("calendar", "Week")),
                (MONTH, pgettext("calendar", "Month view")),
                (DUTY, pgettext("calendar", "Duty plan")),
            )
        )
        self._view.set_current(WEEK)
        self._grid = WeekGrid(room.icons, self.face, room.now)
        self._day_view = DayView(room.icons, self._book)
        self._table = self._day_view.table
        self._month = MonthTable(room.icons)
        self._duty = DutyTable(room.icons)
        self._stack = QStackedWidget()
        self._side = SideColumn(room.icons, self._day, lambda: room.ways.open_dialog("waiting"))
        self._days, self._who, self._waiting = self._side.days, self._side.who, self._side.waiting
        self._foot = ElidedLabel("", "caption")
        self._lay_out()
        self._connect()
        self._show_view()
        self._load()

    def _lay_out(self) -> None:
        icons = self.room.icons
        for icon, words, step in (
            ("mdi6.chevron-left", pgettext("calendar", "Before"), -1),
            ("mdi6.chevron-right", pgettext("calendar", "After"), 1),
        ):
            arrow = IconButton(icons.named(icon), words)
            arrow.setMinimumWidth(_ARROW)
            arrow.clicked.connect(lambda _checked=False, step=step: self._turn(step))
            self.header.add_beside_title(arrow)
        today = Button(pgettext("calendar", "Today"))
        today.clicked.connect(lambda: self._go_to_day(self.room.now().date()))
        self.header.add_beside_title(today)
        self._side_button = Button(pgettext("calendar", "More"), "secondary", icons.named("mdi6.tune-variant"))
        self._side_button.setCheckable(True)
        self._side_button.toggled.connect(lambda _on: self._show_side())
        self._side_button.hide()
        self._print = Button(pgettext("calendar", "Print"), "secondary", icons.named("mdi6.printer-outline"))
        self._print.clicked.connect(self._open_print)
        self._copy = Button(pgettext("duty", "Copy last week"), "secondary", icons.named("mdi6.content-copy"))
        self._copy.clicked.connect(lambda: self._steps.copy_duty(monday_of(self._day)))
        new = Button(pgettext("calendar", "Book"), "primary", icons.named("mdi6.calendar-plus"))
        new.clicked.connect(self._book)
        for widget in (self._side_button, self._view, self._copy, self._print, new):
            self.header.add_action(widget)
        for view in (self._day_view, self._grid, self._month, self._duty):
            self._stack.addWidget(view)
        main = QFrame()
        main.setProperty("kind", "panel")
        inside = QVBoxLayout(main)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        inside.addWidget(self._stack, 1)
        self._foot.setContentsMargins(12, 6, 12, 6)
        inside.addWidget(self._foot)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._side)
        row.addWidget(main, 1)
        self.body.addLayout(row)

    def _connect(self) -> None:
        steps, ways = self._steps, self.room.ways
        self._view.changed.connect(lambda _key: self._choose_view())
        self._days.chosen.connect(self._go_to_day)
        self._who.changed.connect(self._who_changed)
        grid = self._grid
        grid.opened.connect(lambda entry_id: ways.open_dialog("appointment", appointment=entry_id))
        grid.new_wanted.connect(
            lambda moment, who: ways.open_dialog("appointment", starts_at=moment.isoformat(), counsellor=who)
        )
        grid.stepped.connect(self._step)
        grid.moved.connect(lambda entry_id, begin, end, who: steps.move(self._entries[entry_id], begin, end, who))
        grid.cancel_wanted.connect(self._cancel)
        grid.menu_wanted.connect(self._open_menu)
        grid.placed.connect(self._place)
        grid.turned.connect(self._turn_from_grid)
        grid.refused.connect(lambda sentence: self.room.messages.say(sentence))
        grid.chosen.connect(self.touched)
        self._table.opened.connect(lambda index: ways.open_dialog("appointment", appointment=self._table.id_at(index)))
        self._table.acted.connect(lambda index: self._step(self._table.id_at(index)))
        self._table.cancel_wanted.connect(self._cancel)
        self._month.opened.connect(self._open_day)
        self._duty.shift_wanted.connect(
            lambda shift, day: ways.open_dialog("duty_shift", shift=shift.id, day=day.isoformat())
        )
        self._duty.new_wanted.connect(self._new_shift)
        self._duty.remove_wanted.connect(steps.remove_shift)
        self._waiting.wanted.connect(self._book_waiting)
        self._waiting.withdrawn.connect(steps.withdraw)
        self.room.bus.changed.connect(self._look_at_changes)
        Redrawing(self, self.room.masking, self._show_faces, self.faces)
        QShortcut(QKeySequence("Ctrl+P"), self).activated.connect(self._open_print)

    # What the page is opened for.

    def panels(self) -> Sequence[QWidget]:
        """Return the view, then the month, who is shown, and who waits."""
        return (self._current(), self._days.days, self._who, self._waiting)

    def first(self) -> QWidget:
        """Return the view."""
        return self._current()

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """Fold the left column away and begin with the day where there is little room."""
        super().set_size_class(size, height)
        if not hasattr(self, "_foot"):
            return
        was_compact, self._is_compact = self._is_compact, size <= SizeClass.COMPACT
        if was_compact != self._is_compact and not self._is_view_chosen:
            self._view.set_current(DAY if self._is_compact else WEEK)
            self._show_view()
            self._load()
        self._side_button.setVisible(self._is_compact)
        self._foot.setVisible(not self._is_compact)
        self._days.days.set_low(height < LOW)
        self._show_side()

    def state(self) -> dict[str, Any]:
        """Return day, view, what is hidden, and where the keyboard is."""
        entry, cell = self._selected(), self._grid.cell()
        return {
            "day": self._day.isoformat(),
            "view": self._view.current() if self._is_view_chosen else "",
            "hidden": sorted(self._who.hidden()),
            "entry": entry.id if entry else "",
            "cell": [cell.day, cell.lane, cell.minute],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take day, view, what is hidden and the place of the keyboard; what is missing stays."""
        try:
            self._day = date.fromisoformat(str(state.get("day") or self._day.isoformat()))
        except ValueError:
            self._day = self.room.now().date()
        if state.get("view") in (DAY, WEEK, MONTH, DUTY):
            self._is_view_chosen = True
            self._view.set_current(str(state["view"]))
        if "hidden" in state:
            self._who.set_hidden([str(key) for key in state["hidden"]])
        self._wanted_entry = str(state.get("entry") or state.get("appointment") or "")
        cell = state.get("cell")
        if isinstance(cell, list) and len(cell) == 3:
            self._wants_cell = False
            self._grid.set_cell(Cell(*(int(part) for part in cell)))
        self._show_view()
        self._load()

    # Reading.

    def _span(self) -> tuple[date, date]:
        if self._view.current() == DAY:
            return self._day, self._day
        monday = monday_of(self._day)
        return monday, monday + timedelta(days=6)

    def _load(self) -> None:
        room, day = self.room, self._day
        self._days.show_day(day, room.now().date())
        if self._view.current() == MONTH:
            first = monday_of(day.replace(day=1))
            last = first + timedelta(days=41)
            room.tasks.query(
                self, lambda: month(room.actor, room.desk, first, last), self._show_month, key="schedule.month"
            )
        first_day, last_day = self._span()
        known = self._found
        if known is not None and (known.days[0].on, known.days[-1].on) == (first_day, last_day):
            self._say_span(known)
            self._draw()
        room.tasks.query(
            self, lambda: schedule(room.actor, room.desk, first_day, last_day), self._show, key="schedule.days"
        )

    def _show(self, found: Schedule) -> None:
        if (found.days[0].on, found.days[-1].on) != self._span():
            return
        self._found = found
        self._entries = {entry.id: entry for entry in found.entries}
        self._side.count(found)
        self._say_span(found)
        self._draw()
        self._find_cell(found)

    def _draw(self) -> None:
        found = self._found
        if found is None:
            return
        zone, hidden, face = self.room.now().tzinfo, self._who.hidden(), self.face()
        self._waiting.show_waiting(found.waiting, face)
        view = self._view.current()
        if view == WEEK:
            self._grid.show_layout(week_of(found, zone, hidden), on_duty(found, zone))
            self._foot.setText(grid_keys(found, hidden))
        elif view == DAY:
            self._day_view.show_day(found, shown_entries(found, hidden), face, zone)
            self._foot.setText(_("Enter opens, Ctrl Enter does the next step, Del cancels"))
        elif view == DUTY:
            self._duty.show_week(found, zone)
            self._foot.setText(_("Enter puts on duty or changes, + adds one more, Del removes"))

    def _find_cell(self, found: Schedule) -> None:
        wanted, self._wanted_entry = self._wanted_entry, ""
        if wanted and self._grid.select(wanted):
            self._wants_cell = False
        now, me = self.room.now(), self.room.actor.person_id
        waits = (AppointmentState.CONFIRMED, AppointmentState.CHECKED_IN)
        mine = [entry for entry in found.entries if entry.counsellor_id == me and entry.state in waits]
        soon = next((entry for entry in mine if entry.ends_at > now), None)
        if self._view.current() == DAY:
            self._table.select(wanted or self._table.current() or (soon.id if soon else ""))
        if not self._wants_cell or self._view.current() != WEEK:
            return
        self._wants_cell = False
        if soon is not None and soon.starts_at.astimezone(now.tzinfo).date() == now.date():
            self._grid.select(soon.id)
            return
        layout = self._grid.layout_shown()
        cell = cell_of(layout, now) if layout else None
        if cell is not None:
            self._grid.set_cell(cell)

    def _show_month(self, counts: tuple[DayCount, ...]) -> None:
        self._month.show_month(counts, self._day.month, self.room.now().date())
        self._month.select(self._day)
        self._foot.setText(_("Enter shows the day"))

    def _say_span(self, found: Schedule) -> None:
        self.header.set_meta(span_words(self._view.current(), self._day, found, self.room.now().date()))

    def _look_at_changes(self, changes: ChangeSet) -> None:
        if changes.concerns(*_KINDS):
            touched = [row_id for kind, row_id in changes.changed if kind == "appointment"]
            if len(touched) == 1:
                self._wanted_entry = touched[0]
            self._load()

    # Going about.

    def _current(self) -> QWidget:
        view = self._view.current()
        if view == DAY:
            return self._day_view.first()
        return {WEEK: self._grid, MONTH: self._month}.get(view, self._duty)

    def _selected(self) -> Entry | None:
        if self._view.current() == DAY:
            return self._entries.get(self._table.current())
        return self._grid.current() if self._view.current() == WEEK else None

    def _choose_view(self) -> None:
        self._is_view_chosen = True
        self._show_view()
        self._load()
        self.touched.emit()

    def _show_view(self) -> None:
        view = self._view.current()
        self._stack.setCurrentIndex((DAY, WEEK, MONTH, DUTY).index(view))
        self._copy.setVisible(view == DUTY)
        self._print.setVisible(view != DUTY)

    def _show_side(self) -> None:
        self._side.setVisible(not self._is_compact or self._side_button.isChecked())

    def _go_to_day(self, day: date) -> None:
        self._day = day
        layout = self._grid.layout_shown()
        if self._view.current() == WEEK and layout is not None:
            self._grid.set_cell(Cell(day.weekday(), self._grid.cell().lane, self._grid.cell().minute))
        self._load()
        self.touched.emit()

    def _open_day(self, day: date) -> None:
        self._view.set_current(DAY)
        self._is_view_chosen = True
        self._show_view()
        self._go_to_day(day)
        self._table.setFocus()

    def _turn(self, step: int) -> None:
        if self._view.current() == MONTH:
            number = self._day.year * 12 + self._day.month - 1 + step
            self._go_to_day(date(number // 12, number % 12 + 1, 1))
        else:
            self._go_to_day(self._day + timedelta(days=step if self._view.current() == DAY else 7 * step))

    def _turn_from_grid(self, step: int) -> None:
        cell, layout = self._grid.cell(), self._grid.layout_shown()
        lanes = len(layout.lanes) if layout else 1
        self._turn(step)
        self._grid.set_cell(Cell(0 if step > 0 else 4, 0 if step > 0 else lanes - 1, cell.minute))

    def _who_changed(self) -> None:
        self._draw()
        self.touched.emit()

    def _show_faces(self) -> None:
        self._draw()
        self._grid.masking_changed()

    # Doing.

    def _book(self) -> None:
        moment = self._grid.moment() if self._view.current() == WEEK and self._grid.current() is None else None
        if moment is not None and moment > self.room.now():
            who = self._grid.counsellor()
            self.room.ways.open_dialog("appointment", starts_at=moment.isoformat(), counsellor=who)
        else:
            self.room.ways.open_dialog("appointment")

    def _step(self, entry_id: str) -> None:
        if entry_id in self._entries:
            self._steps.next_step(self._entries[entry_id])

    def _cancel(self, entry_id: str) -> None:
        if entry_id in self._entries:
            self._steps.cancel(self._entries[entry_id])

    def _open_menu(self, entry_id: str, where: QPoint) -> None:
        self._steps.open_menu(self._entries[entry_id], self, where)

    def _place(self, waiting_id: str, moment: Any, counsellor_id: str) -> None:
        found = self._found
        row = next((each for each in found.waiting if each.id == waiting_id), None) if found else None
        if row is not None:
            self._steps.place(row, moment, counsellor_id)

    def _book_waiting(self, row: Waiting | None) -> None:
        if row is None:
            return
        moment = self._grid.moment()
        is_free = self._view.current() == WEEK and self._grid.current() is None
        if moment and is_free and moment > self.room.now():
            self._steps.book_waiting(row, moment, self._grid.counsellor())
        else:
            self._steps.book_waiting(row)

    def _new_shift(self, day: date, begin: str, end: str) -> None:
        self.room.ways.open_dialog("duty_shift", day=day.isoformat(), **{"from": begin, "to": end})

    def _open_print(self) -> None:
        first, last = self._span()
        if self._view.current() == MONTH:
            first = self._day.replace(day=1)
            last = monday_of(first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        self._steps.print_list(first, last, with_names=not self.face().masked)
