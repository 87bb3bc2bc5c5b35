"""The columns of a roster file, one line each: heading, what it is taken for, and what stands in it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.roster_words import Meaning
from counselroom.services.roster_import import RosterPreview
from counselroom.ui.roster.meanings import choices, key_of, meaning_of
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.chip import Chip
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.label import ElidedLabel, Label

_SAMPLES = 3


class ColumnForm(QWidget):
    """Lets every guess be corrected.

    Attributes:
        corrected: a column was given another meaning.
    """

    corrected = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._boxes: dict[int, QComboBox] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, 12, 16, 12)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(3, 1)

    def show_columns(self, preview: RosterPreview) -> None:
        """Show the columns of a file, with its first values."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._boxes = {}
        heads = (
            pgettext("roster", "Column in the file"),
            pgettext("roster", "Imported as"),
            "",
            pgettext("roster", "Begins with"),
        )
        for at, words in enumerate(heads):
            self._grid.addWidget(Label(words, "label"), 0, at)
        for row, column in enumerate(preview.reading.heading.columns, start=1):
            name = column.heading or pgettext("roster", "Column {number}").format(number=column.index + 1)
            box = QComboBox()
            for key, words in choices():
                box.addItem(words, key)
            box.setCurrentIndex(box.findData(key_of(column)))
            box.setAccessibleName(_("Column “{name}” is imported as").format(name=name))
            box.view().setAccessibleName(box.accessibleName())
            box.setMinimumWidth(190)
            box.currentIndexChanged.connect(lambda _at: self.corrected.emit())
            samples = [cells[column.index] for _line, cells in preview.lines if column.index < len(cells)]
            shown = "、".join([text for text in samples if text][:_SAMPLES])
            head = ElidedLabel(name, "strong")
            head.setFixedWidth(150)
            self._grid.addWidget(head, row, 0)
            self._grid.addWidget(box, row, 1)
            if column.meaning is not None and not column.sure:
                chip = Chip(self._icons, ChipFace(pgettext("roster", "please check"), "amber"))
                self._grid.addWidget(chip, row, 2, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(ElidedLabel(shown, "meta"), row, 3)
            self._boxes[column.index] = box
        self._grid.setRowStretch(len(self._boxes) + 1, 1)

    def mapping(self) -> dict[int, Meaning | None]:
        """Return what every column is to be imported as."""
        return {index: meaning_of(box.currentData()) for index, box in self._boxes.items()}

    def boxes(self) -> dict[int, QComboBox]:
        """Return the choice of every column by its position."""
        return dict(self._boxes)

    def set_meaning(self, index: int, key: str) -> None:
        """Choose a meaning, as the user does."""
        box = self._boxes[index]
        box.setCurrentIndex(box.findData(key))

    def show_mapping(self, mapping: dict[int, str]) -> None:
        """Show meanings chosen before, without telling."""
        for index, key in mapping.items():
            if index in self._boxes:
                with QSignalBlocker(self._boxes[index]):
                    self._boxes[index].setCurrentIndex(max(0, self._boxes[index].findData(key)))
