"""One psychological archive per student, its card and what lies in it (SYS-14)."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _, pgettext
from counselroom.model.archive import ArchiveCard, ArchiveItem, PsychArchive
from counselroom.model.counselling import Amendment
from counselroom.model.people import Student
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.archive import (
    ArchiveItemKind,
    ArchiveState,
    Carrier,
    CollectionSource,
    FamilyStructure,
    OpenReason,
)
from counselroom.rules.people import SpecialGroup
from counselroom.rules.secrecy import Secrecy
from counselroom.rules.session import content_hash
from counselroom.services import access, numbers
from counselroom.services.changes import Done
from counselroom.services.desk import Desk, Work
from counselroom.vault import deeds

CARD_PAGES = 2
"""Pages of the printed card (F-19)."""


@dataclass(frozen=True)
class FamilyMember:
    """A member of the family, as the class teacher wrote it down."""

    relation: str
    name: str
    age: str = ""
    occupation: str = ""
    education: str = ""
    phone: str = ""


@dataclass(frozen=True)
class MajorEvent:
    """An event in the student's life; the date as written, often only a year."""

    date: str
    description: str


@dataclass(frozen=True)
class CardData:
    """The content of an archive card (F-19)."""

    family_members: tuple[FamilyMember, ...] = ()
    family_structure: FamilyStructure | None = None
    economic: str | None = None
    living: str | None = None
    caretaker: str | None = None
    health_history: str | None = None
    medication: str | None = None
    major_events: tuple[MajorEvent, ...] = ()
    study_status: str | None = None
    interests: str | None = None
    self_description: str | None = None
    teacher_description: str | None = None
    friendships: str | None = None
    teacher_observation: str | None = None
    home_visit_summary: str | None = None
    special_groups: frozenset[SpecialGroup] = field(default_factory=frozenset)
    source: CollectionSource | None = None
    collected_on: date | None = None
    collected_by: str | None = None
    suggestion: str | None = None


@dataclass(frozen=True)
class ArchiveView:
    """An archive."""

    id: str
    student_id: str
    archive_no: str
    opened_on: date
    state: ArchiveState


@dataclass(frozen=True)
class CardView:
    """A card; filed, it can only be corrected beside."""

    id: str
    archive_id: str
    student_id: str
    data: CardData
    filed_at: datetime | None


_PLAIN = tuple(
    item.name for item in fields(CardData) if item.name not in ("family_members", "major_events", "special_groups")
)


def open_archive(actor: Actor, desk: Desk, student_id: str, reason: OpenReason) -> Done[ArchiveView]:
    """Open the archive of a student, or return the one there is (一生一档).

    Raises:
        UserError: unknown student.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("psych_archive", secrecy=Secrecy.S2), work)
        row = work.session.scalar(select(PsychArchive).where(PsychArchive.student_id == student_id))
        if row is None:
            if work.session.get(Student, student_id) is None:
                raise UserError(_("There is no such student."), _("Nothing was changed."))
            today = work.now.date()
            common = work.common(actor, Secrecy.S3, today)
            row = PsychArchive(
                **common,
                student_id=student_id,
                archive_no=numbers.next_archive_number(work, common["academic_year"] or str(today.year)),
                opened_on=today,
                open_reason=reason,
                state=ArchiveState.OPEN,
            )
            work.session.add(row)
            work.changed("psych_archive", row.id)
            work.session.flush()
        return Done(archive_view(row), work.changes())


def save_card(actor: Actor, desk: Desk, archive_id: str, data: CardData) -> Done[CardView]:
    """Type in the card of an archive, or edit it while it is not filed.

    Raises:
        UserError: unknown archive, or the card is filed.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("archive_card", archive_id, Secrecy.S3), work)
        archive = _load(work, archive_id)
        row = work.session.scalar(
            select(ArchiveCard).where(ArchiveCard.archive_id == archive_id, ArchiveCard.filed_at.is_(None))
        )
        if row is None:
            filed = select(ArchiveCard.id).where(ArchiveCard.archive_id == archive_id)
            if work.session.scalar(filed) is not None:
                raise UserError(
                    _("This card is filed and can no longer be edited."),
                    _("The filed card is unchanged."),
                    _("Add a correction beside it."),
                )
            row = ArchiveCard(
                **work.common(actor, Secrecy.S3, data.collected_on or work.now.date()),
                archive_id=archive_id,
                student_id=archive.student_id,
            )
            work.session.add(row)
        for name in _PLAIN:
            setattr(row, name, getattr(data, name))
        row.family_members = [vars(member) for member in data.family_members]
        row.major_events = [vars(event) for event in data.major_events]
        row.special_groups = sorted(data.special_groups)
        work.place(row, data.collected_on or row.created_at.date())
        work.touch(row, actor)
        work.session.flush()
        return Done(card_view(row), work.changes())


