"""登记: the registers of the room, each a list made from its definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.registers import RegisterState
from counselroom.services.register_definitions import Register
from counselroom.services.register_papers import LIST, list_key
from counselroom.services.register_rows import ENTITY, RowFilter, RowView, matching, sums_of
from counselroom.services.registers import RegisterCount, RowList, list_registers, list_rows
from counselroom.ui.models.registers import RegisterModel
from counselroom.ui.page import Page
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.registers.chooser import RegisterChooser
from counselroom.ui.registers.progress import ProgressTable
from counselroom.ui.registers.time_filter import TimeFilter
from counselroom.ui.registers.words import edit_word, foot_text, nothing_words, progress_text
from counselroom.ui.reloading import Reloading
from counselroom.ui.room import Room
from counselroom.ui.size_class import SizeClass
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.fitted_columns import fit_columns
from counselroom.ui.widgets.label import ElidedLabel
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.panel import Panel
from counselroom.ui.widgets.pill import Pill

_KINDS = ("register_row", "crisis_assessment", "student", "person")


class RegistersPage(Page):
    """Registers at the left, the rows of the chosen one at the right with filters, sums and actions."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Registers"), parent)
        self._key = ""
        self._wanted_row = ""
        self._list: RowList | None = None
        self.chooser = RegisterChooser(room.icons)
        self.chooser.chosen.connect(self._choose)
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText(_("Words in this register"))
        self.search.setAccessibleName(_("Search in this list"))
        self.search.setMinimumWidth(120)
        self._time = TimeFilter()
        self._voided = Pill(room.icons, pgettext("register", "With void rows"), multi=True)
        self.by_person = Pill(room.icons, pgettext("register", "By person"), multi=True)
        self.people = ProgressTable(room.icons)
        self.people.hide()
        self.model = RegisterModel(self.face, self)
        self.table = ListTable(room.icons, pgettext("register", "Rows"))
        self.table.setModel(self.model)
        self._head = self.table.horizontalHeader()
        self._head.setSectionsClickable(True)
        self._head.setSortIndicatorShown(True)
        self._empty_button = Button(pgettext("register", "Enter a row"))
        self._empty = EmptyState(room.icons, "mdi6.notebook-outline", "", button=self._empty_button)
        self._foot = ElidedLabel("", "meta")
        self.edit_button = Button(pgettext("register", "Edit"), size="compact")
        self.next_button = Button(pgettext("register", "Assess"), size="compact")
        self.void_button = Button(pgettext("register", "Void"), "danger", size="compact")
        self.export_button = Button(
            pgettext("register", "Export to Excel"), icon=room.icons.named("mdi6.microsoft-excel")
        )
        self.print_button = Button(pgettext("register", "Print"), icon=room.icons.named("mdi6.printer-outline"))
        self.list_button = Button(pgettext("register", "Print the list"), icon=room.icons.named("mdi6.printer-outline"))
        self.new_button = Button(pgettext("register", "New row"), "primary", room.icons.named("mdi6.plus"))
        for button in (self.export_button, self.list_button, self.print_button, self.new_button):
            self.header.add_action(button)
        self._lay_out()
        self._connect()
        self._load_registers()

    def _connect(self) -> None:
        room = self.room
        self.search.textChanged.connect(self._words_changed)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(300)
        self._pause.timeout.connect(self._search_all)
        self._time.chosen.connect(self._filter_changed)
        self._voided.toggled.connect(lambda _on: self._filter_changed())
        self.by_person.toggled.connect(lambda _on: self._show_list())
        self._head.sortIndicatorChanged.connect(self._sort)
        self.table.selectionModel().currentChanged.connect(lambda _now, _before: self._row_chosen())
        self.model.modelReset.connect(self._row_chosen)
        self.table.opened.connect(lambda _index: self._edit())
        self.table.installEventFilter(self)
        self._empty_button.clicked.connect(self._new)
        self.new_button.clicked.connect(self._new)
        self.edit_button.clicked.connect(self._edit)
        self.next_button.clicked.connect(self._go_on)
        self.void_button.clicked.connect(self._void)
        self.print_button.clicked.connect(self._print)
        self.list_button.clicked.connect(self._print_list)
        self.export_button.clicked.connect(self._export)
        Reloading(self, room.bus, _KINDS, self._load_registers)
        Redrawing(self, room.masking, self.model.masking_changed, self.faces)
        room.icons.theme.changed.connect(self._fit_columns)
        self.table.resized.connect(self._fit_columns)

    def _lay_out(self) -> None:
        self._side = Panel(pgettext("page", "Registers"))
        self._side.set_body(self.chooser)
        self._side.setFixedWidth(216)
        main = QFrame()
        main.setProperty("kind", "panel")
        column = QVBoxLayout(main)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        tools = QHBoxLayout()
        tools.setContentsMargins(16, 8, 16, 8)
        tools.setSpacing(8)
        tools.addWidget(self.search, 2)
        tools.addWidget(self._time.year, 1)
        tools.addWidget(self._time.term, 1)
        tools.addWidget(self._voided)
        tools.addWidget(self.by_person)
        column.addLayout(tools)
        column.addWidget(self.table, 1)
        column.addWidget(self.people, 1)
        place = QVBoxLayout()
        place.setContentsMargins(16, 0, 16, 0)
        place.addWidget(self._empty)
        column.addLayout(place)
        column.addStretch(0)
        self._empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._empty.hide()
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 16, 8)
        foot.setSpacing(8)
        foot.addWidget(self._foot, 1)
        foot.addWidget(self.next_button)
        foot.addWidget(self.edit_button)
        foot.addWidget(self.void_button)
        column.addLayout(foot)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._side)
        row.addWidget(main, 1)
        self.body.addLayout(row)
        self._row_chosen()

    def panels(self) -> Sequence[QWidget]:
        """Return the list of registers, the search field and the rows."""
        return (self.chooser, self.search, self.people if not self.people.isHidden() else self.table)

    def first(self) -> QWidget:
        """Return the list of registers."""
        return self.chooser

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """Make the list of registers narrower in a small window."""
        super().set_size_class(size, height)
        if hasattr(self, "_side"):
            self._side.setFixedWidth(216 if size >= SizeClass.REGULAR else 168)

    def state(self) -> dict[str, Any]:
        """Return register, filters and selected row."""
        row = self.model.row_at(self.table.currentIndex().row())
        return {
            "register": self._key,
            "row": row.id if row is not None else self._wanted_row,
            "words": self.search.text(),
            "cursor": self.search.cursorPosition(),
            "year": self._time.wanted()[0],
            "term": self._time.wanted()[1],
            "with_void": self._voided.isChecked(),
            "by_person": self.by_person.isChecked(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take register, filters and selected row."""
        self._key = str(state.get("register") or self._key)
        self._wanted_row = str(state.get("row") or "")
        self._time.want(str(state.get("year") or ""), str(state.get("term") or ""))
        self._voided.setChecked(bool(state.get("with_void")))
        self.by_person.setChecked(bool(state.get("by_person")))
        self.search.setText(str(state.get("words") or ""))
        self.search.setCursorPosition(int(state.get("cursor") or 0))
        self._load_registers()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Void the row in focus with Delete."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Delete:
            self._void()
            return True
        return super().eventFilter(watched, event)

    def _load_registers(self) -> None:
        room = self.room
        room.tasks.query(
            self, lambda: list_registers(room.actor, room.desk), self._show_registers, key=f"{self.key}.registers"
        )

    def _show_registers(self, found: tuple[RegisterCount, ...]) -> None:
        self.header.set_meta(_("{count} registers").format(count=len(found)))
        if found and self._key not in {each.register.key for each in found}:
            self._key = found[0].register.key
        self.chooser.show_registers(found, self._key)
        self._fit_columns()
        if found:
            self._load_rows()

    def _choose(self, key: str) -> None:
        if key != self._key:
            self._key = key
            self._wanted_row = ""
            self._time.want("", "")
            self._time.clear()
            self._load_rows()
            self.touched.emit()

    def _wanted(self) -> RowFilter:
        return RowFilter(
            *self._time.wanted(),
            self.search.text().strip(),
            self._voided.isChecked(),
        )

    def _load_rows(self) -> None:
        # Words are looked for among the rows that are here: each look at a secret register leaves a trace.
        room, key, wanted = self.room, self._key, replace(self._wanted(), words="")
        if key:
            room.tasks.query(
                self,
                lambda: list_rows(room.actor, room.desk, key, wanted),
                self._show_rows,
                key=f"{self.key}.rows",
                on_failed=self._failed,
            )

    def _failed(self, error: BaseException) -> None:
        self._list = None
        self.model.clear()
        self.table.hide()
        self._empty.hide()
        self._foot.setText("")
        self.room.messages.tell(error)

    def _show_rows(self, found: RowList) -> None:
        self._list = found
        self._time.fill(found.years)
        self.print_button.setText(
            pgettext("register", "Print the list") if found.register.is_list else pgettext("register", "Print the row")
        )
        self._show_matching(found)

    def _show_matching(self, found: RowList) -> None:
        chosen = self.model.row_at(self.table.currentIndex().row())
        wanted = self._wanted_row or (chosen.id if chosen is not None else "")
        words = self.search.text()
        rows = matching(found.rows, words)
        self.model.show(found.register, rows, found.open)
        self._head.blockSignals(True)
        self._head.setSortIndicator(*self.model.order())
        self._head.blockSignals(False)
        self._fit_columns()
        persons = self.by_person.isChecked() and bool(found.progress)
        self.by_person.setVisible(found.register.target is not None)
        self.people.show_progress(found.progress, self.face() if found.register.secrecy.leaves_a_trace else None)
        self.people.setVisible(persons)
        self.table.setVisible(bool(rows) and not persons)
        self._empty.setVisible(not rows and not persons)
        if not rows:
            self._empty.set_sentence(*nothing_words(self._wanted()))
        place = self.model.row_of(wanted)
        if place < 0 and rows:
            place = 0
        self._wanted_row = ""
        if place >= 0:
            self.table.setCurrentIndex(self.model.index(place, 0))
            self.table.scrollTo(self.model.index(place, 0))
        if words.strip() and len(rows) < len(found.rows):
            found = replace(found, total=len(rows), rows=tuple(rows), sums=sums_of(found.register, rows))
        year = self._wanted().academic_year or next(iter(found.years), "")
        self._foot.setText(progress_text(found, year) if persons else foot_text(found))
        self._row_chosen()

    def _show_list(self) -> None:
        if self._list is not None:
            self._show_matching(self._list)
        self.touched.emit()

    def _words_changed(self) -> None:
        found = self._list
        if found is not None and found.register.key == self._key:
            self._show_matching(found)
            # A long list is here in part only: the words are looked for in all of it once nobody types.
            if len(found.rows) < found.total and self.search.text().strip():
                self._pause.start()
        self.touched.emit()

    def _search_all(self) -> None:
        room, key, wanted = self.room, self._key, self._wanted()
        if wanted.words:
            room.tasks.query(
                self, lambda: list_rows(room.actor, room.desk, key, wanted), self._show_found, key=f"{self.key}.rows"
            )

    def _show_found(self, found: RowList) -> None:
        if found.register.key == self._key:
            self._show_matching(found)

    def _filter_changed(self) -> None:
        self._load_rows()
        self.touched.emit()

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        row = self.model.row_at(self.table.currentIndex().row())
        self.model.sort(column, order)
        place = self.model.row_of(row.id) if row is not None else -1
        if place >= 0:
            self.table.setCurrentIndex(self.model.index(place, 0))

    def _register(self) -> Register | None:
        return None if self._list is None else self._list.register

    def _row(self) -> RowView | None:
        return self.model.row_at(self.table.currentIndex().row())

    def _row_chosen(self) -> None:
        row, register = self._row(), self._register()
        for button in (self.edit_button, self.void_button):
            button.setVisible(self.people.isHidden())
        self.edit_button.setEnabled(row is not None)
        self.edit_button.setText(edit_word(row))
        leads = register is not None and bool(register.next_page)
        self.next_button.setVisible(leads)
        self.next_button.setEnabled(row is not None and row.state is RegisterState.FILED and row.void_reason is None)
        self.void_button.setEnabled(row is not None and row.void_reason is None)
        has_rows = register is not None and self.model.rowCount() > 0
        self.new_button.setEnabled(register is not None)
        self.export_button.setEnabled(has_rows)
        printable = register is not None and (register.is_list or (row is not None and row.void_reason is None))
        self.print_button.setEnabled(has_rows and printable)
        self.list_button.setVisible(register is not None and not register.is_list)
        self.list_button.setEnabled(has_rows)
        self.touched.emit()

    def _new(self) -> None:
        self.room.ways.open_dialog("register_entry", register=self._key)

    def _edit(self) -> None:
        row = self._row()
        if row is not None:
            self.room.ways.open_dialog("register_entry", register=self._key, row=row.id)

    def _go_on(self) -> None:
        register, row = self._register(), self._row()
        if register is not None and row is not None and row.subject_person is not None:
            about = {"student": row.subject_person, "source_entity": ENTITY, "source_id": row.id}
            self.room.ways.open_page(register.next_page, **about)

    def _void(self) -> None:
        row = self._row()
        if row is not None and row.void_reason is None:
            self.room.ways.open_dialog("register_void", row=row.id)

    def _print(self) -> None:
        register, row = self._register(), self._row()
        if register is None:
            return
        if register.is_list:
            self._print_list()
        elif row is not None:
            self._preview(register, ENTITY, row.id)

    def _print_list(self) -> None:
        register = self._register()
        if register is not None:
            self._preview(register, LIST, list_key(register, self._wanted(), self.room.actor.person_id))

    def _preview(self, register: Register, entity: str, entity_id: str) -> None:
        about = {"form": register.form_id, "entity": entity, "entity_id": entity_id, "audience": "room"}
        self.room.ways.open_page("print_preview", **about)

    def _export(self) -> None:
        self.room.ways.open_dialog("register_export", register=self._key, filter=asdict(self._wanted()))

    def _fit_columns(self) -> None:
        fit_columns(self.table, self.room.icons.theme.pixels("size.base") / 14)
