"""档案: the archives of the school by year and class, and the students who have none yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QHeaderView, QLineEdit, QTreeView, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.archive_lists import SHOWN, ArchiveList, ArchiveRow, Listed, archive_list
from counselroom.ui.archive.words import card_face
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.moments import day_word
from counselroom.ui.page import Page
from counselroom.ui.record.words import archive_word
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

_BRANCH = Qt.ItemDataRole.UserRole + 1
_KINDS = ("psych_archive", "archive_card", "archive_item", "student", "person", "org_unit")
_NUMBER, _NAME, _CLASS, _STATE, _ITEMS, _PAGES, _CARD, _OPENED, _ACT = range(9)


class ArchivesPage(Page):
    """Tree of years and classes, pills, table. Names are masked until F8."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Archives"), parent)
        self._rows: tuple[ArchiveRow, ...] = ()
        self._branch = ""
        self._wanted = ""
        self._tree_model = QStandardItemModel(self)
        self._tree = QTreeView()
        self._tree.setModel(self._tree_model)
        self._tree.setHeaderHidden(True)
        self._tree.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self._tree.setAccessibleName(pgettext("archive", "Years and classes"))
        self._tree.selectionModel().currentChanged.connect(self._choose_branch)
        self._search = QLineEdit()
        self._search.setClearButtonEnabled(True)
        self._search.setPlaceholderText(_("Name, pinyin, initials, student or archive number"))
        self._search.setAccessibleName(_("Search in this list"))
        self._search.textChanged.connect(lambda _text: self._filter_changed())
        self._count = Label("", "meta")
        self._pills: dict[Listed, Pill] = {}
        self._table = ListTable(room.icons, pgettext("page", "Archives"))
        self._model = PlainModel(
            (
                pgettext("archive", "Archive number"),
                pgettext("archive", "Name"),
                pgettext("archive", "Class"),
                pgettext("archive", "State"),
                pgettext("archive", "Items"),
                pgettext("archive", "Pages"),
                pgettext("archive", "Card"),
                pgettext("archive", "Opened on"),
                "",
            ),
            self._table,
        )
        self._table.setModel(self._model)
        self._table.opened.connect(lambda index: self._open(index.row()))
        self._table.acted.connect(lambda index: self._open(index.row()))
        self._table.selectionModel().currentRowChanged.connect(lambda _now, _before: self.touched.emit())
        self._empty = EmptyState(room.icons, "mdi6.archive-outline", "", "")
        self._lay_out()
        blank = Button(pgettext("archive", "Print blank cards"), "secondary", room.icons.named("mdi6.printer-outline"))
        blank.clicked.connect(lambda: self.room.ways.open_page("print_preview", form="F-19"))
        batch = Button(pgettext("archive", "Print by class"), "secondary", room.icons.named("mdi6.printer-pos-outline"))
        batch.clicked.connect(self._print_class)
        for button in (blank, batch):
            self.header.add_action(button)
        Reloading(self, room.bus, _KINDS, self._reload)
        Redrawing(self, room.masking, self._show_rows, self.faces)
        room.icons.theme.changed.connect(self._fit_columns)
        self._table.resized.connect(self._fit_columns)
        self._fit_columns()
        self._reload()

    def _lay_out(self) -> None:
        icons = self.room.icons
        group = QButtonGroup(self)
        for listed, words in (
            (Listed.ALL, pgettext("archive", "All archives")),
            (Listed.NO_CARD, pgettext("archive", "Without a card")),
            (Listed.TO_FILE, pgettext("archive", "To be filed")),
            (Listed.NOT_OPENED, pgettext("archive", "Not opened yet")),
        ):
            pill = Pill(icons, words)
            pill.clicked.connect(lambda _checked=False: self._filter_changed())
            group.addButton(pill)
            self._pills[listed] = pill
        self._pills[Listed.ALL].setChecked(True)
        self._side = Panel(pgettext("archive", "Years and classes"))
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
        column.addLayout(filters)
        column.addWidget(self._table, 1)
        place = QVBoxLayout()
        place.setContentsMargins(16, 0, 16, 16)
        place.addWidget(self._empty)
        column.addLayout(place)
        self._rest = QWidget()
        column.addWidget(self._rest, 1)
        self._rest.hide()
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
            self._side.setVisible(size >= SizeClass.REGULAR)

    def state(self) -> dict[str, Any]:
        """Return branch, view, search text and chosen row."""
        return {
            "branch": self._branch,
            "view": self._view().value,
            "query": self._search.text(),
            "student": self._model.key_at(self._table.currentIndex().row()),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take branch, view, search text and chosen row."""
        self._branch = str(state.get("branch") or "")
        known = {listed.value: listed for listed in Listed}
        self._pills[known.get(str(state.get("view")), Listed.ALL)].setChecked(True)
        self._wanted = str(state.get("student") or "")
        self._search.setText(str(state.get("query") or ""))
        self._reload()

    def _view(self) -> Listed:
        return next(listed for listed, pill in self._pills.items() if pill.isChecked())

    def _reload(self) -> None:
        room, view, query = self.room, self._view(), self._search.text()
        kind, _mark, name = self._branch.partition(":")
        year, unit = (name, "") if kind == "year" else ("", name)
        room.tasks.query(
            self,
            lambda: archive_list(room.actor, room.desk, view=view, year=year, class_id=unit, query=query),
            self._show,
            key="archives",
        )

    def _show(self, found: ArchiveList) -> None:
        current = self._wanted or self._model.key_at(self._table.currentIndex().row())
        self._wanted = ""
        self._rows = found.rows
        self.header.set_meta(_("{count} archives").format(count=f"{found.archives:,}"))
        words = _("{count} in this list").format(count=f"{found.total:,}")
        if found.total > SHOWN:
            shown = _("the first {count} are shown").format(count=SHOWN)
            words = _("{first}; {second}").format(first=words, second=shown)
        self._count.setText(words)
        self._show_tree(found)
        self._show_rows()
        has_rows = bool(self._rows)
        self._table.setVisible(has_rows)
        self._empty.setVisible(not has_rows)
        self._rest.setVisible(not has_rows)
        if not has_rows:
            if found.archives == 0:
                self._empty.set_sentence(
                    _("No archive was opened yet."), _("“Not opened yet” lists the students: Enter opens one.")
                )
            else:
                self._empty.set_sentence(_("Nothing is in this list."), _("Choose another list, year or class."))
        row = max(0, self._model.row_of(current))
        if has_rows:
            self._table.setCurrentIndex(self._model.index(row, _NUMBER))

    def _show_tree(self, found: ArchiveList) -> None:
        blocked = self._tree.selectionModel().blockSignals(True)
        self._tree_model.clear()
        height = self.room.icons.theme.pixels("height.control")
        whole = _item(_("All archives"), found.archives, "", height)
        years = _item(pgettext("archive", "By year"), None, "", height)
        classes = _item(pgettext("archive", "By class"), None, "", height)
        chosen = whole
        for parent, kind, branches in ((years, "year", found.years), (classes, "class", found.classes)):
            for branch in branches:
                item = _item(branch.name, branch.count, f"{kind}:{branch.id}", height)
                parent.appendRow(item)
                if item.data(_BRANCH) == self._branch:
                    chosen = item
        for item in (whole, years, classes):
            self._tree_model.appendRow(item)
        self._tree.expandAll()
        self._tree.setCurrentIndex(chosen.index())
        self._tree.selectionModel().blockSignals(blocked)

    def _show_rows(self) -> None:
        face, today = self.face(), self.room.now().date()
        current = self._model.key_at(self._table.currentIndex().row())
        self._model.show(
            [
                (
                    row.student_id,
                    (
                        Cell(face.number(row.archive_no) or "—"),
                        Cell(face.name(row.student_name, row.student_no), bold=True),
                        Cell(face.class_name(row.class_name)),
                        Cell("—" if row.state is None else archive_word(row.state)),
                        Cell(str(row.items) if row.items else "—", right=True),
                        Cell(str(row.pages) if row.pages else "—", right=True),
                        Cell("—", chip=card_face(row.card)),
                        Cell("—" if row.opened_on is None else day_word(row.opened_on, today)),
                        Cell(_verb(row), is_action=True),
                    ),
                )
                for row in self._rows
            ]
        )
        if current and self._model.row_of(current) >= 0:
            self._table.setCurrentIndex(self._model.index(self._model.row_of(current), _NUMBER))

    def _choose_branch(self, index: QModelIndex) -> None:
        branch = str(index.data(_BRANCH) or "")
        if branch != self._branch:
            self._branch = branch
            self._filter_changed()

    def _filter_changed(self) -> None:
        self._reload()
        self.touched.emit()

    def _fit_columns(self) -> None:
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        scale = self.room.icons.theme.pixels("size.base") / 14
        for column, hidden in ((_PAGES, self.width() < 1300), (_STATE, self.width() < 1200)):
            self._table.setColumnHidden(column, hidden)
        for column, width in (
            (_NUMBER, 196), (_CLASS, 140), (_STATE, 90), (_ITEMS, 70), (_PAGES, 70), (_CARD, 110), (_OPENED, 120),
            (_ACT, 100),
        ):  # fmt: skip
            header.resizeSection(column, round(width * scale))

    def _open(self, row: int) -> None:
        if 0 <= row < len(self._rows):
            self.room.ways.open_page("archive", student=self._rows[row].student_id)

    def _print_class(self) -> None:
        kind, _mark, unit = self._branch.partition(":")
        more = {"unit": unit} if kind == "class" else {}
        self.room.ways.open_page("forms", view="batch", form="F-19", **more)


def _verb(row: ArchiveRow) -> str:
    if not row.archive_no:
        return pgettext("archive", "Open one")
    return pgettext("archive", "File it") if row.to_file else pgettext("archive", "Look")


def _item(name: str, count: int | None, branch: str, height: int) -> QStandardItem:
    item = QStandardItem(name if count is None else f"{name}　{count:,}")
    item.setSizeHint(QSize(0, height))
    item.setData(branch, _BRANCH)
    return item
