"""All forms of the program: find one, look at it blank, print several blank ones at once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QHeaderView, QLineEdit, QVBoxLayout, QWidget

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.services.changes import ChangeSet, Done
from counselroom.services.print_offers import FormLine, list_forms
from counselroom.services.print_preview import draw, prepare
from counselroom.services.school_forms import use_school_form, use_shipped_form
from counselroom.ui.file_chooser import FileKind
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.printing.making import print_blanks
from counselroom.ui.printing.printer_choice import PrinterChoice
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.progress_row import ProgressRow
from counselroom.vault.lanes import Job
from counselroom.vault.progress import Step

_WIDTHS = (84, 220, 190)


class FormCatalogue(QFrame):
    """The list of forms with a search field and, below, what is done with the ticked ones.

    Attributes:
        touched: something was typed or ticked.
    """

    touched = Signal()

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = room
        self._lines: tuple[FormLine, ...] = ()
        self._ticked: set[str] = set()
        self._job: Job[int] | None = None
        self._progress: ProgressRow | None = None
        self.setProperty("kind", "panel")
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(_("Number, title or pinyin initials"))
        self.search.setAccessibleName(_("Search the forms"))
        self.search.setMaximumWidth(320)
        heads = (
            pgettext("form", "Form number"),
            pgettext("form", "Title"),
            pgettext("form", "Purpose"),
            pgettext("form", "Readers"),
            "",
        )
        self._model = PlainModel(heads, self)
        self.table = ListTable(room.icons, pgettext("page", "Forms"))
        self.table.setModel(self._model)
        self._printer = PrinterChoice(room)
        self._print = Button(
            pgettext("print", "Print the ticked ones"), "primary", icon=room.icons.named("mdi6.printer-outline")
        )
        self._count = Label("", "meta")
        self._own = Button("", "text")
        self._lay_out()
        self.search.textChanged.connect(self._filter)
        self.table.opened.connect(lambda index: self._preview(index.row()))
        self.table.acted.connect(lambda index: self._preview(index.row()))
        self.table.marked.connect(self._tick)
        self._printer.found.connect(self._show_count)
        self._print.clicked.connect(self._begin)
        self._own.clicked.connect(self._change_layout)
        self.table.selectionModel().currentRowChanged.connect(lambda: self._show_own())
        room.bus.changed.connect(self._reload_if_concerned)
        room.icons.theme.changed.connect(self._fit)
        self._fit()
        self._show_count()
        self._show_own()
        self._reload()

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(16, 8, 16, 8)
        tools.addWidget(self.search, 1)
        tools.addWidget(self._own)
        tools.addStretch(1)
        tools.addWidget(Label(_("Enter shows the form, Space ticks it."), "hint"))
        self._place = QVBoxLayout()
        self._place.setContentsMargins(16, 0, 16, 0)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 16, 12)
        foot.setSpacing(12)
        foot.addWidget(self._count, 1)
        foot.addWidget(self._printer)
        foot.addWidget(self._print)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(tools)
        column.addWidget(self.table, 1)
        column.addLayout(self._place)
        rule = QFrame()
        rule.setProperty("kind", "rule")
        column.addWidget(rule)
        column.addLayout(foot)

    def state(self) -> dict[str, Any]:
        """Return what was searched for and ticked."""
        return {"query": self.search.text(), "ticked": sorted(self._ticked)}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was searched for and ticked."""
        self._ticked = set(state.get("ticked") or ())
        self.search.setText(str(state.get("query") or ""))
        self._filter()

    def _reload(self) -> None:
        room = self._room
        room.tasks.query(self, lambda: list_forms(room.actor, room.desk), self._show, key="forms.list")

    def _reload_if_concerned(self, changes: ChangeSet) -> None:
        if changes.concerns("form_in_use"):
            self._reload()

    def _current(self) -> FormLine | None:
        form_id = self._model.key_at(self.table.currentIndex().row())
        return next((line for line in self._lines if line.form_id == form_id), None)

    def _show_own(self) -> None:
        line = self._current()
        own = line is not None and line.is_own
        self._own.setText(
            pgettext("forms", "Back to the shipped layout") if own else pgettext("forms", "Use our own layout")
        )

    def _change_layout(self) -> None:
        """Take in the school's copy of a form from a file, or give up the one of the current form."""
        room, line = self._room, self._current()
        if line is not None and line.is_own:
            form_id = line.form_id
            said = _("{form} is printed in the shipped layout again.").format(form=form_id)
            room.tasks.change(
                lambda: use_shipped_form(room.actor, room.desk, form_id), lambda _done: room.messages.say(said)
            )
            return
        kind = FileKind(_("Form definitions"), ("*.toml",))
        path = room.files.open_file(self, pgettext("forms", "Use our own layout"), (kind,))
        if path is not None:
            room.tasks.change(lambda: _take_in(room, path), self._say_taken)

    def _say_taken(self, done: Done[str]) -> None:
        self._room.messages.say(_("{form} is printed in the school's own layout from now on.").format(form=done.value))

    def _show(self, lines: tuple[FormLine, ...]) -> None:
        self._lines = lines
        self._filter()

    def _filter(self) -> None:
        typed = self.search.text().strip().lower()
        current = self._model.key_at(self.table.currentIndex().row())
        self._model.show([(line.form_id, self._cells(line)) for line in self._lines if line.fits(typed)])
        row = max(0, self._model.row_of(current))
        if self._model.rowCount():
            self.table.setCurrentIndex(self._model.index(row, 0))
        self._show_count()
        self._show_own()
        self.touched.emit()

    def _cells(self, line: FormLine) -> tuple[Cell, ...]:
        ticked = line.form_id in self._ticked
        number = Cell(chip=ChipFace(line.form_id, "accent", "mdi6.check")) if ticked else Cell(line.form_id)
        readers = pgettext("list", ", ").join(name for _key, name in line.audiences)
        action = Cell(pgettext("print", "Print blank"), is_action=True)
        title = _("{title} (own layout)").format(title=line.title) if line.is_own else line.title
        return (number, Cell(title, bold=True), Cell(line.purpose or "—"), Cell(readers, tone="ink2"), action)

    def _preview(self, row: int) -> None:
        form_id = self._model.key_at(row)
        if form_id:
            self._room.ways.open_page("print_preview", form=form_id)

    def _tick(self, index: QModelIndex) -> None:
        self._ticked ^= {self._model.key_at(index.row())}
        self._filter()

    def _show_count(self) -> None:
        self._count.setText(_("{count} forms ticked").format(count=len(self._ticked)))
        self._print.setEnabled(bool(self._ticked) and self._printer.is_ready() and self._job is None)

    def _begin(self) -> None:
        room, wanted = self._room, [line for line in self._lines if line.form_id in self._ticked]
        copies, printer = self._printer.copies(), self._printer.printer()
        if not wanted or not printer or self._job is not None:
            return
        row = ProgressRow(room.icons, "mdi6.printer-outline", _("Printing blank forms"), room.seconds)
        self._place.addWidget(row)
        self._progress = row

        def work(job: Job[int]) -> int:
            sheets = []
            for line in wanted:
                prepared = job.change(partial(prepare, room.actor, room.desk, line.form_id))
                sheets.append((line.form_id, draw(prepared, line.audiences[0][0], (), "", "").pdf))
            return print_blanks(room, job, sheets, copies, printer)

        self._job = room.tasks.job(work, self._done, progress=self._step, on_failed=self._failed, reads=False)
        row.cancelled.connect(self._stop)
        self._show_count()

    def _stop(self) -> None:
        if self._job is not None and self._progress is not None:
            self._progress.set_cancelling()
            self._job.cancel()

    def _step(self, _step: Step, done: int, whole: int) -> None:
        if self._progress is not None:
            self._progress.set_progress(done, whole)

    def _done(self, count: int) -> None:
        self._end()
        self._ticked = set()
        self._filter()
        self._room.messages.say(_("Printed {count} blank forms.").format(count=count))

    def _failed(self, error: BaseException) -> None:
        self._end()
        self._room.messages.tell(error)

    def _end(self) -> None:
        self._job = None
        if self._progress is not None:
            self._progress.hide()
            self._progress.deleteLater()
            self._progress = None
        self._show_count()

    def _fit(self) -> None:
        fit_columns(self.table, self._room, _WIDTHS, last=124)


def _take_in(room: Room, path: Path) -> Done[str]:
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UserError(
            _("The file {file} could not be read.").format(file=path.name),
            _("Nothing was changed."),
            _("Please choose another file."),
        ) from None
    return use_school_form(room.actor, room.desk, source, path.name)


def fit_columns(table: ListTable, room: Room, widths: tuple[int, ...], last: int) -> None:
    """Give the first columns their widths, the last one that of its action, and the one before it the rest."""
    header = table.horizontalHeader()
    header.setStretchLastSection(False)
    scale = room.icons.theme.pixels("size.base") / 14
    for column, width in enumerate(widths):
        table.setColumnWidth(column, round(width * scale))
    count = header.count()
    table.setColumnWidth(count - 1, round(last * scale))
    header.setSectionResizeMode(count - 2, QHeaderView.ResizeMode.Stretch)
