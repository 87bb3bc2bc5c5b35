"""Played under strace by test_leaks.py: a marker in every text field, through every service, then everything closed.

Usage: python -m tests.faults.leak_play FOLDER. Leaves FOLDER/markers.json (the control reads it) and the vault's files.
"""

from __future__ import annotations

import io
import itertools
import json
import logging
import secrets
import sys
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from counselroom import log
from counselroom.errors import UserError
from counselroom.printing.definitions import Audience
from counselroom.rules.access import Role
from counselroom.rules.archive import OpenReason
from counselroom.rules.counselling import CancelledBy, ConsentKind, RiskLevel
from counselroom.rules.people import Relation
from counselroom.rules.referral import ConsentAnswer, ReferralTarget
from counselroom.rules.school import DayKind, SchoolType, UnitKind
from counselroom.services import (
    accounts,
    appointments,
    archives,
    attachments,
    backups,
    cases,
    checks,
    consents,
    corrections,
    drafts,
    prints,
    referrals,
    school,
    search,
    sessions,
    students,
)
from counselroom.services.bindings import SECTIONS
from counselroom.services.desk import Desk
from counselroom.services.roster_import import import_roster, preview_roster
from counselroom.vault.creation import create_vault
from counselroom.vault.keys.argon import KdfParameters
from counselroom.vault.keys.unlocking import Sheet
from counselroom.vault.restore import restore_backup
from counselroom.vault.vault import Passphrase, unlock_vault
from tests.conftest import ALL_ROLES, PASSPHRASE, HandClock, MemoryAnchors, counting_ids

_counter = itertools.count(1)
MARKERS: list[str] = []


def mark(what: str = "秘") -> str:
    """A new marker: recognisable in every encoding, and never a word of the program."""
    marker = f"泄漏标记{what}{next(_counter):05d}号"
    MARKERS.append(marker)
    return marker


def marked(record: Any) -> Any:
    """Return a frozen dataclass with a marker in every field that takes free text."""
    texts = {item.name: mark(item.name[:2]) for item in fields(record) if item.type in ("str", "str | None")}
    return replace(record, **{name: text for name, text in texts.items() if not name.endswith("_id")})


