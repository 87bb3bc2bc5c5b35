"""Scans, photos and recordings kept with a record, inside the vault only."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.safekeeping import Attachment
from counselroom.rules.access import Action, Actor
from counselroom.rules.counselling import ConsentKind
from counselroom.rules.session import consent_holds
from counselroom.services import access
from counselroom.services.changes import Done
from counselroom.services.desk import Desk
from counselroom.services.rows import consents_of, record_subject
from counselroom.vault import attachments as store
from counselroom.vault.media_types import media_type_of

_RECORDINGS = ("audio/", "video/")


class RecordingNeedsConsent(UserError):
    """A recording without a consent to recording that holds today (R-14)."""


@dataclass(frozen=True)
class AttachmentView:
    """An attachment in a list; its content is read apart, which leaves an audit row."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str


def attach_file(actor: Actor, desk: Desk, entity: str, entity_id: str, name: str, data: bytes) -> Done[AttachmentView]:
    """Keep a file with a record; pictures are made smaller, and what was stored is read back and compared.

    Raises:
        RecordingNeedsConsent: sound or video without the client's consent to recording (R-14).
        AttachmentRefused: empty, larger than 20 MB, or a picture that cannot be read.
        UserError: there is no such record.
    """
    with desk.change() as work:
        subject, person_id = record_subject(work, entity, entity_id)
        access.allow(actor, Action.WRITE, subject, work)
        recording = media_type_of(data).startswith(_RECORDINGS)
        if recording and not consent_holds(consents_of(work, person_id), ConsentKind.RECORDING, work.now):
            raise RecordingNeedsConsent(
                _("A recording can only be kept with the client's signed consent to recording."),
                _("Nothing was attached."),
                _("Type the signed consent in first."),
            )
        stored = store.attach(
            work.session,
            data,
            name=name,
            entity=entity,
            entity_id=entity_id,
            subject_person=person_id,
            common=work.common(actor, subject.secrecy, work.now.date()),
        )
        work.changed("attachment", stored.id)
        view = AttachmentView(stored.id, stored.name, stored.media_type, stored.size, stored.sha256)
        return Done(view, work.changes())


def read_attachment(actor: Actor, desk: Desk, attachment_id: str) -> bytes:
    """Return the content of an attachment, its hashes compared, in memory only.

    Raises:
        AttachmentDamaged: it is not what was attached.
        AccessDenied: the record it belongs to is not the actor's to read.
        UserError: there is no such attachment.
    """
    with desk.look() as work:
        row = work.session.get(Attachment, attachment_id)
        if row is None or row.voided_at is not None:
            raise UserError(_("There is no such attachment."), _("Nothing was changed."))
        subject, _person_id = record_subject(work, row.entity, row.entity_id)
        access.allow(actor, Action.READ, subject, work)
        return store.read(work.session, attachment_id)


def list_attachments(actor: Actor, desk: Desk, entity: str, entity_id: str) -> tuple[AttachmentView, ...]:
    """Return what is attached to a record, the oldest first."""
    with desk.look() as work:
        subject, _person_id = record_subject(work, entity, entity_id)
        access.allow(actor, Action.READ, subject, work)
        rows = work.session.scalars(
            select(Attachment)
            .where(Attachment.entity == entity, Attachment.entity_id == entity_id, Attachment.voided_at.is_(None))
            .order_by(Attachment.created_at, Attachment.id)
        )
        return tuple(AttachmentView(row.id, row.name, row.media_type, row.size, row.sha256) for row in rows)
