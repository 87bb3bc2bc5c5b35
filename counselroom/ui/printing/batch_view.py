"""成批打印: one form for several students, each sheet with its number and a line of what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from counselroom.desktop.printer import PrinterFailed
from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.printing.definitions import Audience
from counselroom.services.changes import ChangeSet, Done
from counselroom.services.print_making import PrintRequest
from counselroom.services.print_offers import BatchRow, FormLine, batch_rows, list_forms
from counselroom.services.student_lists import SchoolTree, school_tree
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.printing.form_catalogue import fit_columns
from counselroom.ui.printing.making import print_copies
from counselroom.ui.printing.printer_choice import PrinterChoice
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.progress_row import ProgressRow
from counselroom.vault.lanes import Job
from counselroom.vault.progress import Cancelled, Step

_WIDTHS = (110, 170, 170)


@dataclass(frozen=True)
class Result:
    """What became of one sheet: printed, or a sentence why not."""

    entity_id: str
    is_printed: bool
    sentence: str = ""


class BatchView(QFrame):
    """Form, class, reader, list with ticks, printing with progress and a way to stop.

    Attributes:
        touched: a choice has changed.
    """

    touched = Signal()
    _came = Signal(object)

    def __init__(self, room: Room, place: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room, self._place = room, place
        self._forms: tuple[FormLine, ...] = ()
        self._rows: tuple[BatchRow, ...] = ()
        self._left_out: set[str] = set()
        self._results: dict[str, Result] = {}
        self._wanted: dict[str, Any] = {}
        self._job: Job[Any] | None = None
        self._progress: ProgressRow | None = None
        self.setProperty("kind", "panel")
        self.form, self._unit, self._audience = QComboBox(), QComboBox(), QComboBox()
        self._recipient, self._purpose = QLineEdit(), QLineEdit()
        heads = (
            pgettext("batch", "Tick"),
            pgettext("batch", "Name"),
            pgettext("batch", "Class"),
            pgettext("batch", "Number"),
            pgettext("batch", "Result"),
        )
        self._model = PlainModel(heads, self)
        self.table = ListTable(room.icons, pgettext("print", "Batch printing"))
        self.table.setModel(self._model)
        self._empty = EmptyState(
            room.icons, "mdi6.file-outline", "", _("A sheet appears here when there is a record to fill the form from.")
        )
        self._printer = PrinterChoice(room, with_copies=False)
        self._print = Button(pgettext("print", "Print"), "primary", icon=room.icons.named("mdi6.printer-outline"))
        self._count = Label("", "meta")
        self._lay_out()
        self._connect()
        self._fit()
        self._show_count()
        room.tasks.query(self, lambda: list_forms(room.actor, room.desk), self._show_forms, key="batch.forms")
        room.tasks.query(self, lambda: school_tree(room.actor, room.desk), self._show_units, key="batch.units")

    def _lay_out(self) -> None:
        icons = self._room.icons
        tools = QHBoxLayout()
        tools.setContentsMargins(16, 10, 16, 10)
        tools.setSpacing(12)
        for words, editor, share in (
            (pgettext("print", "Form"), self.form, 3),
            (pgettext("print", "Class"), self._unit, 2),
            (pgettext("print", "For whom"), self._audience, 2),
            (pgettext("print", "Recipient"), self._recipient, 2),
            (pgettext("print", "Purpose"), self._purpose, 2),
        ):
            if isinstance(editor, QComboBox):
                editor.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            tools.addWidget(Field(words, editor, icons=icons), share)
        self._bar_place = QVBoxLayout()
        self._bar_place.setContentsMargins(16, 0, 16, 0)
        place = QVBoxLayout()
        place.setContentsMargins(16, 8, 16, 16)
        place.addWidget(self._empty)
        self._empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._empty.hide()
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
        column.addLayout(place)
        column.addStretch(0)
        column.addLayout(self._bar_place)
        rule = QFrame()
        rule.setProperty("kind", "rule")
        column.addWidget(rule)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.form.currentIndexChanged.connect(self._form_chosen)
        self._unit.currentIndexChanged.connect(self._reload)
        self._audience.currentIndexChanged.connect(self._reader_chosen)
        self._recipient.textEdited.connect(lambda: self.touched.emit())
        self._purpose.textEdited.connect(lambda: self.touched.emit())
        self.table.marked.connect(self._tick)
        self.table.opened.connect(self._preview)
        self._printer.found.connect(self._show_count)
        self._print.clicked.connect(self.begin)
        self._came.connect(self._show_result)
        Redrawing(self, self._room.masking, self._show_rows)
        self._room.icons.theme.changed.connect(self._fit)

    def state(self) -> dict[str, Any]:
        """Return the choices."""
        return {
            "form": self.form.currentData() or "",
            "unit": self._unit.currentData() or "",
            "audience": self._audience.currentData() or "",
            "recipient": self._recipient.text(),
            "purpose": self._purpose.text(),
            "left_out": sorted(self._left_out),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the choices; lists that are still to come are chosen from when they are there."""
        self._wanted = dict(state)
        self._choose_wanted()

    def _show_forms(self, lines: tuple[FormLine, ...]) -> None:
        self._forms = tuple(line for line in lines if line.is_filled_from_records)
        with QSignalBlocker(self.form):
            for line in self._forms:
                self.form.addItem(f"{line.form_id} {line.title}", line.form_id)
        self._form_chosen()
        self._choose_wanted()

    def _show_units(self, tree: SchoolTree) -> None:
        with QSignalBlocker(self._unit):
            self._unit.addItem(pgettext("batch", "All classes"), "")
            for unit in tree.units:
                self._unit.addItem(unit.name, unit.id)
        self._choose_wanted()

    def _choose_wanted(self) -> None:
        if not self._forms or not self._unit.count() or not self._wanted:
            return
        wanted, self._wanted = self._wanted, {}
        for combo, key in ((self.form, "form"), (self._unit, "unit"), (self._audience, "audience")):
            at = combo.findData(wanted.get(key))
            if at >= 0:
                combo.setCurrentIndex(at)
        for line, key in ((self._recipient, "recipient"), (self._purpose, "purpose")):
            if key in wanted:
                line.setText(str(wanted[key]))
        self._left_out = set(wanted.get("left_out") or ())
        self._show_rows()

    def _form_chosen(self) -> None:
        line = next((line for line in self._forms if line.form_id == self.form.currentData()), None)
        with QSignalBlocker(self._audience):
            self._audience.clear()
            for key, name in line.audiences if line else ():
                self._audience.addItem(name, key)
        self._purpose.setText(line.purpose if line else "")
        self._left_out, self._results = set(), {}
        self._reader_chosen()
        self._reload()

    def _reader_chosen(self) -> None:
        self._recipient.setText(self._audience.currentText())
        self.touched.emit()

    def _reload(self) -> None:
        room, form_id, unit = self._room, str(self.form.currentData() or ""), str(self._unit.currentData() or "")
        self._results = {}
        if form_id:
            room.tasks.query(
                self, lambda: batch_rows(room.actor, room.desk, form_id, unit), self._show_found, key="batch.rows"
            )

    def _show_found(self, rows: tuple[BatchRow, ...]) -> None:
        self._rows = rows
        self._empty.set_sentence(
            _("There is nothing to fill this form from in this class."),
            _("A sheet appears here when there is a record to fill the form from."),
        )
        self._empty.setVisible(not rows)
        self.table.setVisible(bool(rows))
        self._show_rows()

    def _show_rows(self) -> None:
        face = self._room.masking.face(self._place)
        row = max(0, self.table.currentIndex().row())
        self._model.show(
            [
                (
                    each.entity_id,
                    (
                        Cell(pgettext("batch", "left out"), tone="ink3")
                        if each.entity_id in self._left_out
                        else Cell(chip=ChipFace(pgettext("batch", "ticked"), "accent", "mdi6.check")),
                        Cell(face.name(each.student, each.student_no), bold=True),
                        Cell(each.class_name or "—"),
                        Cell(each.number),
                        self._result(each.entity_id),
                    ),
                )
                for each in self._rows
            ]
        )
        if self._rows:
            self.table.setCurrentIndex(self._model.index(min(row, len(self._rows) - 1), 0))
        self._show_count()

    def _result(self, entity_id: str) -> Cell:
        result = self._results.get(entity_id)
        if result is None:
            return Cell("—", tone="ink3")
        if result.is_printed:
            return Cell(chip=ChipFace(pgettext("batch", "printed"), "done", "mdi6.check-circle"))
        return Cell(result.sentence, tone="brick")

    def _chosen(self) -> list[BatchRow]:
        printed = {result.entity_id for result in self._results.values() if result.is_printed}
        return [row for row in self._rows if row.entity_id not in self._left_out | printed]

    def _show_count(self) -> None:
        self._count.setText(
            _("{count} of {total} to be printed").format(count=len(self._chosen()), total=len(self._rows))
        )
        self._print.setEnabled(bool(self._chosen()) and self._printer.is_ready() and self._job is None)

    def _tick(self, index: QModelIndex) -> None:
        self._left_out ^= {self._model.key_at(index.row())}
        self.touched.emit()
        self._show_rows()

    def _preview(self, index: QModelIndex) -> None:
        form_id, entity_id = str(self.form.currentData()), self._model.key_at(index.row())
        kind = next((line.subject for line in self._forms if line.form_id == form_id), "")
        self._room.ways.open_page("print_preview", form=form_id, entity=kind, entity_id=entity_id)

    def begin(self) -> None:
        """Print what is ticked and not printed yet; what fails is said in its row and does not stop the rest."""
        room, rows = self._room, self._chosen()
        if not rows or self._job is not None or not self._printer.is_ready():
            return
        requests = [
            PrintRequest(
                str(self.form.currentData()),
                row.entity_id,
                Audience(str(self._audience.currentData())),
                self._recipient.text().strip(),
                self._purpose.text().strip(),
            )
            for row in rows
        ]
        printer = self._printer.printer()
        bar = ProgressRow(room.icons, "mdi6.printer-outline", _("Printing"), room.seconds)
        bar.cancelled.connect(self._stop)
        bar.sent_to_background.connect(bar.hide)
        self._bar_place.addWidget(bar)
        self._progress = bar

        def work(job: Job[Any]) -> Done[int]:
            changed: set[tuple[str, str]] = set()
            printed = 0
            for number, request in enumerate(requests, start=1):
                try:
                    done = print_copies(room, job, room.actor, request, 1, printer)
                except (Cancelled, PrinterFailed):
                    raise  # the rest would fail like this one
                except UserError as error:
                    self._came.emit(Result(request.entity_id, False, error.happened))
                else:
                    changed |= done.changes.changed
                    printed += 1
                    self._came.emit(Result(request.entity_id, True))
                job.progress(Step.PRINT, number, len(requests))
            return Done(printed, ChangeSet(frozenset(changed)))

        self._job = room.tasks.job(
            work, lambda done: self._finished(done.value), progress=self._step, on_failed=self._failed, reads=False
        )
        self._show_count()

    def _show_result(self, result: Result) -> None:
        self._results[result.entity_id] = result
        self._show_rows()

    def _stop(self) -> None:
        if self._job is not None and self._progress is not None:
            self._progress.set_cancelling()
            self._job.cancel()

    def _step(self, _step: Step, done: int, whole: int) -> None:
        if self._progress is not None:
            self._progress.set_progress(done, whole)

    def _finished(self, count: int) -> None:
        self._end()
        self._room.messages.say(_("Printed {count} sheets.").format(count=count))

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
        fit_columns(self.table, self._room, _WIDTHS, last=260)
