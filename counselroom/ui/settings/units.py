"""年级与班级: the units of the school; colleges or departments where the type of school has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QGridLayout, QHeaderView, QLineEdit, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.school import SchoolType, UnitKind
from counselroom.services.school import SchoolProfile, add_unit, school_profile, vocabulary
from counselroom.services.units import UnitLine, set_unit, unit_lines
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.room import Room
from counselroom.ui.settings.name_line import NameLine
from counselroom.ui.settings.section import Section, choose, combo
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.list_table import ListTable

_INDENT = "　"


class UnitsSection(Section):
    """All units as a tree written in lines. Enter on one renames it; its button closes it or opens it again."""

    kinds = ("org_unit", "school", "student")

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(room, pgettext("settings", "Grades and classes"), parent)
        self._lines: dict[str, UnitLine] = {}
        self._above_word = pgettext("unit", "Grade")
        self._wanted: Mapping[str, Any] = {}
        self.model = PlainModel(
            (
                pgettext("unit", "Name"),
                pgettext("unit", "Kind"),
                pgettext("unit", "Entry year"),
                pgettext("unit", "Students"),
                pgettext("settings", "State"),
                "",
            ),
            self,
        )
        self.table = ListTable(room.icons, pgettext("settings", "Grades and classes"))
        self.table.setModel(self.model)
        self.table.setMinimumHeight(240)
        self._empty = EmptyState(
            room.icons,
            "mdi6.school-outline",
            _("There is no grade and no class yet."),
            _("They come with the roster, or you add them here."),
        )
        self.kind = combo(pgettext("unit", "Kind"), (), 140)
        self.above = combo(pgettext("unit", "Belongs to"), (), 200)
        self.year = QLineEdit()
        self.year.setValidator(QIntValidator(1900, 2100, self))
        self.year.setPlaceholderText("2026")
        self.line = NameLine(_("Name of another unit"), pgettext("settings", "Add the unit"))
        self._lay_out()
        self.kind.currentIndexChanged.connect(lambda _index: self._kind_chosen())
        self.line.added.connect(self._add)
        self.line.renamed.connect(self._rename)
        self.line.touched.connect(self.touched)
        self.table.opened.connect(self._begin_to_rename)
        self.table.acted.connect(self._turn)
        room.icons.theme.changed.connect(self._fit_columns)
        self._fit_columns()
        self._show_kinds(None)

    def _lay_out(self) -> None:
        icons = self.room.icons
        column = self.group(pgettext("settings", "Grades and classes"))
        column.addWidget(self._empty)
        column.addWidget(self.table)
        self._empty.hide()
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        asked = (
            (pgettext("unit", "Kind"), self.kind),
            (pgettext("unit", "Belongs to"), self.above),
            (pgettext("unit", "Entry year"), self.year),
        )
        for place, (label, editor) in enumerate(asked):
            grid.addWidget(Field(label, editor, icons=icons), 0, place)
        column.addLayout(grid)
        column.addWidget(self.line)

    def first(self) -> QWidget:
        """Return the list, or the field for a name while it is empty."""
        return self.line.field if self.table.isHidden() else self.table

    def state(self) -> dict[str, Any]:
        """Return the unit that is being added or renamed."""
        kind, above = self.kind.currentData(), self.above.currentData()
        return {**self.line.state(), "kind": kind, "above": above, "year": self.year.text()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the unit that was being added or renamed."""
        self._wanted = dict(state)
        self.line.restore(state)
        self.year.setText(str(state.get("year") or ""))
        self._choose_wanted()

    def load(self) -> None:
        """Ask for the units, and for the words of this type of school."""
        room = self.room
        self.ask("units.school", lambda: school_profile(room.actor, room.desk), self._show_kinds)
        self.ask("units", lambda: unit_lines(room.actor, room.desk), self._show)

    def _show_kinds(self, found: SchoolProfile | None) -> None:
        words = vocabulary(SchoolType.SENIOR if found is None else found.school_type)
        kinds = [(UnitKind.GRADE, pgettext("unit", "Grade")), (UnitKind.CLASS, pgettext("unit", "Class"))]
        if not words.grades:
            self._above_word = words.unit
            kinds.insert(0, (UnitKind.COLLEGE, words.unit))
        chosen = self.kind.currentData() or UnitKind.CLASS
        blocked = self.kind.blockSignals(True)
        self.kind.clear()
        for kind, word in kinds:
            self.kind.addItem(word, kind)
        self.kind.blockSignals(blocked)
        choose(self.kind, chosen)
        self._kind_chosen()
        self._choose_wanted()
        self._show(tuple(self._lines.values()))

    def _kind_chosen(self) -> None:
        """Offer the units above, and a year for what has one."""
        kind, chosen = self.kind.currentData(), self.above.currentData()
        self.above.clear()
        self.above.addItem(pgettext("unit", "none"), None)
        for line in self._lines.values():
            if line.active and line.kind is not UnitKind.CLASS and kind in _below(line.kind):
                self.above.addItem(_INDENT * line.depth + line.name, line.id)
        self.above.setCurrentIndex(max(0, self.above.findData(chosen)))
        self.above.setEnabled(self.above.count() > 1)
        self.year.setEnabled(kind == UnitKind.CLASS)
        self.touched.emit()

    def _choose_wanted(self) -> None:
        """Choose what was chosen before, as soon as it is there."""
        if self.kind.findData(self._wanted.get("kind")) >= 0:
            choose(self.kind, self._wanted.get("kind"))
            self._kind_chosen()
        if self.above.findData(self._wanted.get("above")) >= 0:
            choose(self.above, self._wanted.get("above"))

    def _show(self, found: tuple[UnitLine, ...]) -> None:
        here = self.model.key_at(self.table.currentIndex().row())
        self._lines = {line.id: line for line in found}
        self.model.show([(line.id, self._cells(line)) for line in found])
        self.table.setVisible(bool(found))
        self._empty.setVisible(not found)
        if found:
            self.table.setCurrentIndex(self.model.index(max(0, self.model.row_of(here)), 0))
        self._kind_chosen()
        self._choose_wanted()

    def _cells(self, line: UnitLine) -> tuple[Cell, ...]:
        in_use = pgettext("settings", "in use") if line.active else pgettext("unit", "closed")
        turn = pgettext("unit", "Close") if line.active else pgettext("settings", "Use again")
        return (
            Cell(_INDENT * line.depth + line.name, bold=line.depth == 0, tone="" if line.active else "ink3"),
            Cell(self._kind_word(line.kind)),
            Cell(str(line.entry_year or "—")),
            Cell(f"{line.students:,}" if line.students else "—", right=True),
            Cell(chip=ChipFace(in_use, "accent" if line.active else "plain")),
            Cell(turn, is_action=True),
        )

    def _kind_word(self, kind: UnitKind) -> str:
        return {
            UnitKind.GRADE: pgettext("unit", "Grade"),
            UnitKind.CLASS: pgettext("unit", "Class"),
        }.get(kind, self._above_word)

    def _add(self, name: str) -> None:
        room, kind, above = self.room, UnitKind(self.kind.currentData()), self.above.currentData()
        year = int(self.year.text()) if kind is UnitKind.CLASS and self.year.hasAcceptableInput() else None
        self._wanted = {}
        self.change(lambda: add_unit(room.actor, room.desk, kind, name, above, year), lambda _unit: self.line.done())

    def _begin_to_rename(self, index: QModelIndex) -> None:
        line = self._lines.get(self.model.key_at(index.row()))
        if line is not None:
            self.line.rename(line.id, line.name)

    def _rename(self, key: str, name: str) -> None:
        line, room = self._lines.get(key), self.room
        if line is not None:
            self.change(
                lambda: set_unit(room.actor, room.desk, key, name, active=line.active, seen=line.seen),
                lambda _unit: self.line.done(),
            )

    def _turn(self, index: QModelIndex) -> None:
        line, room = self._lines.get(self.model.key_at(index.row())), self.room
        if line is not None:
            self.change(
                lambda: set_unit(room.actor, room.desk, line.id, line.name, active=not line.active, seen=line.seen)
            )

    def _fit_columns(self) -> None:
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        scale = self.room.icons.theme.pixels("size.base") / 14
        for column, width in enumerate((230, 100, 92, 76, 96)):
            header.resizeSection(column, round(width * scale))


def _below(kind: UnitKind) -> tuple[UnitKind, ...]:
    """Return what may stand in a unit."""
    return (UnitKind.GRADE, UnitKind.CLASS) if kind is UnitKind.COLLEGE else (UnitKind.CLASS,)
