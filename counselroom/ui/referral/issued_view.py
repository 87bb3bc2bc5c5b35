"""An issued referral to read, with what was added to it and what came back."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.referral_sheets import AddedView, ReferralSheet, ReplyView
from counselroom.ui.moments import day_and_time, day_word
from counselroom.ui.record.rows import Rows
from counselroom.ui.referral.words import answer_word, risk_word, target_word, urgency_word
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.label import Label


class IssuedView(QWidget):
    """Headings with what was written below; replies first."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = Rows(icons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._rows)
        column.addStretch(1)

    def show_sheet(self, sheet: ReferralSheet, now: datetime) -> None:
        """Show the referral."""
        self._rows.clear()
        if sheet.view is None:
            return
        for reply in reversed(sheet.replies):
            self._rows.add(Label(pgettext("referral", "Reply"), "section"))
            self._add_reply(reply, now)
        for added in sheet.added:
            self._rows.add(Label(pgettext("referral", "Added afterwards"), "section"))
            self._add_later(added, now)
        self._rows.add(Label(pgettext("referral", "As issued"), "section"))
        data = sheet.view.data
        for label, words in (
            (pgettext("referral", "Recipient"), f"{target_word(data.to_kind)}　{data.to_name}"),
            (pgettext("referral", "Urgency"), urgency_word(data.urgency)),
            (pgettext("referral", "Why it is an emergency"), data.emergency_basis or ""),
            (pgettext("referral", "Risk"), "" if data.risk is None else risk_word(data.risk)),
            (pgettext("referral", "Reason"), data.reason),
            (pgettext("referral", "Necessary summary"), data.summary),
            (pgettext("referral", "Done so far"), data.done_so_far or ""),
            (pgettext("referral", "Accompanied by"), data.accompanied_by or ""),
            (pgettext("referral", "The student"), answer_word(data.client_consent)),
            (pgettext("referral", "The guardian"), answer_word(data.guardian_consent)),
            (pgettext("referral", "Supervisor's opinion"), data.supervisor_opinion or ""),
            (pgettext("referral", "Excerpt"), data.session_excerpt or ""),
        ):
            self._add(label, words)

    def text(self) -> str:
        """Return all words that are shown."""
        return "\n".join(label.text() for label in self._rows.findChildren(Label) if not label.isHidden())

    def _add(self, label: str, words: str) -> None:
        if words:
            self._rows.add(Label(label, "label"))
            self._rows.add(Label(words, wrap=True))

    def _add_reply(self, reply: ReplyView, now: datetime) -> None:
        today = now.date()
        seen = "" if reply.seen_on is None else day_word(reply.seen_on, today)
        coming = "" if reply.next_visit_on is None else day_word(reply.next_visit_on, today)
        for label, words in (
            (pgettext("referral", "Received"), f"{day_word(reply.received_on, today)}　{reply.institution}"),
            (pgettext("referral", "Seen on"), seen),
            (pgettext("referral", "Opinion of the institution"), reply.recommendation),
            (pgettext("referral", "Attendance"), reply.may_attend_school),
            (pgettext("referral", "Next visit"), coming),
        ):
            self._add(label, words)

    def _add_later(self, added: AddedView, now: datetime) -> None:
        self._add(_("Given"), day_and_time(added.given_at, now))
        self._add(pgettext("referral", "Supervisor's opinion"), added.opinion)
        self._add(pgettext("referral", "The guardian"), "" if added.consent is None else answer_word(added.consent))
        self._add(pgettext("referral", "Why it is late"), added.late_reason)
