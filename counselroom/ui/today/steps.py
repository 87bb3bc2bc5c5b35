"""What the buttons of 今日 do: the next step of a visit, a note, a matter, a follow-up, a quick note."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from counselroom.i18n import _, pgettext
from counselroom.rules.counselling import AppointmentState
from counselroom.services.appointments import AppointmentView, set_appointment_state
from counselroom.services.changes import Done
from counselroom.services.scratch_notes import drop_scratch, write_scratch
from counselroom.services.today import Today
from counselroom.services.today_matters import MatterKind
from counselroom.services.today_visits import Visit
from counselroom.ui.room import Room
from counselroom.ui.today import words
from counselroom.ui.today.visit_menu import Offer
from counselroom.ui.today.words import NextStep

_OFTEN = 2
"""Absences in a row after which somebody should get in touch."""
_TWICE = 0.6
"""Seconds in which a second press on the same row is the end of a double click, not the next step."""


class Steps:
    """Does the steps; each is told by the key of its row.

    Args:
        room: the tools.
        shown: returns what is shown now, or None before the first reading.
    """

    def __init__(self, room: Room, shown: Callable[[], Today | None]) -> None:
        self._room = room
        self._shown = shown
        self._pressed = ("", -_TWICE)

    def visit(self, visit_id: str) -> Visit | None:
        """Return a visit that is shown."""
        found = self._shown()
        return next((each for each in found.visits if each.id == visit_id), None) if found else None

    def open_visit(self, visit_id: str) -> None:
        """Open the student, or the appointment of somebody who is none."""
        visit = self.visit(visit_id)
        if visit is not None and visit.client.number is not None:
            self._room.ways.open_page("student_record", student=visit.client.id)
        elif visit is not None:
            self._room.ways.open_dialog("appointment", appointment=visit.id)

    def do_visit(self, visit_id: str) -> None:
        """Do the next step of a visit."""
        visit, at = self.visit(visit_id), self._room.seconds()
        if visit is None or (self._pressed[0] == visit_id and at - self._pressed[1] < _TWICE):
            return
        self._pressed = (visit_id, at)
        ways, step = self._room.ways, words.next_step(visit)
        if step is NextStep.ARRIVE:
            self._arrive(visit)
        elif step is NextStep.ASSESS:
            ways.open_page("assessment", student=visit.client.id, source_entity="appointment", source_id=visit.id)
        elif step in (NextStep.GO_ON, NextStep.READ):
            ways.open_page("note", session=visit.session_id)
        elif step is NextStep.WRITE:
            ways.open_page("note", appointment=visit.id)
        elif step is NextStep.REBOOK:
            ways.open_dialog("appointment", student=visit.client.id)
        elif step is NextStep.CONFIRM:
            ways.open_dialog("appointment", appointment=visit.id)

    def offered(self, visit_id: str) -> tuple[Offer, ...]:
        """Return what else can be done with a visit than its next step, for the menu of its row."""
        visit, ways, state = self.visit(visit_id), self._room.ways, AppointmentState
        if visit is None:
            return ()
        found: list[Offer] = []
        if visit.state is state.CONFIRMED:
            absent = pgettext("appointment", "Did not come")
            found.append((absent, "mdi6.account-off-outline", lambda: self._put(visit, state.NO_SHOW)))
        if visit.state in (state.CHECKED_IN, state.NO_SHOW):
            again = pgettext("appointment", "Expected again")
            found.append((again, "mdi6.undo", lambda: self._put(visit, state.CONFIRMED)))
        if visit.state in (state.REQUESTED, state.CONFIRMED):
            cancel = pgettext("appointment", "Cancel …")
            found.append((cancel, "mdi6.close", lambda: ways.open_dialog("cancel_appointment", appointment=visit.id)))
        opens = pgettext("appointment", "Open the appointment")
        found.append((opens, "mdi6.calendar-edit", lambda: ways.open_dialog("appointment", appointment=visit.id)))
        return tuple(found)

    def open_note(self, key: str) -> None:
        """Go on with a draft, or begin the note of a visit that has none."""
        found = self._shown()
        notes = found.unsigned if found else ()
        note = next((each for each in notes if key in (each.session_id, each.appointment_id)), None)
        if note is not None and note.session_id:
            self._room.ways.open_page("note", session=note.session_id)
        elif note is not None:
            self._room.ways.open_page("note", appointment=note.appointment_id)

    def open_matter(self, key: str) -> None:
        """Open the 专案, the referral, the student whose tier is to be reviewed, or the assessment of a report."""
        found = self._shown()
        matter = next((each for each in found.matters.first if each.id == key), None) if found else None
        if matter is None:
            return
        ways = self._room.ways
        if matter.kind is MatterKind.REFERRAL:
            ways.open_page("referral", referral=matter.id)
        elif matter.kind is MatterKind.TIER_REVIEW:
            ways.open_page("student_record", student=matter.student_id)
        elif matter.kind is MatterKind.REPORT:
            about = {"source_entity": "register_row", "source_id": matter.id}
            ways.open_page("assessment", student=matter.student_id, **about)
        else:
            ways.open_page("crisis", event=matter.event_id)

    def open_task(self, task_id: str) -> None:
        """Open the student of a follow-up."""
        found = self._shown()
        task = next((each for each in found.tasks if each.id == task_id), None) if found else None
        if task is not None:
            self._room.ways.open_page("student_record", student=task.client.id)

    def finish_task(self, task_id: str) -> None:
        """Write down that a follow-up was done."""
        if task_id:
            self._room.ways.open_dialog("task_done", task=task_id)

    def give_scratch(self, note_id: str) -> None:
        """Give a quick note to somebody."""
        if note_id:
            self._room.ways.open_dialog("give_scratch", note=note_id)

    def write_scratch(self, said: str, written: Callable[[], None]) -> None:
        """Keep a line; `written` is called when it is safe."""
        room = self._room

        def tell(done: Done[Any]) -> None:
            written()
            room.messages.say(_("The note was written down."), done.changes.undo)

        room.tasks.change(lambda: write_scratch(room.actor, room.desk, said), tell)

    def drop_scratch(self, note_id: str) -> None:
        """Take a quick note off the pile."""
        room = self._room
        room.tasks.change(
            lambda: drop_scratch(room.actor, room.desk, note_id),
            lambda done: room.messages.say(_("The note was removed."), done.changes.undo),
        )

    def _put(self, visit: Visit, state: AppointmentState) -> None:
        """Put a visit into a state; who stays away again and again is to be asked for."""
        room = self._room

        def tell(done: Done[AppointmentView]) -> None:
            absent, count = done.value.state is AppointmentState.NO_SHOW, done.value.absences
            sentence = _("Marked as absent.") if absent else _("The appointment is expected again.")
            if absent and count >= _OFTEN:
                sentence = _("Absent {count} times in a row: please get in touch.").format(count=count)
            room.messages.say(sentence, done.changes.undo)

        room.tasks.change(lambda: set_appointment_state(room.actor, room.desk, visit.id, state, visit.seen), tell)

    def _arrive(self, visit: Visit) -> None:
        room, came = self._room, AppointmentState.CHECKED_IN
        room.tasks.change(
            lambda: set_appointment_state(room.actor, room.desk, visit.id, came, visit.seen),
            lambda done: room.messages.say(_("The arrival was written down."), done.changes.undo),
        )
