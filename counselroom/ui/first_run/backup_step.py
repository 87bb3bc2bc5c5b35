"""备份: the first backup, written and proved; it can be left out, with a reminder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.desktop.drives import Drive
from counselroom.i18n import _, pgettext
from counselroom.services.backups import BackupMade
from counselroom.ui.backup_run import BackupRun
from counselroom.ui.drive_watch import DriveWatch
from counselroom.ui.first_run.step import Step
from counselroom.ui.messages import plain_sentence
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import icon_label
from counselroom.ui.widgets.banner import Banner
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.error_line import ErrorLine
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.step_list import StepList
from counselroom.vault.progress import Step as Part

_PARTS = {Part.CHECK: 0, Part.IMAGE: 1, Part.COPY: 1, Part.READ_BACK: 2, Part.VERIFY: 2}


class BackupStep(Step):
    """Where to, how far, and that it is proved."""

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(
            "backup",
            _("Make the first backup"),
            _("A backup on a stick is what is left when the computer breaks or is stolen. It opens with a sheet."),
            parent,
        )
        self.room = room
        self._run: BackupRun | None = None
        self._made = False
        icons = room.icons
        self._place = QComboBox()
        self._place.setMinimumContentsLength(24)
        self._browse = Button(_("Choose a folder"), icon=icons.named("mdi6.folder-outline"))
        self._start = Button(
            pgettext("backup", "Back up now"), "primary", icons.named("mdi6.usb-flash-drive-outline"), size="large"
        )
        self._stop = Button(pgettext("backup", "Cancel the backup"))
        self._lines = StepList(
            icons,
            (
                pgettext("backup", "Check"),
                pgettext("backup", "Encrypt and write"),
                pgettext("backup", "Verify piece by piece"),
                pgettext("backup", "Enter into the log"),
            ),
            room.seconds,
        )
        self._line = ErrorLine(icons.theme)
        self._done_mark = icon_label(icons.named("mdi6.shield-check-outline"), "accent", 18)
        self._done = Label("", wrap=True)
        self._field = Field(
            _("Write the backup to"),
            self._place,
            _("A stick is best: a copy on the same disk is lost with the disk."),
            icons=icons,
        )
        self._lay_out()
        self._watch = DriveWatch(room.drives, self)
        self._watch.changed.connect(self._offer_drives)
        self._browse.clicked.connect(self._choose)
        self._start.clicked.connect(self.begin)
        self._stop.clicked.connect(self._cancel)
        self._show_state()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._field, 1)
        beside = QVBoxLayout()
        beside.addSpacing(20)
        beside.addWidget(self._browse)
        beside.addStretch(1)
        row.addLayout(beside)
        row.addStretch(0)
        told = QHBoxLayout()
        told.setSpacing(8)
        told.addWidget(self._done_mark, 0, Qt.AlignmentFlag.AlignTop)
        told.addWidget(self._done, 1)
        self._field.setMaximumWidth(640)
        self._lines.setMaximumWidth(640)
        self.column.addLayout(row)
        self.column.addWidget(self._start, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self._lines)
        self.column.addWidget(self._stop, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self._line)
        self.column.addLayout(told)
        self.column.addWidget(
            Banner(
                self.room.icons,
                "mdi6.information-outline",
                _("Keep stick and recovery sheet in different places. Later the program reminds you every Friday."),
                "accent",
            )
        )

    def missing(self) -> str:
        """Return that there is no backup yet."""
        return "" if self._made else _("Make the backup first, or leave it out for now.")

    def is_busy(self) -> bool:
        """Tell whether a backup is being written."""
        return self._run is not None

    def next_words(self) -> str:
        """Return what ends the first run."""
        return pgettext("wizard", "Finish")

    def skip_words(self) -> str:
        """Return what leaves the backup out."""
        return "" if self._made else pgettext("wizard", "Later, remind me")

    def first(self) -> QWidget:
        """Return the place."""
        return self._place if self._place.count() else self._browse

    def sentence(self) -> str:
        """Return what was done or went wrong last."""
        return self._line.text() or self._done.text()

    def use_folder(self, folder: Path) -> None:
        """Write to a folder."""
        self._offer(folder, folder.name or str(folder))
        self._place.setCurrentIndex(self._place.findData(str(folder)))
        self._show_state()

    def begin(self) -> None:
        """Write the backup."""
        if self._run is not None or self._place.currentData() is None:
            return
        self._line.say("")
        self._done.setText("")
        run = BackupRun(self.room, Path(self._place.currentData()), self._place.currentText(), self)
        run.stepped.connect(self._show_part)
        run.made.connect(self._finish)
        run.failed.connect(self._fail)
        self._run = run
        self._lines.run(0)
        run.start()
        self._show_state()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Look for sticks while it is shown."""
        super().showEvent(event)
        self._watch.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Look no more."""
        super().hideEvent(event)
        self._watch.stop()

    def _offer_drives(self, drives: tuple[Drive, ...]) -> None:
        there = {str(drive.mount) for drive in drives}
        for at in reversed(range(self._place.count())):
            if self._place.itemData(at) not in there and not Path(self._place.itemData(at)).is_dir():
                self._place.removeItem(at)
        for drive in drives:
            if drive.writable:
                self._offer(drive.mount, drive.mount.name or str(drive.mount))
        self._show_state()

    def _offer(self, folder: Path, words: str) -> None:
        if self._place.findData(str(folder)) < 0:
            self._place.addItem(self.room.icons.icon("mdi6.folder-outline"), words, str(folder))

    def _choose(self) -> None:
        folder = self.room.files.folder(self, _("Folder for the backup"))
        if folder is not None:
            self.use_folder(folder)
            self._start.setFocus()

    def _cancel(self) -> None:
        if self._run is not None:
            self._stop.setEnabled(False)
            self._run.stop()

    def _show_part(self, part: Part, done: int, whole: int) -> None:
        if part in _PARTS:
            self._lines.run(_PARTS[part])
            self._lines.set_progress(done, whole)

    def _finish(self, made: BackupMade) -> None:
        self._run = None
        self._made = True
        self._lines.finish()
        self._done.setText(_("The backup {file} was written and verified.").format(file=made.path.name))
        self._show_state()

    def _fail(self, error: BaseException) -> None:
        self._run = None
        self._line.say(plain_sentence(error), "error")
        self._show_state()

    def _show_state(self) -> None:
        busy = self._run is not None
        self._start.setEnabled(not busy and self._place.count() > 0)
        self._place.setEnabled(not busy)
        self._browse.setEnabled(not busy)
        self._lines.setVisible(busy or self._made)
        self._stop.setVisible(busy)
        self._stop.setEnabled(True)
        self._done.setVisible(self._made)
        self._done_mark.setVisible(self._made)
        self.changed.emit()
