"""演练恢复: a backup is really restored to a private place, opened, counted, and thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QSizePolicy, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.backups import DrillDone, drill
from counselroom.services.changes import Done
from counselroom.ui.messages import plain_sentence
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.moments import day_and_time
from counselroom.ui.page import Page
from counselroom.ui.pages.backup_parts import backup_file_kind, step_word
from counselroom.ui.room import Room
from counselroom.ui.widgets.banner import Banner
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import ElidedLabel, Label
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.panel import Panel
from counselroom.ui.widgets.passphrase_edit import PassphraseEdit
from counselroom.ui.widgets.progress_row import ProgressRow
from counselroom.ui.widgets.segmented import Segmented
from counselroom.vault.lanes import Job
from counselroom.vault.progress import Step

_WITH_SHEET, _WITH_VAULT = "sheet", "vault"


class DrillPage(Page):
    """Shows that a backup, and best the paper too, really opens."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("backup", "Restore drill"), parent, back=True)
        icons = room.icons
        self._path: Path | None = None
        self._job: Job[Done[DrillDone]] | None = None
        self._progress: ProgressRow | None = None
        self._step: Step | None = None
        self._name = ElidedLabel(_("No file is chosen yet."))
        self._choose = Button(pgettext("backup", "Choose a file"), icon=icons.named("mdi6.folder-outline"))
        self._way = Segmented(
            (
                (_WITH_SHEET, pgettext("drill", "With a recovery sheet")),
                (_WITH_VAULT, pgettext("drill", "Without the sheet")),
            )
        )
        self._digits = PassphraseEdit(icons.theme, "key-outline")
        self._begin_button = Button(pgettext("drill", "Begin the drill"), "primary")
        self._says = Label("", "strong", wrap=True)
        self._note = Label("", "meta", wrap=True)
        self._model = PlainModel((pgettext("drill", "Records"), pgettext("drill", "Came back"), ""), self)
        self._table = ListTable(icons, pgettext("drill", "What came back"))
        self._table.setModel(self._model)
        self._lay_out()
        self._choose.clicked.connect(self._ask_for_file)
        self._way.changed.connect(self._way_changed)
        self._digits.textChanged.connect(self._may_begin)
        self._digits.returnPressed.connect(self._begin)
        self._begin_button.clicked.connect(self._begin)
        icons.theme.changed.connect(self._fit_columns)
        self._fit_columns()
        self._may_begin()

    def _lay_out(self) -> None:
        panel = Panel(pgettext("drill", "What is tried"))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._name, 1)
        row.addWidget(self._choose)
        column.addLayout(row)
        ways = QHBoxLayout()
        ways.addWidget(self._way)
        ways.addStretch(1)
        column.addLayout(ways)
        self._field = Field(
            pgettext("drill", "Digits of the sheet"),
            self._digits,
            _("8 groups of 6 digits, as printed. They are not kept."),
            icons=self.room.icons,
        )
        column.addWidget(self._field)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self._begin_button)
        column.addLayout(last)
        panel.set_body(inner)
        panel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._progress_place = QVBoxLayout()
        self._result = Panel(pgettext("drill", "Result"))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 12, 0, 0)
        words = QVBoxLayout()
        words.setContentsMargins(16, 0, 16, 4)
        words.addWidget(self._says)
        words.addWidget(self._note)
        column.addLayout(words)
        self._table.setMinimumHeight(150)
        column.addWidget(self._table, 1)
        self._result.set_body(inner)
        self._result.hide()
        whole = self.scroll_body()
        whole.setSpacing(12)
        whole.addWidget(
            Banner(
                self.room.icons,
                "mdi6.information-outline",
                _(
                    "A drill changes nothing: the backup is restored encrypted into a private folder, opened, counted "
                    "and deleted. With the sheet typed from the paper it also shows that the paper is right."
                ),
                "accent",
            )
        )
        whole.addWidget(panel)
        whole.addLayout(self._progress_place)
        whole.addWidget(self._result, 1)
        whole.addStretch(0)

    def panels(self) -> Sequence[QWidget]:
        """Return the file, the digits, the result."""
        return (self._choose, self._digits, self._table)

    def state(self) -> dict[str, Any]:
        """Return file and way; the digits are never kept."""
        return {"file": str(self._path or ""), "way": self._way.current()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take file and way of before."""
        if state.get("way") in (_WITH_SHEET, _WITH_VAULT):
            self._way.set_current(str(state["way"]))
        if state.get("file"):
            self._set_path(Path(str(state["file"])))
        self._way_changed()

    def _ask_for_file(self) -> None:
        path = self.room.files.open_file(self, pgettext("backup", "Choose a file"), backup_file_kind())
        if path is not None:
            self._set_path(path)

    def _set_path(self, path: Path) -> None:
        self._path = path
        self._name.setText(str(path))
        self._result.hide()
        self._may_begin()
        self.touched.emit()

    def _way_changed(self) -> None:
        self._field.setVisible(self._way.current() == _WITH_SHEET)
        self._may_begin()
        self.touched.emit()

    def _may_begin(self) -> None:
        typed = self._way.current() == _WITH_VAULT or bool(self._digits.text().strip())
        self._begin_button.setEnabled(self._path is not None and self._job is None and typed)

    def _begin(self) -> None:
        path, room = self._path, self.room
        if path is None or not self._begin_button.isEnabled():
            return
        sheet = self._digits.text() if self._way.current() == _WITH_SHEET else None
        self._result.hide()
        self.hide_banner()

        def work(job: Job[Done[DrillDone]]) -> Done[DrillDone]:
            with tempfile.TemporaryDirectory(prefix="drill-", dir=room.desk.vault.folder.parent) as scratch:
                return drill(
                    room.actor,
                    room.desk,
                    path,
                    Path(scratch),
                    sheet=sheet,
                    entropy=room.entropy,
                    progress=job.progress,
                    cancel=job.is_cancelled,
                    through=job.change,
                )

        self._job = room.tasks.job(work, self._finish, progress=self._show_step, on_failed=self._fail, reads=False)
        self._choose.setEnabled(False)
        self._may_begin()
        self._show_row(Step.CHECK)

    def _show_row(self, step: Step) -> None:
        self._clear_row()
        self._step = step
        row = ProgressRow(self.room.icons, "mdi6.clipboard-check-outline", step_word(step), self.room.seconds)
        row.cancelled.connect(self._stop)
        row.sent_to_background.connect(row.hide)
        self._progress_place.addWidget(row)
        self._progress = row

    def _show_step(self, step: Step, done: int, whole: int) -> None:
        if self._job is None:
            return
        if step is not self._step:
            self._show_row(step)
        if self._progress is not None:
            self._progress.set_progress(100 * done // whole if whole else 0, 100 if whole else 0)

    def _stop(self) -> None:
        if self._job is not None and self._progress is not None:
            self._progress.set_cancelling()
            self._job.cancel()

    def _clear_row(self) -> None:
        if self._progress is not None:
            self._progress.hide()
            self._progress.deleteLater()
            self._progress = None

    def _end(self) -> None:
        self._job = None
        self._step = None
        self._clear_row()
        self._choose.setEnabled(True)
        self._may_begin()

    def _finish(self, done: Done[DrillDone]) -> None:
        self._digits.clear()
        self._end()
        report = done.value
        self._says.setText(
            _("The backup of {when} was restored and opened: {records} records came back.").format(
                when=day_and_time(report.made_at, self.room.now()), records=f"{report.records():,}"
            )
        )
        newest = "" if report.newest is None else day_and_time(report.newest, self.room.now())
        chain = (
            _("The audit log in it is complete.")
            if report.audit_ok
            else _("The audit log in it is not complete; please verify this file and tell the director.")
        )
        self._note.setText(
            _(
                "The newest record is of {newest}. {chain} Everything was deleted again; the drill is in the log."
            ).format(newest=newest or "—", chain=chain)
        )
        self._model.show(
            [
                (content.table, (Cell(content.plain_name), Cell(f"{content.rows:,}", right=True), Cell()))
                for content in report.contents
            ]
        )
        self._result.show()

    def _fail(self, error: BaseException) -> None:
        self._end()
        self.show_banner(plain_sentence(error))

    def _fit_columns(self) -> None:
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        scale = self.room.icons.theme.pixels("size.base") / 14
        for column, width in enumerate((220, 120)):
            header.resizeSection(column, round(width * scale))
