"""The right side of the note: time, place, topics, safety assessment, consent, next appointment, who may see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from counselroom.i18n import _, pgettext
from counselroom.rules.counselling import Mode, RiskLevel
from counselroom.services.note_pages import NotePage
from counselroom.services.sessions import NoteDraft
from counselroom.services.topics import all_topics
from counselroom.ui.note.topic_pills import TopicPills
from counselroom.ui.note.words import day_with_weekday, mode_word, risk_word, span_text
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.tall import Tall

URGENT = (RiskLevel.MODERATE, RiskLevel.SEVERE)


class FactsForm(QWidget):
    """What is filled in beside the text.

    Attributes:
        written: something was filled in.
        sign_wanted: sign and lock.
        later_wanted: go away and sign later.
        consent_wanted: type a signed consent in.
        book_wanted: book the next appointment; carries the moment that was typed, or None.
        assess_wanted: begin a risk assessment.
        restrict_wanted: who may see the case shall change.
    """

    written = Signal()
    sign_wanted = Signal()
    later_wanted = Signal()
    consent_wanted = Signal()
    book_wanted = Signal(object)
    assess_wanted = Signal()
    restrict_wanted = Signal(bool)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page: NotePage | None = None
        self._kept: NoteDraft | None = None
        self.day, self.span = QLineEdit(), QLineEdit()
        self.mode, self.place = QComboBox(), QComboBox()
        for mode in Mode:
            self.mode.addItem(mode_word(mode), mode.value)
        self.topics = TopicPills(icons, all_topics())
        self.risks: dict[RiskLevel, QRadioButton] = {}
        self._group = QButtonGroup(self)
        assess = pgettext("note", "Begin the assessment")
        self.assess_button = Button(assess, "secondary", icons.named("mdi6.clipboard-check-outline"), size="compact")
        self.assess_button.clicked.connect(self.assess_wanted)
        self.exception = QLineEdit()
        self.next = QLineEdit()
        self.visibility = QComboBox()
        self.visibility.addItem(pgettext("note", "me and the director"), False)
        self.visibility.addItem(pgettext("note", "only me and named people"), True)
        self._consent = Label("", "meta_strong", wrap=True)
        self.consent_button = Button(
            pgettext("note", "Type a consent in"), "text", icons.named("mdi6.file-sign"), size="compact"
        )
        self.consent_button.clicked.connect(self.consent_wanted)
        self.book_button = Button(pgettext("note", "Book"), "secondary", size="compact")
        self.book_button.clicked.connect(lambda: self.book_wanted.emit(self.next_at()))
        self.fields = {
            "day": Field(pgettext("note", "Day"), self.day, icons=icons),
            "span": Field(pgettext("note", "From to"), self.span, icons=icons),
            "mode": Field(pgettext("note", "Way"), self.mode, icons=icons),
            "place": Field(pgettext("note", "Place"), self.place, icons=icons),
            "exception": Field(
                pgettext("note", "Reason for the exception"),
                self.exception,
                _("Only in a crisis a session is held without a consent."),
                icons=icons,
            ),
            "next": Field(pgettext("note", "Next appointment"), self.next, icons=icons),
            "visibility": Field(pgettext("note", "Who may see it"), self.visibility, icons=icons),
        }
        self.later_button = Button(pgettext("note", "Sign later"))
        self.later_button.clicked.connect(self.later_wanted)
        self.sign_button = Button(pgettext("note", "Sign and lock"), "primary", icons.named("mdi6.lock-check-outline"))
        self.sign_button.clicked.connect(self.sign_wanted)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addWidget(Label(pgettext("note", "About this session"), "section"))
        column.addLayout(_pair(self.fields["day"], self.fields["span"], 4, 5))
        column.addLayout(_pair(self.fields["mode"], self.fields["place"], 1, 1))
        column.addWidget(Label(_("Topics (several can hold)"), "label"))
        column.addWidget(self.topics)
        title = Label("{}（{}）".format(pgettext("note", "Safety assessment"), _("needed before signing")), "label")
        column.addWidget(title)
        rows = QGridLayout()
        rows.setHorizontalSpacing(4)
        rows.setVerticalSpacing(2)
        for number, level in enumerate(RiskLevel):
            button = QRadioButton(risk_word(level))
            button.setAccessibleName("{}：{}".format(pgettext("note", "Safety assessment"), risk_word(level)))
            self._group.addButton(button)
            self.risks[level] = button
            rows.addWidget(button, number // 2, number % 2)
        rows.setColumnStretch(1, 1)
        rows.addWidget(self.assess_button, 2, 0, 1, 2)
        column.addLayout(rows)
        column.addWidget(Label(pgettext("note", "Consent"), "label"))
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._consent, 1)
        line.addWidget(self.consent_button)
        column.addLayout(line)
        column.addWidget(self.fields["exception"])
        coming = QHBoxLayout()
        coming.setSpacing(8)
        coming.addWidget(self.fields["next"], 1)
        booking = QVBoxLayout()
        booking.addSpacing(24)
        booking.addWidget(self.book_button)
        booking.addStretch(1)
        coming.addLayout(booking)
        column.addLayout(coming)
        column.addWidget(self.fields["visibility"])
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(Tall(form))
        self.area = area
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 8, 16, 12)
        foot.setSpacing(8)
        foot.addWidget(
            Label(_("After the signature the text is locked. Corrections are added beside it."), "hint", wrap=True)
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.later_button)
        buttons.addStretch(1)
        buttons.addWidget(self.sign_button)
        foot.addLayout(buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(area, 1)
        whole.addLayout(foot)

    def _connect(self) -> None:
        for edit in (self.day, self.span, self.exception, self.next):
            edit.textEdited.connect(lambda _text: self.written.emit())
        for box in (self.mode, self.place):
            box.activated.connect(lambda _index: self.written.emit())
        self.visibility.activated.connect(lambda _index: self.restrict_wanted.emit(bool(self.visibility.currentData())))
        self.topics.changed.connect(self.written)
        self._group.buttonClicked.connect(lambda _button: self._risk_chosen())
        for name in ("day", "span", "next"):
            self.fields[name].left.connect(self.check)

    # What is filled in.

    def show_page(self, page: NotePage, *, keep: bool) -> None:
        """Show a note; with `keep` what was filled in stays and only what is known around it is shown anew."""
        self._page = page
        if not keep:
            self._fill(page.draft, page.places)
        held = page.consent_on is not None
        if held:
            day = day_with_weekday(page.consent_on, page.draft.starts_at.date()) if page.consent_on else ""
            self._consent.setText(_("signed on {day}").format(day=day))
        else:
            self._consent.setText(_("There is no signed consent yet."))
        self.fields["exception"].setVisible(not held)
        if page.next_at is not None:
            booked = page.next_at
            self.next.setText(f"{booked:%Y-%m-%d %H:%M}")
            self.fields["next"].set_hint(_("Booked: {when}").format(when=f"{booked:%m-%d %H:%M}"))
        else:
            self.fields["next"].set_hint("")
        self.book_button.setVisible(page.next_at is None)
        self.visibility.setCurrentIndex(1 if page.restricted else 0)
        self.visibility.setEnabled(bool(page.case_id))
        self._fit_risk()

    def state(self) -> dict[str, Any]:
        """Return what is filled in, as texts."""
        risk = self.risk()
        return {
            "day": self.day.text(),
            "span": self.span.text(),
            "mode": self.mode.currentData(),
            "place": self.place.currentText(),
            "topics": list(self.topics.chosen()),
            "risk": None if risk is None else risk.value,
            "exception": self.exception.text(),
            "next": self.next.text(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was filled in before."""
        self.day.setText(str(state.get("day") or self.day.text()))
        self.span.setText(str(state.get("span") or self.span.text()))
        self.mode.setCurrentIndex(max(0, self.mode.findData(state.get("mode"))))
        self._choose_place(str(state.get("place") or ""))
        self.topics.choose(tuple(state.get("topics") or ()))
        self._choose_risk(next((level for level in RiskLevel if level.value == state.get("risk")), None))
        self.exception.setText(str(state.get("exception") or ""))
        self.next.setText(str(state.get("next") or ""))

    def risk(self) -> RiskLevel | None:
        """Return the result of the safety assessment, or None."""
        return next((level for level, button in self.risks.items() if button.isChecked()), None)

    def times(self) -> tuple[datetime, datetime] | None:
        """Return begin and end as they are typed, or None where that is no time."""
        zone = None if self._kept is None else self._kept.starts_at.tzinfo
        try:
            day = date.fromisoformat(self.day.text().strip().replace("/", "-").replace(".", "-"))
            parts = self.span.text().replace("–", "-").replace("—", "-").replace("：", ":").split("-")
            first, last = (datetime.strptime(part.strip(), "%H:%M").time() for part in parts)  # noqa: DTZ007 - a time of day
        except ValueError:
            return None
        starts_at, ends_at = (datetime.combine(day, time, zone) for time in (first, last))
        return (starts_at, ends_at) if ends_at > starts_at else None

    def next_at(self) -> datetime | None:
        """Return the next appointment as it is typed, or None."""
        zone = None if self._kept is None else self._kept.starts_at.tzinfo
        try:
            text = self.next.text().strip().replace("/", "-").replace("：", ":")
            return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=zone)
        except ValueError:
            return None

    def draft(self, sections: Mapping[str, str]) -> NoteDraft:
        """Return all of the note; a time that is no time yet stays as it was stored."""
        stored = self._kept
        if stored is None:
            message = "no note is shown"
            raise ValueError(message)
        starts_at, ends_at = self.times() or (stored.starts_at, stored.ends_at)
        return replace(
            stored,
            starts_at=starts_at,
            ends_at=ends_at,
            sections=dict(sections),
            mode=Mode(self.mode.currentData()),
            place=self.place.currentText().strip() or None,
            risk_level=self.risk(),
            consent_exception=self.exception.text().strip() or None,
            next_at=self.next_at() if self.next.text().strip() else None,
            topics=self.topics.chosen(),
        )

    def check(self) -> str:
        """Show what is wrong in a time; return the name of the first wrong field, or nothing."""
        wrong = self.times() is None
        self.fields["span"].set_error(_("Please write day and time like 2026-10-12 and 14:00-14:50.") if wrong else "")
        late = bool(self.next.text().strip()) and self.next_at() is None
        self.fields["next"].set_error(_("Please write day and time like 2026-10-19 14:00.") if late else "")
        return "span" if wrong else "next" if late else ""

    def go_to(self, name: str) -> None:
        """Give the keyboard to what is missing."""
        target: QWidget = {
            "risk": self.risks[RiskLevel.NONE],
            "exception": self.exception,
            "consent": self.consent_button,
            "span": self.span,
            "next": self.next,
        }.get(name, self.day)
        self.area.ensureWidgetVisible(target)
        target.setFocus()

    def _fill(self, draft: NoteDraft, places: tuple[str, ...]) -> None:
        self._kept = draft
        self.place.clear()
        self.place.addItems(["", *places])
        self.day.setText(draft.starts_at.date().isoformat())
        self.span.setText(span_text(draft.starts_at, draft.ends_at))
        again = draft.starts_at + timedelta(days=7)
        self.next.setPlaceholderText(pgettext("note", "such as {when}").format(when=f"{again:%Y-%m-%d %H:%M}"))
        self.mode.setCurrentIndex(self.mode.findData(draft.mode.value))
        self._choose_place(draft.place or "")
        self.topics.choose(draft.topics)
        self._choose_risk(draft.risk_level)
        self.exception.setText(draft.consent_exception or "")
        self.next.setText("" if draft.next_at is None else f"{draft.next_at:%Y-%m-%d %H:%M}")
        for field in self.fields.values():
            field.set_error("")

    def _choose_place(self, place: str) -> None:
        if place and self.place.findText(place) < 0:
            self.place.addItem(place)
        self.place.setCurrentIndex(max(0, self.place.findText(place)))

    def _choose_risk(self, level: RiskLevel | None) -> None:
        self._group.setExclusive(False)
        for known, button in self.risks.items():
            button.setChecked(known is level)
        self._group.setExclusive(True)
        self._fit_risk()

    def _risk_chosen(self) -> None:
        self._fit_risk()
        self.written.emit()

    def _fit_risk(self) -> None:
        self.assess_button.setVisible(self.risk() in URGENT)


def _pair(first: QWidget, second: QWidget, left: int, right: int) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(first, left)
    row.addWidget(second, right)
    return row
