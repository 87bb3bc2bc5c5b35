"""Begins a guard around the clock with its first watchers, or ends it: a gap is never passed over in silence (R-06)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.crisis_words import GuardEnd, WatcherRole
from counselroom.rules.guard import LONGEST, gap_minutes, gaps
from counselroom.services.changes import Done
from counselroom.services.crisis_page import CrisisPage
from counselroom.services.guard_24h import GuardView, add_shift, begin_guard, end_guard
from counselroom.ui.crisis.cells import cell_word
from counselroom.ui.crisis.form import CrisisForm
from counselroom.ui.crisis.words import end_word, gap_text, span_text, watcher_word, when_text
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.room import Room
from counselroom.ui.typed_moments import moment_text
from counselroom.ui.widgets.list_table import ListTable

SHIFT = timedelta(hours=6)
"""How long a shift is when nothing else is said."""
_TAKER = (GuardEnd.PARENT_TOOK_OVER, GuardEnd.HOSPITAL)


class GuardDialog(CrisisForm):
    """Opened for {event}: begins a guard when none runs, else shows its periods and ends it."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(
            room, arguments, pgettext("crisis", "Guard around the clock"), pgettext("crisis", "Begin"), parent
        )
        self._hint = self.note("", "hint")
        self.line("place", pgettext("crisis", "Where"))
        self.line("starts", pgettext("crisis", "From"), moment_text(room.now(), room.now()))
        self.beside("place", "starts")
        self._names = self.line("names", pgettext("crisis", "First watchers"), hint=_("Names with a comma between."))
        self.choice("role", pgettext("crisis", "They are"), [(role.value, watcher_word(role)) for role in WatcherRole])
        self.line("until", pgettext("crisis", "Until"), moment_text(room.now() + SHIFT, room.now()))
        self.beside("role", "until")
        self._end = self.choice(
            "end", pgettext("crisis", "Why it ends"), [(reason.value, end_word(reason)) for reason in GuardEnd]
        )
        self.line("taker", pgettext("crisis", "Handed to"), needed=_("needed for parents and hospital"))
        self.beside("end", "taker")
        self.line("ended", pgettext("crisis", "Ended at"), moment_text(room.now(), room.now()))
        self.line("gap", pgettext("crisis", "Why nobody was there"), needed=_("the shifts have a gap"))
        self._table = ListTable(room.icons, pgettext("crisis", "Observation periods"))
        self._table.setModel(PlainModel((pgettext("crisis", "Period"), pgettext("crisis", "State")), self._table))
        self._table.setFixedHeight(190)
        self.column.addWidget(self._table)
        self._starts_first, self._ended_first = self.value("starts"), self.value("ended")
        self._ended_edit = self.fields["ended"].editor
        self._show_kind()
        self.read()

    def first(self) -> QWidget:
        """Return the names, or why it ends."""
        return self._end if self._running() is not None else self._names

    def fill(self, page: CrisisPage) -> None:
        """Show the form that fits, filled in."""
        running = self._running()
        self.offer("place", page.event.data.place or "")
        if running is None:
            self._hint.setText(
                _("At least {count} at a time; a student never alone on guard; a line every {span}.").format(
                    count=page.watchers, span=span_text(page.record_every)
                )
            )
            self.offer("names", page.my_name)
            self.offer("role", WatcherRole.COUNSELLOR.value)
        else:
            self._hint.setText(self._gap_words(running, page.event.now))
            model = self._table.model()
            assert isinstance(model, PlainModel)  # noqa: S101 - set above
            now = page.event.now
            model.show([
                (
                    str(number),
                    (
                        Cell(f"{when_text(cell.starts_at, now)}–{cell.ends_at.astimezone(now.tzinfo):%H:%M}"),
                        Cell(cell_word(cell.state)),
                    ),
                )
                for number, cell in enumerate(running.cells)
            ])  # fmt: skip
            self._table.setColumnWidth(0, 220)
        self._show_kind()
        if running is not None and not self._end.hasFocus():
            self._end.setFocus()

    def act(self) -> None:
        """Begin it with its first watchers, or end it."""
        running = self._running()
        if self.page is None:
            return
        if running is None:
            self._begin()
        else:
            self._finish_guard(running)

    def _begin(self) -> None:
        room, event_id = self.room, str(self.arguments.get("event") or "")
        starts = self._moment_or_now("starts", self._starts_first)
        until = self.moment("until")
        if starts is None or until is None:
            return
        place, role = self.value("place"), WatcherRole(self.value("role"))
        names = split_names(self.value("names"))
        if until - starts > LONGEST:
            self.fields["until"].set_error(_("No shift is longer than twelve hours."))
            return

        def work() -> Done[str]:
            done = begin_guard(room.actor, room.desk, event_id, place, starts if starts < room.now() else None)
            for name in names:
                add_shift(room.actor, room.desk, done.value, name, role, starts, until)
            return done

        self.change(work, _("The guard has begun."))

    def _finish_guard(self, running: GuardView) -> None:
        room = self.room
        ended = self._moment_or_now("ended", self._ended_first)
        if ended is None:
            return
        end, taker, gap = GuardEnd(self.value("end")), self.value("taker"), self.value("gap")
        if end in _TAKER and self.lacks("taker", _("Please say who took the student over.")):
            return
        untouched = self.value("ended") == self._ended_first
        self.change(
            lambda: end_guard(room.actor, room.desk, running.id, end, taker, gap, None if untouched else ended),
            _("The guard has ended."),
        )

    def _moment_or_now(self, key: str, first: str) -> datetime | None:
        now = self.room.now()
        found = self.moment(key)
        if found is None or self.value(key) != first:
            return found
        event = self.page.event if self.page else None
        return max(found, event.data.found_at) if event is not None else min(found, now)

    def _running(self) -> GuardView | None:
        guards = self.page.guards if self.page else ()
        return next((guard for guard in guards if guard.ended_at is None), None)

    def _gap_words(self, running: GuardView, now: datetime) -> str:
        found = gaps(running.starts_at, now, [one.shift for one in running.shifts])
        if not found:
            return _("Every minute of it is covered by a shift.")
        missing = gap_text(timedelta(minutes=gap_minutes(found)))
        return _("The shifts have a gap of {time}: it needs a reason.").format(time=missing)

    def _show_kind(self) -> None:
        running = self._running()
        for key in ("place", "starts", "names", "role", "until"):
            self.fields[key].setVisible(running is None)
        for key in ("end", "taker", "ended"):
            self.fields[key].setVisible(running is not None)
        has_gap = running is not None and self.page is not None and running.gap_minutes > 0
        self.fields["gap"].setVisible(has_gap)
        self._table.setVisible(running is not None)
        self.act_button.setText(pgettext("crisis", "Begin") if running is None else pgettext("crisis", "End the guard"))


def split_names(text: str) -> list[str]:
    """Return the names that were typed with commas between."""
    return [name.strip() for name in re.split(r"[，,、；;]", text) if name.strip()]
