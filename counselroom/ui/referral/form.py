"""What is written on a referral (F-50) before it is issued."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.counselling import RiskLevel
from counselroom.rules.referral import ConsentAnswer, ReferralTarget, ReferralUrgency
from counselroom.services.referrals import ReferralData
from counselroom.ui.referral.words import answer_word, risk_word, target_word, urgency_word
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.tick_line import TickLine

NOTES = ("reason", "summary", "done_so_far", "emergency_basis", "supervisor_opinion", "session_excerpt")
LINES = ("to_name", "accompanied_by")
CHOICES = ("to_kind", "urgency", "risk", "client_consent", "guardian_consent")
_HEIGHT = 70


class ReferralForm(QWidget):
    """The fields.

    Attributes:
        changed: something was chosen or typed.
        fields: by the name of the column.
    """

    changed = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self.notes = {name: _note() for name in NOTES}
        self.lines = {name: QLineEdit() for name in LINES}
        self.boxes = {name: QComboBox() for name in CHOICES}
        self.takes_excerpt = TickLine(_("Send an excerpt of the session record along"))
        self.fields: dict[str, Field] = {}
        self._fill_boxes()
        self._lay_out()
        for note in self.notes.values():
            note.textChanged.connect(self.changed)
        for line in self.lines.values():
            line.textEdited.connect(lambda _text: self.changed.emit())
        for box in self.boxes.values():
            box.currentIndexChanged.connect(lambda _index: self._follow())
        self.takes_excerpt.toggled.connect(lambda _on: self._follow())
        self._follow()

    def _fill_boxes(self) -> None:
        for target in ReferralTarget:
            self.boxes["to_kind"].addItem(target_word(target), target.value)
        for urgency in ReferralUrgency:
            self.boxes["urgency"].addItem(urgency_word(urgency), urgency.value)
        self.boxes["risk"].addItem(pgettext("referral risk", "not said"), "")
        for risk in RiskLevel:
            self.boxes["risk"].addItem(risk_word(risk), risk.value)
        for name in ("client_consent", "guardian_consent"):
            for answer in (ConsentAnswer.PENDING, ConsentAnswer.AGREED, ConsentAnswer.REFUSED):
                self.boxes[name].addItem(answer_word(answer), answer.value)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addWidget(Label(pgettext("referral", "Where to"), "section"))
        column.addLayout(self._grid("to_kind", "to_name"))
        column.addLayout(self._grid("urgency", "risk", "accompanied_by"))
        column.addLayout(self._grid("emergency_basis"))
        column.addWidget(Label(pgettext("referral", "What the recipient needs to know"), "section"))
        column.addLayout(self._grid("reason"))
        column.addLayout(self._grid("summary"))
        column.addLayout(self._grid("done_so_far"))
        column.addWidget(Label(pgettext("referral", "Consent and opinion"), "section"))
        column.addLayout(self._grid("client_consent", "guardian_consent"))
        column.addLayout(self._grid("supervisor_opinion"))
        column.addWidget(Label(pgettext("referral", "Session record"), "section"))
        column.addWidget(self.takes_excerpt)
        column.addLayout(self._grid("session_excerpt"))

    def _grid(self, *names: str) -> QGridLayout:
        needed = _("needed for issuing")
        asked: dict[str, tuple[str, str, str]] = {
            "to_kind": (pgettext("referral", "Direction"), "", ""),
            "to_name": (pgettext("referral", "Recipient"), "", needed),
            "urgency": (pgettext("referral", "Urgency"), "", ""),
            "risk": (pgettext("referral", "Risk"), "", ""),
            "accompanied_by": (pgettext("referral", "Accompanied by"), "", ""),
            "emergency_basis": (
                pgettext("referral", "Why it is an emergency"),
                _("An emergency goes out first; what is missing is added afterwards in time."),
                needed,
            ),
            "reason": (pgettext("referral", "Reason"), "", needed),
            "summary": (
                pgettext("referral", "Necessary summary"),
                _("As little as the recipient needs; it names no illness."),
                needed,
            ),
            "done_so_far": (pgettext("referral", "Done so far"), "", ""),
            "client_consent": (pgettext("referral", "The student"), "", ""),
            "guardian_consent": (pgettext("referral", "The guardian"), "", needed),
            "supervisor_opinion": (
                pgettext("referral", "Supervisor's opinion"),
                _("Stays at school: it is printed on the school's own copy only."),
                needed,
            ),
            "session_excerpt": (
                pgettext("referral", "Excerpt"),
                _("Goes to the recipient only, and only after the director has agreed to this wording."),
                "",
            ),
        }
        editors: dict[str, QWidget] = {**self.notes, **self.lines, **self.boxes}
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        for place, name in enumerate(names):
            label, hint, when = asked[name]
            grid.setColumnStretch(place, 1)
            self.fields[name] = Field(label, editors[name], hint, when, icons=self._icons)
            grid.addWidget(self.fields[name], 0, place)
        return grid

    def values(self) -> dict[str, Any]:
        """Return all that was chosen and typed, as JSON values."""
        return {
            **{name: note.toPlainText() for name, note in self.notes.items()},
            **{name: line.text() for name, line in self.lines.items()},
            **{name: box.currentData() for name, box in self.boxes.items()},
            "takes_excerpt": self.takes_excerpt.is_ticked(),
        }

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show what was kept; what does not fit any more is left out."""
        for name, note in self.notes.items():
            note.setPlainText(str(values.get(name) or ""))
        for name, line in self.lines.items():
            line.setText(str(values.get(name) or ""))
        for name, box in self.boxes.items():
            box.setCurrentIndex(max(0, box.findData(values.get(name) or "")))
        self.takes_excerpt.box.setChecked(bool(values.get("takes_excerpt")))
        self._follow()

    def choose(self, name: str, value: str) -> None:
        """Choose an answer of one of the boxes."""
        box = self.boxes[name]
        box.setCurrentIndex(max(0, box.findData(value)))

    def data(self, student_id: str, case_id: str | None) -> ReferralData:
        """Return what was written; an excerpt only when its box is ticked."""
        texts = {name: note.toPlainText().strip() or None for name, note in self.notes.items()}
        chosen = {name: box.currentData() for name, box in self.boxes.items()}
        return ReferralData(
            student_id=student_id,
            to_kind=ReferralTarget(chosen["to_kind"]),
            to_name=self.lines["to_name"].text().strip(),
            reason=texts["reason"] or "",
            summary=texts["summary"] or "",
            done_so_far=texts["done_so_far"],
            risk=RiskLevel(chosen["risk"]) if chosen["risk"] else None,
            urgency=ReferralUrgency(chosen["urgency"]),
            accompanied_by=self.lines["accompanied_by"].text().strip() or None,
            client_consent=ConsentAnswer(chosen["client_consent"]),
            guardian_consent=ConsentAnswer(chosen["guardian_consent"]),
            emergency_basis=texts["emergency_basis"] if self.is_emergency() else None,
            supervisor_opinion=texts["supervisor_opinion"],
            session_excerpt=texts["session_excerpt"] if self.takes_excerpt.is_ticked() else None,
            case_id=case_id,
        )

    def is_emergency(self) -> bool:
        """Tell whether the student goes at once."""
        return bool(self.boxes["urgency"].currentData() == ReferralUrgency.EMERGENCY.value)

    def _follow(self) -> None:
        self.fields["emergency_basis"].setVisible(self.is_emergency())
        self.fields["session_excerpt"].setVisible(self.takes_excerpt.is_ticked())
        self.changed.emit()


def kept_values(data: ReferralData) -> dict[str, Any]:
    """Return a stored referral as the form's values."""
    return {
        **{name: getattr(data, name) or "" for name in (*NOTES, *LINES)},
        "to_kind": data.to_kind.value,
        "urgency": data.urgency.value,
        "risk": "" if data.risk is None else data.risk.value,
        "client_consent": data.client_consent.value,
        "guardian_consent": data.guardian_consent.value,
        "takes_excerpt": bool(data.session_excerpt),
    }


def _note() -> QPlainTextEdit:
    note = QPlainTextEdit()
    note.setTabChangesFocus(True)
    note.setFixedHeight(_HEIGHT)
    return note
