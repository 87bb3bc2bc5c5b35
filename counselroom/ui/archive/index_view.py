"""The index of a volume: what lies in it with its pages, and what could be added."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.archive_index import NewItem, Volume
from counselroom.services.archive_rows import page_words
from counselroom.ui.archive.words import carrier_word, filed_face, kind_word, loose_face, secrecy_word
from counselroom.ui.masking import Face
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.moments import day_word
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.panel import Panel

_NUMBER, _TITLE, _DATE, _AUTHOR, _PAGE, _CARRIER, _SECRECY, _REMARK, _STATE = range(9)


class IndexView(QWidget):
    """Two panels.

    Attributes:
        edit_wanted: carries the id of a line that is not filed.
        take_out_wanted: the same.
        add_wanted: a paper is to be added by hand.
        items_wanted: carries the items to be added.
    """

    edit_wanted = Signal(str)
    take_out_wanted = Signal(str)
    add_wanted = Signal()
    items_wanted = Signal(object)

    def __init__(self, room: Room, face: Callable[[], Face], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room, self._face = room, face
        self._volume: Volume | None = None
        icons = room.icons
        self.table = ListTable(icons, pgettext("archive", "Index of the volume"))
        self.lines = PlainModel(
            (
                pgettext("archive", "Number"),
                pgettext("archive", "Title"),
                pgettext("archive", "Date"),
                pgettext("archive", "Author"),
                pgettext("archive", "Page"),
                pgettext("archive", "Carrier"),
                pgettext("archive", "Secrecy"),
                pgettext("archive", "Remark"),
                pgettext("archive", "State"),
            ),
            self.table,
        )
        self.table.setModel(self.lines)
        self.table.opened.connect(lambda index: self._edit(index.row()))
        self.waiting_table = ListTable(icons, pgettext("archive", "Not in the index yet"))
        self.waiting = PlainModel(
            (
                pgettext("archive", "Kind"),
                pgettext("archive", "Title"),
                pgettext("archive", "Date"),
                pgettext("archive", "Author"),
                "",
            ),
            self.waiting_table,
        )
        self.waiting_table.setModel(self.waiting)
        self.waiting_table.acted.connect(lambda index: self._add(index.row()))
        self.waiting_table.opened.connect(lambda index: self._add(index.row()))
        self._nothing = EmptyState(
            icons, "mdi6.archive-outline", _("Nothing lies in this volume yet."), _("Add what waits below, or a paper.")
        )
        self._panel = Panel(pgettext("archive", "Index of the volume"))
        tools = QWidget()
        line = QHBoxLayout(tools)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        self.out_button = Button(pgettext("archive", "Take out"), "text", size="compact")
        self.out_button.clicked.connect(self._take_out)
        self.edit_button = Button(pgettext("archive", "Edit the line"), "text", size="compact")
        self.edit_button.clicked.connect(lambda: self._edit(self.table.currentIndex().row()))
        self.add_button = Button(pgettext("archive", "Add a paper"), "text", icons.named("mdi6.plus"), size="compact")
        self.add_button.clicked.connect(self.add_wanted)
        for button in (self.out_button, self.edit_button, self.add_button):
            line.addWidget(button)
        self._panel.set_action(tools)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table, 1)
        self._place = QWidget()
        place = QVBoxLayout(self._place)
        place.setContentsMargins(16, 16, 16, 16)
        place.addWidget(self._nothing)
        place.addStretch(1)
        column.addWidget(self._place, 1)
        self._panel.set_body(body)
        self._below = Panel(pgettext("archive", "Not in the index yet"))
        self.all_button = Button(pgettext("archive", "Add all"), "text", size="compact")
        self.all_button.clicked.connect(self._add_all)
        self._below.set_action(self.all_button)
        self._below.set_body(self.waiting_table)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(16)
        whole.addWidget(self._panel, 3)
        whole.addWidget(self._below, 2)
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._show_buttons())

    def show_volume(self, found: Volume) -> None:
        """Show the lines and what waits."""
        self._volume = found
        today = self._room.now().date()
        current = self.lines.key_at(self.table.currentIndex().row())
        text = self._face().text
        self.lines.show(
            [
                (
                    line.id,
                    (
                        Cell(str(line.number), right=True),
                        Cell(line.data.title, bold=True),
                        Cell(day_word(line.data.dated_on, today)),
                        Cell(text(line.data.author)),
                        Cell(page_words(line.first_page, line.last_page), right=True),
                        Cell("" if line.data.carrier is None else carrier_word(line.data.carrier)),
                        Cell(secrecy_word(line.data.secrecy)),
                        Cell(text(line.data.remark)),
                        Cell(chip=loose_face() if line.filed_at is None else filed_face()),
                    ),
                )
                for line in found.lines
            ]
        )
        pages = found.lines[-1].last_page if found.lines else 0
        words = _("{items} items, {pages} pages").format(items=len(found.lines), pages=pages)
        self._panel.set_count(words if found.lines else "")
        self.table.setVisible(bool(found.lines))
        self._place.setVisible(not found.lines)
        if found.lines:
            self.table.setCurrentIndex(self.lines.index(max(0, self.lines.row_of(current)), _NUMBER))
        self.waiting.show(
            [
                (
                    item.entity_id,
                    (
                        Cell(kind_word(item.kind)),
                        Cell(item.data.title, bold=True),
                        Cell(day_word(item.data.dated_on, today)),
                        Cell(text(item.data.author)),
                        Cell(pgettext("archive", "Add"), is_action=True),
                    ),
                )
                for item in found.waiting
            ]
        )
        self._below.set_count(str(len(found.waiting)))
        self._below.setVisible(bool(found.waiting) and found.may_write)
        self.add_button.setVisible(found.may_write)
        self._show_buttons()
        self.fit_columns()

    def fit_columns(self) -> None:
        """Set the widths for the present size of text."""
        scale = self._room.icons.theme.pixels("size.base") / 14
        narrow = self.width() < 1050
        for table, stretched, widths in (
            (self.table, _TITLE, (64, 0, 120, 100, 70, 110, 70, 120, 110)),
            (self.waiting_table, 1, (110, 0, 130, 120, 80)),
        ):
            header = table.horizontalHeader()
            header.setStretchLastSection(False)
            for column, width in enumerate(widths):
                if column == stretched:
                    header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
                else:
                    header.resizeSection(column, round(width * scale))
        for column in (_CARRIER, _SECRECY, _REMARK):
            self.table.setColumnHidden(column, narrow and column != _SECRECY)

    def has_loose(self) -> bool:
        """Tell whether there are lines that are not filed."""
        return self._volume is not None and any(line.filed_at is None for line in self._volume.lines)

    def _loose(self, row: int) -> str:
        found = self._volume
        if found is None or not found.may_write or not 0 <= row < len(found.lines):
            return ""
        line = found.lines[row]
        return line.id if line.filed_at is None else ""

    def _show_buttons(self) -> None:
        can = bool(self._loose(self.table.currentIndex().row()))
        for button in (self.out_button, self.edit_button):
            button.setVisible(can)

    def _edit(self, row: int) -> None:
        item = self._loose(row)
        if item:
            self.edit_wanted.emit(item)

    def _take_out(self) -> None:
        item = self._loose(self.table.currentIndex().row())
        if item:
            self.take_out_wanted.emit(item)

    def _add(self, row: int) -> None:
        found = self._volume
        if found is not None and 0 <= row < len(found.waiting):
            self._emit((found.waiting[row],))

    def _add_all(self) -> None:
        if self._volume is not None and self._volume.waiting:
            self._emit(self._volume.waiting)

    def _emit(self, items: tuple[NewItem, ...]) -> None:
        self.items_wanted.emit(items)
