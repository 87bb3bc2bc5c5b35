"""Importing a roster, from the choice of a file to the counts of what was done. Nothing is written before 导入."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.roster_columns import ColumnMapping
from counselroom.services.changes import Done
from counselroom.services.roster_import import RosterPreview, RosterResult, import_roster, preview_roster
from counselroom.ui.file_chooser import FileKind
from counselroom.ui.masking import Face
from counselroom.ui.messages import plain_sentence
from counselroom.ui.room import Room
from counselroom.ui.roster.meanings import meaning_of
from counselroom.ui.roster.preview_tables import counts_sentence
from counselroom.ui.roster.preview_view import PreviewView
from counselroom.ui.theme.icons import icon_label
from counselroom.ui.widgets.banner import Banner
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.error_line import ErrorLine
from counselroom.ui.widgets.label import ElidedLabel, Label
from counselroom.ui.widgets.progress_row import ProgressRow
from counselroom.ui.widgets.question import Question
from counselroom.vault.lanes import Job
from counselroom.vault.progress import Cancelled, Step

_QUIET = 300
"""Milliseconds after the last correction until the file is read again."""


class ImportView(QWidget):
    """File, preview, corrections, import.

    Attributes:
        changed: whether it can be imported, or is busy, may have changed.
        touched: the file or a column was chosen.
        imported: carries the `RosterResult`.
        preview_view: the tabs.
    """

    changed = Signal()
    touched = Signal()
    imported = Signal(object)
    _written = Signal(int)

    def __init__(self, room: Room, face: Callable[[], Face], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.room = room
        self._file: Path | None = None
        self._sheet: str | None = None
        self._mapping: dict[int, str] = {}
        self._preview: RosterPreview | None = None
        self._result: RosterResult | None = None
        self._job: Job[RosterPreview] | None = None
        self._is_importing = False
        self._progress: ProgressRow | None = None
        icons = room.icons
        self._choose = Button(_("Choose the file"), icon=icons.named("mdi6.table-arrow-right"), size="large")
        self._name = ElidedLabel("", "strong")
        self._sheets = QComboBox()
        self._sheets.setAccessibleName(pgettext("roster", "Sheet of the workbook"))
        self._sheets.view().setAccessibleName(self._sheets.accessibleName())
        self._sheet_label = Label(pgettext("roster", "Sheet"), "label")
        self._counts = Label("", "strong", wrap=True)
        self._line = ErrorLine(icons.theme)
        self._done_mark = icon_label(icons.named("mdi6.check-circle-outline"), "accent", 18)
        self._done = Label("", wrap=True)
        self._hint = Banner(
            icons,
            "mdi6.information-outline",
            _(
                "An .xlsx, .xls or .csv file from the school's system. The columns are recognised and can be "
                "corrected; nothing is written before you press import, and the file itself stays as it is."
            ),
            "accent",
        )
        self.preview_view = PreviewView(icons, face)
        self._progress_place = QVBoxLayout()
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_QUIET)
        self._again.timeout.connect(self._read_again)
        self._lay_out()
        self._choose.clicked.connect(self._ask)
        self._sheets.currentIndexChanged.connect(self._choose_sheet)
        self.preview_view.corrected.connect(self._correct)
        self._written.connect(self._show_written)
        self._show_state()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._choose)
        row.addWidget(self._name, 1)
        row.addWidget(self._sheet_label)
        row.addWidget(self._sheets)
        told = QHBoxLayout()
        told.addWidget(self._done_mark)
        told.addWidget(self._done, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(row)
        column.addWidget(self._hint)
        column.addWidget(self._line)
        column.addLayout(self._progress_place)
        column.addLayout(told)
        column.addWidget(self._counts)
        column.addWidget(self.preview_view, 1)
        column.addStretch()  # what is left without a preview

    def first(self) -> QWidget:
        """Return the button that chooses a file."""
        return self._choose

    def preview(self) -> RosterPreview | None:
        """Return what an import would do, None before a file was read."""
        return self._preview

    def result(self) -> RosterResult | None:
        """Return what the last import did."""
        return self._result

    def is_busy(self) -> bool:
        """Tell whether a file is being read or imported."""
        return self._job is not None or self._is_importing or self._again.isActive()

    def can_import(self) -> bool:
        """Tell whether there is something to be written."""
        plan = self._preview.plan if self._preview is not None else None
        return not self.is_busy() and plan is not None and bool(plan.new or plan.updated)

    def sentence(self) -> str:
        """Return what went wrong, or what was done."""
        return self._line.text() or self._done.text()

    def counts(self) -> str:
        """Return the counts of the preview in words."""
        return self._counts.text()

    def state(self) -> dict[str, Any]:
        """Return file, sheet and corrections."""
        return {
            "file": "" if self._file is None else str(self._file),
            "sheet": self._sheet,
            "columns": {str(index): key for index, key in self._mapping.items()},
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Read the file of before again, if it is still there."""
        file = str(state.get("file") or "")
        if file and Path(file).is_file() and self._result is None:
            columns = state.get("columns") or {}
            self._mapping = {int(index): str(key) for index, key in dict(columns).items() if str(index).isdecimal()}
            self._file, self._sheet = Path(file), state.get("sheet")
            self._read()

    def show_faces(self) -> None:
        """Show people as they are shown now."""
        self.preview_view.show_faces()

    def load(self, file: Path) -> None:
        """Read a file and show what an import would do."""
        self._file, self._sheet, self._mapping = file, None, {}
        self._read()
        self.touched.emit()

    def start_import(self) -> None:
        """Write what the preview shows; ask once when students that are there already are changed."""
        preview = self._preview
        if preview is None or not self.can_import():
            return
        updated = len(preview.plan.updated)
        if (
            updated
            and not Question(
                self.room.icons,
                _("Update {count} students who are there already?").format(count=f"{updated:,}"),
                _(
                    "What the roster leaves blank stays as it is, and nobody is deleted. The tab “to be updated” says "
                    "what changes. An import cannot be taken back as a whole."
                ),
                pgettext("roster", "Import and update"),
                pgettext("roster", "Look again"),
                parent=self,
            ).ask()
        ):
            return
        self._write(preview)

    def _ask(self) -> None:
        if self.is_busy():
            return
        kinds = (
            FileKind(pgettext("roster", "Rosters"), ("*.xlsx", "*.xls", "*.csv", "*.txt")),
            FileKind(pgettext("roster", "All files"), ("*",)),
        )
        file = self.room.files.open_file(self, _("Choose the roster"), kinds)
        if file is not None:
            self.load(file)

    def _choose_sheet(self) -> None:
        self._sheet, self._mapping = self._sheets.currentText(), {}
        self._read()

    def _correct(self) -> None:
        self._mapping = {index: box.currentData() for index, box in self.preview_view.form.boxes().items()}
        self._again.start()
        self.touched.emit()
        self.changed.emit()

    def _read_again(self) -> None:
        self._read(with_columns=False)

    def _read(self, *, with_columns: bool = True) -> None:
        room, file, sheet = self.room, self._file, self._sheet
        if file is None or self._is_importing:
            return
        if self._job is not None:
            self._job.cancel()
        mapping = ColumnMapping({index: meaning_of(key) for index, key in self._mapping.items()})

        def work(job: Job[RosterPreview]) -> RosterPreview:
            return preview_roster(
                room.actor,
                room.desk,
                file,
                mapping if mapping.columns else None,
                sheet,
                cancelled=job.is_cancelled,
                progress=lambda lines: job.progress(Step.CHECK, lines, 0),
                through=job.change,
            )

        self._line.say("")
        self._result = None
        self._show_row(_("Reading the file"))
        self._job = job = room.tasks.job(
            work,
            lambda preview: self._show(job, preview, with_columns),
            on_failed=lambda error: self._failed(job, error),
            reads=False,
        )
        self._show_state()

    def _show(self, job: Job[RosterPreview], preview: RosterPreview, with_columns: bool) -> None:
        if job is not self._job:
            return
        self._job = None
        self._preview = preview
        with QSignalBlocker(self._sheets):
            self._sheets.clear()
            self._sheets.addItems(list(preview.sheets))
            self._sheets.setCurrentText(preview.sheet)
        self.preview_view.show_preview(preview, with_columns=with_columns)
        self._show_state()

    def _failed(self, job: Job[RosterPreview], error: BaseException) -> None:
        if job is not self._job:
            return
        self._job = None
        if not self._mapping:
            self._preview = None
        if not isinstance(error, Cancelled):
            self._line.say(plain_sentence(error), "error")
        self._show_state()

    def _write(self, preview: RosterPreview) -> None:
        room = self.room
        self._is_importing = True
        self._show_row(_("Importing"), can_cancel=False)
        self._show_state()
        room.tasks.change(
            lambda: import_roster(room.actor, room.desk, preview, progress=self._written.emit),
            self._finish,
            on_failed=self._fail,
        )

    def _show_written(self, count: int) -> None:
        if self._progress is not None and self._preview is not None:
            plan = self._preview.plan
            self._progress.set_progress(count, len(plan.new) + len(plan.updated))

    def _finish(self, done: Done[RosterResult]) -> None:
        self._is_importing = False
        self._result, self._preview = done.value, None
        self._file, self._mapping = None, {}
        result = done.value
        self._done.setText(
            _("Imported: {new} new, {updated} updated, {unchanged} unchanged, {refused} refused.").format(
                new=f"{result.new:,}",
                updated=f"{result.updated:,}",
                unchanged=f"{result.unchanged:,}",
                refused=f"{len(result.refused):,}",
            )
        )
        self._show_state()
        self.touched.emit()
        self.imported.emit(result)

    def _fail(self, error: BaseException) -> None:
        self._is_importing = False
        self._line.say(plain_sentence(error), "error")
        self._show_state()

    def _show_row(self, words: str, *, can_cancel: bool = True) -> None:
        self._clear_row()
        row = ProgressRow(self.room.icons, "mdi6.table-arrow-right", words, self.room.seconds)
        row.cancelled.connect(self._cancel)
        row.set_can_cancel(can_cancel)
        self._progress_place.addWidget(row)
        self._progress = row

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _clear_row(self) -> None:
        if self._progress is not None:
            self._progress.hide()
            self._progress.deleteLater()
            self._progress = None

    def _show_state(self) -> None:
        busy, preview = self._job is not None or self._is_importing, self._preview
        if not busy:
            self._clear_row()
        self._name.setText("" if self._file is None else self._file.name)
        many = preview is not None and len(preview.sheets) > 1
        self._sheets.setVisible(many)
        self._sheet_label.setVisible(many)
        self._sheets.setEnabled(not busy)
        self._hint.setVisible(preview is None)
        self._counts.setText("" if preview is None else counts_sentence(preview))
        self._counts.setVisible(preview is not None)
        self.preview_view.setVisible(preview is not None)
        self.preview_view.setEnabled(not self._is_importing)
        self._done.setVisible(self._result is not None)
        self._done_mark.setVisible(self._result is not None)
        self.changed.emit()
