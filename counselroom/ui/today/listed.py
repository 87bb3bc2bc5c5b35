"""A list, or in its place what it says when it is empty."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.list_table import ListTable


class Listed(QWidget):
    """A table with its empty state: an icon with a button where one helps, else one line."""

    def __init__(
        self,
        icons: Icons,
        table: ListTable,
        icon: str = "",
        button: Button | None = None,
    ) -> None:
        super().__init__()
        self.table = table
        self._state = EmptyState(icons, icon, "", "", button) if icon else None
        self._line = Label("", "hint", wrap=True)
        place = QVBoxLayout()
        place.setContentsMargins(16, 14, 16, 14)
        place.addWidget(self._state or self._line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(place)
        column.addWidget(table, 1)
        column.addStretch(0)
        self._place = place
        self.show_empty(empty=False)

    def show_empty(self, empty: bool, sentence: str = "", help_line: str = "") -> None:
        """Show the sentence in the place of the table, or the table."""
        if self._state is not None:
            self._state.set_sentence(sentence, help_line)
            self._state.setVisible(empty)
        else:
            self._line.setText(sentence)
            self._line.setVisible(empty)
        margin = 14 if empty else 0
        self._place.setContentsMargins(16, margin, 16, margin)
        self.table.setVisible(not empty)
