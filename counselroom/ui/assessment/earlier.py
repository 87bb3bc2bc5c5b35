"""The other assessments of the student, each as one line that opens it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.assessment_sheets import EarlierAssessment
from counselroom.services.crisis_views import level_word
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.moments import day_and_time
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets import chip_face
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.list_table import ListTable

_ROWS = 4
"""Rows seen without scrolling."""


class EarlierList(QWidget):
    """A short table.

    Attributes:
        opened: an assessment is to be shown, by its id.
    """

    opened = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self.model = PlainModel(
            (pgettext("assessment", "Time"), pgettext("assessment", "Level"), pgettext("assessment", "By")), self
        )
        self.table = ListTable(icons, pgettext("assessment", "Earlier assessments"))
        self.table.setModel(self.model)
        self.table.opened.connect(lambda index: self.opened.emit(self.model.key_at(index.row())))
        self._none = Label(_("There is no other assessment of this student."), "hint", wrap=True)
        self._none.setContentsMargins(16, 10, 16, 12)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        column.addWidget(self._none)

    def show_lines(self, lines: Sequence[EarlierAssessment], now: datetime) -> None:
        """Show the assessments, the newest first."""
        self.model.show([(line.id, _cells(line, now)) for line in lines])
        self.table.setVisible(bool(lines))
        self._none.setVisible(not lines)
        theme = self._icons.theme
        rows = min(len(lines), _ROWS)
        self.table.setFixedHeight(theme.pixels("height.table_header") + rows * theme.pixels("height.row") + 4)
        for column in range(self.model.columnCount() - 1):
            self.table.resizeColumnToContents(column)


def _cells(line: EarlierAssessment, now: datetime) -> tuple[Cell, ...]:
    if not line.signed:
        level = Cell(chip=chip_face.draft())
    else:
        level = Cell("—" if line.level is None else level_word(line.level))
    who = f"{line.who}　{line.event_code}".strip()
    return (Cell(day_and_time(line.assessed_at, now)), level, Cell(who))
