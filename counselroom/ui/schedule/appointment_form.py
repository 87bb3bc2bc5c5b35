"""The fields of an appointment: whom, when, with whom, where, how, and whether it repeats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.counselling import Channel, Mode, Urgency
from counselroom.rules.series import Every
from counselroom.services.appointment_series import Repeats
from counselroom.services.appointments import Booking
from counselroom.services.booking_choices import Choices, Client
from counselroom.ui.room import Room
from counselroom.ui.schedule.client_field import ClientField
from counselroom.ui.schedule.words import (
    channel_word,
    mode_word,
    parsed_day,
    parsed_time,
    urgency_word,
    weekday_word,
)
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label

_LONGEST = 720


class AppointmentForm(QWidget):
    """All fields; says what was booked when they are right.

    Attributes:
        touched: something was typed or chosen.
        client: the field of the client.
        day: the line of the day.
        fields: the fields by name.
    """

    touched = Signal()

    def __init__(self, room: Room, *, is_new: bool) -> None:
        super().__init__()
        self._room = room
        self._is_new = is_new
        self.client = ClientField(room, pgettext("appointment", "Client"))
        self.day, self._time, self._minutes = QLineEdit(), QLineEdit(), QLineEdit()
        self._counsellor, self._place = QComboBox(), QComboBox()
        self._channel = _box((each.value, channel_word(each)) for each in Channel if each is not Channel.WALK_IN)
        self._mode = _box((each.value, mode_word(each)) for each in Mode)
        self._urgency = _box((each.value, urgency_word(each)) for each in Urgency)
        self._repeats = _box(
            (
                ("", pgettext("repeats", "does not repeat")),
                (Every.WEEK.value, pgettext("repeats", "every week")),
                (Every.TWO_WEEKS.value, pgettext("repeats", "every two weeks")),
            )
        )
        self._end = QLineEdit()
        self._scope = _box(
            (
                ("one", pgettext("series", "This one only")),
                ("following", pgettext("series", "This one and all that follow")),
            )
        )
        self._issue = QLineEdit()
        self._plan = Label("", "hint", wrap=True)
        self.fields: dict[str, Field] = {}
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        grid.addWidget(self.client, 0, 0, 1, 6)
        end_hint = _("A day like 12-25 or a number of times like 8; empty: until appointments stop.")
        rows: tuple[tuple[str, str, QWidget, str, int, int, int], ...] = (
            ("day", pgettext("appointment", "Day"), self.day, "", 1, 0, 2),
            ("time", pgettext("appointment", "Time"), self._time, "", 1, 2, 2),
            ("minutes", pgettext("appointment", "Minutes"), self._minutes, "", 1, 4, 2),
            ("counsellor", pgettext("appointment", "Counsellor"), self._counsellor, "", 2, 0, 3),
            ("room", pgettext("appointment", "Room"), self._place, "", 2, 3, 3),
            ("channel", pgettext("appointment", "Asked for"), self._channel, "", 3, 0, 2),
            ("mode", pgettext("appointment", "Form"), self._mode, "", 3, 2, 2),
            ("urgency", pgettext("appointment", "Urgency"), self._urgency, "", 3, 4, 2),
            ("repeats", pgettext("appointment", "Repeats"), self._repeats, "", 4, 0, 2),
            ("end", pgettext("appointment", "Until, or how often"), self._end, end_hint, 4, 2, 4),
            ("scope", pgettext("appointment", "Which"), self._scope, "", 4, 0, 6),
            ("issue", pgettext("appointment", "Why"), self._issue, _("Not on the slip and in no list."), 6, 0, 6),
        )
        for name, words, editor, hint, row, column, span in rows:
            field = Field(words, editor, hint, icons=self._room.icons)
            self.fields[name] = field
            grid.addWidget(field, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._plan, 5, 0, 1, 6)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        self.fields["repeats"].setVisible(self._is_new)
        self.fields["end"].setVisible(False)
        self.fields["scope"].setVisible(False)
        self._plan.hide()

    def _connect(self) -> None:
        self.client.touched.connect(self.touched)
        for line in (self.day, self._time, self._minutes, self._end, self._issue):
            line.textEdited.connect(lambda _text: self.touched.emit())
        for box in (
            self._counsellor, self._place, self._channel, self._mode, self._urgency, self._repeats, self._scope,
        ):  # fmt: skip
            box.activated.connect(lambda _index: self.touched.emit())
        self._repeats.currentIndexChanged.connect(lambda _index: self._show_end())
        self.fields["day"].left.connect(self._say_weekday)
        self._scope.currentIndexChanged.connect(lambda _index: self._say_scope())

    def offer(self, choices: Choices) -> None:
        """Fill the boxes of counsellors and rooms."""
        self._counsellor.clear()
        for each in choices.counsellors:
            self._counsellor.addItem(each.name, each.id)
        self._place.clear()
        self._place.addItem(pgettext("appointment", "no room"), "")
        for each in choices.rooms:
            self._place.addItem(each.name, each.id)

    def show_booking(self, booking: Booking, client: Client | None, *, in_series: bool) -> None:
        """Show what is booked, or proposed."""
        local = booking.starts_at.astimezone(self._room.now().tzinfo)
        if client is not None:
            self.client.set_client(client)
        self.client.line.setReadOnly(not self._is_new)
        self.day.setText(local.date().isoformat())
        self._time.setText(f"{local:%H:%M}")
        self._minutes.setText(str(int((booking.ends_at - booking.starts_at).total_seconds() // 60)))
        for box, value in (
            (self._counsellor, booking.counsellor_id),
            (self._place, booking.room_id or ""),
            (self._channel, booking.channel.value),
            (self._mode, booking.mode.value),
            (self._urgency, booking.urgency.value),
        ):
            if box.findData(value) < 0 and box is self._channel:
                box.addItem(channel_word(booking.channel), value)
            box.setCurrentIndex(max(0, box.findData(value)))
        self._issue.setText(booking.issue_brief or "")
        self.fields["scope"].setVisible(in_series)
        self._say_weekday()

    def show_issue(self, *, is_own: bool) -> None:
        """Leave the reason for coming away where it is another counsellor's to know."""
        self.fields["issue"].setVisible(is_own)

    def show_plan(self, sentence: str) -> None:
        """Say what a series will be, with what is left out."""
        self._plan.setText(sentence)
        self._plan.setVisible(bool(sentence))

    def clear_errors(self) -> None:
        """Take all errors away before another try."""
        for field in (self.client.field, *self.fields.values()):
            field.set_error("")

    def booking(self, waiting_id: str | None, *, quietly: bool = False) -> Booking | None:
        """Return what is to be booked; None with the first wrong field named when something is missing."""
        client = self.client.client()
        day, at, minutes = self._day(), parsed_time(self._time.text()), _number(self._minutes.text())
        wrong = (
            (client is None, self.client.field, _("Please choose who comes.")),
            (day is None, self.fields["day"], _("Please write the day like 2026-10-12 or 10-12.")),
            (at is None, self.fields["time"], _("Please write the time like 14:30.")),
            (not 0 < minutes <= _LONGEST, self.fields["minutes"], _("Please write the minutes, like 50.")),
            (self._end_is_wrong(), self.fields["end"], _("Please write a day like 12-25, or a number of times.")),
        )
        found = [(field, sentence) for is_wrong, field, sentence in wrong if is_wrong]
        if found and not quietly:
            for field, sentence in found:
                field.set_error(sentence)
            found[0][0].editor.setFocus()
        if found or client is None or day is None or at is None:
            return None
        starts_at = datetime.combine(day, at, self._room.now().tzinfo)
        return Booking(
            client.id,
            str(self._counsellor.currentData() or ""),
            starts_at,
            starts_at + timedelta(minutes=minutes),
            str(self._place.currentData() or "") or None,
            client.client_type,
            Channel(self._channel.currentData()),
            Mode(self._mode.currentData()),
            Urgency(self._urgency.currentData()),
            self._issue.text().strip() if not self.fields["issue"].isHidden() else None,
            waiting_id,
            client_name="" if client.id else client.name,
        )

    def repeats(self) -> Repeats | None:
        """Return how it repeats, or None."""
        every = str(self._repeats.currentData() or "")
        if not every or self._end_is_wrong():
            return None
        return Repeats(Every(every), *self._end_of())

    def follows(self) -> bool:
        """Return whether a change is for all that follow too."""
        return not self.fields["scope"].isHidden() and self._scope.currentData() == "following"

    def state(self) -> dict[str, Any]:
        """Return all that was typed and chosen."""
        boxes = self._boxes()
        return {
            "client": self.client.state(),
            **{name: line.text() for name, line in self._lines().items()},
            **{name: box.currentData() for name, box in boxes.items()},
        }

    def restore_given(self, state: Mapping[str, Any]) -> None:
        """Take what was typed before the proposals came; what was left empty stays as it is proposed."""
        client = dict(state.get("client") or {})
        if client.get("text"):
            self.client.restore(client)
        given = {name: state.get(name) for name in ("counsellor", "room", *self._lines()) if state.get(name)}
        self.restore({**self.state(), **given, "client": self.client.state()})

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take all that was typed and chosen before."""
        self.client.restore(dict(state.get("client") or {}))
        for name, line in self._lines().items():
            line.setText(str(state.get(name) or ""))
        for name, box in self._boxes().items():
            row = box.findData(state.get(name))
            if row < 0 and state.get(name):
                box.addItem("", state[name])  # until the choices have come
                row = box.count() - 1
            box.setCurrentIndex(max(0, row))

    def _lines(self) -> dict[str, QLineEdit]:
        return {
            "day": self.day, "time": self._time, "minutes": self._minutes, "end": self._end, "issue": self._issue,
        }  # fmt: skip

    def _boxes(self) -> dict[str, QComboBox]:
        return {
            "counsellor": self._counsellor, "room": self._place, "channel": self._channel, "mode": self._mode,
            "urgency": self._urgency, "repeats": self._repeats, "scope": self._scope,
        }  # fmt: skip

    def _day(self) -> date | None:
        return parsed_day(self.day.text(), self._room.now().date())

    def _end_of(self) -> tuple[date | None, int | None]:
        text = self._end.text().strip()
        if not text:
            return None, None
        if text.isdigit() and len(text) <= 2:
            return None, int(text)
        return parsed_day(text, self._room.now().date()), None

    def _end_is_wrong(self) -> bool:
        return bool(self._repeats.currentData()) and bool(self._end.text().strip()) and not any(self._end_of())

    def _show_end(self) -> None:
        self.fields["end"].setVisible(self._is_new and bool(self._repeats.currentData()))

    def _say_weekday(self) -> None:
        day = self._day()
        self.fields["day"].set_hint("" if day is None else weekday_word(day))

    def _say_scope(self) -> None:
        follows = self._scope.currentData() == "following"
        self.fields["scope"].set_hint(
            _("Time, length and room are changed for all of them, the rest stays.") if follows else ""
        )


def _box(items: Any) -> QComboBox:
    box = QComboBox()
    for value, words in items:
        box.addItem(words, value)
    return box


def _number(text: str) -> int:
    return int(text) if text.strip().isdigit() else 0
