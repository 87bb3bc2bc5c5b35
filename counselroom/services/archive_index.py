"""The index of a volume (卷内目录, F-20): what lies in an archive, in order, with its page numbers (SYS-14, SYS-15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.archive import ArchiveCard, ArchiveItem, PsychArchive
from counselroom.model.counselling import Amendment, CaseFile, Consent, SessionRecord
from counselroom.model.crisis import Referral
from counselroom.model.people import Account, Person, Student
from counselroom.model.school import OrgUnit
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.archive import ArchiveItemKind, Carrier
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.archive_rows import IndexLine, ItemData, index_lines, item_data
from counselroom.services.archives import ArchiveView, CardView, archive_view, card_view
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk, Work
from counselroom.services.form_parts import words
from counselroom.services.rows import moved_on, referral_subject, session_subject
from counselroom.services.student_rows import CLASS_WORDS, GRADE

PAPER = "paper"
"""`entity` of an item that stands for a paper of which the vault holds nothing but this line."""


@dataclass(frozen=True)
class NewItem:
    """An item to be added: a record of the vault, or with `PAPER` and an empty id a paper."""

    kind: ArchiveItemKind
    entity: str
    entity_id: str
    data: ItemData


@dataclass(frozen=True)
class CardCorrection:
    """A correction beside a filed card."""

    text: str
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Volume:
    """The archive of a student as its page shows it.

    Attributes:
        archive: None while none was opened.
        card: the newest card, or None.
        card_seen: when the card was last changed, or None.
        corrections: beside the filed card, the oldest first.
        lines: the index.
        waiting: what could be added: signed notes, consents and issued referrals that are not in the index yet.
        may_file: whether the reader may file.
        may_write: whether the reader may type in a card and add items.
    """

    student_id: str
    student_name: str
    student_no: str | None
    class_name: str
    archive: ArchiveView | None
    card: CardView | None
    corrections: tuple[CardCorrection, ...]
    lines: tuple[IndexLine, ...]
    waiting: tuple[NewItem, ...]
    may_file: bool
    may_write: bool


def volume(actor: Actor, desk: Desk, student_id: str) -> Volume:
    """Return the archive of a student with card, index and what waits; reading the card leaves an audit row.

    Raises:
        UserError: there is no such student.
    """
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("psych_archive", secrecy=Secrecy.S2), work)
        who = work.session.execute(
            select(Person.name, Student.student_no, CLASS_WORDS)
            .join(Student, Student.id == Person.id)
            .outerjoin(OrgUnit, OrgUnit.id == Student.class_id)
            .outerjoin(GRADE, GRADE.id == OrgUnit.parent_id)
            .where(Student.id == student_id, Student.voided_at.is_(None))
        ).first()
        if who is None:
            raise UserError(_("There is no such student."), _("Nothing was changed."))
        archive = work.session.scalar(select(PsychArchive).where(PsychArchive.student_id == student_id))
        card: ArchiveCard | None = None
        corrections: tuple[CardCorrection, ...] = ()
        lines: tuple[IndexLine, ...] = ()
        if archive is not None:
            card = _readable_card(work, actor, archive.id)
            corrections = () if card is None else _corrections(work, card.id)
            lines = index_lines(work, archive.id)
        blank = Subject("archive_card", secrecy=Secrecy.S3)
        return Volume(
            student_id,
            who[0],
            who[1],
            who[2] or "",
            None if archive is None else archive_view(archive),
            None if card is None else card_view(card),
            corrections,
            lines,
            () if archive is None else _waiting(work, actor, student_id, lines),
            access.judge(actor, Action.FILE, blank, work).allowed,
            access.judge(actor, Action.WRITE, blank, work).allowed,
        )


def add_items(actor: Actor, desk: Desk, archive_id: str, items: Sequence[NewItem]) -> Done[int]:
    """Add items to the index, in the order they are given, and return how many were added.

    One that lies in it already is left out.

    Raises:
        UserError: there is no such archive, a title is missing, or a number of pages is wrong.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("archive_item", "", Secrecy.S3), work)
        archive = _load_archive(work, archive_id)
        known = {(line.entity, line.entity_id) for line in index_lines(work, archive_id)}
        added = 0
        for item in items:
            _refuse_wrong(item.data)
            if item.entity != PAPER and (item.entity, item.entity_id) in known:
                continue
            row = ArchiveItem(
                **work.common(actor, item.data.secrecy, item.data.dated_on),
                archive_id=archive.id,
                kind=item.kind,
                entity=item.entity,
                entity_id=item.entity_id,
            )
            if item.entity == PAPER:
                row.entity_id = row.id
            _fill(row, item.data)
            work.session.add(row)
            work.changed("archive_item", row.id)
            added += 1
        work.session.flush()
        return Done(added, work.changes())


