"""Signed consents and their withdrawal (SYS-07)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.counselling import Consent
from counselroom.rules.access import Action, Actor, Subject
from counselroom.rules.counselling import ConsentKind
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access, forms
from counselroom.services.changes import Done
from counselroom.services.desk import Desk


@dataclass(frozen=True)
class ConsentData:
    """A consent as it stands on the signed paper."""

    client_id: str
    kind: ConsentKind
    text_version: str
    signed_by: str
    signer_relation: str
    signed_at: datetime
    scope: str | None = None


@dataclass(frozen=True)
class ConsentView:
    """A consent on file."""

    id: str
    data: ConsentData
    withdrawn_at: datetime | None


def consent_version() -> str:
    """Return what the consent form is called on its paper: number and version of F-08."""
    head = forms.all_forms()["F-08"].definition.form
    return f"{head.id} v{head.version}"


def record_consent(actor: Actor, desk: Desk, data: ConsentData) -> Done[ConsentView]:
    """Type in a signed consent. It cannot be edited afterwards, only withdrawn.

    Raises:
        UserError: no signer, or a signature in the future.
    """
    if not data.signed_by.strip():
        raise UserError(_("A consent needs the name of who signed it."), _("Nothing was changed."))
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("consent", secrecy=Secrecy.S2), work)
        if data.signed_at > work.now:
            raise UserError(_("A consent cannot be signed in the future."), _("Nothing was changed."))
        row = Consent(
            **work.common(actor, Secrecy.S2, data.signed_at.date()),
            client_id=data.client_id,
            kind=data.kind,
            text_version=data.text_version,
            signed_by=data.signed_by.strip(),
            signer_relation=data.signer_relation,
            signed_at=data.signed_at,
            scope=data.scope,
        )
        work.session.add(row)
        work.changed("consent", row.id)
        return Done(ConsentView(row.id, data, None), work.changes())


def withdraw_consent(actor: Actor, desk: Desk, consent_id: str) -> Done[ConsentView]:
    """Withdraw a consent; it acts at once and cannot be taken back (a new one can be signed).

    Raises:
        UserError: unknown, or withdrawn already.
    """
    with desk.change() as work:
        access.allow(actor, Action.WRITE, Subject("consent", consent_id, Secrecy.S2), work)
        row = work.session.get(Consent, consent_id)
        if row is None or row.withdrawn_at is not None:
            raise UserError(_("There is no such consent in force."), _("Nothing was changed."))
        row.withdrawn_at = work.now
        work.changed("consent", row.id)
        work.session.flush()
        return Done(_view(row), work.changes())


def list_consents(actor: Actor, desk: Desk, client_id: str) -> tuple[ConsentView, ...]:
    """Return the consents of a client, the newest first."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("consent", secrecy=Secrecy.S2), work)
        query = select(Consent).where(Consent.client_id == client_id).order_by(Consent.signed_at.desc())
        return tuple(_view(row) for row in work.session.scalars(query))


def _view(row: Consent) -> ConsentView:
    data = ConsentData(
        row.client_id,
        row.kind,
        row.text_version,
        row.signed_by,
        row.signer_relation,
        row.signed_at or row.created_at,
        row.scope,
    )
    return ConsentView(row.id, data, row.withdrawn_at)
