"""备份: what is safe, what is due, a new backup, and the log of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from counselroom.desktop.drives import Drive
from counselroom.i18n import _, pgettext
from counselroom.rules.backup_reminder import Urgency
from counselroom.services.backup_log import BackupLine, BackupState
from counselroom.services.backups import BackupMade, BackupOutlook, BackupVerified, backup_outlook, prove_backup
from counselroom.services.changes import ChangeSet, Done
from counselroom.ui.backup_run import BackupRun
from counselroom.ui.backup_words import age_word, place_name, retention_sentence, state_chip
from counselroom.ui.dialogs.back_up import BackUpDialog
from counselroom.ui.drive_watch import DriveWatch
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.moments import day_and_time, day_word
from counselroom.ui.page import Page
from counselroom.ui.pages.backup_parts import backup_file_kind
from counselroom.ui.room import Room
from counselroom.ui.size_class import SizeClass
from counselroom.ui.sizes import size_text
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.fact_card import FactCard
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.panel import Panel
from counselroom.ui.widgets.progress_row import ProgressRow
from counselroom.vault.lanes import Job
from counselroom.vault.progress import Step

TIME, PLACE, FILE, SIZE, LOOKED_AT, STATE, ACTION = range(7)


class BackupPage(Page):
    """Three facts, the place to write to, the log."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, _("Backup and restore"), parent)
        icons = room.icons
        self._run: BackupRun | None = None
        self._dialog: BackUpDialog | None = None
        self._progress: ProgressRow | None = None
        self._proving: Job[Done[BackupVerified]] | None = None
        self._drives: tuple[Drive, ...] = ()
        self._others: list[Path] = []
        self._last = FactCard(pgettext("backup", "Last usable backup"))
        self._due = FactCard(pgettext("backup", "Reminder"))
        self._drill = FactCard(pgettext("backup", "Restore drill"))
        self._place = QComboBox()
        self._place.setMinimumContentsLength(20)
        self._place.setAccessibleName(_("Write the backup to"))
        self._place.view().setAccessibleName(_("Write the backup to"))
        self._browse = Button(_("Choose another folder"), icon=icons.named("mdi6.folder-outline"))
        self._prove = Button(pgettext("backup", "Verify a backup"), icon=icons.named("mdi6.shield-check-outline"))
        self._practise = Button(pgettext("backup", "Practise"), icon=icons.named("mdi6.clipboard-check-outline"))
        self._restore = Button(pgettext("backup", "Restore from a backup"), icon=icons.named("mdi6.backup-restore"))
        self._start = Button(
            pgettext("backup", "Back up now"), "primary", icon=icons.named("mdi6.usb-flash-drive-outline")
        )
        self._model = PlainModel(
            (
                pgettext("backup", "Time"),
                pgettext("backup", "Place"),
                pgettext("backup", "File"),
                pgettext("backup", "Size"),
                pgettext("backup", "Verified"),
                pgettext("backup", "State"),
                "",
            ),
            self,
        )
        self._table = ListTable(icons, pgettext("backup", "Log of backups"))
        self._table.setModel(self._model)
        self._empty = EmptyState(icons, "mdi6.usb-flash-drive-outline", _("There is no verified backup yet."))
        self._kept = Label("", "hint", wrap=True)
        self._lay_out()
        self._connect()
        self._watch = DriveWatch(room.drives, self)
        self._watch.changed.connect(self._show_drives)
        if room.settings.current.backup_place:
            self._others.append(Path(room.settings.current.backup_place))
        self._show_drives(())
        self._reload()

    def _lay_out(self) -> None:
        for button in (self._prove, self._practise, self._restore, self._start):
            self.header.add_action(button)
        cards = QHBoxLayout()
        cards.setSpacing(16)
        for card in (self._last, self._due, self._drill):
            cards.addWidget(card, 1)
        where = QFrame()
        where.setProperty("kind", "panel")
        row = QHBoxLayout(where)
        row.setContentsMargins(16, 8, 12, 8)
        row.setSpacing(12)
        row.addWidget(Label(_("Write the backup to"), "label"))
        row.addWidget(self._place, 1)
        row.addWidget(self._browse)
        self._progress_place = QVBoxLayout()
        log = Panel(pgettext("backup", "Log of backups"))
        self._panel = log
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(0)
        self._table.setMinimumHeight(120)
        column.addWidget(self._table, 1)
        empty = QVBoxLayout()
        empty.setContentsMargins(16, 16, 16, 8)
        empty.addWidget(self._empty)
        column.addLayout(empty)
        column.addStretch(0)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 8, 16, 0)
        foot.addWidget(self._kept)
        column.addLayout(foot)
        log.set_body(inner)
        whole = self.scroll_body()
        whole.setSpacing(12)
        whole.addLayout(cards)
        whole.addWidget(where)
        whole.addLayout(self._progress_place)
        whole.addWidget(log, 1)

    def _connect(self) -> None:
        room = self.room
        self._browse.clicked.connect(self._choose)
        self._start.clicked.connect(self._begin)
        self._prove.clicked.connect(self._choose_to_prove)
        self._practise.clicked.connect(lambda: room.ways.open_page("drill"))
        self._restore.clicked.connect(lambda: room.ways.open_page("restore"))
        self._place.activated.connect(self._place_chosen)
        self._table.acted.connect(self._act)
        self._table.opened.connect(self._act)
        room.bus.changed.connect(self._reload_if_concerned)
        room.icons.theme.changed.connect(self._fit_columns)
        room.icons.theme.changed.connect(self._show_drives_again)
        self._fit_columns()

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """Leave the file names away where there is no room for them."""
        super().set_size_class(size, height)
        if hasattr(self, "_table"):
            self._table.setColumnHidden(FILE, size <= SizeClass.COMPACT)

    def panels(self) -> Sequence[QWidget]:
        """Return the place and the log."""
        return (self._place, self._table)

    def first(self) -> QWidget:
        """Return the button."""
        return self._start

    def state(self) -> dict[str, Any]:
        """Return the chosen place."""
        return {"place": self._place.currentData() or ""}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Choose the place of before."""
        place = str(state.get("place") or "")
        if place and self._place.findData(place) < 0 and Path(place).is_dir():
            self._others.append(Path(place))
            self._show_drives(self._drives)
        if self._place.findData(place) >= 0:
            self._place.setCurrentIndex(self._place.findData(place))

    def choose_folder(self, folder: Path) -> None:
        """Write to `folder`, and offer it again next time."""
        if folder not in self._others:
            self._others.append(folder)
        self._show_drives(self._drives)
        self._place.setCurrentIndex(self._place.findData(str(folder)))
        self._place_chosen()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Look for sticks while the page is seen."""
        super().showEvent(event)
        self._watch.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Look no more."""
        super().hideEvent(event)
        self._watch.stop()

    def _show_drives(self, drives: tuple[Drive, ...]) -> None:
        """Offer the sticks that are there now, then the folders that were chosen; keep the choice where it stays."""
        before = self._place.currentData()
        self._drives = drives
        self._place.clear()
        for drive in drives:
            if drive.writable:
                text = _("{name}, {size} free").format(name=place_name(drive.mount), size=size_text(drive.free))
                self._place.addItem(self.room.icons.icon("mdi6.usb-flash-drive-outline"), text, str(drive.mount))
        for folder in self._others:
            if self._place.findData(str(folder)) < 0:
                self._place.addItem(self.room.icons.icon("mdi6.folder-outline"), str(folder), str(folder))
        if not self._place.count():
            self._place.addItem(_("No stick is plugged in"), "")
        if self._place.findData(before) >= 0 and before:
            self._place.setCurrentIndex(self._place.findData(before))
        self._may_start()

    def _show_drives_again(self) -> None:
        self._show_drives(self._drives)

    def _may_start(self) -> None:
        self._start.setEnabled(bool(self._place.currentData()) and self._run is None)

    def _place_chosen(self) -> None:
        self._may_start()
        self.touched.emit()

    def _choose(self) -> None:
        folder = self.room.files.folder(self, _("Folder for the backup"))
        if folder is not None:
            self.choose_folder(folder)

    def _begin(self) -> None:
        if self._run is not None or not self._place.currentData():
            return
        folder = Path(self._place.currentData())
        free = next((drive.free for drive in self._drives if drive.mount == folder), None)
        self._run = run = BackupRun(self.room, folder, place_name(folder), self)
        run.stepped.connect(self._show_step)
        run.made.connect(self._made)
        run.failed.connect(self.room.messages.tell)
        run.ended.connect(self._end)
        self._may_start()
        self.hide_banner()
        self._dialog = BackUpDialog(self.room, run, free, self.window())
        self._dialog.rejected.connect(self._to_background)
        self._dialog.open()
        run.start()

    def _to_background(self) -> None:
        if self._run is not None and not self._run.is_stopping:
            self._show_row(pgettext("backup", "Backing up"), self._run.stop)

    def _show_row(self, words: str, stop: Any) -> None:
        self._clear_row()
        row = ProgressRow(self.room.icons, "mdi6.usb-flash-drive-outline", words, self.room.seconds)
        row.cancelled.connect(row.set_cancelling)
        row.cancelled.connect(stop)
        row.sent_to_background.connect(row.hide)
        self._progress_place.addWidget(row)
        self._progress = row

    def _show_step(self, step: Step, done: int, whole: int) -> None:
        del step
        if self._progress is not None:
            self._progress.set_progress(100 * done // whole if whole else 0, 100 if whole else 0)

    def _clear_row(self) -> None:
        if self._progress is not None:
            self._progress.hide()
            self._progress.deleteLater()
            self._progress = None

    def _made(self, made: BackupMade) -> None:
        self.room.messages.say(_("The backup {file} was written and verified.").format(file=made.path.name))

    def _end(self) -> None:
        self._clear_row()
        if self._run is not None:
            self._run.deleteLater()
        self._run = None
        self._dialog = None
        self._may_start()

    def _choose_to_prove(self) -> None:
        path = self.room.files.open_file(self, pgettext("backup", "Verify a backup"), backup_file_kind())
        if path is not None:
            self.prove(path)

    def prove(self, path: Path) -> None:
        """Verify a backup file in the background of the page."""
        room = self.room
        self._prove.setEnabled(False)
        self.hide_banner()

        def work(job: Job[Done[BackupVerified]]) -> Done[BackupVerified]:
            return prove_backup(
                room.actor, room.desk, path, progress=job.progress, cancel=job.is_cancelled, through=job.change
            )

        job = room.tasks.job(work, self._proved, progress=self._show_step, on_failed=self._not_proved, reads=False)
        self._show_row(pgettext("backup", "Verifying"), job.cancel)

    def _proved(self, done: Done[BackupVerified]) -> None:
        self._clear_row()
        self._prove.setEnabled(True)
        found = done.value
        self.show_banner(
            _(
                "{file} can be used: made {when}, {rows} rows. Every byte is as it was written, "
                "and it was made with the keys of this vault."
            ).format(file=found.path.name, when=day_and_time(found.made_at, self.room.now()), rows=f"{found.rows:,}"),
            "accent",
        )

    def _not_proved(self, error: BaseException) -> None:
        self._clear_row()
        self._prove.setEnabled(True)
        self._reload()
        self.room.messages.tell(error)

    def _act(self, index: QModelIndex) -> None:
        name = self._model.key_at(index.row())
        if name:
            found = self._find(name)
            self.room.ways.open_page("restore", file="" if found is None else str(found), name=name)

    def _find(self, name: str) -> Path | None:
        places = [drive.mount for drive in self._drives] + self._others
        return next((folder / name for folder in places if (folder / name).is_file()), None)

    def _reload_if_concerned(self, changes: ChangeSet) -> None:
        if changes.concerns("backup", "parameter"):
            self._reload()

    def _reload(self) -> None:
        room = self.room
        room.tasks.query(self, lambda: backup_outlook(room.actor, room.desk), self._show, key="backup.outlook")

    def _show(self, outlook: BackupOutlook) -> None:
        now = self.room.now()
        last = outlook.log.last_usable()
        if last is None:
            self._last.show_fact(pgettext("backup", "none yet"), _("There is no verified backup yet."))
        else:
            place = last.place or last.name
            self._last.show_fact(
                day_and_time(last.made_at, now),
                _("{place}, verified, {age}").format(place=place, age=age_word(last.made_at.date(), now.date())),
            )
        urgency = outlook.reminder.urgency
        due = day_word(outlook.reminder.due_on, now.date())
        self._due.show_fact(
            _("Next on {day}").format(day=due) if urgency is Urgency.DONE else _("Due since {day}").format(day=due),
            {
                Urgency.DONE: _("There is a backup for this week."),
                Urgency.DUE: _("The day of the backup has come."),
                Urgency.LATE: _("No usable backup for two weeks or more."),
            }[urgency],
            tone={Urgency.DONE: "", Urgency.DUE: "amber", Urgency.LATE: "brick"}[urgency],
        )
        drill = outlook.log.last_drill
        if drill is None or outlook.drill_due_on is None:
            self._drill.show_fact(
                pgettext("backup", "not yet"), _("A drill shows that a backup and the sheet really open.")
            )
        else:
            self._drill.show_fact(
                day_and_time(drill.at, now),
                _("{records} records came back; next by {day}").format(
                    records=f"{drill.records:,}", day=day_word(outlook.drill_due_on, now.date())
                ),
                tone="amber" if outlook.drill_due_on < now.date() else "",
            )
        self._kept.setText(retention_sentence(outlook.policy))
        self._panel.set_count(_("{count} entries").format(count=len(outlook.log.lines)) if outlook.log.lines else "")
        self._model.show([(line.name, self._cells(line)) for line in outlook.log.lines])
        self._table.setVisible(bool(outlook.log.lines))
        self._empty.setVisible(not outlook.log.lines)

    def _cells(self, line: BackupLine) -> tuple[Cell, ...]:
        now = self.room.now()
        usable = line.state is BackupState.PROVED
        return (
            Cell(day_and_time(line.made_at, now), bold=usable),
            Cell(line.place or "—"),
            Cell(line.name),
            Cell("—" if line.size is None else size_text(line.size), right=True),
            Cell(day_and_time(line.looked_at, now)),
            Cell(chip=state_chip(line)),
            Cell(pgettext("backup", "Restore"), is_action=True) if usable else Cell(),
        )

    def _fit_columns(self) -> None:
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        scale = self.room.icons.theme.pixels("size.base") / 14
        for column, width in ((TIME, 132), (PLACE, 140), (FILE, 300), (SIZE, 84), (LOOKED_AT, 132), (STATE, 150)):
            header.resizeSection(column, round(width * scale))