def file_card(actor: Actor, desk: Desk, card_id: str) -> Done[CardView]:
    """File a card into its archive: from now on it is read-only (R-09).

    Raises:
        UserError: unknown, or filed already.
        AccessDenied: filing is approved by the director or done by the archive manager.
    """
    with desk.change() as work:
        row = work.session.get(ArchiveCard, card_id)
        if row is None or row.filed_at is not None:
            raise UserError(_("There is no card to be filed."), _("Nothing was changed."))
        digest = content_hash({item.name: getattr(row, item.name) for item in fields(CardData)})
        access.allow(actor, Action.FILE, Subject("archive_card", row.id, Secrecy.S3), work, digest=work.keyed(digest))
        row.filed_at, row.filed_by, row.content_hash = work.now, actor.account_id, digest
        work.touch(row, actor)
        work.session.add(
            ArchiveItem(
                **work.common(actor, Secrecy.S3, row.collected_on or work.now.date()),
                archive_id=row.archive_id,
                kind=ArchiveItemKind.CARD,
                entity="archive_card",
                entity_id=row.id,
                title=pgettext("archive item", "Archive card"),
                dated_on=row.collected_on or work.now.date(),
                author=row.collected_by,
                pages=CARD_PAGES,
                carrier=Carrier.BOTH,
                filed_at=work.now,
                filed_by=actor.account_id,
            )
        )
        work.session.flush()
        return Done(card_view(row), work.changes())


def amend_card(actor: Actor, desk: Desk, card_id: str, text: str, reason: str) -> Done[None]:
    """Set a correction beside a filed card; both stay visible (R-09).

    Raises:
        UserError: there is no such filed card, or text or reason is empty.
    """
    if not text.strip() or not reason.strip():
        raise UserError(_("A correction needs its text and its reason."), _("The filed card is unchanged."))
    with desk.change() as work:
        row = work.session.get(ArchiveCard, card_id)
        if row is None or row.voided_at is not None:
            raise UserError(_("There is no such card."), _("Nothing was changed."))
        access.allow(actor, Action.AMEND, Subject("archive_card", row.id, Secrecy.S3, filed=True), work)
        if row.filed_at is None:
            raise UserError(_("This card is not filed yet; simply edit it."), _("Nothing was changed."))
        amendment = Amendment(
            **work.common(actor, Secrecy.S3, work.now.date()),
            entity="archive_card",
            entity_id=row.id,
            subject_person=row.student_id,
            section=None,
            text=text.strip(),
            reason=reason.strip(),
        )
        digest = work.keyed(content_hash({"text": amendment.text}))
        event = work.event(actor, "amend", "archive_card", row.id, digest=digest)
        with deeds.amend(work.session, work.vault.audit, event, new_id=work.new_id):
            work.session.add(amendment)
        work.changed("archive_card", row.id)
        return Done(None, work.changes())


def card(actor: Actor, desk: Desk, archive_id: str) -> CardView | None:
    """Return the newest card of an archive, or None; reading it leaves an audit row."""
    with desk.look() as work:
        archive = _load(work, archive_id)
        row = work.session.scalar(
            select(ArchiveCard).where(ArchiveCard.archive_id == archive.id).order_by(ArchiveCard.created_at.desc())
        )
        filed = row is not None and row.filed_at is not None
        access.allow(
            actor,
            Action.READ,
            Subject("archive_card", "" if row is None else row.id, Secrecy.S3, filed=filed),
            work,
        )
        return None if row is None else card_view(row)


def archive_of(actor: Actor, desk: Desk, student_id: str) -> ArchiveView | None:
    """Return the archive of a student, or None when none was opened."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("psych_archive", secrecy=Secrecy.S2), work)
        row = work.session.scalar(select(PsychArchive).where(PsychArchive.student_id == student_id))
        return None if row is None else archive_view(row)


def _load(work: Work, archive_id: str) -> PsychArchive:
    row = work.session.get(PsychArchive, archive_id)
    if row is None:
        raise UserError(_("There is no such archive."), _("Nothing was changed."))
    return row


def archive_view(row: PsychArchive) -> ArchiveView:
    """Return a loaded archive as it is shown."""
    return ArchiveView(row.id, row.student_id, row.archive_no, row.opened_on, row.state)


def card_view(row: ArchiveCard) -> CardView:
    """Return a loaded card as it is shown."""
    data = CardData(
        family_members=tuple(FamilyMember(**member) for member in row.family_members),
        major_events=tuple(MajorEvent(**event) for event in row.major_events),
        special_groups=frozenset(SpecialGroup(group) for group in row.special_groups),
        **{name: getattr(row, name) for name in _PLAIN},
    )
    return CardView(row.id, row.archive_id, row.student_id, data, row.filed_at)
