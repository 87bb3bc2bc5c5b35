"""学生: the list of students by class and by search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QHBoxLayout, QHeaderView, QLineEdit, QSizePolicy, QTreeView, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.changes import ChangeSet
from counselroom.services.student_lists import SchoolTree, StudentRows, school_tree, student_rows
from counselroom.ui.models.students import CLASS, NAME, NUMBER, PIECE, StudentModel
from counselroom.ui.page import Page
from counselroom.ui.room import Room
from counselroom.ui.size_class import SizeClass
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.panel import Panel
from counselroom.ui.widgets.pill import Pill

_UNIT = Qt.ItemDataRole.UserRole + 1
_KINDS = ("student", "person", "org_unit")


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
        self._count = Label("", "meta")
        self._model = StudentModel(self.face, self._fetch, self)
        self._table = ListTable(room.icons, pgettext("page", "Students"))
        self._table.setModel(self._model)
        self._table.selectionModel().currentChanged.connect(lambda: self.touched.emit())
        self._empty = EmptyState(room.icons, "mdi6.account-school-outline", "")
        self._lay_out()
        room.bus.changed.connect(self._reload_if_concerned)
        room.masking.changed.connect(self._model.masking_changed)
        room.icons.theme.changed.connect(self._fit_columns)
        self._fit_columns()
        self._reload()

    def _lay_out(self) -> None:
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
        tools.addWidget(self._left)
        tools.addStretch(1)
        tools.addWidget(self._count)
        column.addLayout(tools)
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
        self.body.addLayout(row)

    def panels(self) -> Sequence[QWidget]:
        """Return tree, search field and table."""
        return (self._tree, self._search, self._table)

    def first(self) -> QWidget:
        """Return the search field."""
        return self._search

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """Leave the tree away where there is no room for it."""
        super().set_size_class(size, height)
        if hasattr(self, "_side"):
            self._side.setVisible(size > SizeClass.MINI)

    def state(self) -> dict[str, Any]:
        """Return filter, search text and selected student."""
        return {
            "unit": self._unit,
            "query": self._search.text(),
            "cursor": self._search.cursorPosition(),
            "with_left": self._left.isChecked(),
            "student": self._model.student_at(self._table.currentIndex().row()),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take filter, search text and selected student."""
        self._unit = state.get("unit")
        self._wanted_student = str(state.get("student") or "")
        self._left.setChecked(bool(state.get("with_left")))
        self._search.setText(str(state.get("query") or ""))
        self._search.setCursorPosition(int(state.get("cursor") or 0))
        self._reload()

    def show_student(self, student_id: str) -> None:
        """Select a student, with the filters taken away."""
        self.restore({"student": student_id})
        self._table.setFocus()

    def _reload_if_concerned(self, changes: ChangeSet) -> None:
        if changes.concerns(*_KINDS):
            self._reload()

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
        # A wanted student may be far down the list: then so much of it is fetched at once.
        limit = PIECE if not self._wanted_student else 20_000
        room.tasks.query(
            self,
            lambda: student_rows(
                room.actor, room.desk, unit_id=unit, query=query, with_left=with_left, offset=offset, limit=limit
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
        query = self._search.text().strip()
        if query and not self._left.isChecked():
            return _("Nothing found for “{query}”.").format(query=query), _(
                "Perhaps the student has graduated: include those who left."
            )
        if query:
            return _("Nothing found for “{query}”.").format(query=query), _("Please try the student number.")
        return _("There is no student here yet."), _("The roster is read in with the command {command}").format(
            command="counselroom import-roster"
        )

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
        for column, width in ((NAME, 168), (CLASS, 200), (NUMBER, 180)):
            header.resizeSection(column, round(width * scale))


def _item(name: str, count: int, unit_id: str | None, height: int) -> QStandardItem:
    item = QStandardItem(f"{name}　{count:,}")
    item.setSizeHint(QSize(0, height))
    item.setData(unit_id, _UNIT)
    return item
