"""经过记录: a line to write, and everything that happened, the newest first. It only ever grows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QLineEdit, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.crisis_words import LogKind
from counselroom.services.crisis_log import LogLine
from counselroom.services.crisis_page import CrisisPage
from counselroom.ui.crisis.words import line_word, when_text
from counselroom.ui.masking import Face
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.list_table import ListTable, RowHeight


class LogPanel(QWidget):
    """The field and the lines.

    Attributes:
        written: a line was finished with Enter.
        line: the field.
        table: the lines.
    """

    written = Signal(str)

    def __init__(self, icons: Icons, edited: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("Write a line, Enter adds it with the time"))
        self.line.setAccessibleName(_("Write a line, Enter adds it with the time"))
        self.line.returnPressed.connect(self._finish)
        self.line.textEdited.connect(lambda _text: edited())
        self._model = PlainModel((pgettext("log", "When"), pgettext("log", "What"), pgettext("log", "Who")), self)
        self.table = ListTable(icons, pgettext("crisis", "Course of events"))
        self.table.setModel(self._model)
        self.table.set_row_height(RowHeight.COMPACT)
        self.table.horizontalHeader().hide()
        self.table.horizontalHeader().setStretchLastSection(False)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self._theme = icons.theme
        self._is_today = True
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 6)
        column.setSpacing(6)
        column.addWidget(self.line)
        column.addWidget(self.table, 1)

    def show_case(self, page: CrisisPage, face: Face, now: datetime) -> None:
        """Show all lines; masked, only that there are some."""
        self.line.setVisible(page.event.closed_at is None)
        row = self._model.key_at(self.table.currentIndex().row())
        self._is_today = all(line.at.astimezone(now.tzinfo).date() == now.date() for line in page.lines)
        self._model.show([(line.id, _cells(line, face, now)) for line in page.lines])
        if row and self._model.row_of(row) >= 0:
            self.table.setCurrentIndex(self._model.index(self._model.row_of(row), 1))
        self.fit()

    def fit(self) -> None:
        """Share the width."""
        scale = self._theme.pixels("size.base") / 14
        when, who = round((70 if self._is_today else 134) * scale), round(78 * scale)
        self.table.setColumnWidth(0, when)
        self.table.setColumnWidth(2, who)

    def resizeEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """Share the new width."""
        super().resizeEvent(event)  # type: ignore[arg-type]  # the stubs ask for the event Qt hands over
        self.fit()

    def _finish(self) -> None:
        if self.line.text().strip():
            self.written.emit(self.line.text().strip())


def _cells(line: LogLine, face: Face, now: datetime) -> tuple[Cell, ...]:
    local = line.at.astimezone(now.tzinfo)
    when = f"{local:%H:%M}" if local.date() == now.date() else when_text(line.at, now)
    word = line_word(line.kind, line.word)
    text = line.text if not face.masked else _("covered while names are masked")
    # What was said on the telephone begins with a name and a colon of its own.
    between = "，" if line.kind is LogKind.CONTACT else "："
    said = between.join(part for part in (word, text) if part)
    return Cell(when, tone="ink2"), Cell(said), Cell(line.by, tone="ink2", right=True)
