"""隐私: when the room locks itself, what a masked list shows, and whether the screen may be recorded."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from counselroom.desktop.machine_settings import MachineSettings
from counselroom.i18n import _, pgettext
from counselroom.ui.masking import CODE, COVERED, SHOWN, SURNAME
from counselroom.ui.room import Room
from counselroom.ui.settings.section import Section, choose, combo
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.segmented import Segmented

BLOCKED, ALLOWED = "blocked", "allowed"
_MINUTES = (1, 2, 3, 5, 10, 15, 20, 30)


class PrivacySection(Section):
    """Idle time, masking, recordings of the screen."""

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(room, pgettext("settings", "Privacy"), parent)
        current = room.settings.current
        label = _("Lock after so many minutes without a key or the mouse")
        minutes = sorted({*_MINUTES, current.idle_minutes})
        self.idle = combo(
            label, tuple((each, pgettext("settings", "{minutes} min").format(minutes=each)) for each in minutes), 160
        )
        self.idle.setMaximumWidth(200)
        self.style_box = Segmented(
            (
                (SURNAME, pgettext("settings", "Surname and student")),
                (CODE, pgettext("settings", "End of the number")),
            )
        )
        self.class_box = Segmented(((SHOWN, pgettext("settings", "shown")), (COVERED, pgettext("settings", "covered"))))
        lock = self.group(pgettext("settings", "Lock"))
        lock.addWidget(
            Field(
                label,
                self.idle,
                _("F12 locks at once. The room is also locked when the computer wakes up."),
                icons=room.icons,
            )
        )
        masks = self.group(pgettext("settings", "Masked names"))
        masks.addWidget(
            Field(
                pgettext("settings", "A masked student is shown as"),
                self.style_box,
                _("Lists start masked; F8 shows and masks them. After a lock everything is masked again."),
                icons=room.icons,
            )
        )
        masks.addWidget(Field(pgettext("settings", "The class beside a masked name"), self.class_box, icons=room.icons))
        self.capture_box = Segmented(
            ((BLOCKED, pgettext("settings", "kept out")), (ALLOWED, pgettext("settings", "recorded")))
        )
        self._capture_field = Field(
            pgettext("settings", "This window in recordings of the screen"), self.capture_box, icons=room.icons
        )
        self.group(pgettext("settings", "Recordings of the screen")).addWidget(self._capture_field)
        self._show(current)
        self._apply_capture(current)
        self.idle.currentIndexChanged.connect(
            lambda: self._keep(replace(room.settings.current, idle_minutes=self.idle.currentData()))
        )
        self.style_box.changed.connect(lambda word: self._keep(replace(room.settings.current, mask_style=word)))
        self.class_box.changed.connect(lambda word: self._keep(replace(room.settings.current, mask_class=word)))
        self.capture_box.changed.connect(lambda word: self._keep(replace(room.settings.current, capture=word)))

    def first(self) -> QWidget:
        """Return the idle time."""
        return self.idle

    def _keep(self, settings: MachineSettings) -> None:
        self.remember(settings, self._apply)

    def _apply(self, settings: MachineSettings) -> None:
        self.room.set_idle_minutes(settings.idle_minutes)
        self.room.masking.set_style(settings.mask_style, settings.mask_class)
        self._apply_capture(settings)
        self._show(settings)

    def _apply_capture(self, settings: MachineSettings) -> None:
        """Say what it comes to here: not every system can leave a window out."""
        can = self.room.block_capture(blocked=settings.capture == BLOCKED)
        if settings.capture == ALLOWED:
            words = _("Screen sharing and screenshots show this window as any other.")
        elif can:
            words = _("Screen sharing and screenshots leave this window out.")
        else:
            words = _(
                "This system cannot leave a window out, so please do not share the screen while the room is open."
            )
        self._capture_field.set_hint(words)

    def _show(self, settings: MachineSettings) -> None:
        choose(self.idle, settings.idle_minutes)
        self.style_box.set_current(settings.mask_style)
        self.class_box.set_current(settings.mask_class)
        self.capture_box.set_current(settings.capture)
