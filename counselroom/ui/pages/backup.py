"""备份: a verified backup on a stick or in a folder, with progress and a way to stop it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.backups import BackupMade, LastBackup, last_backup, make_backup
from counselroom.services.changes import ChangeSet, Done
from counselroom.ui.moments import day_and_time
from counselroom.ui.page import Page
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.panel import Panel
from counselroom.ui.widgets.progress_row import ProgressRow
from counselroom.vault.lanes import Job
from counselroom.vault.progress import Step


class BackupPage(Page):
    """Where to, start, how far, and what the last one was."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Backup"), parent)
        self._job: Job[Done[BackupMade]] | None = None
        self._progress: ProgressRow | None = None
        self._step = Step.CHECK
        self._place = QComboBox()
        self._place.setMinimumContentsLength(24)
        self._place.view().setAccessibleName(_("Write the backup to"))
        self._browse = Button(_("Choose another folder"), size="normal")
        self._start = Button(
            pgettext("backup", "Back up now"), "primary", icon=room.icons.named("mdi6.usb-flash-drive-outline")
        )
        self._last = Label("", wrap=True)
        self._lay_out()
        self._browse.clicked.connect(self._choose)
        self._start.clicked.connect(self._begin)
        self._place.currentIndexChanged.connect(lambda: self.touched.emit())
        room.bus.changed.connect(self._reload_if_concerned)
        self.look_for_drives()
        self._reload()

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._field = Field(
            _("Write the backup to"),
            self._place,
            _("A stick is best: a copy on the same disk is lost with the disk."),
            icons=self.room.icons,
        )
        column.addWidget(self._field)
        row.addWidget(self._browse)
        row.addStretch(1)
        row.addWidget(self._start)
        column.addLayout(row)
        self._progress_place = QVBoxLayout()
        column.addLayout(self._progress_place)
        panel = Panel(pgettext("backup", "New backup"))
        panel.set_body(inner)
        panel.setMaximumWidth(720)
        last = Panel(pgettext("backup", "Last backup"))
        words = QWidget()
        words_column = QVBoxLayout(words)
        words_column.setContentsMargins(16, 12, 16, 16)
        words_column.addWidget(self._last)
        words_column.addWidget(
            Label(
                _("A backup opens with a recovery sheet. Keep stick and sheet in different places."), "hint", wrap=True
            )
        )
        last.set_body(words)
        last.setMaximumWidth(720)
        whole = self.scroll_body()
        whole.addWidget(panel)
        whole.addSpacing(16)
        whole.addWidget(last)
        whole.addStretch(1)

    def panels(self) -> Sequence[QWidget]:
        """Return the place and the button."""
        return (self._place, self._start)

    def state(self) -> dict[str, Any]:
        """Return the chosen place."""
        return {"place": self._place.currentData() or ""}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Choose the place of before, if it is there."""
        place = str(state.get("place") or "")
        if place and Path(place).is_dir():
            self._offer(Path(place))

    def look_for_drives(self) -> None:
        """Offer the sticks that are plugged in."""
        for drive in self.room.drives.removable():
            if drive.writable:
                self._offer(drive.mount, choose=self._place.count() == 0)
        self._start.setEnabled(self._place.count() > 0 and self._job is None)

    def choose_folder(self, folder: Path) -> None:
        """Write to `folder`."""
        self._offer(folder)
        self._field.set_error("")

    def _offer(self, folder: Path, *, choose: bool = True) -> None:
        at = self._place.findData(str(folder))
        if at < 0:
            self._place.addItem(self.room.icons.icon("mdi6.folder-outline"), str(folder), str(folder))
            at = self._place.count() - 1
        if choose:
            self._place.setCurrentIndex(at)
        self._start.setEnabled(self._job is None)

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Folder for the backup"))
        if folder:
            self.choose_folder(Path(folder))

    def _begin(self) -> None:
        room, folder = self.room, Path(self._place.currentData())
        drive = room.drives.holding(folder)
        self._start.setEnabled(False)
        self._show_row(Step.CHECK)

        def work(job: Job[Done[BackupMade]]) -> Done[BackupMade]:
            return make_backup(
                room.actor,
                room.desk,
                folder,
                entropy=room.entropy,
                largest_file=None if drive is None else drive.largest_file,
                progress=job.progress,
                cancel=job.is_cancelled,
                through=job.change,
            )

        self._job = room.tasks.job(work, self._finished, progress=self._show_step, on_failed=self._failed, reads=False)

    def _stop(self) -> None:
        if self._job is not None and self._progress is not None:
            self._progress.set_cancelling()
            self._job.cancel()

    def _show_step(self, step: Step, done: int, whole: int) -> None:
        if self._job is None:
            return
        if step is not self._step:
            self._show_row(step)
        if self._progress is not None:
            self._progress.set_progress(done, whole)

    def _show_row(self, step: Step) -> None:
        """Show another step: each has its own units and its own rate."""
        hidden = self._progress is not None and self._progress.isHidden()
        self._clear_row()
        self._step = step
        row = ProgressRow(self.room.icons, "mdi6.usb-flash-drive-outline", step_word(step), self.room.seconds)
        row.cancelled.connect(self._stop)
        row.sent_to_background.connect(row.hide)
        row.setHidden(hidden)
        self._progress_place.addWidget(row)
        self._progress = row

    def _clear_row(self) -> None:
        if self._progress is not None:
            self._progress.hide()
            self._progress.deleteLater()
            self._progress = None

    def _finished(self, done: Done[BackupMade]) -> None:
        self._end()
        self.room.messages.say(_("The backup {file} was written and verified.").format(file=done.value.path.name))

    def _failed(self, error: BaseException) -> None:
        self._end()
        self.room.messages.tell(error)

    def _end(self) -> None:
        self._job = None
        self._start.setEnabled(True)
        self._clear_row()

    def _reload_if_concerned(self, changes: ChangeSet) -> None:
        if changes.concerns("backup"):
            self._reload()

    def _reload(self) -> None:
        room = self.room
        room.tasks.query(self, lambda: last_backup(room.actor, room.desk), self._show_last, key="backup.last")

    def _show_last(self, last: LastBackup | None) -> None:
        if last is None:
            self._last.setText(_("There is no verified backup yet."))
            self.header.set_meta("")
            return
        when = day_and_time(last.made_at, self.room.now())
        self._last.setText(_("{when}, {file}, verified byte by byte").format(when=when, file=last.file_name))
        self.header.set_meta(_("Last backup {when}, verified").format(when=when))


def step_word(step: Step) -> str:
    """Return what a backup is doing, in words."""
    return {
        Step.CHECK: _("Checking the vault"),
        Step.IMAGE: _("Encrypting and copying"),
        Step.COPY: _("Writing to the medium"),
        Step.READ_BACK: _("Reading back"),
        Step.VERIFY: _("Verifying every part"),
        Step.RESTORE: _("Writing the vault"),
    }[step]
