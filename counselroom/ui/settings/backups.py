"""备份: when it is reminded of, how many are kept, the place that is offered."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.parameter_values import ParameterInForce
from counselroom.services.parameters import list_parameters, set_parameter
from counselroom.ui.room import Room
from counselroom.ui.settings.parameter_words import choice_word
from counselroom.ui.settings.section import Section, choose, combo, row_of
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.inset import inset
from counselroom.ui.widgets.label import ElidedLabel

_DAY = "backup_reminder_day"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
_KEPT = ("backup_keep_daily", "backup_keep_weekly", "backup_keep_monthly", "backup_keep_yearly")


class BackupsSection(Section):
    """Reminder, numbers, place."""

    kinds = ("parameter",)

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(room, pgettext("settings", "Backups"), parent)
        icons = room.icons
        label = pgettext("settings", "Remind of a backup every week on")
        self.day = combo(label, tuple((each, choice_word(each)) for each in _DAYS), 160)
        self.day.setMaximumWidth(200)
        remind = self.group(pgettext("settings", "Reminder"))
        remind.addWidget(Field(label, self.day, icons=icons))
        kept = self.group(pgettext("settings", "Kept on each stick"))
        row = QHBoxLayout()
        row.setSpacing(16)
        self.numbers: dict[str, QSpinBox] = {}
        words = (
            pgettext("settings", "Days"),
            pgettext("settings", "Weeks"),
            pgettext("settings", "Months"),
            pgettext("settings", "Years"),
        )
        for key, word in zip(_KEPT, words, strict=True):
            spin = QSpinBox()
            spin.setRange(1, 60)
            spin.setKeyboardTracking(False)
            spin.setMinimumWidth(96)
            inset(spin)
            self.numbers[key] = spin
            row.addWidget(Field(word, spin, icons=icons))
            spin.valueChanged.connect(partial(self._set, key))
        row.addStretch(1)
        kept.addLayout(row)
        place = self.group(pgettext("settings", "Place that is offered"))
        self.place = ElidedLabel("")
        self._choose = Button(_("Choose another folder"))
        self._none = Button(pgettext("settings", "Offer none"), "text")
        place.addWidget(self.place)
        place.addLayout(row_of(self._choose, self._none))
        self.day.currentIndexChanged.connect(lambda: self._set(_DAY, self.day.currentData()))
        self._choose.clicked.connect(self._choose_place)
        self._none.clicked.connect(lambda: self._keep_place(""))
        self._show_place()
        self._set_enabled(loaded=False)

    def first(self) -> QWidget:
        """Return the day."""
        return self.day

    def load(self) -> None:
        """Ask for the school's values."""
        room = self.room
        self.ask("backups", lambda: list_parameters(room.actor, room.desk), self._show)

    def refuse(self, error: BaseException) -> None:
        """Say why, and show what holds."""
        super().refuse(error)
        self.load()

    def _show(self, found: tuple[ParameterInForce, ...]) -> None:
        values = {each.definition.key: each for each in found}
        self._set_enabled(loaded=True)
        choose(self.day, values[_DAY].value)
        for key, spin in self.numbers.items():
            blocked = spin.blockSignals(True)
            spin.setRange(int(values[key].definition.smallest or 0), int(values[key].definition.largest or 99))
            spin.setValue(int(values[key].value))
            spin.blockSignals(blocked)

    def _set_enabled(self, *, loaded: bool) -> None:
        """Nothing is offered for changing before it is known."""
        for widget in (self.day, *self.numbers.values()):
            widget.setEnabled(loaded)

    def _set(self, key: str, value: int | str) -> None:
        room = self.room
        self.change(lambda: set_parameter(room.actor, room.desk, key, value))

    def _choose_place(self) -> None:
        folder = self.room.files.folder(self, _("Folder for the backup"))
        if folder is not None:
            self._keep_place(str(folder))

    def _keep_place(self, place: str) -> None:
        self.remember(replace(self.room.settings.current, backup_place=place), lambda _settings: self._show_place())

    def _show_place(self) -> None:
        place = self.room.settings.current.backup_place
        self.place.setText(place or _("Only the sticks that are plugged in."))
        self._none.setEnabled(bool(place))
