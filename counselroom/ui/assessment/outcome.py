"""The right side of an assessment: the level, what follows from it as one ticks, and what is missing to sign."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from counselroom.i18n import _, pgettext
from counselroom.rules.crisis_criteria import Consequence, Todo
from counselroom.rules.crisis_words import CrisisLevel
from counselroom.services.crisis_views import level_word
from counselroom.ui.assessment.words import todo_word
from counselroom.ui.record.rows import Rows
from counselroom.ui.theme.icons import Icons, icon_label
from counselroom.ui.typed_moments import parsed_moment
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.pill import Pill

_URGENT = (Todo.GUARD, Todo.REPORT, Todo.NOTIFY_GUARDIAN, Todo.HOSPITAL_NOW)


@dataclass(frozen=True)
class Missing:
    """Something that is needed for the signature: the words of the link and where it leads."""

    words: str
    go: Callable[[], object]


class Outcome(QWidget):
    """Level, consequence, when and what was found, what is missing.

    Attributes:
        changed: something was chosen or typed.
    """

    changed = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self.pills = {level: Pill(icons, level_word(level)) for level in CrisisLevel}
        self._group = QButtonGroup(self)
        self.in_school = QComboBox()
        self.in_school.addItem(pgettext("assessment", "can be handled at school"), True)
        self.in_school.addItem(pgettext("assessment", "is beyond the school"), False)
        self.found_at = QLineEdit()
        self.facts = QPlainTextEdit()
        self.facts.setTabChangesFocus(True)
        self.facts.setFixedHeight(74)
        self.found_field = Field(
            pgettext("assessment", "Found at"), self.found_at, _("All deadlines count from here."), icons=icons
        )
        self.facts_field = Field(
            pgettext("assessment", "Facts for the school's leaders"),
            self.facts,
            _("What happened and what was done; nothing of what was said in counselling."),
            _("needed for the signature"),
            icons=icons,
        )
        self._follows = Rows(icons)
        self._follows.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]  # Rows has one
        self._missing = QVBoxLayout()
        self._missing.setSpacing(2)
        self._links: list[QWidget] = []
        self._head = Label(pgettext("assessment", "Still missing for the signature"), "section")
        self._lay_out()
        for level, pill in self.pills.items():
            self._group.addButton(pill)
            pill.setAccessibleDescription(pgettext("assessment", "Level"))
            pill.toggled.connect(lambda _on, _level=level: self.changed.emit())
        self.in_school.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self.found_at.textEdited.connect(lambda _text: self.changed.emit())
        self.facts.textChanged.connect(self.changed)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(10)
        column.addWidget(Label(f"{pgettext('assessment', 'Level')}（{_('needed for the signature')}）", "label"))
        row = QHBoxLayout()
        row.setSpacing(8)
        for pill in self.pills.values():
            row.addWidget(pill)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(Field(pgettext("assessment", "Handling"), self.in_school, icons=self._icons))
        column.addWidget(Label(pgettext("assessment", "What follows"), "section"))
        column.addWidget(self._follows)
        column.addWidget(self.found_field)
        column.addWidget(self.facts_field)
        column.addWidget(self._head)
        column.addLayout(self._missing)
        column.addStretch(1)

    def level(self) -> CrisisLevel | None:
        """Return the chosen level."""
        return next((level for level, pill in self.pills.items() if pill.isChecked()), None)

    def values(self) -> dict[str, Any]:
        """Return what was chosen and typed."""
        level = self.level()
        return {
            "level": None if level is None else level.value,
            "in_school": bool(self.in_school.currentData()),
            "found_at": self.found_at.text(),
            "facts": self.facts.toPlainText(),
        }

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show what was kept."""
        self._group.setExclusive(False)
        for level, pill in self.pills.items():
            pill.setChecked(values.get("level") == level.value)
        self._group.setExclusive(True)
        self.in_school.setCurrentIndex(0 if values.get("in_school", True) else 1)
        self.found_at.setText(str(values.get("found_at") or ""))
        self.facts.setPlainText(str(values.get("facts") or ""))

    def moment(self, now: datetime) -> datetime | None:
        """Return when it was found; None when that cannot be read or lies in the future."""
        at = parsed_moment(self.found_at.text(), now)
        wrong = at is None or at > now
        self.found_field.set_error(
            _("Please write a time that is not in the future, like 2026-10-12 09:30.") if wrong else ""
        )
        return None if wrong else at

    def show_consequence(self, consequence: Consequence | None, *, at_once: bool, running: str) -> None:
        """Say what follows.

        Args:
            consequence: by the rules; None while there is no level.
            at_once: a starred criterion is ticked.
            running: code of the 专案 that runs for the student, or empty.
        """
        begins = at_once or (consequence is not None and consequence.starts_event)
        self._follows.clear()
        if consequence is not None:
            todos: Sequence[Todo] = consequence.todos
        else:
            todos = (Todo.GUARD, Todo.REPORT, Todo.NOTIFY_GUARDIAN) if at_once else ()
        if not todos:
            self._follows.add_hint(_("It is said here as soon as you tick or choose a level."))
        if begins and running:
            self._add(
                "mdi6.folder-clock-outline", "accent", _("It belongs to {code}, which runs.").format(code=running)
            )
        elif begins:
            words = _("The signature begins a crisis case: its checklists hang and its clocks run.")
            self._add("mdi6.folder-clock-outline", "amber", words)
        if consequence is not None and consequence.priority:
            self._add("mdi6.arrow-up-circle-outline", "ink2", _("Several criteria together: this comes before others."))
        for todo in todos:
            urgent = todo in _URGENT
            self._add("mdi6.clock-alert-outline" if urgent else "mdi6.circle-small", "ink2", todo_word(todo))
        self.found_field.setVisible(begins and not running)
        self.facts_field.setVisible(begins and not running)

    def show_missing(self, missing: Sequence[Missing]) -> None:
        """Show what is missing as links that lead there."""
        for link in self._links:
            self._missing.removeWidget(link)
            link.hide()
            link.deleteLater()
        self._links = []
        for one in missing:
            link = Button(one.words, "text", self._icons.named("mdi6.arrow-left-thin"), size="compact")
            link.clicked.connect(one.go)
            self._missing.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
            self._links.append(link)
        self._head.setVisible(bool(missing))

    def links(self) -> list[str]:
        """Return the words of the links."""
        return [link.accessibleName() for link in self._links]

    def follows_text(self) -> str:
        """Return what follows, in words."""
        return "\n".join(label.text() for label in self._follows.findChildren(Label) if not label.isHidden())

    def _add(self, icon: str, colour: str, words: str) -> None:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(icon_label(self._icons.named(icon), colour, 16), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(words, "meta_strong", wrap=True), 1)
        self._follows.add(line)
