"""导入名册: the students of the school from a table; it can be left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.ui.first_run.step import Step
from counselroom.ui.masking import Face
from counselroom.ui.room import Room
from counselroom.ui.roster.import_view import ImportView


class RosterStep(Step):
    """The import of the room, as a step."""

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(
            "roster",
            _("Import the roster"),
            _("With the roster, forms fill in name, class and guardian by themselves."),
            parent,
        )
        self.view = ImportView(room, lambda: Face(masked=False))
        self.column.addWidget(self.view, 1)
        self.view.changed.connect(self.changed)
        self.view.touched.connect(self.touched)
        self.view.imported.connect(lambda _result: self.changed.emit())

    def fit(self) -> None:
        """Let the preview take the height there is."""

    def missing(self) -> str:
        """Return that a file is to be chosen."""
        if self.view.result() is not None or self.view.can_import():
            return ""
        if self.view.is_busy():
            return _("The file is being read…")
        if self.view.preview() is not None:
            return _("There is nothing in this file to import.")
        return _("Choose the file, or leave the roster out for now.")

    def is_busy(self) -> bool:
        """Tell whether a file is being read or imported."""
        return self.view.is_busy()

    def next_words(self) -> str:
        """Return 导入 while there is something to import."""
        return pgettext("roster", "Import") if self.view.result() is None else super().next_words()

    def skip_words(self) -> str:
        """Return what leaves the roster out."""
        return "" if self.view.result() is not None else pgettext("wizard", "Leave out for now")

    def go(self) -> None:
        """Import; once imported, go on."""
        if self.view.result() is not None:
            self.finished.emit()
        else:
            self.view.start_import()

    def first(self) -> QWidget:
        """Return the button that chooses a file."""
        return self.view.first()

    def state(self) -> dict[str, Any]:
        """Return file and corrections."""
        return self.view.state()

    def restore(self, state: Mapping[str, Any]) -> None:
        """Read the file of before."""
        self.view.restore(state)
