"""The left side of the note: what was agreed the last time, to be ticked, and the note before, to be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.bindings import SECTIONS
from counselroom.services.note_files import AGREED, OUTCOMES, Template, all_templates
from counselroom.services.note_pages import PreviousNote
from counselroom.ui.moments import day_word
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.panel import Panel
from counselroom.ui.widgets.tall import Tall
from counselroom.ui.widgets.tick_line import TickLine

_SIGN = re.compile(r"^\s*([-*]|\d{1,3}[.、)])\s*")
KEPT, NOT_KEPT = "做到了：", "没做到："
"""How the outcome of an agreement is written in the note: it is signed and printed, so it is Chinese as F-11 is."""


def agreements(sections: dict[str, str]) -> tuple[str, ...]:
    """Return what was agreed, line by line, without the signs of a list."""
    lines = (_SIGN.sub("", line).strip() for line in sections.get(AGREED, "").split("\n"))
    return tuple(line for line in lines if line)


class LastColumn(QWidget):
    """Two panels.

    Attributes:
        ticked: the outcome of an agreement was noted.
        all_wanted: all notes of the case are to be shown.
    """

    ticked = Signal()
    all_wanted = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._lines: dict[str, TickLine] = {}
        self._touched = False
        self.agreed = Panel(pgettext("note", "Last agreements"))
        self.previous = Panel(pgettext("note", "Note before"))
        self.all_button = Button(pgettext("note", "Open all notes"))
        self.all_button.clicked.connect(self.all_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self.agreed)
        column.addWidget(self.previous, 1)

    def show_last(self, previous: PreviousNote | None, outcome: str, today: date, *, read_only: bool) -> None:
        """Show the session before, with what is noted of its agreements already."""
        self._lines = {}
        self._touched = bool(outcome.strip())
        lines = () if previous is None else agreements(previous.sections)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(12, 6, 12, 10)
        column.setSpacing(0)
        for words in lines:
            line = TickLine(words)
            line.box.setChecked(f"{KEPT}{words}" in outcome)
            line.box.setEnabled(not read_only)
            line.toggled.connect(self._tick)
            self._lines[words] = line
            column.addWidget(line)
        if not lines:
            hint = _("What is written under plan and agreements is asked about here the next time.")
            column.addWidget(Label(hint, "hint", wrap=True))
        self.agreed.set_body(body)
        self.agreed.set_count("" if previous is None else day_word(previous.held_on, today))
        self._show_previous(previous)

    def outcome(self) -> str:
        """Return what became of the agreements; empty while none was looked at."""
        if not self._touched:
            return ""
        return "\n".join(f"- {KEPT if line.is_ticked() else NOT_KEPT}{words}" for words, line in self._lines.items())

    def restore_outcome(self, outcome: str) -> None:
        """Take what was ticked before."""
        for words, line in self._lines.items():
            line.box.blockSignals(True)
            line.box.setChecked(f"{KEPT}{words}" in outcome)
            line.box.blockSignals(False)
        self._touched = bool(outcome.strip())

    def _tick(self) -> None:
        self._touched = True
        self.ticked.emit()

    def _show_previous(self, previous: PreviousNote | None) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 10, 16, 12)
        column.setSpacing(2)
        if previous is None:
            column.addWidget(Label(_("This is the first session of the case."), "hint", wrap=True))
            self.previous.set_count("")
        else:
            self.previous.set_count(_("session {number}").format(number=previous.seq))
            if not previous.is_signed:
                column.addWidget(Label(_("This note is not signed yet."), "hint", wrap=True))
            titles = _titles(all_templates())
            for section in SECTIONS:
                text = previous.sections.get(section, "")
                if text.strip() and section != OUTCOMES:
                    column.addWidget(Label(titles.get(section, section), "strong"))
                    column.addWidget(Label(text.strip().replace("**", ""), "meta_strong", wrap=True))
                    column.addSpacing(8)
        column.addStretch(1)
        self.previous.set_body(Tall(inner), scroll=True)


def _titles(templates: Sequence[Template]) -> dict[str, str]:
    found: dict[str, str] = {}
    for template in templates:
        for heading in template.headings:
            found.setdefault(heading.section, heading.text)
    return found
