"""从备份恢复: choose, check, compare, type the secret once more, restore beside, exchange. Every step can be left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.restore_over import Comparison, compare_with_backup, restore_beside
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
from counselroom.ui.widgets.progress_row import ProgressRow
from counselroom.ui.widgets.secret_field import SecretField
from counselroom.vault.comparison import Difference
from counselroom.vault.lanes import Job
from counselroom.vault.progress import Cancelled, Step


class RestorePage(Page):
    """Goes back to a backup over the open vault, which is kept."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("backup", "Restore from a backup"), parent, back=True)
        icons = room.icons
        self._path: Path | None = None
        self._found: Comparison | None = None
        self._job: Job[Any] | None = None
        self._progress: ProgressRow | None = None
        self._step: Step | None = None
        self._name = ElidedLabel(_("No file is chosen yet."))
        self._choose = Button(pgettext("backup", "Choose a file"), icon=icons.named("mdi6.folder-outline"))
        self._check = Button(pgettext("backup", "Check and compare"), "primary")
        self._check.setEnabled(False)
        self._says = Label("", "strong", wrap=True)
        self._note = Label("", "meta", wrap=True)
        self._model = PlainModel(
            (
                pgettext("restore", "Records"),
                pgettext("restore", "In the backup"),
                pgettext("restore", "Here now"),
                pgettext("restore", "Would be lost"),
                pgettext("restore", "Would be older"),
                "",
            ),
            self,
        )
        self._table = ListTable(icons, pgettext("restore", "What would change"))
        self._table.setModel(self._model)
        self._reason = QLineEdit()
        self._reason.setMaxLength(200)
        self._secret = SecretField(
            icons,
            pgettext("restore", "Your passphrase, or a recovery sheet"),
            _("This step cannot be undone from inside the program, so the secret is asked for once more."),
            sheets=True,
        )
        self._act = Button(pgettext("restore", "Restore this backup"), "danger")
        self._safe = Banner(icons, "mdi6.information-outline", _nothing_yet(), "accent")
        self._lay_out()
        self._choose.clicked.connect(self._ask_for_file)
        self._check.clicked.connect(self._begin_check)
        self._act.clicked.connect(self._begin_restore)
        self._secret.submitted.connect(self._begin_restore)
        self._secret.changed.connect(self._may_act)
        self._reason.textChanged.connect(self._reason_changed)
        icons.theme.changed.connect(self._fit_columns)
        self._fit_columns()
        self._show_found()

    def _lay_out(self) -> None:
        file_panel = Panel(pgettext("restore", "1 The file"))
        inner = QWidget()
        row = QHBoxLayout(inner)
        row.setContentsMargins(16, 12, 12, 12)
        row.setSpacing(8)
        row.addWidget(self._name, 1)
        row.addWidget(self._choose)
        row.addWidget(self._check)
        file_panel.set_body(inner)
        file_panel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._progress_place = QVBoxLayout()
        self._compared = Panel(pgettext("restore", "2 What would change"))
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
        self._compared.set_body(inner)
        self._confirm = Panel(pgettext("restore", "3 Restore"))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        self._reason_field = Field(
            pgettext("restore", "Why"), self._reason, _("Kept in the audit log."), icons=self.room.icons
        )
        column.addWidget(self._reason_field)
        column.addWidget(self._secret)
        column.addWidget(
            Label(
                _(
                    "The present data are kept whole in a folder with today's date beside the restored ones. "
                    "The program locks itself and asks for your passphrase again."
                ),
                "meta",
                wrap=True,
            )
        )
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self._act)
        column.addLayout(last)
        self._confirm.set_body(inner)
        whole = self.scroll_body()
        whole.setSpacing(12)
        whole.addWidget(self._safe)
        whole.addWidget(file_panel)
        whole.addLayout(self._progress_place)
        whole.addWidget(self._compared, 1)
        whole.addWidget(self._confirm)
        whole.addStretch(0)

    def panels(self) -> Sequence[QWidget]:
        """Return the file, the comparison, the secret."""
        return (self._choose, self._table, self._secret)

    def state(self) -> dict[str, Any]:
        """Return file and reason; the secret is never kept."""
        return {"file": str(self._path or ""), "reason": self._reason.text()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Choose the file of before; it is checked when the user wants it."""
        self._reason.setText(str(state.get("reason") or ""))
        file, name = str(state.get("file") or ""), str(state.get("name") or "")
        if file:
            self._set_path(Path(file))
        elif name:
            self._set_path(None)
            self._name.setText(_("Plug in the stick with {file}, then choose the file.").format(file=name))

    def show_subject(self, arguments: Mapping[str, Any]) -> None:
        """Take the file of a line of the log and check it at once."""
        if self._job is None:
            self.restore({**self.state(), "file": "", **arguments})
            if self._path is not None:
                self._begin_check()

    def _ask_for_file(self) -> None:
        path = self.room.files.open_file(self, pgettext("backup", "Choose a file"), backup_file_kind())
        if path is not None:
            self._set_path(path)
            self._begin_check()

    def _set_path(self, path: Path | None) -> None:
        self._path, self._found = path, None
        self._name.setText(str(path) if path else _("No file is chosen yet."))
        self._check.setEnabled(path is not None and self._job is None)
        self._show_found()
        self.touched.emit()

    def _begin_check(self) -> None:
        path, room = self._path, self.room
        if path is None or self._job is not None:
            return
        self.hide_banner()

        def work(job: Job[Comparison]) -> Comparison:
            return compare_with_backup(
                room.actor, room.desk, path, progress=job.progress, cancel=job.is_cancelled, through=job.change
            )

        self._run(room.tasks.job(work, self._compare, progress=self._show_step, on_failed=self._fail, reads=False))

    def _compare(self, found: Comparison) -> None:
        self._end()
        self._found = found
        self._show_found()

    def _show_found(self) -> None:
        found = self._found
        self._compared.setVisible(found is not None)
        self._confirm.setVisible(found is not None and found.has_account)
        if found is None:
            return
        there = sum(line.backup.rows for line in found.lines)
        here = sum(line.current.rows for line in found.lines)
        lost, older = sum(line.lost for line in found.lines), sum(line.older for line in found.lines)
        when = day_and_time(found.made_at, self.room.now())
        self._says.setText(
            _("The backup of {when} has {there} records; this computer has {here}.").format(
                when=when, there=f"{there:,}", here=f"{here:,}"
            )
        )
        if not found.has_account:
            self._note.setText(
                _(
                    "Your account did not exist when this backup was made, so you could not open it afterwards. "
                    "Please let somebody restore it whose account did."
                )
            )
        elif lost or older:
            self._note.setText(
                _(
                    "{lost} records are newer than the backup and would only be in the kept folder; "
                    "{older} would go back to an older state."
                ).format(lost=f"{lost:,}", older=f"{older:,}")
            )
        else:
            self._note.setText(_("Nothing would be lost: every record of this computer is in the backup."))
        lines = sorted(found.lines, key=lambda line: not (line.lost or line.older))
        self._model.show([(line.current.table, _cells(line)) for line in lines])
        self._may_act()

    def _begin_restore(self) -> None:
        path, room = self._path, self.room
        if path is None or self._found is None or self._job is not None or not self._act.isEnabled():
            return
        actor = room.actor.because(self._reason.text().strip())
        credential = self._secret.credential(room.desk.vault.slot.login or None)
        self._secret.clear()
        self.hide_banner()
        self._safe.set_text(
            _("The present data are not touched yet: the backup is restored beside them first. You can still cancel.")
        )

        def work(job: Job[Path]) -> Path:
            return restore_beside(
                actor,
                room.desk,
                path,
                credential,
                entropy=room.entropy,
                progress=job.progress,
                cancel=job.is_cancelled,
                through=job.change,
            )

        self._run(room.tasks.job(work, self._exchange, progress=self._show_step, on_failed=self._fail, reads=False))

    def _exchange(self, restored: Path) -> None:
        self._end()
        self.room.ways.exchange(restored)

    def _run(self, job: Job[Any]) -> None:
        self._job = job
        for button in (self._choose, self._check, self._act):
            button.setEnabled(False)
        self._show_row(Step.CHECK)

    def _show_row(self, step: Step) -> None:
        """Show another step: each has its own units and its own rate."""
        self._clear_row()
        self._step = step
        row = ProgressRow(self.room.icons, "mdi6.backup-restore", step_word(step), self.room.seconds)
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

    def _fail(self, error: BaseException) -> None:
        self._end()
        if isinstance(error, Cancelled):
            self.show_banner(_("Stopped. Nothing was changed: neither the present data nor the backup."), "slate")
        else:
            self.show_banner(plain_sentence(error))

    def _end(self) -> None:
        self._job = None
        self._step = None
        self._clear_row()
        self._safe.set_text(_nothing_yet())
        self._choose.setEnabled(True)
        self._check.setEnabled(self._path is not None)
        self._may_act()

    def _reason_changed(self) -> None:
        self._may_act()
        self.touched.emit()

    def _may_act(self) -> None:
        ready = self._found is not None and self._job is None
        self._act.setEnabled(ready and bool(self._secret.text()) and bool(self._reason.text().strip()))

    def _fit_columns(self) -> None:
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        scale = self.room.icons.theme.pixels("size.base") / 14
        for column, width in enumerate((180, 110, 110, 110, 130)):
            header.resizeSection(column, round(width * scale))


def _nothing_yet() -> str:
    return _("Nothing is changed by looking: the present data stay as they are until the last button is pressed.")


def _cells(line: Difference) -> tuple[Cell, ...]:
    return (
        Cell(line.current.plain_name),
        Cell(f"{line.backup.rows:,}", right=True),
        Cell(f"{line.current.rows:,}", right=True),
        Cell(
            f"{line.lost:,}" if line.lost else "—", right=True, bold=bool(line.lost), tone="amber" if line.lost else ""
        ),
        Cell(f"{line.older:,}" if line.older else "—", right=True),
        Cell(),
    )
