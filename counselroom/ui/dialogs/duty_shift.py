"""值班: puts somebody on duty, or changes or removes a shift."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.care_words import DutyChannel
from counselroom.services.booking_choices import booking_choices
from counselroom.services.changes import Done
from counselroom.services.duty import ShiftData, ShiftView, list_shifts, remove_shift, set_shift
from counselroom.services.schedule import Named
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.room import Room
from counselroom.ui.schedule.words import duty_word, parsed_day, parsed_time, weekday_word
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field


@dataclass(frozen=True)
class _Loaded:
    counsellors: tuple[Named, ...]
    shift: ShiftView | None


class DutyShiftDialog(EntryDialog):
    """What it is opened for: shift and day of one to change; or day, from and to of a new one."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        self._shift_id = str(arguments.get("shift") or "")
        title = pgettext("dialog", "Change a shift") if self._shift_id else pgettext("dialog", "Put on duty")
        super().__init__(room, arguments, title, parent)
        self._shift: ShiftView | None = None
        self._is_busy = False
        today = room.now().date()
        self._day = QLineEdit(str(arguments.get("day") or today.isoformat()))
        self._from = QLineEdit(str(arguments.get("from") or "08:00"))
        self._to = QLineEdit(str(arguments.get("to") or "12:00"))
        self._who, self._substitute, self._channel = QComboBox(), QComboBox(), QComboBox()
        for channel in DutyChannel:
            self._channel.addItem(duty_word(channel), channel.value)
        self._remark = QLineEdit()
        self._fields: dict[str, Field] = {}
        self._lay_out()
        if self._shift_id:
            remove = self.add_button(Button(pgettext("duty", "Remove"), "danger"))
            remove.clicked.connect(self._remove)
        cancel = self.add_button(Button(pgettext("appointment", "Close")))
        cancel.clicked.connect(self.reject)
        words = pgettext("duty", "Change") if self._shift_id else pgettext("duty", "Put on duty")
        self.save_button = self.add_button(Button(words, "primary", key="Ctrl Enter"))
        self.save_button.clicked.connect(self.save)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.save)
        day = parsed_day(self._day.text(), today) or today

        def load() -> _Loaded:
            shifts = list_shifts(room.actor, room.desk, day, day) if self._shift_id else ()
            shift = next((each for each in shifts if each.id == self._shift_id), None)
            return _Loaded(booking_choices(room.actor, room.desk).counsellors, shift)

        room.tasks.query(self, load, self._fill, on_failed=self.refuse)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for name, words, editor, row, column, span in (
            ("day", pgettext("duty", "Day"), self._day, 0, 0, 2),
            ("from", pgettext("duty", "From"), self._from, 0, 2, 2),
            ("to", pgettext("duty", "To"), self._to, 0, 4, 2),
            ("who", pgettext("duty", "Who"), self._who, 1, 0, 3),
            ("substitute", pgettext("duty", "Substitute"), self._substitute, 1, 3, 3),
            ("channel", pgettext("duty", "For"), self._channel, 2, 0, 3),
            ("remark", pgettext("duty", "Remark"), self._remark, 2, 3, 3),
        ):
            field = Field(words, editor, icons=self.icons)
            self._fields[name] = field
            grid.addWidget(field, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
        for column in range(6):
            grid.setColumnStretch(column, 1)
        self.content.addLayout(grid)
        self.setMinimumWidth(520)
        for line in (self._day, self._from, self._to, self._remark):
            line.textEdited.connect(lambda _text: self.touched.emit())
            line.returnPressed.connect(self.save)
        for box in (self._who, self._substitute, self._channel):
            box.activated.connect(lambda _index: self.touched.emit())

    def first(self) -> QWidget:
        """Return the choice of the person."""
        return self._who

    def state(self) -> dict[str, Any]:
        """Return all that was typed and chosen."""
        return {
            "day": self._day.text(),
            "from": self._from.text(),
            "to": self._to.text(),
            "remark": self._remark.text(),
            "who": self._who.currentData(),
            "substitute": self._substitute.currentData(),
            "channel": self._channel.currentData(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take all that was typed and chosen before."""
        for name, line in (("day", self._day), ("from", self._from), ("to", self._to), ("remark", self._remark)):
            line.setText(str(state.get(name) or ""))
        for name, box in (("who", self._who), ("substitute", self._substitute), ("channel", self._channel)):
            row = box.findData(state.get(name))
            if row < 0 and state.get(name):
                box.addItem("", state[name])  # until the names have come
                row = box.count() - 1
            box.setCurrentIndex(max(0, row))

    def save(self) -> None:
        """Put on duty."""
        room, shift = self.room, self._shift
        zone = room.now().tzinfo
        day = parsed_day(self._day.text(), room.now().date())
        begin, end = parsed_time(self._from.text()), parsed_time(self._to.text())
        self._fields["day"].set_error("" if day else _("Please write the day like 2026-10-12 or 10-12."))
        self._fields["from"].set_error("" if begin else _("Please write the time like 14:30."))
        self._fields["to"].set_error("" if end else _("Please write the time like 14:30."))
        who = str(self._who.currentData() or "")
        if day is None or begin is None or end is None or not who or self._is_busy:
            return
        data = ShiftData(
            datetime.combine(day, begin, zone),
            datetime.combine(day, end, zone),
            who,
            DutyChannel(self._channel.currentData()),
            str(self._substitute.currentData() or "") or None,
            self._remark.text(),
        )
        self._is_busy = True
        shift_id, seen = (shift.id, shift.seen) if shift else (None, None)
        room.tasks.change(
            lambda: set_shift(room.actor, room.desk, data, shift_id, seen), self._saved, on_failed=self._not_saved
        )

    def _remove(self) -> None:
        shift, room = self._shift, self.room
        if shift is not None and not self._is_busy:
            self._is_busy = True
            room.tasks.change(
                lambda: remove_shift(room.actor, room.desk, shift.id, shift.seen),
                self._saved,
                on_failed=self._not_saved,
            )

    def _saved(self, done: Done[Any]) -> None:
        self.finish()
        undo = done.changes.undo
        self.room.messages.say(undo.sentence if undo else "", undo)

    def _not_saved(self, error: BaseException) -> None:
        self._is_busy = False
        self.refuse(error)

    def _fill(self, loaded: _Loaded) -> None:
        untouched, kept = not self.has_text(), self.state()
        self._shift = loaded.shift
        for box in (self._who, self._substitute):
            box.clear()
        self._substitute.addItem(pgettext("duty", "nobody"), "")
        for each in loaded.counsellors:
            self._who.addItem(each.name, each.id)
            self._substitute.addItem(each.name, each.id)
        shift = loaded.shift
        if shift is not None:
            zone, data = self.room.now().tzinfo, shift.data
            begin, end = data.starts_at.astimezone(zone), data.ends_at.astimezone(zone)
            stored = {
                "day": begin.date().isoformat(), "from": f"{begin:%H:%M}", "to": f"{end:%H:%M}",
                "remark": data.remark, "who": data.counsellor_id, "substitute": data.substitute_id,
                "channel": data.channel.value,
            }  # fmt: skip
            self.restore(stored)
        if untouched:
            self.settle()
        else:
            self.restore(kept)
        day = parsed_day(self._day.text(), self.room.now().date())
        self._fields["day"].set_hint("" if day is None else weekday_word(day))