def play(folder: Path) -> None:
    clock, anchors = HandClock(), MemoryAnchors()
    randomness = secrets.token_bytes
    MARKERS.append(PASSPHRASE)
    made = create_vault(
        folder / "vault",
        logins=(("用户 1", PASSPHRASE),),
        entropy=randomness,
        now=clock.now,
        new_id=counting_ids(),
        anchors=anchors,
        kdf=KdfParameters(),
    )
    MARKERS.extend((made.sheet_a, made.sheet_b))
    numbers = itertools.count(1_000)
    desk = Desk(made.vault, clock, lambda: f"{next(numbers):032x}")
    actor = accounts.found_room(desk, mark("师"), made.vault.slot.slot_id, ALL_ROLES)
    accounts.add_account(actor, desk, mark("师"), frozenset({Role.SYS_ADMIN}), None)
    school.set_school_profile(
        actor, desk, school.SchoolProfile(mark("校"), "QH", SchoolType.JUNIOR, mark("室"), mark("话"))
    )
    school.set_academic_year(
        actor, desk, "2026-2027", (school.TermDates(1, date(2026, 9, 1), date(2027, 1, 22), date(2027, 1, 15)),)
    )
    school.mark_day(actor, desk, date(2026, 10, 1), DayKind.HOLIDAY, mark("假"))
    unit = school.add_unit(actor, desk, UnitKind.CLASS, mark("班")).value
    room = school.add_room(actor, desk, mark("房")).value
    roster = folder / "asked" / "roster.csv"
    header = "学号,姓名,性别,班级,宿舍,监护人,监护人电话,备注"
    name = "张晓明"
    roster.write_text(f"{header}\nG0001,{name},男,{mark('级')},{mark('舍')},{mark('亲')},13900000001,留守\n", "gb18030")
    import_roster(actor, desk, preview_roster(actor, desk, roster))
    student = students.add_student(actor, desk, marked(students.StudentData("", class_id=unit.id))).value
    students.add_guardian(actor, desk, student.id, mark("亲"), Relation.OTHER, mark("话"), mark("话"), mark("址"))
    starts = clock.now()
    booking = appointments.Booking(
        student.id, actor.person_id, starts, starts + timedelta(minutes=50), room, issue_brief=mark("事")
    )
    booked = appointments.book_appointment(actor, desk, booking).value
    second = appointments.book_appointment(
        actor, desk, replace(booking, starts_at=starts + timedelta(days=1), ends_at=starts + timedelta(days=1, hours=1))
    ).value
    appointments.cancel_appointment(actor, desk, second.id, CancelledBy.CLIENT, mark("消"))
    data = consents.ConsentData(student.id, ConsentKind.SERVICE, "F-08/1", "", "", starts)
    consent = consents.record_consent(actor, desk, marked(data)).value
    case = cases.open_case(actor, desk, student.id, (mark("标"), mark("标"))).value
    draft = sessions.NoteDraft(
        starts,
        starts + timedelta(minutes=50),
        {section: mark("节") for section in SECTIONS},
        place=mark("处"),
        risk_level=RiskLevel.MILD,
        consent_exception=mark("外"),
    )
    drafts.save_draft(actor, desk, "note", {"text": mark("稿")}, "session_record", None)
    drafts.save_draft(actor, desk, "note", {"text": mark("稿")}, "session_record", None)
    note = sessions.start_note(actor, desk, case.id, draft, booked.id).value
    sessions.sign_note(actor, desk, note.id)
    sessions.amend_note(actor, desk, note.id, mark("更"), mark("由"))
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), "white").save(picture, "PNG")
    attachments.attach_file(actor, desk, "consent", consent.id, mark("件"), picture.getvalue())
    archive = archives.open_archive(actor, desk, student.id, OpenReason.COUNSELLING).value
    card = replace(
        marked(archives.CardData()),
        family_members=(marked(archives.FamilyMember("", "")),),
        major_events=(marked(archives.MajorEvent("", "")),),
    )
    stored = archives.save_card(actor, desk, archive.id, card).value
    archives.file_card(actor, desk, stored.id)
    referral = referrals.draft_referral(
        actor,
        desk,
        replace(
            marked(referrals.ReferralData(student.id, ReferralTarget.HOSPITAL, "", "", "")),
            guardian_consent=ConsentAnswer.AGREED,
        ),
    ).value
    referrals.approve_excerpt(actor.because(mark("由")), desk, referral.id)
    referrals.issue_referral(actor, desk, referral.id)
    referrals.record_feedback(actor, desk, referral.id, marked(referrals.FeedbackData(date(2026, 10, 12), "", "")))
    for form, what, audience in (("F-11", note.id, Audience.ROOM), ("F-50", referral.id, Audience.HOSPITAL)):
        request = prints.PrintRequest(form, what, audience, mark("收"), mark("用"))
        prints.print_form(actor, desk, request)
    search.search_text(actor, desk, mark("查"))
    students.find_people(actor, desk, mark("查"))
    try:
        sessions.session(actor, desk, mark("号"))
    except UserError:
        logging.getLogger("counselroom.test").exception("refused %s", mark("志"))
    (folder / "usb").mkdir()
    backup = backups.make_backup(actor, desk, folder / "usb", entropy=randomness).value
    checks.check_room(actor, desk, anchors)
    corrections.redact_note(actor.because(mark("由")), desk, note.id)
    made.vault.close()
    unlock_vault(folder / "vault", Passphrase(PASSPHRASE), anchors=anchors, now=clock.now).close()
    restore_backup(
        backup.path,
        folder / "restored",
        sheet=made.sheet_a,
        login=None,
        now=clock.now,
        entropy=randomness,
        anchors=None,
    )
    unlock_vault(folder / "restored", Sheet(made.sheet_b), anchors=MemoryAnchors(), now=clock.now).close()


if __name__ == "__main__":
    place = Path(sys.argv[1])
    (place / "asked").mkdir()
    log.start(place / "log")
    play(place)
    (place / "asked" / "markers.json").write_text(json.dumps(MARKERS, ensure_ascii=False), "utf-8")