def edit_item(actor: Actor, desk: Desk, item_id: str, data: ItemData, seen: datetime | None = None) -> Done[None]:
    """Change what the index says of an item that is not filed yet.

    Raises:
        UserError: there is none, it is filed, it has moved on since `seen`, or the data are wrong.
    """
    _refuse_wrong(data)
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("archive_item", item_id, Secrecy.S3), work)
        row = _load_item(work, item_id, seen)
        before = item_data(row)
        _fill(row, data)
        row.secrecy = data.secrecy
        work.place(row, data.dated_on)
        work.touch(row, actor)
        undo = Undo(_("The line was changed."), "edit_item", {"item_id": row.id, "data": before, "seen": work.now})
        return Done(None, work.changes(undo))


def take_out_item(actor: Actor, desk: Desk, item_id: str, seen: datetime | None = None) -> Done[None]:
    """Take an item that is not filed yet out of the index; the record itself is not touched.

    Raises:
        UserError: there is none, it is filed, or it has moved on since `seen`.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("archive_item", item_id, Secrecy.S3), work)
        row = _load_item(work, item_id, seen)
        row.voided_at, row.voided_by, row.void_reason = work.now, actor.account_id, "撤销"
        work.touch(row, actor)
        undo = Undo(_("The line was taken out."), "put_item_back", {"item_id": row.id, "seen": work.now})
        return Done(None, work.changes(undo))


def put_item_back(actor: Actor, desk: Desk, item_id: str, seen: datetime | None = None) -> Done[None]:
    """Put an item back that was taken out of the index.

    Raises:
        UserError: it was not taken out, or has moved on since `seen`.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("archive_item", item_id, Secrecy.S3), work)
        row = work.session.get(ArchiveItem, item_id)
        if row is None or row.voided_at is None or (seen is not None and row.updated_at != seen):
            raise moved_on()
        row.voided_at = row.voided_by = row.void_reason = None
        work.touch(row, actor)
        return Done(None, work.changes())


def file_index(actor: Actor, desk: Desk, archive_id: str) -> Done[int]:
    """File all items of an archive that are not filed: their lines never change again. Returns how many.

    Raises:
        UserError: there is no such archive, or nothing is to be filed.
        AccessDenied: filing is approved by the director or done by the archive manager.
    """
    with desk.change() as work:
        archive = _load_archive(work, archive_id)
        access.allow(actor, Action.FILE, Subject("psych_archive", archive.id, Secrecy.S3), work)
        rows = work.session.scalars(
            select(ArchiveItem).where(
                ArchiveItem.archive_id == archive_id, ArchiveItem.filed_at.is_(None), ArchiveItem.voided_at.is_(None)
            )
        ).all()
        if not rows:
            raise UserError(_("There is nothing to be filed."), _("Nothing was changed."))
        for row in rows:
            row.filed_at, row.filed_by = work.now, actor.account_id
            work.touch(row, actor)
        return Done(len(rows), work.changes())


def _fill(row: ArchiveItem, data: ItemData) -> None:
    row.title, row.dated_on = data.title.strip(), data.dated_on
    row.author, row.pages = data.author.strip() or None, data.pages
    row.carrier, row.remark = data.carrier, data.remark.strip() or None


def _refuse_wrong(data: ItemData) -> None:
    if not data.title.strip():
        raise UserError(_("Please give the item a title."), _("Nothing was changed."))
    if data.pages is not None and not 1 <= data.pages <= 9999:
        raise UserError(_("Please give a number of pages from 1."), _("Nothing was changed."))


def _load_archive(work: Work, archive_id: str) -> PsychArchive:
    row = work.session.get(PsychArchive, archive_id)
    if row is None:
        raise UserError(_("There is no such archive."), _("Nothing was changed."))
    return row


