"""The papers of a 专案: what they say when nothing was typed, and the way from a row to the sheet that is printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from counselroom.i18n import _, pgettext
from counselroom.rules.crisis_words import ContactMode, StepState
from counselroom.services.changes import Done
from counselroom.services.crisis_page import CrisisPage
from counselroom.services.crisis_papers import (
    NoticeData,
    NoticeView,
    ReportData,
    ReportView,
    issue_notice,
    issue_report,
    write_notice,
    write_report,
)
from counselroom.ui.crisis.words import kind_word, when_text
from counselroom.ui.room import Room

NOTICE, REPORTED, LIST, REFERRAL, REPORT, ASSESSMENT = "F-46", "F-43", "F-44", "F-50", "F-56", "F-42"


@dataclass(frozen=True)
class PaperRow:
    """A form this 专案 can fill.

    Attributes:
        form: its number.
        title: its title.
        state: in a word or two.
        says: what will stand on it, or what happens next.
        entity: kind of the record it is printed from.
        entity_id: the record; empty where it is not written yet.
    """

    form: str
    title: str
    state: str
    says: str
    entity: str
    entity_id: str


def papers_of(page: CrisisPage, now: datetime) -> list[PaperRow]:
    """Return the forms of a 专案, the notice to the guardian first."""
    event = page.event
    ready = pgettext("paper", "can be printed")
    unwritten = pgettext("paper", "filled in from the case")
    notice = newest_notice(page)
    notice_data = notice.data if notice else default_notice(page)
    report = page.reports[-1] if page.reports else None
    rows = [
        PaperRow(
            NOTICE,
            pgettext("paper", "Notice to the guardian"),
            _issued(notice, now) or unwritten,
            f"{notice_data.addressee}：{notice_data.facts} {notice_data.request}",
            "guardian_notice",
            notice.id if notice else "",
        ),
        PaperRow(
            REPORTED,
            pgettext("paper", "Report to the leaders"),
            ready,
            event.data.facts or "",
            "crisis_event",
            event.id,
        ),
        PaperRow(
            LIST,
            pgettext("paper", "Checklist on paper"),
            ready,
            _("{done} of {all} items are settled; the rest is filled in by hand.").format(
                done=event.settled, all=len(event.steps)
            ),
            "crisis_event",
            event.id,
        ),
    ]
    referral = page.referrals[-1] if page.referrals else None
    rows.append(
        PaperRow(
            REFERRAL,
            pgettext("paper", "Referral"),
            referral[1] if referral else pgettext("paper", "not written yet"),
            "" if referral else _("Opens the referral with this student filled in."),
            "referral",
            referral[0] if referral else "",
        )
    )
    report_data = report.data if report else default_report(page, now)
    rows.append(
        PaperRow(
            REPORT,
            pgettext("paper", "Written report"),
            _issued(report, now) or unwritten,
            report_data.course.replace("\n", " "),
            "crisis_report",
            report.id if report else "",
        )
    )
    if event.assessment_id:
        rows.append(
            PaperRow(
                ASSESSMENT, pgettext("paper", "Risk assessment"), ready, "", "crisis_assessment", event.assessment_id
            )
        )
    return rows


def newest_notice(page: CrisisPage) -> NoticeView | None:
    """Return the newest notice, or None."""
    return page.notices[-1] if page.notices else None


def default_notice(page: CrisisPage) -> NoticeData:
    """Return the notice as it is when nothing is typed: facts and what the school asks for, nothing else."""
    first = page.guardians[0] if page.guardians else None
    facts = page.event.data.facts or _(
        "Your child is in a situation at school that needs you; staff of the school are with your child all the time."
    )
    return NoticeData(
        first.name if first else pgettext("paper", "The guardian"),
        facts,
        _("Please come to school as soon as you can, to agree with us on care, a doctor, or taking your child home."),
        pgettext("list", ", ").join(filter(None, (page.my_name, page.room_phone))) or None,
        ContactMode.FACE,
        first.id if first else None,
    )


def default_report(page: CrisisPage, now: datetime) -> ReportData:
    """Return the written report as it is when nothing is typed: what the 专案 knows, in the order of time."""
    event = page.event
    course = [
        f"{when_text(line.at, now)} {line.text}"
        for line in reversed(page.lines)
        if line.text and line.kind.value in ("note", "contact", "observation")
    ]
    done = [step.title for step in event.steps if step.state is StepState.DONE]
    found = _("Found at {when} by {who}.").format(
        when=f"{event.data.found_at:%Y-%m-%d %H:%M}", who=event.data.found_by or pgettext("paper", "staff")
    )
    return ReportData(
        persons="　".join(filter(None, (event.student_name, page.class_name))),
        course="\n".join(filter(None, (found, event.data.facts, *course))),
        measures="\n".join(filter(None, (event.data.measures, *done))) or pgettext("paper", "as in the checklist"),
        nature=kind_word(event.data.kind),
    )


def issue_notice_now(room: Room, page: CrisisPage, data: NoticeData | None) -> Done[NoticeView]:
    """Issue the notice: with `data`, or the draft there is, or as it is when nothing is typed."""
    draft = newest_notice(page)
    draft_id = draft.id if draft is not None and draft.issued_at is None else None
    if data is not None or draft_id is None:
        told = data or default_notice(page)
        draft_id = write_notice(room.actor, room.desk, page.event.id, told, draft_id).value.id
    return issue_notice(room.actor, room.desk, draft_id)


def issue_report_now(room: Room, page: CrisisPage, data: ReportData | None) -> Done[ReportView]:
    """Issue the written report in the same way."""
    draft = page.reports[-1] if page.reports else None
    draft_id = draft.id if draft is not None and draft.issued_at is None else None
    if data is not None or draft_id is None:
        told = data or default_report(page, room.now())
        draft_id = write_report(room.actor, room.desk, page.event.id, told, draft_id).value.id
    return issue_report(room.actor, room.desk, draft_id)


def preview(room: Room, form: str, entity: str, entity_id: str) -> None:
    """Open the print preview with the keyboard on its print button; a notice goes out with the copy that stays."""
    audience = {NOTICE: "guardian", REPORTED: "leading_group", REPORT: "leading_group"}.get(form, "")
    room.ways.open_page(
        "print_preview",
        form=form,
        entity=entity,
        entity_id=entity_id,
        audience=audience,
        to_print=True,
        whole_set=form == NOTICE,
    )


def _issued(paper: NoticeView | ReportView | None, now: datetime) -> str:
    if paper is None:
        return ""
    if paper.issued_at is None:
        return pgettext("paper", "draft")
    return pgettext("paper", "issued {when}").format(when=when_text(paper.issued_at, now))
