"""A backup while it is written: the steps, how far the present one is, cancel, on to the background."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.ui.backup_run import BackupRun
from counselroom.ui.room import Room
from counselroom.ui.sizes import size_text
from counselroom.ui.theme.icons import icon_label
from counselroom.ui.widgets.banner import Banner
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.dialog import Dialog
from counselroom.ui.widgets.label import ElidedLabel, Label
from counselroom.ui.widgets.step_list import StepList
from counselroom.vault.progress import Step

_STEPS = {Step.CHECK: 0, Step.IMAGE: 1, Step.COPY: 1, Step.READ_BACK: 2, Step.VERIFY: 2}
_ENOUGH = 0.5
"""Seconds after which a speed is believed."""


class BackUpDialog(Dialog):
    """Looks at a `BackupRun`. Closing it lets the run go on; only the button stops it."""

    def __init__(self, room: Room, run: BackupRun, free: int | None, parent: QWidget | None = None) -> None:
        super().__init__(room.icons, pgettext("backup", "Backing up"), parent)
        self.setMinimumWidth(560)
        self._run = run
        self._now = room.seconds
        self._began = room.seconds()
        self._part: Step | None = None
        self._part_began = self._began
        self._size = Label("", "strong")
        self._free = Label("" if free is None else _("{size} free").format(size=size_text(free)), "meta")
        self._lines = StepList(
            room.icons,
            (
                pgettext("backup", "Check"),
                pgettext("backup", "Encrypt and write"),
                pgettext("backup", "Verify piece by piece"),
                pgettext("backup", "Enter into the log"),
            ),
            room.seconds,
        )
        self.content.addWidget(self._head(room, run))
        self.content.addWidget(self._lines)
        self.content.addWidget(
            Banner(
                room.icons,
                "mdi6.information-outline",
                _(
                    "Cancelling now only deletes this unfinished file on the stick. "
                    "The data on this computer and the earlier backups stay as they are."
                ),
                "accent",
            )
        )
        self.add_note(Label(_("Please leave the stick in until it is verified."), "meta", wrap=True))
        self.stop_button = self.add_button(Button(pgettext("backup", "Cancel the backup")))
        self.background_button = self.add_button(Button(pgettext("progress", "Continue in the background"), "primary"))
        self.stop_button.clicked.connect(self._stop)
        self.background_button.clicked.connect(self.reject)
        run.stepped.connect(self._show_step)
        run.ended.connect(self.accept)
        self._lines.run(0)
        self.background_button.setFocus()

    def _head(self, room: Room, run: BackupRun) -> QFrame:
        frame = QFrame()
        frame.setProperty("kind", "banner")
        frame.setProperty("tone", "plain")
        words, right = QVBoxLayout(), QVBoxLayout()
        for column in (words, right):
            column.setSpacing(0)
        words.addWidget(ElidedLabel(run.place, "strong"))
        words.addWidget(Label(_("Encrypted from the first byte to the last"), "meta"))
        right.addWidget(self._size)
        right.addWidget(self._free)
        row = QHBoxLayout(frame)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(12)
        row.addWidget(icon_label(room.icons.named("mdi6.usb-flash-drive-outline"), "ink2", 24))
        row.addLayout(words, 1)
        row.addLayout(right)
        return frame

    def _show_step(self, step: Step, done: int, whole: int) -> None:
        if self._run.is_stopping or step not in _STEPS:
            return
        if step is not self._part:
            self._part, self._part_began = step, self._now()
        self._lines.run(_STEPS[step], _detail(step))
        speed = ""
        if step is Step.READ_BACK:
            self._size.setText(size_text(whole))
            elapsed = self._now() - self._part_began
            if elapsed >= _ENOUGH and done:
                speed = _("{size} a second").format(size=size_text(round(done / elapsed)))
        self._lines.set_progress(done, whole, speed)
        if step is Step.VERIFY and done >= whole:
            self._lines.run(3)

    def _stop(self) -> None:
        self.stop_button.setEnabled(False)
        self._lines.run(max(0, self._lines.current()), pgettext("progress", "stopping"))
        self._run.stop()


def _detail(step: Step) -> str:
    return {
        Step.CHECK: _("Looking at every page of the data"),
        Step.IMAGE: _("Encrypting with a key of its own"),
        Step.COPY: _("Writing to the medium"),
        Step.READ_BACK: _("Reading back and comparing every byte"),
        Step.VERIFY: _("Opening the finished file and checking it"),
    }.get(step, "")
