"""No sentence told to the user and no line of the log holds a name or a note, whatever goes wrong.

Every service is called with marked names and texts, by everyone, on rows in every state, and with ids of other rows.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from counselroom import log
from counselroom.errors import Bug, UserError
from counselroom.printing.definitions import Audience
from counselroom.rules.access import Actor, Role
from counselroom.rules.archive import OpenReason
from counselroom.rules.counselling import AppointmentState, CancelledBy, ConsentKind
from counselroom.rules.people import Relation, SpecialGroup, StudentStatus
from counselroom.rules.school import DayKind, SchoolType, UnitKind
from counselroom.services import (
    accounts,
    appointments,
    archives,
    attachments,
    backups,
    cases,
    consents,
    corrections,
    drafts,
    parameters,
    prints,
    referrals,
    school,
    search,
    sessions,
    students,
    undo,
)
from tests.services.world import GUARDIAN, NAMES, STAFF, World

MARK = "𬱖记号"
NAMED = (MARK, *NAMES, *STAFF, GUARDIAN, "13811112222", "2025030")

Call = Callable[[Actor], Any]


def calls(world: World, folder: Path) -> Iterator[Call]:
    """Yield every service with marked arguments, on one row of each state and on rows that are none."""
    desk, at = world.desk, world.at
    pupil = students.add_student(world.me, desk, students.StudentData(MARK, f"9{MARK}")).value.id
    case_id = cases.open_case(world.me, desk, pupil, (MARK,)).value.id
    draft = world.draft(MARK, place=MARK, consent_exception=MARK)
    unsigned = sessions.start_note(world.me, desk, case_id, replace(draft, risk_level=None)).value.id
    signed = sessions.start_note(world.me, desk, case_id, draft).value.id
    sessions.sign_note(world.me, desk, signed)
    blanked = sessions.start_note(world.me, desk, case_id, draft).value.id
    sessions.sign_note(world.me, desk, blanked)
    corrections.redact_note(world.me.because(MARK), desk, blanked)
    booked = appointments.book_appointment(world.me, desk, world.booking(client_id=pupil, issue_brief=MARK)).value
    archive = archives.open_archive(world.me, desk, pupil, OpenReason.CENSUS).value
    card = archives.save_card(world.me, desk, archive.id, archives.CardData(interests=MARK)).value
    data = world.referral_data(student_id=pupil, to_name=MARK, reason=MARK, summary=MARK, session_excerpt=MARK)
    open_referral = referrals.draft_referral(world.me, desk, replace(data, supervisor_opinion=None)).value.id
    issued = referrals.draft_referral(world.me, desk, data).value.id
    referrals.issue_referral(world.me, desk, issued)
    consent = world.consent()
    guardian = students.add_guardian(world.me, desk, pupil, MARK, Relation.OTHER, MARK).value
    print_id = prints.print_form(world.me, desk, prints.PrintRequest("F-11", signed, Audience.ROOM)).value.print_id
    attached = attachments.attach_file(world.me, desk, "referral", issued, f"{MARK}.pdf", b"%PDF-1.4\n").value.id
    rows = [unsigned, signed, blanked, booked.id, archive.id, card.id, open_referral, issued, consent.id, "none", MARK]
    rows += [case_id, pupil, world.me.account_id, print_id, attached]
    paper = consents.ConsentData(pupil, ConsentKind.SERVICE, "v1", MARK, MARK, at(0, 8))
    feedback = referrals.FeedbackData(date(2026, 10, 12), MARK, MARK)
    end = booked.starts_at - timedelta(hours=1)
    undone = students.edit_student(world.me, desk, pupil, students.StudentData(MARK)).changes.undo
    assert undone is not None
    for row in rows:
        yield from (
            lambda actor, row=row: sessions.start_note(actor, desk, row, draft, booked.id),
            lambda actor, row=row: sessions.start_note(actor, desk, case_id, draft, row),
            lambda actor, row=row: sessions.save_note(actor, desk, row, replace(draft, ends_at=draft.starts_at)),
            lambda actor, row=row: sessions.sign_note(actor, desk, row),
            lambda actor, row=row: sessions.amend_note(actor, desk, row, MARK, ""),
            lambda actor, row=row: sessions.amend_note(actor, desk, row, MARK, MARK),
            lambda actor, row=row: sessions.session(actor, desk, row),
            lambda actor, row=row: sessions.list_sessions(actor, desk, row),
            lambda actor, row=row: cases.case(actor, desk, row),
            lambda actor, row=row: cases.open_case(actor, desk, pupil, (MARK,)),
            lambda actor, row=row: cases.restrict_case(actor, desk, row, restricted=True, seen=at(0, 0)),
            lambda actor, row=row: corrections.redact_note(actor, desk, row if row != signed else "none"),
            lambda actor, row=row: corrections.reassign_note(actor, desk, row, case_id),
            lambda actor, row=row: archives.open_archive(actor, desk, row, OpenReason.CENSUS),
            lambda actor, row=row: archives.save_card(actor, desk, row, archives.CardData(economic=MARK)),
            lambda actor, row=row: archives.file_card(actor, desk, row),
            lambda actor, row=row: archives.card(actor, desk, row),
            lambda actor, row=row: referrals.edit_referral(actor, desk, row, data),
            lambda actor, row=row: referrals.edit_referral(actor, desk, row, replace(data, to_name="")),
            lambda actor, row=row: referrals.approve_excerpt(actor, desk, row),
            lambda actor, row=row: referrals.issue_referral(actor, desk, row),
            lambda actor, row=row: referrals.record_feedback(actor, desk, row, feedback),
            lambda actor, row=row: referrals.referral(actor, desk, row),
            lambda actor, row=row: consents.withdraw_consent(actor, desk, row),
            lambda actor, row=row: appointments.move_appointment(actor, desk, row, end, end, MARK),
            lambda actor, row=row: appointments.cancel_appointment(
                actor, desk, row, CancelledBy.CLIENT, MARK, at(0, 0)
            ),
            lambda actor, row=row: appointments.set_appointment_state(actor, desk, row, AppointmentState.COMPLETED),
            lambda actor, row=row: students.edit_student(actor, desk, row, students.StudentData(MARK, "20250301")),
            lambda actor, row=row: students.set_status(actor, desk, row, StudentStatus.GRADUATED),
            lambda actor, row=row: students.student(actor, desk, row),
            lambda actor, row=row: students.add_guardian(actor, desk, row, MARK, Relation.OTHER),
            lambda actor, row=row: students.order_guardians(actor, desk, row, (guardian.id, MARK)),
            lambda actor, row=row: students.set_special_groups(
                actor, desk, row, frozenset({SpecialGroup.ORPHAN}), date(2026, 10, 12), at(0, 0)
            ),
            lambda actor, row=row: prints.void_print(actor, desk, row),
            lambda actor, row=row: accounts.set_roles(actor, desk, row, frozenset({Role.SYS_ADMIN})),
            lambda actor, row=row: accounts.grant_access(actor, desk, row, "case_file", MARK, 0),
            lambda actor, row=row: attachments.read_attachment(actor, desk, row),
            *(
                lambda actor, row=row, form_id=form_id, audience=audience: prints.print_form(
                    actor, desk, prints.PrintRequest(form_id, row, audience, MARK, MARK)
                )
                for form_id, audience in (("F-11", Audience.PEER), ("F-50", Audience.HOSPITAL), ("F-99", Audience.ROOM))
            ),
            *(
                lambda actor, row=row, entity=entity: attachments.attach_file(actor, desk, entity, row, MARK, b"")
                for entity in ("session_record", "referral", "consent", "archive_card", MARK)
            ),
        )
    yield from (
        lambda actor: appointments.book_appointment(actor, desk, world.booking(client_id=pupil, issue_brief=MARK)),
        lambda actor: appointments.book_appointment(actor, desk, world.booking(days=95, issue_brief=MARK)),
        lambda actor: referrals.draft_referral(actor, desk, replace(data, reason="")),
        lambda actor: students.add_student(actor, desk, students.StudentData(MARK, "20250301")),
        lambda actor: consents.record_consent(actor, desk, replace(paper, signed_at=at(9, 9))),
        lambda actor: accounts.add_account(actor, desk, MARK, frozenset({Role.SYS_ADMIN}), MARK),
        lambda actor: accounts.add_account(actor, desk, MARK, frozenset(), None),
        lambda actor: parameters.set_parameter(actor, desk, "session_min", MARK),
        lambda actor: school.set_school_profile(actor, desk, school.SchoolProfile(MARK, MARK, SchoolType.SENIOR, MARK)),
        lambda actor: school.set_academic_year(actor, desk, MARK, ()),
        lambda actor: school.mark_day(actor, desk, date(2026, 10, 1), DayKind.NODE, MARK),
        lambda actor: school.add_unit(actor, desk, UnitKind.CLASS, "初二（3）班", MARK),
        lambda actor: school.add_room(actor, desk, "沙盘室"),
        lambda actor: drafts.save_draft(actor, desk, MARK, {MARK: MARK}),
        lambda actor: search.search_text(actor, desk, MARK),
        lambda actor: backups.make_backup(actor, desk, folder / "missing", entropy=bytes),
        lambda actor: backups.prove_backup(actor, desk, folder / "missing.crbackup"),
        lambda actor: undo.take_back(actor, desk, undone),
    )


def test_no_sentence_and_no_line_of_the_log_says_who_or_what(world: World, tmp_path: Path) -> None:
    log.start(tmp_path / "log")
    logging.getLogger("sqlalchemy").setLevel(logging.WARNING)
    told: list[str] = []
    actors = (world.colleague, world.me.because(MARK))
    try:
        for call in list(calls(world, tmp_path)):
            for actor in actors:
                try:
                    call(actor)
                except (UserError, Bug, SQLAlchemyError) as error:
                    logging.getLogger("counselroom.services").exception("refused")
                    told += [str(error), *map(str, error.args)]
        text = (tmp_path / "log" / "counselroom.log").read_text(encoding="utf-8")
    finally:
        stop_log()
    assert len(told) > 400
    assert text.count("\n") >= len(told) // 2
    for word in NAMED:
        assert not [sentence for sentence in told if word in sentence]
        assert word not in text


def stop_log() -> None:
    """Take the file's handler away again."""
    for name in ("counselroom", None):
        logger = logging.getLogger(name)
        for handler in [each for each in logger.handlers if isinstance(each.formatter, log.PrivacyFormatter)]:
            logger.removeHandler(handler)
            handler.close()
    logging.getLogger("counselroom").propagate = True
    logging.raiseExceptions = True


def test_nothing_in_the_audit_log_says_what_was_written(world: World, tmp_path: Path) -> None:
    """The audit log outlives redaction: it holds ids and digests, and of words only the stated reason."""
    for call in list(calls(world, tmp_path)):
        try:
            call(world.me.because("复核"))
        except (UserError, Bug, SQLAlchemyError):
            continue
    rows = [row for row in world.audit() if row.reason != MARK]
    assert len(rows) > 60
    texts = [field for row in rows for field in (row.actor_id, row.action, row.entity, row.digest)]
    for word in NAMED:
        assert not [field for field in texts if word in field]


def test_undo_sentences_name_nobody(world: World) -> None:
    done = students.edit_student(world.me, world.desk, world.students[0], students.StudentData(MARK))
    assert done.changes.undo is not None
    assert not any(word in done.changes.undo.sentence for word in NAMED)
