"""Beside a referral: what is missing before it is issued, what leaves the room, the excerpt and its approval."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.referral_sheets import ReferralSheet
from counselroom.services.referrals import ReferralData
from counselroom.ui.moments import day_word
from counselroom.ui.record.rows import Rows
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.label import Label


@dataclass(frozen=True)
class Missing:
    """Something that is needed to issue it: the words of the link and where it leads."""

    words: str
    go: Callable[[], object]


class Gate(QWidget):
    """The right side of a referral that is not issued yet.

    Attributes:
        approve_wanted: the director lets the excerpt go out.
        consent_wanted: a consent of the guardian is to be typed in.
        take_wanted: the guardian's consent on file is to be noted on the referral.
    """

    approve_wanted = Signal()
    consent_wanted = Signal()
    take_wanted = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._links: list[Button] = []
        self._head = Label(pgettext("referral", "Still missing for issuing"), "section")
        self._missing = QVBoxLayout()
        self._missing.setSpacing(2)
        self._branch = Label("", "meta", wrap=True)
        self._consent = Label("", "meta", wrap=True)
        self.take_button = Button(pgettext("referral", "Note it here"), size="compact")
        self.consent_button = Button(pgettext("referral", "Type in a consent"), size="compact")
        self.approve_button = Button(pgettext("referral", "Let the excerpt go out"), size="compact")
        self.take_button.clicked.connect(self.take_wanted)
        self.consent_button.clicked.connect(self.consent_wanted)
        self.approve_button.clicked.connect(self.approve_wanted)
        self._leaves = Rows(icons)
        self._leaves.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]  # Rows has one
        self._excerpt = Label("", "meta", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addWidget(self._head)
        column.addLayout(self._missing)
        column.addWidget(self._branch)
        column.addSpacing(8)
        column.addWidget(Label(pgettext("referral", "Guardian's consent on file"), "section"))
        column.addWidget(self._consent)
        for button in (self.take_button, self.consent_button):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(8)
        column.addWidget(Label(pgettext("referral", "What leaves the room"), "section"))
        column.addWidget(self._leaves)
        column.addWidget(self._excerpt)
        column.addWidget(self.approve_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    def show_missing(self, missing: Sequence[Missing], branch: str) -> None:
        """Show what is missing as links, and what the emergency branch means."""
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
        buttons = [*self._links, self.take_button, self.consent_button, self.approve_button]
        for before, after in pairwise(buttons):
            QWidget.setTabOrder(before, after)  # the links are made last and stand first
        self._head.setVisible(bool(missing))
        self._branch.setText(branch)
        self._branch.setVisible(bool(branch))

    def links(self) -> list[str]:
        """Return the words of the links."""
        return [link.accessibleName() for link in self._links]

    def show_sheet(self, sheet: ReferralSheet, data: ReferralData, today: date, *, noted: bool) -> None:
        """Say what is on file and what leaves the room; `noted`: the guardian's answer stands on the referral."""
        if sheet.consented_on is None:
            self._consent.setText(_("No signed consent of a guardian is on file."))
        else:
            self._consent.setText(
                _("Signed {day}, {who}.").format(day=day_word(sheet.consented_on, today), who=sheet.consented_by)
            )
        self.take_button.setVisible(sheet.consented_on is not None and not noted and sheet.is_mine)
        self.consent_button.setVisible(sheet.consented_on is None and sheet.is_mine)
        approved = sheet.view is not None and sheet.view.excerpt_approved
        excerpt = data.session_excerpt is not None
        stored = sheet.view is not None and sheet.view.data.session_excerpt == data.session_excerpt
        self._leaves.clear()
        for words in (
            _("Recipient: basic facts, guardian's telephone, reason, summary, what was done"),
            _("Guardian: the same, without any excerpt"),
            _("School: the same, with the supervisor's opinion"),
        ):
            self._leaves.add(Label(words, "meta_strong", wrap=True))
        if not excerpt:
            self._excerpt.setText(_("Nothing of the session record leaves the room."))
        elif approved and stored:
            self._excerpt.setText(_("The excerpt may go to the recipient; it is ticked once more when it is printed."))
        else:
            self._excerpt.setText(_("The excerpt stays here until the director has agreed to its wording."))
        self.approve_button.setVisible(excerpt and sheet.is_director and not (approved and stored))
