"""转介: all referrals, what presses first, with the one next step of each in its row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from counselroom.i18n import _, pgettext
from counselroom.rules.referral import CompletionState, ReferralUrgency, Standing
from counselroom.services.referral_lists import ReferralLine, referral_lines
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.moments import day_word
from counselroom.ui.page import Page
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.referral.words import next_word, standing_face, standing_word, target_word, urgency_word
from counselroom.ui.reloading import Reloading
from counselroom.ui.room import Room
from counselroom.ui.size_class import SizeClass
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.clock_text import clock_text
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.pill import Pill

_KINDS = ("referral", "referral_feedback", "referral_supplement", "student", "person", "parameter")
_ALL = "all"
_WIDTHS = (124, 108, 124, 0, 84, 176, 92, 96, 116)
"""Of the columns in pixels at the standard size of text; the recipient takes what is left."""
STUDENT, CLASS, NUMBER, TO, URGENCY, STANDING, ISSUED, NEXT_VISIT, ACTION = range(9)


class ReferralsPage(Page):
    """Filters, search and the list. Names are masked until F8."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Referrals"), parent)
        self._lines: tuple[ReferralLine, ...] = ()
        self._wanted = _ALL
        self._wanted_row = ""
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(_("Number, name or recipient"))
        self.search.setAccessibleName(_("Search in this list"))
        self.pills: dict[str, Pill] = {_ALL: Pill(room.icons, pgettext("referral", "All"))}
        for standing in (Standing.NO_REPLY, Standing.WAITING, Standing.DRAFT, Standing.REPLIED):
            self.pills[standing.value] = Pill(room.icons, standing_word(standing))
        self.model = PlainModel(
            (
                pgettext("referral", "Student"),
                pgettext("referral", "Class"),
                pgettext("referral", "Number"),
                pgettext("referral", "Recipient"),
                pgettext("referral", "Urgency"),
                pgettext("referral", "State"),
                pgettext("referral", "Issued"),
                pgettext("referral", "Next visit"),
                pgettext("referral", "Next step"),
            ),
            self,
        )
        self.table = ListTable(room.icons, pgettext("page", "Referrals"))
        self.table.setModel(self.model)
        self._empty_button = Button(pgettext("referral", "New referral"))
        self._empty = EmptyState(room.icons, "mdi6.account-arrow-right-outline", "", button=self._empty_button)
        self._lay_out()
        self._connect()
        self._load()

    def _lay_out(self) -> None:
        new = Button(pgettext("referral", "New referral"), "primary", self.room.icons.named("mdi6.plus"))
        new.clicked.connect(self._begin)
        self.header.add_action(new)
        main = QFrame()
        main.setProperty("kind", "panel")
        column = QVBoxLayout(main)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        tools = QHBoxLayout()
        tools.setContentsMargins(16, 8, 16, 8)
        tools.setSpacing(8)
        group = QButtonGroup(self)
        for key, pill in self.pills.items():
            group.addButton(pill)
            pill.clicked.connect(lambda _checked=False, key=key: self._narrow(key))
            tools.addWidget(pill)
        self.pills[_ALL].setChecked(True)
        tools.addWidget(self.search, 1)
        column.addLayout(tools)
        column.addWidget(self.table, 1)
        place = QVBoxLayout()
        place.setContentsMargins(16, 0, 16, 16)
        place.addWidget(self._empty)
        column.addLayout(place)
        column.addStretch(0)
        self._empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._empty.hide()
        self.body.addWidget(main)
        self._fit_columns()

    def _connect(self) -> None:
        self.search.textChanged.connect(lambda _text: self._filter_changed())
        self.table.opened.connect(lambda index: self._open(self.model.key_at(index.row())))
        self.table.acted.connect(self._act)
        self.table.selectionModel().currentChanged.connect(lambda _now, _before: self.touched.emit())
        self._empty_button.clicked.connect(self._do_empty)
        Reloading(self, self.room.bus, _KINDS, self._load)
        self.room.icons.theme.changed.connect(self._fit_columns)
        Redrawing(self, self.room.masking, self._show_rows, self.faces)

    def panels(self) -> Sequence[QWidget]:
        """Return the search field and the list."""
        return (self.search, self.table)

    def first(self) -> QWidget:
        """Return the list, or the search field while the list is empty."""
        return self.search if self.table.isHidden() else self.table

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """Leave the class and the day of issue away where there is little room."""
        super().set_size_class(size, height)
        if hasattr(self, "table"):
            for column in (CLASS, ISSUED):
                self.table.setColumnHidden(column, size <= SizeClass.COMPACT)

    def state(self) -> dict[str, Any]:
        """Return filter, search text and selected row."""
        return {
            "standing": self._wanted,
            "query": self.search.text(),
            "cursor": self.search.cursorPosition(),
            "row": self.model.key_at(self.table.currentIndex().row()) or self._wanted_row,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take filter, search text and selected row."""
        wanted = str(state.get("standing") or _ALL)
        self._wanted = wanted if wanted in self.pills else _ALL
        self.pills[self._wanted].setChecked(True)
        self._wanted_row = str(state.get("row") or "")
        self.search.setText(str(state.get("query") or ""))
        self.search.setCursorPosition(int(state.get("cursor") or 0))
        self._load()

    def _load(self) -> None:
        room = self.room
        room.tasks.query(self, lambda: referral_lines(room.actor, room.desk), self._show, key=f"{self.key}.lines")

    def _show(self, lines: tuple[ReferralLine, ...]) -> None:
        self._lines = lines
        counts = {standing.value: 0 for standing in Standing}
        for line in lines:
            counts[line.standing.value] += 1
        for key, pill in self.pills.items():
            pill.set_count(len(lines) if key == _ALL else counts[key])
        waiting = counts[Standing.WAITING.value] + counts[Standing.NO_REPLY.value]
        self.header.set_meta(_("{count} await a reply").format(count=waiting) if waiting else "")
        self._show_rows()

    def _show_rows(self) -> None:
        chosen = self._wanted_row or self.model.key_at(self.table.currentIndex().row())
        words = self.search.text().strip().lower()
        shown = [
            line
            for line in self._lines
            if self._wanted in (_ALL, line.standing.value)
            and (not words or words in f"{line.number} {line.student.name} {line.to_name}".lower())
        ]
        self.model.show([(line.id, self._cells(line)) for line in shown])
        self.table.setVisible(bool(shown))
        self._empty.setVisible(not shown)
        if not shown:
            self._empty.set_sentence(*self._nothing())
        row = self.model.row_of(chosen)
        if shown:
            self.table.setCurrentIndex(self.model.index(max(0, row), 0))
        self._wanted_row = ""

    def _cells(self, line: ReferralLine) -> tuple[Cell, ...]:
        face, today = self.face(), self.room.now().date()
        state = standing_face(line.standing, line.waited_days, is_long=line.is_long)
        if line.complete_by is not None:
            late = line.completion is CompletionState.OVERDUE
            left = clock_text(line.complete_by - self.room.now())
            words = pgettext("referral", "complete: {clock}").format(clock=left)
            state = ChipFace(words, "brick" if late else "amber", "mdi6.clock-alert-outline")
        step = next_word(line)
        pressing = line.complete_by is not None or line.standing is Standing.NO_REPLY
        return (
            Cell(face.name(line.student.name, line.student.student_no), bold=True),
            Cell(face.class_name(line.student.class_name) or "—"),
            Cell(line.number),
            Cell(face.text(line.to_name) or target_word(line.to_kind)),
            Cell(urgency_word(line.urgency), bold=line.urgency is ReferralUrgency.EMERGENCY),
            Cell(chip=state),
            Cell(day_word(line.since, today) if line.standing is not Standing.DRAFT else "—"),
            Cell(day_word(line.next_visit_on, today) if line.next_visit_on else "—"),
            Cell(step, is_action=bool(step), is_due=pressing) if step else Cell("" if line.is_mine else line.who),
        )

    def _nothing(self) -> tuple[str, str]:
        query = self.search.text().strip()
        if query:
            self._empty_button.setText(pgettext("referral", "Clear the search"))
            return _("Nothing found for “{query}”.").format(query=query), ""
        if self._wanted != _ALL:
            self._empty_button.setText(pgettext("referral", "Show all"))
            return _("No referral is in this list now."), _("It fills by itself as you work.")
        self._empty_button.setText(pgettext("referral", "New referral"))
        return _("There is no referral yet."), _("A referral begins here, from a student's record or a crisis case.")

    def _do_empty(self) -> None:
        if self.search.text().strip():
            self.search.clear()
        elif self._wanted != _ALL:
            self.pills[_ALL].click()
        else:
            self._begin()

    def _begin(self) -> None:
        self.room.ways.open_dialog("new_referral")

    def _narrow(self, key: str) -> None:
        self._wanted = key
        self._filter_changed()

    def _filter_changed(self) -> None:
        self._show_rows()
        self.touched.emit()

    def _act(self, index: QModelIndex) -> None:
        line = next((one for one in self._lines if one.id == self.model.key_at(index.row())), None)
        if line is None:
            return
        if line.complete_by is not None:
            self.room.ways.open_dialog("referral_completion", referral=line.id)
        elif line.standing is Standing.DRAFT:
            self._open(line.id)
        else:
            self.room.ways.open_dialog("referral_feedback", referral=line.id)

    def _open(self, referral_id: str) -> None:
        if referral_id:
            self.room.ways.open_page("referral", referral=referral_id)

    def _fit_columns(self) -> None:
        scale = self.room.icons.theme.pixels("size.base") / 14
        head = self.table.horizontalHeader()
        head.setStretchLastSection(False)
        for column, width in enumerate(_WIDTHS):
            if column == TO:
                head.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            else:
                head.resizeSection(column, round(width * scale))
