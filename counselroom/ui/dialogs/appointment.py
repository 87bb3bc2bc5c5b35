"""预约: one appointment, new or changed, once or repeated; a clash is refused beside the field it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.appointment import Clash
from counselroom.services.appointment_edits import AppointmentDetails, appointment_details, edit_appointment
from counselroom.services.appointment_series import SeriesView, book_series, move_following, plan_series
from counselroom.services.appointments import AppointmentClash, AppointmentView, Booking, book_appointment
from counselroom.services.booking_choices import Choices, booking_choices
from counselroom.services.changes import Done
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.dialogs.form_scroll import FormScroll
from counselroom.ui.room import Room
from counselroom.ui.schedule.appointment_form import AppointmentForm
from counselroom.ui.schedule.words import series_sentence, short_day, span_text, weekday_word
from counselroom.ui.widgets.button import Button


@dataclass(frozen=True)
class _Loaded:
    choices: Choices
    told: AppointmentDetails | None


class AppointmentDialog(EntryDialog):
    """It is opened for an appointment, or for any of: student, starts_at, minutes, counsellor, room, waiting."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        self._appointment = str(arguments.get("appointment") or "")
        title = pgettext("dialog", "Change an appointment") if self._appointment else pgettext("dialog", "Book")
        super().__init__(room, arguments, title, parent)
        self._told: AppointmentDetails | None = None
        self._is_busy = False
        self.form = AppointmentForm(room, is_new=not self._appointment)
        self.form.touched.connect(self._changed)
        self.form.client.entered.connect(self._client_entered)
        self.content.addWidget(FormScroll(self.form, parent))
        cancel = self.add_button(Button(pgettext("appointment", "Close")))
        cancel.clicked.connect(self.reject)
        words = pgettext("appointment", "Change") if self._appointment else pgettext("appointment", "Book")
        self.save_button = self.add_button(Button(words, "primary", key="Ctrl Enter"))
        self.save_button.clicked.connect(self.save)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.save)
        student = str(self.arguments.get("student") or "")

        def load() -> _Loaded:
            told = appointment_details(room.actor, room.desk, self._appointment) if self._appointment else None
            client_id = told.view.client_id if told else student
            return _Loaded(booking_choices(room.actor, room.desk, client_id), told)

        room.tasks.query(self, load, self._fill, on_failed=self.refuse)

    def first(self) -> QWidget:
        """Return the field of the client, or of the day where the client is known."""
        return self.form.day if self._appointment or self.arguments.get("student") else self.form.client.line

    def state(self) -> dict[str, Any]:
        """Return all that was typed and chosen."""
        return self.form.state()

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take all that was typed and chosen before."""
        self.form.restore(state)

    def save(self) -> None:
        """Book it, or change it."""
        if self._is_busy:
            return
        self.form.clear_errors()
        booking = self.form.booking(str(self.arguments.get("waiting") or "") or None)
        if booking is None:
            return
        room, told, repeats = self.room, self._told, self.form.repeats()
        follows = self.form.follows()

        def work() -> Done[Any]:
            if told is not None and follows:
                return move_following(
                    room.actor, room.desk, told.view.id, booking.starts_at, booking.ends_at, booking.room_id,
                    told.view.seen,
                )  # fmt: skip
            if told is not None:
                return edit_appointment(room.actor, room.desk, told.view.id, booking, told.view.seen)
            if repeats is not None:
                return book_series(room.actor, room.desk, booking, repeats)
            return book_appointment(room.actor, room.desk, booking)

        self._is_busy = True
        room.tasks.change(work, self._saved, on_failed=self._not_saved)

    def _saved(self, done: Done[Any]) -> None:
        self.finish()
        undo = done.changes.undo
        value = done.value
        said = undo.sentence if undo else _("The appointment was booked.")
        if isinstance(value, AppointmentView) and not self._appointment:
            local = value.starts_at.astimezone(self.room.now().tzinfo)
            said = _("Booked: {day} {span}.").format(
                day=f"{short_day(local.date())} {weekday_word(local.date())}",
                span=span_text(local, value.ends_at.astimezone(local.tzinfo)),
            )
        elif isinstance(value, SeriesView):
            said = _("{count} appointments were booked.").format(count=len(value.appointments))
        self.room.messages.say(said, undo)

    def _not_saved(self, error: BaseException) -> None:
        self._is_busy = False
        if isinstance(error, AppointmentClash):
            sentences = {
                Clash.COUNSELLOR: (self.form.fields["counsellor"], _("The counsellor is taken at this time.")),
                Clash.ROOM: (self.form.fields["room"], _("The room is taken at this time.")),
                Clash.CLIENT: (self.form.client.field, _("The client has another appointment at this time.")),
            }
            for kind in error.kinds:
                field, sentence = sentences[kind]
                field.set_error(sentence)
        self.refuse(error)

    def _fill(self, loaded: _Loaded) -> None:
        choices, told = loaded.choices, loaded.told
        self._told = told
        untouched = not self.has_text()
        kept = self.state()
        self.form.offer(choices)
        if told is not None:
            self.form.show_booking(told.booking, choices.client, in_series=told.view.series_id is not None)
            self.form.show_issue(is_own=told.is_own)
        else:
            self._propose(choices)
        if not untouched and choices.client is None:
            self.form.client.restore({})
        self.settle()
        if not untouched:
            self.form.restore_given(kept)

    def _propose(self, choices: Choices) -> None:
        arguments, zone = self.arguments, self.room.now().tzinfo
        starts_at = choices.first_free
        if arguments.get("starts_at"):
            starts_at = datetime.fromisoformat(str(arguments["starts_at"])).astimezone(zone)
        minutes = int(arguments.get("minutes") or choices.minutes)
        counsellor = str(arguments.get("counsellor") or self.room.actor.person_id)
        booking = Booking(
            choices.client.id if choices.client else "",
            counsellor,
            starts_at,
            starts_at + timedelta(minutes=minutes),
            str(arguments.get("room") or "") or choices.room_id,
        )
        self.form.show_booking(booking, choices.client, in_series=False)

    def _client_entered(self) -> None:
        self.form.day.setFocus()
        self.form.day.selectAll()

    def _changed(self) -> None:
        self.touched.emit()
        self.tell("")
        repeats, room = self.form.repeats(), self.room
        booking = self.form.booking(None, quietly=True) if repeats is not None else None
        if repeats is None or booking is None or not booking.client_id:
            self.form.show_plan("")
            return
        room.tasks.query(
            self,
            lambda: plan_series(room.actor, room.desk, booking, repeats),
            lambda planned: self.form.show_plan(series_sentence(planned)),
            key=f"appointment.plan.{id(self)}",
            on_failed=lambda _error: self.form.show_plan(""),
        )
