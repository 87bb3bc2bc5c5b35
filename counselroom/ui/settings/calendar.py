"""学年与校历: academic years with their terms, and the days that are not ordinary ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QModelIndex
from PySide6.QtWidgets import QDateEdit, QGridLayout, QHeaderView, QLineEdit, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.school import DayKind
from counselroom.rules.school_calendar import TermSpan, academic_year_of
from counselroom.services.school import TermDates, list_days, list_terms, mark_day, set_academic_year, unmark_day
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.room import Room
from counselroom.ui.settings.section import Section, choose, combo, row_of
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.chip_face import ChipFace, Tone
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.inset import inset
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.list_table import ListTable

_USUAL = (((0, 9, 1), (1, 1, 20), (1, 1, 8)), ((1, 2, 22), (1, 7, 5), (1, 6, 25)))
"""Year after the first, month and day of begin, end and stop day of both terms, where the school set none."""
_TONES: dict[DayKind, Tone] = {
    DayKind.HOLIDAY: "accent",
    DayKind.MAKE_UP: "amber",
    DayKind.EXAM: "slate",
    DayKind.NODE: "plain",
}


def day_kind_word(kind: DayKind) -> str:
    """Return why a day is not an ordinary one."""
    return {
        DayKind.HOLIDAY: pgettext("calendar", "holiday"),
        DayKind.MAKE_UP: pgettext("calendar", "make-up day"),
        DayKind.EXAM: pgettext("calendar", "exam"),
        DayKind.NODE: pgettext("calendar", "day of attention"),
    }[kind]


class CalendarSection(Section):
    """Terms are saved together, because their dates must fit each other; a day is saved at once."""

    kinds = ("academic_year", "term", "calendar_day")

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(room, pgettext("settings", "Years and calendar"), parent)
        icons = room.icons
        self._terms: tuple[TermSpan, ...] = ()
        self._days: dict[str, tuple[date, DayKind, str]] = {}
        self._wanted = academic_year_of(room.now().date())
        label = pgettext("calendar", "Academic year")
        self.year = combo(label, (), 180)
        years = self.group(pgettext("calendar", "Terms"))
        years.addLayout(row_of(Label(label, "label"), self.year))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        labels = (pgettext("term", "begins"), pgettext("term", "ends"), pgettext("term", "last day for appointments"))
        self.dates: list[list[QDateEdit]] = []
        for number in (1, 2):
            title = pgettext("term", "Term {number}").format(number=number)
            grid.addWidget(Label(title, "label"), number, 0)
            edits = []
            for column, words in enumerate(labels, start=1):
                edit = _date_edit()
                field = Field(words, edit, icons=icons)
                edit.setAccessibleName(f"{title} {words}")
                grid.addWidget(field, number, column)
                edits.append(edit)
            self.dates.append(edits)
        grid.setColumnStretch(4, 1)
        years.addLayout(grid)
        self.save = Button(pgettext("calendar", "Save the dates"), "primary")
        years.addLayout(row_of(self.save))
        self._model = PlainModel(
            (pgettext("calendar", "Day"), pgettext("calendar", "Kind"), pgettext("calendar", "What"), ""),
            self,
        )
        self.table = ListTable(icons, pgettext("calendar", "Marked days"))
        self.table.setModel(self._model)
        self.table.setMinimumHeight(200)
        self.day = _date_edit()
        self.day.setDate(_qdate(room.now().date()))
        self.day.setAccessibleName(pgettext("calendar", "Day"))
        self.kind = combo(pgettext("calendar", "Kind"), tuple((kind, day_kind_word(kind)) for kind in DayKind), 120)
        self.what = QLineEdit()
        self.what.setMaxLength(40)
        self.what.setPlaceholderText(_("What it is, such as National Day"))
        self.what.setAccessibleName(pgettext("calendar", "What"))
        self.mark = Button(pgettext("calendar", "Mark the day"))
        days = self.group(pgettext("calendar", "Marked days"))
        days.addWidget(self.table)
        days.addLayout(row_of(self.day, self.kind, self.what, self.mark, stretch=False))
        self.year.currentIndexChanged.connect(self._show_year)
        self.save.clicked.connect(self._save)
        self.mark.clicked.connect(self._mark)
        self.what.returnPressed.connect(self._mark)
        self.what.textEdited.connect(lambda _text: self.touched.emit())
        self.table.acted.connect(self._unmark)
        icons.theme.changed.connect(self._fit_columns)
        self._fit_columns()

    def first(self) -> QWidget:
        """Return the year."""
        return self.year

    def state(self) -> dict[str, Any]:
        """Return the year that is shown and the day that is being marked."""
        return {"year": self._wanted, "what": self.what.text()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take year and day of before."""
        self._wanted = str(state.get("year") or self._wanted)
        self.what.setText(str(state.get("what") or ""))
        choose(self.year, self._wanted)
        self._show_year()

    def load(self) -> None:
        """Ask for terms and days."""
        room = self.room
        self.ask("terms", lambda: list_terms(room.actor, room.desk), self._show_terms)
        today = room.now().date()
        first, last = date(today.year - 1, 1, 1), date(today.year + 2, 12, 31)
        self.ask("days", lambda: list_days(room.actor, room.desk, first, last), self._show_days)

    def _show_terms(self, found: tuple[TermSpan, ...]) -> None:
        self._terms = found
        now = int(academic_year_of(self.room.now().date())[:4])
        names = {span.academic_year for span in found} | {f"{year}-{year + 1}" for year in (now, now + 1)}
        blocked = self.year.blockSignals(True)
        self.year.clear()
        for name in sorted(names):
            self.year.addItem(name, name)
        self.year.blockSignals(blocked)
        choose(self.year, self._wanted if self._wanted in names else f"{now}-{now + 1}")
        self._show_year()

    def _show_year(self) -> None:
        self._wanted = str(self.year.currentData() or self._wanted)
        first = int(self._wanted[:4])
        stored = {span.number: span for span in self._terms if span.academic_year == self._wanted}
        for number, edits in enumerate(self.dates, start=1):
            span = stored.get(number)
            days = (
                (span.starts_on, span.ends_on, span.appointment_stop_on)
                if span is not None
                else tuple(date(first + after, month, day) for after, month, day in _USUAL[number - 1])
            )
            for edit, day in zip(edits, days, strict=True):
                edit.setDate(_qdate(day))

    def terms(self) -> tuple[TermDates, ...]:
        """Return the dates in the fields."""
        return tuple(
            TermDates(number, *(_pydate(edit) for edit in edits)) for number, edits in enumerate(self.dates, start=1)
        )

    def _save(self) -> None:
        room, name, terms = self.room, self._wanted, self.terms()
        self.change(lambda: set_academic_year(room.actor, room.desk, name, terms), None, _("The dates were saved."))

    def _show_days(self, found: tuple[tuple[date, DayKind, str], ...]) -> None:
        self._days = {f"{day.isoformat()} {kind}": (day, kind, label) for day, kind, label in found}
        self._model.show(
            [
                (
                    key,
                    (
                        Cell(f"{day:%Y-%m-%d}"),
                        Cell(chip=ChipFace(day_kind_word(kind), _TONES[kind])),
                        Cell(label),
                        Cell(pgettext("calendar", "Remove"), is_action=True),
                    ),
                )
                for key, (day, kind, label) in self._days.items()
            ]
        )

    def _mark(self) -> None:
        room, day, kind = self.room, _pydate(self.day), DayKind(self.kind.currentData())
        label = self.what.text().strip() or day_kind_word(kind)
        self.change(lambda: mark_day(room.actor, room.desk, day, kind, label), lambda _day: self.what.clear())

    def _unmark(self, index: QModelIndex) -> None:
        found, room = self._days.get(self._model.key_at(index.row())), self.room
        if found is not None:
            self.change(lambda: unmark_day(room.actor, room.desk, found[0], found[1]))

    def _fit_columns(self) -> None:
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        scale = self.room.icons.theme.pixels("size.base") / 14
        for column, width in enumerate((140, 120, 260)):
            header.resizeSection(column, round(width * scale))


def _date_edit() -> QDateEdit:
    edit = QDateEdit()
    edit.setDisplayFormat("yyyy-MM-dd")
    edit.setMinimumWidth(136)
    inset(edit)
    return edit


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


def _pydate(edit: QDateEdit) -> date:
    found = edit.date()
    return date(found.year(), found.month(), found.day())
