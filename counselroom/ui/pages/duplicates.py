"""查重: entries that may be one student, side by side, and merged when they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.access import Role
from counselroom.rules.duplicates import Candidate, LikelyPair, Likeness, Pair, likely_pairs, pair_of
from counselroom.services.changes import ChangeSet, Done
from counselroom.services.different_persons import tell_apart, told_apart
from counselroom.services.duplicates import MergeSide, candidates, merge_sides, merge_students
from counselroom.services.students import StudentView
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.models.students import status_word
from counselroom.ui.page import Page
from counselroom.ui.record.words import gender_word
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.room import Room
from counselroom.ui.size_class import SizeClass
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import ElidedLabel, Label
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.panel import Panel
from counselroom.ui.widgets.question import Question

SHOWN = 500
"""Pairs shown at most; who has merged some sees the next."""


_Found = tuple[int, int, tuple[LikelyPair, ...], dict[str, Candidate]]
"""Students, pairs, the pairs that are shown, and who is in them."""


class DuplicatesPage(Page):
    """Likely pairs at the left, the chosen one at the right."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Duplicates"), parent, back=True)
        self._pairs: tuple[LikelyPair, ...] = ()
        self._names: dict[str, Candidate] = {}
        self._sides: tuple[MergeSide, MergeSide] | None = None
        self._wanted = ""
        self._may = bool(room.actor.roles & {Role.CENTER_DIRECTOR, Role.ARCHIVE_MANAGER})
        heads = (pgettext("duplicates", "First"), pgettext("duplicates", "Second"), pgettext("duplicates", "Why"))
        self._model = PlainModel(heads, self)
        self._table = ListTable(room.icons, pgettext("duplicates", "Likely pairs"))
        self._table.setModel(self._model)
        self._table.selectionModel().currentChanged.connect(lambda: self._chosen())
        again = Button(pgettext("duplicates", "Look again"))
        again.clicked.connect(self._search)
        self._empty = EmptyState(
            room.icons,
            "mdi6.account-check-outline",
            _("No two entries look like one student."),
            _("Numbers, names, birthdays and classes were compared."),
            again,
        )
        self._reason = QLineEdit()
        self._reason.textEdited.connect(lambda _text: self.touched.emit())
        self._reason_field = Field(
            pgettext("duplicates", "Reason"), self._reason, _("It is kept with the merge for good."), icons=room.icons
        )
        self._merge_first = Button(pgettext("duplicates", "Keep the first"), "primary")
        self._merge_second = Button(pgettext("duplicates", "Keep the second"))
        self._apart = Button(pgettext("duplicates", "Two students"))
        self._apart.clicked.connect(self._tell_apart)
        self._merge_first.clicked.connect(lambda: self._ask(0))
        self._merge_second.clicked.connect(lambda: self._ask(1))
        self._lay_out()
        room.bus.changed.connect(self._look_at_changes)
        Redrawing(self, room.masking, self._show_names, self.faces)
        room.icons.theme.changed.connect(self._fit_columns)
        self._search()

    def _lay_out(self) -> None:
        self._left = QFrame()
        self._left.setProperty("kind", "panel")
        column = QVBoxLayout(self._left)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self._table)
        self._right = Panel(pgettext("duplicates", "Side by side"))
        inner = QFrame()
        below = QVBoxLayout(inner)
        below.setContentsMargins(16, 12, 16, 16)
        below.setSpacing(12)
        self._grid_place = QVBoxLayout()
        below.addLayout(self._grid_place)
        self._hint = Label(_("Please choose a pair."), "hint", wrap=True)
        below.addWidget(self._hint)
        below.addWidget(self._reason_field)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._apart)
        buttons.addStretch(1)
        buttons.addWidget(self._merge_second)
        buttons.addWidget(self._merge_first)
        below.addLayout(buttons)
        below.addStretch(1)
        self._right.set_body(inner, scroll=True)
        self._grid: QWidget | None = None
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._left, 1)
        row.addWidget(self._right, 1)
        self.body.addWidget(self._empty)
        self._empty.hide()
        self.body.addLayout(row, 1)
        self.body.addStretch()
        self._show_sides()

    def panels(self) -> Sequence[QWidget]:
        """Return the list and the pair."""
        return (self._table, self._right) if self._pairs else (self._empty,)

    def first(self) -> QWidget:
        """Return the list, or what stands there without one."""
        return self._table if self._pairs else self._empty

    def state(self) -> dict[str, Any]:
        """Return the chosen pair and the reason."""
        return {"pair": self._model.key_at(self._table.currentIndex().row()), "reason": self._reason.text()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Choose the pair of before."""
        self._wanted = str(state.get("pair") or "")
        self._reason.setText(str(state.get("reason") or ""))
        self._show_names()

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """Fit the columns."""
        super().set_size_class(size, height)
        if hasattr(self, "_right"):
            self._fit_columns()

    def _look_at_changes(self, changes: ChangeSet) -> None:
        if self.isVisible() and changes.concerns("student", "person", "different_persons"):
            self._search()

    def _search(self) -> None:
        room = self.room

        def work(job: Any) -> _Found:
            count, found = cast(
                "tuple[int, tuple[Candidate, ...]]", job.change(lambda: candidates(room.actor, room.desk))
            )
            apart: frozenset[Pair] = job.change(lambda: told_apart(room.actor, room.desk))
            pairs = [pair for pair in likely_pairs(found) if pair_of(pair.first, pair.second) not in apart]
            shown = {student for pair in pairs[:SHOWN] for student in (pair.first, pair.second)}
            return count, len(pairs), tuple(pairs[:SHOWN]), {one.id: one for one in found if one.id in shown}

        room.tasks.job(work, self._show_pairs, reads=False)

    def _show_pairs(self, result: _Found) -> None:
        students, count, self._pairs, self._names = result
        self.header.set_meta(_("{count} likely pairs among {students} students").format(
            count=f"{count:,}", students=f"{students:,}"
        ))  # fmt: skip
        for part in (self._left, self._right):
            part.setVisible(bool(self._pairs))
        self._empty.setVisible(not self._pairs)
        self._show_names()

    def _show_names(self) -> None:
        face = self.face()
        current = self._wanted or self._model.key_at(self._table.currentIndex().row())
        rows = []
        for pair in self._pairs:
            first, second = self._names[pair.first], self._names[pair.second]
            why = pgettext("list", ", ").join(likeness_word(likeness) for likeness in pair.likeness)
            cells = [
                Cell(f"{face.name(one.name, one.student_no)}　{face.number(one.student_no)}".strip(), bold=True)
                for one in (first, second)
            ]
            rows.append((f"{pair.first} {pair.second}", (*cells, Cell(why))))
        self._model.show(rows)
        self._fit_columns()
        row = self._model.row_of(current)
        if row >= 0:
            self._wanted = ""
            self._table.setCurrentIndex(self._model.index(row, 0))
        elif self._pairs:
            self._table.setCurrentIndex(self._model.index(0, 0))
        else:
            self._chosen()

    def _chosen(self) -> None:
        ids = self._model.key_at(self._table.currentIndex().row()).split()
        if len(ids) != 2:
            self._sides = None
            self._show_sides()
            return
        room = self.room
        room.tasks.query(
            self, lambda: merge_sides(room.actor, room.desk, ids[0], ids[1]), self._take_sides, key="duplicates.pair"
        )
        self.touched.emit()

    def _take_sides(self, sides: tuple[MergeSide, MergeSide]) -> None:
        self._sides = sides
        self._show_sides()

    def _show_sides(self) -> None:
        if self._grid is not None:
            self._grid_place.removeWidget(self._grid)
            self._grid.hide()
            self._grid.deleteLater()
            self._grid = None
        has_pair = self._sides is not None
        self._apart.setVisible(has_pair)
        for part in (self._reason_field, self._merge_first, self._merge_second):
            part.setVisible(has_pair and self._may)
        if self._sides is None:
            self._hint.setText(_("Please choose a pair."))
            return
        self._hint.setText(
            _(
                "All records of the other entry come to the one that is kept; empty fields are filled."
                " Signed text stays."
            )
            if self._may
            else _("Only the director or the archive manager can merge two entries.")
        )
        self._grid = self._compared(*self._sides)
        self._grid_place.addWidget(self._grid)

    def _compared(self, first: MergeSide, second: MergeSide) -> QWidget:
        face = self.face()
        grid_widget = QWidget()
        grid = QGridLayout(grid_widget)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        lines: tuple[tuple[str, Callable[[StudentView], str]], ...] = (
            (pgettext("student", "Name"), lambda view: face.name(view.data.name, view.data.student_no)),
            (pgettext("student", "Number"), lambda view: face.number(view.data.student_no)),
            (pgettext("student", "Class"), lambda view: view.class_name or ""),
            (pgettext("student", "Gender"), lambda view: gender_word(view.data.gender)),
            (
                pgettext("student", "Born"),
                lambda view: face.text(view.data.birth_date.isoformat() if view.data.birth_date else ""),
            ),
            (pgettext("student", "Telephone"), lambda view: face.number(view.data.phone)),
            (pgettext("student", "State"), lambda view: status_word(view.status)),
        )
        for row, (label, value) in enumerate(lines):
            grid.addWidget(Label(label, "meta"), row, 0)
            for column, side in enumerate((first, second), start=1):
                words = value(side.view) or "—"
                same = value(first.view) == value(second.view)
                grid.addWidget(ElidedLabel(words, "meta_strong" if same else "strong"), row, column)
        grid.addWidget(Label(pgettext("duplicates", "Rows"), "meta"), len(lines), 0)
        for column, side in enumerate((first, second), start=1):
            grid.addWidget(Label(str(side.rows), "meta_strong"), len(lines), column)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        return grid_widget

    def _tell_apart(self) -> None:
        if self._sides is None:
            return
        room, (one, other) = self.room, (side.view.id for side in self._sides)

        def done(result: Done[Pair]) -> None:
            room.messages.say(_("Two students: not shown again."), result.changes.undo)

        room.tasks.change(lambda: tell_apart(room.actor, room.desk, one, other), done)

    def _ask(self, kept: int) -> None:
        if self._sides is None:
            return
        reason = self._reason.text().strip()
        self._reason_field.set_error("" if reason else _("Please say how you know that they are one student."))
        if not reason:
            self._reason.setFocus()
            return
        winner, loser = self._sides[kept], self._sides[1 - kept]
        question = Question(
            self.room.icons,
            _("Merge the two entries?"),
            _("{count} rows go to the entry that is kept. This cannot be undone.").format(count=loser.rows),
            pgettext("duplicates", "Merge"),
            pgettext("duplicates", "Compare again"),
            danger=True,
            parent=self.window(),
        )
        question.accepted.connect(lambda: self._merge(winner.view, loser.view, reason))
        question.open()

    def _merge(self, winner: StudentView, loser: StudentView, reason: str) -> None:
        room = self.room
        actor = room.actor.because(reason)

        def done(_result: Done[StudentView]) -> None:
            self._reason.clear()
            room.messages.say(_("The two entries are one now."))
            self._search()

        room.tasks.change(lambda: merge_students(actor, room.desk, winner.id, loser.id), done)

    def _fit_columns(self) -> None:
        scale = self.room.icons.theme.pixels("size.base") / 14
        for column in (0, 1):
            self._table.setColumnWidth(column, round(180 * scale))


def likeness_word(likeness: Likeness) -> str:
    """Return why two entries may be one student."""
    return {
        Likeness.SAME_NUMBER: pgettext("likeness", "same number"),
        Likeness.SAME_NAME_AND_BIRTHDAY: pgettext("likeness", "same name and birthday"),
        Likeness.SAME_NAME_AND_CLASS: pgettext("likeness", "same name and class"),
        Likeness.NEAR_NAME: pgettext("likeness", "near name"),
    }[likeness]
