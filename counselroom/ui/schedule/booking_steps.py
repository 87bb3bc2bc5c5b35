"""What is done to an appointment, a waiting client or a shift from the calendar; everything can be undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.counselling import AppointmentState
from counselroom.services.appointments import (
    AppointmentView,
    Booking,
    book_appointment,
    move_appointment,
    set_appointment_state,
)
from counselroom.services.changes import Done
from counselroom.services.duty import ShiftView, remove_shift
from counselroom.services.duty_weeks import copy_last_week
from counselroom.services.schedule import Entry, Waiting
from counselroom.services.waiting import withdraw_waiting
from counselroom.ui.room import Room
from counselroom.ui.schedule.words import short_day, span_text, weekday_word

_OFTEN = 2
"""Absences in a row after which somebody should be asked how they are."""
Offer = tuple[str, str, Callable[[], object]]


class BookingSteps:
    """The steps, each one change with its undo."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def next_step(self, entry: Entry) -> None:
        """Do what follows: mark the arrival, open the note, or book again who did not come."""
        if entry.state in (AppointmentState.REQUESTED, AppointmentState.CONFIRMED):
            self.set_state(entry, AppointmentState.CHECKED_IN)
        elif entry.state in (AppointmentState.CHECKED_IN, AppointmentState.COMPLETED):
            self._room.ways.open_page("note", appointment=entry.id)
        elif entry.state is AppointmentState.NO_SHOW:
            self._room.ways.open_dialog("appointment", student=entry.client_id)

    def set_state(self, entry: Entry, state: AppointmentState) -> None:
        """Mark as arrived or absent, or take such a mark back."""
        room = self._room
        room.tasks.change(
            lambda: set_appointment_state(room.actor, room.desk, entry.id, state, entry.seen), self._say_state
        )

    def move(self, entry: Entry, starts_at: datetime, ends_at: datetime, counsellor_id: str) -> None:
        """Put an appointment elsewhere."""
        room = self._room

        def say(done: Done[AppointmentView]) -> None:
            zone = room.now().tzinfo
            begin, end = done.value.starts_at.astimezone(zone), done.value.ends_at.astimezone(zone)
            when = f"{short_day(begin.date())} {weekday_word(begin.date())} {span_text(begin, end)}"
            room.messages.say(_("Moved to {when}.").format(when=when), done.changes.undo)

        room.tasks.change(
            lambda: move_appointment(
                room.actor, room.desk, entry.id, starts_at, ends_at, entry.room_id, entry.seen, counsellor_id
            ),
            say,
        )

    def cancel(self, entry: Entry) -> None:
        """Ask who cancels an appointment that is still to come."""
        if entry.state in (AppointmentState.REQUESTED, AppointmentState.CONFIRMED):
            self._room.ways.open_dialog("cancel_appointment", appointment=entry.id)
        else:
            self._room.messages.say(_("Only an appointment still to come can be cancelled."))

    def book_waiting(self, row: Waiting, starts_at: datetime | None = None, counsellor_id: str = "") -> None:
        """Open the booking of somebody who waits, at a time that was chosen; who is wished for comes first."""
        arguments: dict[str, Any] = {"student": row.client_id, "waiting": row.id, "minutes": row.minutes}
        if starts_at is not None:
            arguments |= {"starts_at": starts_at.isoformat(), "counsellor": counsellor_id}
        if row.counsellor_id:
            arguments["counsellor"] = row.counsellor_id
        self._room.ways.open_dialog("appointment", **arguments)

    def print_list(self, first: date, last: date, *, with_names: bool) -> None:
        """Show the register of appointments of these days before it is printed."""
        names = "_names" if with_names else ""
        key = f"{first.isoformat()}_{last.isoformat()}{names}"
        self._room.ways.open_page("print_preview", form="F-05", entity="appointment_list", entity_id=key)

    def open_menu(self, entry: Entry, owner: QWidget, place: QPoint) -> None:
        """Show what can be done with an appointment, at a place of the screen."""
        menu = QMenu(owner)
        for words, icon, do in self.offered(entry):
            menu.addAction(self._room.icons.icon(icon), words).triggered.connect(do)
        menu.popup(place)

    def place(self, row: Waiting, starts_at: datetime, counsellor_id: str) -> None:
        """Book somebody who waits."""
        room = self._room
        booking = Booking(
            row.client_id,
            counsellor_id,
            starts_at,
            starts_at + timedelta(minutes=row.minutes),
            channel=row.channel,
            mode=row.mode,
            urgency=row.urgency,
            waiting_id=row.id,
        )
        room.tasks.change(lambda: book_appointment(room.actor, room.desk, booking), self._say)

    def withdraw(self, row: Waiting) -> None:
        """Take somebody off the waiting list."""
        room = self._room
        reason = pgettext("waiting", "Not wanted any more")
        room.tasks.change(lambda: withdraw_waiting(room.actor, room.desk, row.id, reason, row.seen), self._say)

    def copy_duty(self, monday: date) -> None:
        """Copy the duty of the week before."""
        room = self._room
        room.tasks.change(lambda: copy_last_week(room.actor, room.desk, monday), self._say)

    def remove_shift(self, shift: ShiftView) -> None:
        """Take a shift out of the plan."""
        room = self._room
        room.tasks.change(lambda: remove_shift(room.actor, room.desk, shift.id, shift.seen), self._say)

    def offered(self, entry: Entry) -> tuple[Offer, ...]:
        """Return what can be done with an appointment now, for its menu: words, icon, deed."""
        ways, state = self._room.ways, entry.state
        found: list[Offer] = [
            (
                pgettext("appointment", "Open"),
                "mdi6.calendar-edit",
                lambda: ways.open_dialog("appointment", appointment=entry.id),
            )
        ]
        if state in (AppointmentState.REQUESTED, AppointmentState.CONFIRMED):
            found += [
                (pgettext("appointment", "Arrived"), "mdi6.account-check-outline", lambda: self.next_step(entry)),
                (
                    pgettext("appointment", "Did not come"),
                    "mdi6.account-off-outline",
                    lambda: self.set_state(entry, AppointmentState.NO_SHOW),
                ),
                (
                    pgettext("appointment", "Cancel …"),
                    "mdi6.close",
                    lambda: ways.open_dialog("cancel_appointment", appointment=entry.id),
                ),
            ]
        if state in (AppointmentState.CHECKED_IN, AppointmentState.COMPLETED):
            found.append((pgettext("appointment", "Note"), "mdi6.pencil-outline", lambda: self.next_step(entry)))
        if state in (AppointmentState.CHECKED_IN, AppointmentState.NO_SHOW, AppointmentState.CANCELLED):
            found.append(
                (
                    pgettext("appointment", "Expected again"),
                    "mdi6.undo",
                    lambda: self.set_state(entry, AppointmentState.CONFIRMED),
                )
            )
        if state is AppointmentState.NO_SHOW:
            found.append((pgettext("appointment", "Book again"), "mdi6.calendar-plus", lambda: self.next_step(entry)))
        found += [
            (
                pgettext("appointment", "Print the slip"),
                "mdi6.printer-outline",
                lambda: ways.open_page("print_preview", form="F-06", entity="appointment", entity_id=entry.id),
            ),
            (
                pgettext("appointment", "Student's record"),
                "mdi6.account-outline",
                lambda: ways.open_page("student_record", student=entry.client_id),
            ),
        ]
        return tuple(found)

    def _say_state(self, done: Done[AppointmentView]) -> None:
        sentence = {
            AppointmentState.CHECKED_IN: _("Marked as arrived."),
            AppointmentState.NO_SHOW: _("Marked as absent."),
        }.get(done.value.state, _("The appointment is expected again."))
        if done.value.absences >= _OFTEN:
            sentence = _("Absent {count} times in a row: please get in touch.").format(count=done.value.absences)
        self._room.messages.say(sentence, done.changes.undo)

    def _say(self, done: Done[Any]) -> None:
        undo = done.changes.undo
        if undo is not None:
            self._room.messages.say(undo.sentence, undo)
