"""The one gate of all services: asks the rules, and leaves the audit row that the rules ask for (R-01)."""

from __future__ import annotations

from sqlalchemy import select

from counselroom.i18n import _
from counselroom.model.people import AccessGrant
from counselroom.rules.access import Action, Actor, Decision, Grant, Refusal, Subject, decide
from counselroom.rules.secrecy import Secrecy
from counselroom.services.desk import AccessDenied, Work


def allow(actor: Actor, action: Action, subject: Subject, work: Work, *, digest: str = "") -> None:
    """Return when `actor` may do `action` on `subject`; what must leave a trace is written to the audit log.

    Args:
        actor: who acts, with the stated reason if there is one.
        action: what is to be done.
        subject: on what.
        work: the transaction it happens in.
        digest: hash of what is signed or filed, kept in the audit row.

    Raises:
        AccessDenied: with the sentence for the window; the denial is audited by the desk.
    """
    decision = judge(actor, action, subject, work)
    if decision.refusal is not None:
        raise AccessDenied(
            actor, action, subject.entity, subject.entity_id, decision.refusal, _sentence(decision.refusal)
        )
    if decision.audited:
        work.audit(actor, action, subject.entity, subject.entity_id, digest=digest)


def judge(actor: Actor, action: Action, subject: Subject, work: Work) -> Decision:
    """Return the rules' decision without leaving a trace, for greying out a button or filtering a list."""
    grants = grants_of(actor, work) if subject.secrecy is Secrecy.S3 else ()
    return decide(actor, action, subject, grants, work.now)


def grants_of(actor: Actor, work: Work) -> tuple[Grant, ...]:
    """Return what has been granted to the actor's account."""
    rows = work.session.execute(
        select(AccessGrant.entity, AccessGrant.entity_id, AccessGrant.expires_at).where(
            AccessGrant.account_id == actor.account_id
        )
    )
    return tuple(Grant(entity, entity_id, expires_at) for entity, entity_id, expires_at in rows)


def _sentence(refusal: Refusal) -> str:
    match refusal:
        case Refusal.ROLE:
            return _("Your role does not allow this.")
        case Refusal.NOT_YOURS:
            return _("This record belongs to another counsellor.")
        case Refusal.RESTRICTED:
            return _("This case is restricted to its counsellor and to named people.")
        case Refusal.REASON_NEEDED:
            return _("Please state a reason first. It is kept in the audit log.")
