"""What the page of a referral says of one: what is missing for issuing, and the words of its head."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.referral import IssueDecision, IssueObstacle, may_issue
from counselroom.services.referral_sheets import ReferralSheet
from counselroom.services.referrals import ReferralData
from counselroom.ui.masking import Face
from counselroom.ui.moments import day_and_time
from counselroom.ui.referral.form import ReferralForm
from counselroom.ui.referral.gate import Missing
from counselroom.ui.referral.words import obstacle_word
from counselroom.ui.widgets import chip_face
from counselroom.ui.widgets.chip_face import ChipFace


def decision_of(sheet: ReferralSheet, data: ReferralData, now: datetime) -> IssueDecision:
    """Return whether it may be issued as it is written now (R-13)."""
    return may_issue(
        data.urgency,
        supervisor_opinion=data.supervisor_opinion,
        guardian_consent=data.guardian_consent,
        emergency_basis=data.emergency_basis,
        issued_at=now,
        completion_days=sheet.completion_days,
    )


def missing_of(sheet: ReferralSheet, data: ReferralData, form: ReferralForm, now: datetime) -> list[Missing]:
    """Return what is missing for issuing, each with where it is filled in."""
    found = [
        Missing(words, where.setFocus)
        for words, text, where in (
            (_("Write the recipient"), data.to_name, form.lines["to_name"]),
            (_("Write the reason"), data.reason, form.notes["reason"]),
            (_("Write the necessary summary"), data.summary, form.notes["summary"]),
        )
        if not text
    ]
    targets: dict[IssueObstacle, QWidget] = {
        IssueObstacle.NO_SUPERVISOR_OPINION: form.notes["supervisor_opinion"],
        IssueObstacle.NO_GUARDIAN_CONSENT: form.boxes["guardian_consent"],
        IssueObstacle.NO_EMERGENCY_BASIS: form.notes["emergency_basis"],
    }
    obstacles = decision_of(sheet, data, now).obstacles
    return found + [Missing(obstacle_word(one), targets[one].setFocus) for one in obstacles]


def meta_of(sheet: ReferralSheet, face: Face, now: datetime) -> str:
    """Return the line of facts beside the title."""
    view = sheet.view
    parts = [
        "" if view is None else view.number,
        face.name(sheet.student.name, sheet.student.student_no),
        face.class_name(sheet.student.class_name),
    ]
    if view is not None and view.issued_at is not None:
        moment = day_and_time(view.issued_at, now)
        parts.append(_("issued {moment} by {name}").format(moment=moment, name=sheet.issuer))
    else:
        parts.append(sheet.counsellor)
    if sheet.files:
        parts.append(_("{count} files").format(count=sheet.files))
    return "　".join(part for part in parts if part)


def chip_of(sheet: ReferralSheet) -> ChipFace:
    """Return where it stands."""
    if sheet.view is None or sheet.view.issued_at is None:
        return chip_face.draft()
    replied = bool(sheet.replies)
    words = pgettext("referral", "reply received") if replied else pgettext("referral", "issued")
    return ChipFace(words, "accent" if replied else "plain", "mdi6.check-circle-outline")
