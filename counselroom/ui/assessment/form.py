"""What is written in a risk assessment (F-42): criteria, what was seen and told, the opinion."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.crisis_words import AssessmentSource, Ideation
from counselroom.services.crisis_assessments import AssessmentData
from counselroom.ui.assessment.criteria_list import CriteriaList
from counselroom.ui.assessment.words import ideation_word, source_word
from counselroom.ui.dialogs.student_form import parsed_day
from counselroom.ui.theme.icons import Icons
from counselroom.ui.typed_moments import moment_text, parsed_moment
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.tick_line import TickLine

NOTES = (
    "life_events", "emotion", "somatic", "cognition", "behaviour", "plan_means", "history", "protective",
    "target_of_harm", "opinion", "advice",
)  # fmt: skip
_NOTE_HEIGHT = 58


class AssessmentForm(QWidget):
    """The fields, without level and consequence.

    Attributes:
        changed: something was ticked, chosen or typed.
        fields: by the name of the column.
    """

    changed = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.criteria = CriteriaList()
        self.notes = {name: _note() for name in NOTES}
        self.lines = {name: QLineEdit() for name in ("assessed_at", "place", "own_criterion", "reassess_on")}
        self.lines["assessed_at"].setPlaceholderText("2026-10-12 09:30")
        self.lines["reassess_on"].setPlaceholderText("2026-10-19")
        self.source = QComboBox()
        for source in AssessmentSource:
            self.source.addItem(source_word(source), source.value)
        self.ideation = QComboBox()
        for ideation in Ideation:
            self.ideation.addItem(ideation_word(ideation), ideation.value)
        self.coping = TickLine(_("The usual ways of coping do not help any more"))
        self.fields: dict[str, Field] = {}
        self._icons = icons
        self._lay_out()
        self._connect()

    def _connect(self) -> None:
        self.criteria.changed.connect(self._ticked)
        for note in self.notes.values():
            note.textChanged.connect(self.changed)
        for line in self.lines.values():
            line.textEdited.connect(lambda _text: self.changed.emit())
        for box in (self.source, self.ideation):
            box.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self.coping.toggled.connect(lambda _on: self.changed.emit())
        self._ticked()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addLayout(self._grid("assessed_at", "source", "place"))
        column.addWidget(Label(pgettext("assessment", "1. Criteria that are met"), "section"))
        column.addWidget(self.criteria)
        column.addLayout(self._grid("own_criterion"))
        column.addWidget(Label(pgettext("assessment", "2. What was seen and told"), "section"))
        column.addWidget(Label(_("Facts and the student's own words; one of the fields is needed."), "hint", wrap=True))
        column.addLayout(self._grid("life_events"))
        column.addLayout(self._grid("emotion", "somatic"))
        column.addLayout(self._grid("cognition", "behaviour"))
        column.addWidget(self.coping)
        column.addLayout(self._grid("ideation", "plan_means"))
        column.addLayout(self._grid("history", "protective"))
        column.addLayout(self._grid("target_of_harm"))
        column.addWidget(Label(pgettext("assessment", "3. Opinion"), "section"))
        column.addLayout(self._grid("opinion"))
        column.addLayout(self._grid("advice"))
        column.addLayout(self._grid("reassess_on", ""))

    def _grid(self, *names: str) -> QGridLayout:
        before_signing = _("needed for the signature")
        asked: dict[str, tuple[str, str, str]] = {
            "assessed_at": (pgettext("assessment", "Time"), "", ""),
            "source": (pgettext("assessment", "Where the sign came from"), "", ""),
            "place": (pgettext("assessment", "Place"), "", ""),
            "own_criterion": (pgettext("assessment", "The school's own criterion (C22)"), "", before_signing),
            "life_events": (pgettext("assessment", "Events of the last half year"), "", ""),
            "emotion": (pgettext("assessment", "Change of mood"), "", ""),
            "somatic": (pgettext("assessment", "Change of body and sleep"), "", ""),
            "cognition": (pgettext("assessment", "Change of thinking"), "", ""),
            "behaviour": (pgettext("assessment", "Change of behaviour"), "", ""),
            "ideation": (pgettext("assessment", "Thoughts of suicide"), "", ""),
            "plan_means": (pgettext("assessment", "Plan and means"), "", ""),
            "history": (pgettext("assessment", "Earlier history"), "", ""),
            "protective": (pgettext("assessment", "What protects"), "", ""),
            "target_of_harm": (
                pgettext("assessment", "Who might be harmed"),
                _("Only if others are in danger; this is shown to nobody outside the room."),
                "",
            ),
            "opinion": (
                pgettext("assessment", "Written opinion"),
                _("Facts and what to do; it names no illness."),
                before_signing,
            ),
            "advice": (pgettext("assessment", "Advice"), "", ""),
            "reassess_on": (pgettext("assessment", "Assess again on"), "", ""),
        }
        editors: dict[str, QWidget] = {
            **self.notes, **self.lines, "source": self.source, "ideation": self.ideation
        }  # fmt: skip
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        for place, name in enumerate(names):
            grid.setColumnStretch(place, 1)
            if name:
                label, hint, needed = asked[name]
                self.fields[name] = Field(label, editors[name], hint, needed, icons=self._icons)
                grid.addWidget(self.fields[name], 0, place)
        return grid

    def values(self) -> dict[str, Any]:
        """Return all that was ticked, chosen and typed, as JSON values."""
        return {
            **{name: note.toPlainText() for name, note in self.notes.items()},
            **{name: line.text() for name, line in self.lines.items()},
            "criteria": list(self.criteria.ticked()),
            "source": self.source.currentData(),
            "ideation": self.ideation.currentData(),
            "coping_fails": self.coping.is_ticked(),
        }

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show what was kept of the fields; what does not fit any more is left out."""
        for name, note in self.notes.items():
            note.setPlainText(str(values.get(name) or ""))
        for name, line in self.lines.items():
            line.setText(str(values.get(name) or ""))
        self.criteria.tick([str(key) for key in values.get("criteria") or ()])
        self.source.setCurrentIndex(max(0, self.source.findData(values.get("source"))))
        self.ideation.setCurrentIndex(max(0, self.ideation.findData(values.get("ideation"))))
        self.coping.box.setChecked(bool(values.get("coping_fails")))
        self._ticked()

    def data(self, student_id: str, now: datetime, before: datetime) -> AssessmentData:
        """Return what was written; a time that cannot be read is `before`."""
        texts = {name: note.toPlainText().strip() or None for name, note in self.notes.items()}
        return AssessmentData(
            student_id=student_id,
            assessed_at=parsed_moment(self.lines["assessed_at"].text(), now) or before,
            source=AssessmentSource(self.source.currentData()),
            criteria=self.criteria.ticked(),
            ideation=Ideation(self.ideation.currentData()),
            coping_fails=self.coping.is_ticked(),
            place=self.lines["place"].text().strip() or None,
            own_criterion=self.lines["own_criterion"].text().strip() or None,
            reassess_on=parsed_day(self.lines["reassess_on"].text()),
            **texts,  # type: ignore[arg-type]  # each of them is text
        )

    def check(self, now: datetime) -> bool:
        """Say at the fields what cannot be read; True when all is well."""
        at = parsed_moment(self.lines["assessed_at"].text(), now)
        wrong = at is None or at > now
        self.fields["assessed_at"].set_error(
            _("Please write a time that is not in the future, like 2026-10-12 09:30.") if wrong else ""
        )
        again = self.lines["reassess_on"].text().strip()
        odd = bool(again) and parsed_day(again) is None
        self.fields["reassess_on"].set_error(_("Please write the day like 2026-10-19.") if odd else "")
        for name, bad in (("assessed_at", wrong), ("reassess_on", odd)):
            if bad:
                self.lines[name].setFocus()
                return False
        return True

    def _ticked(self) -> None:
        self.fields["own_criterion"].setVisible("C22" in self.criteria.ticked())
        self.changed.emit()


def kept_values(data: AssessmentData, now: datetime) -> dict[str, Any]:
    """Return a stored assessment as the form's values."""
    return {
        **{name: getattr(data, name) or "" for name in (*NOTES, "place", "own_criterion")},
        "assessed_at": moment_text(data.assessed_at, now),
        "reassess_on": data.reassess_on.isoformat() if data.reassess_on else "",
        "criteria": list(data.criteria),
        "source": data.source.value,
        "ideation": data.ideation.value,
        "coping_fails": data.coping_fails,
    }


def _note() -> QPlainTextEdit:
    note = QPlainTextEdit()
    note.setTabChangesFocus(True)
    note.setFixedHeight(_NOTE_HEIGHT)
    return note
