"""学生: the list of students by class and by search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QSizePolicy,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from counselroom.i18n import _, pgettext
from counselroom.services.student_lists import Care, SchoolTree, SortBy, StudentRows, school_tree, student_rows
from counselroom.ui.models.students import CLASS, COUNT, LAST, NAME, NUMBER, PIECE, SORTED_BY, STATUS, StudentModel
from counselroom.ui.page import Page
from counselroom.ui.record.peek import PeekPanel
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.reloading import Reloading
from counselroom.ui.room import Room
from counselroom.ui.size_class import SizeClass
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.panel import Panel
from counselroom.ui.widgets.pill import Pill

_UNIT = Qt.ItemDataRole.UserRole + 1
_KINDS = ("student", "person", "org_unit", "case_file", "session_record")
_WIDTHS = {NAME: 140, CLASS: 170, NUMBER: 150, LAST: 130, COUNT: 80, STATUS: 100}
_SHRINK = 0.85
"""Columns give up to this share of their width; below it those of the reader's own sessions are left away."""


class StudentsPage(Page):
    """Tree of classes, search field, table. Names are masked until F8."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Students"), parent)
        self._unit: str | None = None
        self._wanted_student = ""
        self._tree_model = QStandardItemModel(self)
        self._tree = QTreeView()
        self._tree.setModel(self._tree_model)
        self._tree.setHeaderHidden(True)
        self._tree.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self._tree.setAccessibleName(pgettext("students", "Classes"))
        self._tree.selectionModel().currentChanged.connect(self._choose_unit)
        self._search = QLineEdit()
        self._search.setClearButtonEnabled(True)
        self._search.setPlaceholderText(_("Name, pinyin, initials or number"))
        self._search.setAccessibleName(_("Search in this list"))
        self._search.textChanged.connect(self._filter_changed)
        self._left = Pill(room.icons, pgettext("students", "With those who left"), multi=True)
        self._left.toggled.connect(self._left_changed)
        self._care = Care.ALL
        self._pills: dict[Care, Pill] = {}
        self._sort, self._descending = SortBy.NUMBER, False
        self._is_wide = False
        self._count = Label("", "meta")
        self._model = StudentModel(self.face, self._fetch, room.now, self)
        self._table = ListTable(room.icons, pgettext("page", "Students"))
        self._table.setModel(self._model)
        self._table.selectionModel().currentChanged.connect(lambda: self._row_changed())
        self._table.opened.connect(lambda index: self.open_record(self._model.student_at(index.row())))
        self._table.marked.connect(lambda _index: self._toggle_peek())
        self._empty_action = Button(pgettext("students", "Add student"))
        self._empty_action.clicked.connect(self._do_empty_action)
        self._empty = EmptyState(room.icons, "mdi6.account-school-outline", "", "", self._empty_action)
        self._peek = PeekPanel(room)
        self._peek.open_wanted.connect(self.open_record)
        self._peek.closed.connect(self._hide_peek)
        self._peek.hide()
        self._lay_out()
        Reloading(self, room.bus, _KINDS, self._reload)
        Redrawing(self, room.masking, self._show_faces, self.faces)
        room.icons.theme.changed.connect(self._fit_columns)
        self._table.resized.connect(self._fit_columns)
        self._reload()

    def _lay_out(self) -> None:
        icons = self.room.icons
        for words, icon, do in (
            (pgettext("students", "Next school year"), "mdi6.calendar-arrow-right", lambda: self._go("roll_over")),
            (pgettext("students", "Duplicates"), "mdi6.account-multiple-check-outline", lambda: self._go("duplicates")),
            (pgettext("students", "Import roster"), "mdi6.table-arrow-right", lambda: self._go("roster_import")),
        ):
            button = Button(words, "secondary", icons.named(icon))
            button.clicked.connect(do)
            self.header.add_action(button)
        add = Button(pgettext("students", "Add student"), "primary", icons.named("mdi6.account-plus-outline"))
        add.clicked.connect(self._add)
        self.header.add_action(add)
        head = self._table.horizontalHeader()
        head.setSectionsClickable(True)
        head.setSortIndicatorShown(True)
        head.setSortIndicator(NUMBER, Qt.SortOrder.AscendingOrder)
        head.sectionClicked.connect(self._sort_by)
        group = QButtonGroup(self)
        for care, text in (
            (Care.ALL, pgettext("students", "All on the roll")),
            (Care.IN_CARE, pgettext("students", "In my care")),
            (Care.UNSIGNED, pgettext("students", "With a draft")),
            (Care.ON_LEAVE, pgettext("students", "On leave")),
        ):
            pill = Pill(icons, text)
            pill.clicked.connect(lambda _checked=False, care=care: self._narrow(care))
            group.addButton(pill)
            self._pills[care] = pill
        self._pills[Care.ALL].setChecked(True)
        self._side = Panel(pgettext("students", "Classes"))
        self._side.set_body(self._tree)
        self._side.setFixedWidth(232)
        main = QFrame()
        main.setProperty("kind", "panel")
        column = QVBoxLayout(main)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        tools = QHBoxLayout()
        tools.setContentsMargins(16, 8, 16, 8)
        tools.setSpacing(8)
        tools.addWidget(self._search, 1)
        tools.addWidget(self._count)
        column.addLayout(tools)
        filters = QHBoxLayout()
        filters.setContentsMargins(16, 0, 16, 8)
        filters.setSpacing(8)
        for pill in self._pills.values():
            filters.addWidget(pill)
        filters.addStretch(1)
        filters.addWidget(self._left)
        column.addLayout(filters)
        column.addWidget(self._table, 1)
        place = QVBoxLayout()
        place.setContentsMargins(16, 0, 16, 16)
        place.addWidget(self._empty)
        column.addLayout(place)
        column.addStretch(0)
        self._empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._empty.hide()
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._side)
        row.addWidget(main, 1)
        row.addWidget(self._peek)
        self.body.addLayout(row)

    def panels(self) -> Sequence[QWidget]:
        """Return tree, search field and table."""
        return (self._tree, self._search, self._table, self._peek)

    def first(self) -> QWidget:
        """Return the search field."""
        return self._search

    def current_student(self) -> str | None:
        """Return the student that is chosen in the list."""
        return self._model.student_at(self._table.currentIndex().row()) or None

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """Leave the tree away where there is no room for it."""
        super().set_size_class(size, height)
        if hasattr(self, "_side"):
            self._side.setVisible(size > SizeClass.MINI)
            self._is_wide = size >= SizeClass.WIDE
            if not self._is_wide:
                self._hide_peek()

    def state(self) -> dict[str, Any]:
        """Return filter, search text and selected student."""
        return {
            "unit": self._unit,
            "query": self._search.text(),
            "cursor": self._search.cursorPosition(),
            "with_left": self._left.isChecked(),
            "care": self._care.value,
            "sort": self._sort.value,
            "descending": self._descending,
            "student": self._model.student_at(self._table.currentIndex().row()),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take filter, search text and selected student."""
        self._unit = state.get("unit")
        self._wanted_student = str(state.get("student") or "")
        self._left.setChecked(bool(state.get("with_left")))
        known = {care.value: care for care in Care}
        self._care = known.get(str(state.get("care")), Care.ALL)
        self._pills[self._care].setChecked(True)
        self._sort = {sort.value: sort for sort in SortBy}.get(str(state.get("sort")), SortBy.NUMBER)
        self._descending = bool(state.get("descending"))
        self._show_sorting()
        self._search.setText(str(state.get("query") or ""))
        self._search.setCursorPosition(int(state.get("cursor") or 0))
        self._reload()

    def show_student(self, student_id: str) -> None:
        """Select a student, with the filters taken away."""
        self.restore({"student": student_id})
        self._table.setFocus()

    def _show_faces(self) -> None:
        self._model.masking_changed()
        self._peek.show_as(self.face())

    def _reload(self) -> None:
        with_left = self._left.isChecked()
        room = self.room
        room.tasks.query(
            self,
            lambda: school_tree(room.actor, room.desk, with_left=with_left),
            self._show_tree,
            key="students.tree",
        )
        self._load_rows()

    def _load_rows(self) -> None:
        self._query_rows(0, self._show_rows)

    def _fetch(self, offset: int) -> None:
        self._query_rows(offset, self._model.append)

    def _query_rows(self, offset: int, show: Any) -> None:
        room, unit, query, with_left = self.room, self._unit, self._search.text(), self._left.isChecked()
        care, sort, descending = self._care, self._sort, self._descending
        # A wanted student may be far down the list: then so much of it is fetched at once.
        limit = PIECE if not self._wanted_student else 20_000
        room.tasks.query(
            self,
            lambda: student_rows(
                room.actor,
                room.desk,
                unit_id=unit,
                query=query,
                with_left=with_left,
                offset=offset,
                limit=limit,
                care=care,
                sort=sort,
                descending=descending,
            ),
            show,
            key="students.rows",
        )

    def _show_rows(self, found: StudentRows) -> None:
        self._model.show(found)
        self._count.setText(_("{count} students").format(count=f"{found.total:,}"))
        self._table.setVisible(bool(found.rows))
        self._empty.setVisible(not found.rows)
        if not found.rows:
            self._empty.set_sentence(*self._nothing())
        row = self._model.row_of(self._wanted_student)
        self._wanted_student = ""
        if row >= 0:
            self._table.setCurrentIndex(self._model.index(row, NAME))
            self._table.scrollTo(self._model.index(row, NAME))

    def _nothing(self) -> tuple[str, str]:
        """Return why the list is empty and what helps; the button does just that."""
        query = self._search.text().strip()
        if query and not self._left.isChecked():
            self._empty_action.setText(pgettext("students", "Include those who left"))
            return _("Nothing found for “{query}”.").format(query=query), _(
                "Perhaps the student has graduated: include those who left."
            )
        if query:
            self._empty_action.setText(pgettext("students", "Clear the search"))
            return _("Nothing found for “{query}”.").format(query=query), _("Please try the student number.")
        if self._care is not Care.ALL:
            self._empty_action.setText(pgettext("students", "Show all"))
            return _("No student is in this list now."), _("It fills by itself as you work.")
        self._empty_action.setText(pgettext("students", "Import roster"))
        return _("There is no student here yet."), _("Read in the roster, or add students one by one.")

    def _do_empty_action(self) -> None:
        query = self._search.text().strip()
        if query and not self._left.isChecked():
            self._left.setChecked(True)
        elif query:
            self._search.clear()
        elif self._care is not Care.ALL:
            self._pills[Care.ALL].click()
        else:
            self._go("roster_import")

    def open_record(self, student_id: str) -> None:
        """Open the record of a student."""
        if student_id:
            self.room.ways.open_page("student_record", student=student_id)

    def _go(self, key: str) -> None:
        self.room.ways.open_page(key)

    def _add(self) -> None:
        self.room.ways.open_dialog("student_form", **({"class": self._unit} if self._unit else {}))

    def _narrow(self, care: Care) -> None:
        self._care = care
        self._load_rows()
        self.touched.emit()

    def _sort_by(self, column: int) -> None:
        sort = SORTED_BY.get(column)
        if sort is not None:
            self._descending = sort is self._sort and not self._descending
            self._sort = sort
            self._load_rows()
            self.touched.emit()
        self._show_sorting()

    def _show_sorting(self) -> None:
        column = next(column for column, sort in SORTED_BY.items() if sort is self._sort)
        order = Qt.SortOrder.DescendingOrder if self._descending else Qt.SortOrder.AscendingOrder
        self._table.horizontalHeader().setSortIndicator(column, order)

    def _row_changed(self) -> None:
        if self._peek.isVisible():
            self._peek_at_current()
        self.touched.emit()

    def _toggle_peek(self) -> None:
        if self._peek.isVisible() or not self._is_wide:
            self._hide_peek()
        else:
            self._peek.show()
            self._peek_at_current()

    def _peek_at_current(self) -> None:
        student_id = self._model.student_at(self._table.currentIndex().row())
        if student_id:
            self._peek.peek(student_id, self.face())

    def _hide_peek(self) -> None:
        self._peek.hide()

    def _show_tree(self, tree: SchoolTree) -> None:
        self.header.set_meta(_("{count} students on the roll").format(count=f"{tree.total:,}"))
        blocked = self._tree.selectionModel().blockSignals(True)
        self._tree_model.clear()
        height = self.room.icons.theme.pixels("height.control")
        top = _item(_("All students"), tree.total, None, height)
        self._tree_model.appendRow(top)
        items = {unit.id: _item(unit.name, unit.count, unit.id, height) for unit in tree.units}
        for unit in tree.units:
            (items.get(unit.parent_id or "", top)).appendRow(items[unit.id])
        self._tree.expandToDepth(0)
        chosen = items.get(self._unit or "", top)
        self._tree.setCurrentIndex(chosen.index())
        self._tree.scrollTo(chosen.index())
        self._tree.selectionModel().blockSignals(blocked)

    def _choose_unit(self, index: QModelIndex) -> None:
        unit = index.data(_UNIT)
        if unit != self._unit:
            self._unit = unit
            self._load_rows()
            self.touched.emit()

    def _filter_changed(self) -> None:
        self._load_rows()
        self.touched.emit()

    def _left_changed(self) -> None:
        self._reload()
        self.touched.emit()

    def _fit_columns(self) -> None:
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        scale = self.room.icons.theme.pixels("size.base") / 14
        room = self._table.viewport().width()
        narrow = room < sum(_WIDTHS.values()) * scale * _SHRINK
        shown = [column for column in _WIDTHS if not narrow or column not in (LAST, COUNT)]
        share = min(1.0, room / (sum(_WIDTHS[column] for column in shown) * scale))
        for column in _WIDTHS:
            self._table.setColumnHidden(column, column not in shown)
        for column in shown:
            header.resizeSection(column, int(_WIDTHS[column] * scale * share))


def _item(name: str, count: int, unit_id: str | None, height: int) -> QStandardItem:
    item = QStandardItem(f"{name}　{count:,}")
    item.setSizeHint(QSize(0, height))
    item.setData(unit_id, _UNIT)
    return item
