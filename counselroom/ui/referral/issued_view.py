"""An issued referral to read, with what was added to it and what came back."""

from __future__ import annotations

from datetime import datetime

from counselroom.i18n import _, pgettext
from counselroom.services.referral_sheets import AddedView, ReferralSheet, ReplyView
from counselroom.ui.moments import day_and_time, day_word
from counselroom.ui.record.told import Told
from counselroom.ui.referral.words import answer_word, risk_word, target_word, urgency_word


class IssuedView(Told):
    """What was written under its labels; replies first."""

    def show_sheet(self, sheet: ReferralSheet, now: datetime) -> None:
        """Show the referral."""
        self.clear()
        if sheet.view is None:
            return
        for reply in reversed(sheet.replies):
            self.add_heading(pgettext("referral", "Reply"))
            self._add_reply(reply, now)
        for added in sheet.added:
            self.add_heading(pgettext("referral", "Added afterwards"))
            self._add_later(added, now)
        self.add_heading(pgettext("referral", "As issued"))
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
            self.add_words(label, words)

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
            self.add_words(label, words)

    def _add_later(self, added: AddedView, now: datetime) -> None:
        self.add_words(_("Given"), day_and_time(added.given_at, now))
        self.add_words(pgettext("referral", "Supervisor's opinion"), added.opinion)
        self.add_words(
            pgettext("referral", "The guardian"), "" if added.consent is None else answer_word(added.consent)
        )
        self.add_words(pgettext("referral", "Why it is late"), added.late_reason)
