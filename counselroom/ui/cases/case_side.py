"""The right side of a case: consents with their scans, and tiers, referrals and 专案 of the client as links."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.care_words import CareTier, TierState
from counselroom.rules.crisis_words import CrisisState
from counselroom.services.case_pages import CasePage, ConsentLine, LinkLine
from counselroom.services.crisis_views import state_word
from counselroom.ui.masking import Face
from counselroom.ui.record.rows import Rows
from counselroom.ui.record.words import consent_word, local_day, referral_word, short_day
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.chip_face import focus_tier, group_tier, watch_tier
from counselroom.ui.widgets.icon_button import IconButton
from counselroom.ui.widgets.panel import Panel


class CaseSide(QWidget):
    """Two panels.

    Attributes:
        consent_wanted: a signed consent is to be typed in.
        scan_wanted: carries the `ConsentLine` whose scan is to be shown.
        page_wanted: carries the key of a page and what it is opened for.
    """

    consent_wanted = Signal()
    scan_wanted = Signal(object)
    page_wanted = Signal(str, object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._consents, self._links = Rows(icons), Rows(icons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        consents = Panel(pgettext("case page", "Consents"))
        add = Button(pgettext("case page", "Type in"), "text", icons.named("mdi6.file-sign"), size="compact")
        add.setAccessibleName(_("Type a signed consent in"))
        add.clicked.connect(self.consent_wanted)
        consents.set_action(add)
        consents.set_body(self._consents)
        links = Panel(pgettext("case page", "About the client"))
        links.set_body(self._links)
        column.addWidget(consents)
        column.addWidget(links)
        column.addStretch(1)

    def show_page(self, page: CasePage, face: Face, now: datetime) -> None:
        """Show consents and links, as far as `face` shows them."""
        self._consents.clear()
        for consent in page.consents:
            self._add_consent(consent, now)
        if not page.consents:
            self._consents.add_hint(_("There is no signed consent yet."))
        self._links.clear()
        record = Button(pgettext("case page", "Student record"), "text", size="compact")
        record.clicked.connect(lambda: self.page_wanted.emit("student_record", {"student": page.case.client_id}))
        self._links.add_with(face.name(page.client_name, page.client_no), record)
        for link in page.links:
            self._add_link(link, page, now)

    def _add_consent(self, consent: ConsentLine, now: datetime) -> None:
        gone = consent.withdrawn_at is not None
        day = "" if consent.signed_at is None else short_day(local_day(consent.signed_at, now), now.date())
        words = f"{consent_word(consent.kind)}　{pgettext('consent', 'withdrawn') if gone else day}"
        icon = "mdi6.circle-outline" if gone else "mdi6.check-circle-outline"
        if consent.scan_id:
            scan = IconButton(self._icons.named("mdi6.paperclip"), _("Show the scan"))
            scan.clicked.connect(lambda: self.scan_wanted.emit(consent))
            self._consents.add_with(words, scan, icon)
        else:
            self._consents.add_line(icon, words, _("no scan"))

    def _add_link(self, link: LinkLine, page: CasePage, now: datetime) -> None:
        day = short_day(link.day, now.date())
        open_it = Button(pgettext("case page", "Open"), "text", size="compact")
        if link.kind == "tier_record":
            face = {
                CareTier.KEY_INTERVENTION: focus_tier,
                CareTier.KEY_CONCERN: watch_tier,
                CareTier.GROUP_SUPPORT: group_tier,
            }[CareTier(link.number)]()
            waits = pgettext("tier", "proposed") if link.state == TierState.PROPOSED else day
            key, arguments = "student_record", {"student": page.case.client_id}
            words, icon = f"{face.text}　{waits}", face.icon
        elif link.kind == "referral":
            key, arguments = "referral", {"referral": link.id}
            words, icon = f"{link.number}　{referral_word(link.state)}", "mdi6.account-arrow-right-outline"
        else:
            key, arguments = "crisis", {"event": link.id}
            words, icon = f"{link.number}　{state_word(CrisisState(link.state))}", "mdi6.progress-clock"
        open_it.setAccessibleName(f"{pgettext('case page', 'Open')} {words}")
        open_it.clicked.connect(lambda: self.page_wanted.emit(key, arguments))
        self._links.add_with(words, open_it, icon)