def _load_item(work: Work, item_id: str, seen: datetime | None) -> ArchiveItem:
    row = work.session.get(ArchiveItem, item_id)
    if row is None or row.voided_at is not None:
        raise UserError(_("There is no such line."), _("Nothing was changed."))
    if row.filed_at is not None:
        raise UserError(_("This line is filed and does not change any more."), _("Nothing was changed."))
    if seen is not None and row.updated_at != seen:
        raise moved_on()
    return row


def _readable_card(work: Work, actor: Actor, archive_id: str) -> ArchiveCard | None:
    """Return the newest card if the reader may read it; without one who may not is told nothing of it."""
    row = work.session.scalar(
        select(ArchiveCard)
        .where(ArchiveCard.archive_id == archive_id, ArchiveCard.voided_at.is_(None))
        .order_by(ArchiveCard.created_at.desc())
    )
    if row is None:
        return None
    subject = Subject("archive_card", row.id, Secrecy.S3, filed=row.filed_at is not None)
    if not access.judge(actor, Action.READ, subject, work).allowed:
        return None
    access.allow(actor, Action.READ, subject, work)
    return row


def _corrections(work: Work, card_id: str) -> tuple[CardCorrection, ...]:
    rows = work.session.execute(
        select(Amendment.text, Amendment.reason, Amendment.created_at, Person.name)
        .outerjoin(Account, Account.id == Amendment.created_by)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(Amendment.entity == "archive_card", Amendment.entity_id == card_id, Amendment.voided_at.is_(None))
        .order_by(Amendment.created_at)
    )
    return tuple(CardCorrection(text, reason, at, name or "") for text, reason, at, name in rows)


def _waiting(work: Work, actor: Actor, student_id: str, lines: Sequence[IndexLine]) -> tuple[NewItem, ...]:
    """Return the signed papers of a student that the reader may read and that are not in the index, by day."""
    known = {(line.entity, line.entity_id) for line in lines}
    found = [
        item
        for item in (
            *_notes(work, actor, student_id),
            *_consents(work, student_id),
            *_referrals(work, actor, student_id),
        )
        if (item.entity, item.entity_id) not in known
    ]
    return tuple(sorted(found, key=lambda item: (item.data.dated_on, item.data.title)))


def _notes(work: Work, actor: Actor, student_id: str) -> list[NewItem]:
    rows = work.session.execute(
        select(SessionRecord.id, SessionRecord.seq, SessionRecord.held_on, CaseFile, Person.name)
        .join(CaseFile, CaseFile.id == SessionRecord.case_id)
        .join(Person, Person.id == SessionRecord.counsellor_id)
        .where(
            SessionRecord.client_id == student_id,
            SessionRecord.signed_at.is_not(None),
            SessionRecord.voided_at.is_(None),
        )
    )
    return [
        NewItem(
            ArchiveItemKind.SESSION,
            "session_record",
            note_id,
            ItemData(f"辅导记录 {case.code} 第 {seq} 次", held_on, name, 1, Carrier.PAPER),
        )
        for note_id, seq, held_on, case, name in rows
        if access.judge(actor, Action.READ, session_subject(note_id, case), work).allowed
    ]


def _consents(work: Work, student_id: str) -> list[NewItem]:
    rows = work.session.scalars(
        select(Consent).where(
            Consent.client_id == student_id, Consent.signed_at.is_not(None), Consent.voided_at.is_(None)
        )
    )
    kinds = words()["consent_kind"]
    return [
        NewItem(
            ArchiveItemKind.CONSENT,
            "consent",
            row.id,
            ItemData(
                f"知情同意书（{kinds[row.kind]}）",
                (row.signed_at or row.created_at).date(),
                row.signer_relation,
                1,
                Carrier.PAPER,
            ),
        )
        for row in rows
    ]


def _referrals(work: Work, actor: Actor, student_id: str) -> list[NewItem]:
    rows = work.session.execute(
        select(Referral, Person.name)
        .join(Person, Person.id == Referral.counsellor_id)
        .where(Referral.student_id == student_id, Referral.issued_at.is_not(None), Referral.voided_at.is_(None))
    )
    return [
        NewItem(
            ArchiveItemKind.REFERRAL,
            "referral",
            row.id,
            ItemData(f"转介单 {row.number}", (row.issued_at or row.created_at).date(), name, 1, Carrier.PAPER),
        )
        for row, name in rows
        if access.judge(actor, Action.READ, referral_subject(work, row), work).allowed
    ]
