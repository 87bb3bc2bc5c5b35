"""Who may do what with which record (SYS-02, R-01). Pure: services bring the facts, this decides.

Everyone with a key slot could decrypt everything; what a role may see is enforced here and said so in the help.
`sys_admin` and `crisis_head` get no key slot at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from counselroom.rules.secrecy import Secrecy


class Role(StrEnum):
    """Roles of an account; an account has a set of them."""

    COUNSELLOR = "counsellor"
    ARCHIVE_MANAGER = "archive_manager"
    CENTER_DIRECTOR = "center_director"
    CRISIS_HEAD = "crisis_head"
    SYS_ADMIN = "sys_admin"


KEYLESS_ROLES = frozenset({Role.CRISIS_HEAD, Role.SYS_ADMIN})


class Action(StrEnum):
    """What someone wants to do."""

    READ = "read"
    WRITE = "write"
    SIGN = "sign"
    AMEND = "amend"
    PRINT = "print"
    EXPORT = "export"
    FILE = "file"
    REDACT = "redact"
    REASSIGN = "reassign"
    DESTROY = "destroy"
    GRANT = "grant"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_SCHOOL = "manage_school"
    IMPORT = "import"
    BACK_UP = "back_up"
    RESTORE = "restore"
    CHECK = "check"
    READ_AUDIT = "read_audit"
    KEEP_DRAFT = "keep_draft"
    """Keep an unfinished page of one's own; written every few seconds, so it leaves no audit row."""


class Refusal(StrEnum):
    """Why an action was refused."""

    ROLE = "role"
    """No role of the account allows this."""
    NOT_YOURS = "not_yours"
    """A record of another counsellor."""
    RESTRICTED = "restricted"
    """A restricted case: only its counsellor and named people."""
    REASON_NEEDED = "reason_needed"
    """Allowed with a stated reason, which will be kept."""


@dataclass(frozen=True)
class Actor:
    """Who acts.

    Attributes:
        account_id: the account.
        person_id: the person behind it; records are owned by persons.
        roles: the set of roles.
        reason: why, where the rules ask for it; kept in the audit log.
    """

    account_id: str
    person_id: str
    roles: frozenset[Role]
    reason: str = ""

    def because(self, reason: str) -> Actor:
        """Return the same actor with a stated reason."""
        return Actor(self.account_id, self.person_id, self.roles, reason)


@dataclass(frozen=True)
class Grant:
    """Leave to see one record until a moment."""

    entity: str
    entity_id: str
    expires_at: datetime


@dataclass(frozen=True)
class Subject:
    """What is acted on.

    Attributes:
        entity: name of the table.
        entity_id: id of the row; empty for a list or a new row.
        secrecy: its level.
        owner: person id of the responsible counsellor, or None.
        restricted: whether it belongs to a restricted case.
        filed: whether it lies in a filed archive.
        case_id: the case it belongs to, for grants.
    """

    entity: str
    entity_id: str = ""
    secrecy: Secrecy = Secrecy.S1
    owner: str | None = None
    restricted: bool = False
    filed: bool = False
    case_id: str | None = None


@dataclass(frozen=True)
class Decision:
    """The answer.

    Attributes:
        refusal: why not, or None when allowed.
        audited: whether it must leave an audit row; reading what is secret must.
    """

    refusal: Refusal | None = None
    audited: bool = field(default=False)

    @property
    def allowed(self) -> bool:
        """Whether it may be done."""
        return self.refusal is None


_OFFICE: dict[Action, frozenset[Role]] = {
    Action.MANAGE_ACCOUNTS: frozenset({Role.CENTER_DIRECTOR}),
    Action.GRANT: frozenset({Role.CENTER_DIRECTOR}),
    Action.MANAGE_SCHOOL: frozenset({Role.CENTER_DIRECTOR}),
    Action.IMPORT: frozenset({Role.CENTER_DIRECTOR, Role.COUNSELLOR, Role.ARCHIVE_MANAGER}),
    Action.BACK_UP: frozenset({Role.CENTER_DIRECTOR, Role.COUNSELLOR, Role.ARCHIVE_MANAGER}),
    Action.RESTORE: frozenset({Role.CENTER_DIRECTOR}),
    Action.CHECK: frozenset({Role.CENTER_DIRECTOR, Role.COUNSELLOR, Role.ARCHIVE_MANAGER}),
    Action.READ_AUDIT: frozenset({Role.CENTER_DIRECTOR}),
    Action.REDACT: frozenset({Role.CENTER_DIRECTOR}),
    Action.REASSIGN: frozenset({Role.CENTER_DIRECTOR, Role.ARCHIVE_MANAGER}),
    Action.DESTROY: frozenset({Role.CENTER_DIRECTOR}),
    Action.FILE: frozenset({Role.CENTER_DIRECTOR, Role.ARCHIVE_MANAGER}),
}

_STAFF = frozenset({Role.COUNSELLOR, Role.ARCHIVE_MANAGER, Role.CENTER_DIRECTOR})
_REASON_ALWAYS = frozenset({Action.REDACT, Action.REASSIGN, Action.DESTROY, Action.GRANT, Action.RESTORE})


def decide(actor: Actor, action: Action, subject: Subject, grants: tuple[Grant, ...], now: datetime) -> Decision:
    """Decide whether `actor` may do `action` on `subject` at `now`, given the grants of this account (R-01)."""
    if action in _OFFICE:
        return _office(actor, action)
    if not actor.roles & _STAFF:
        return Decision(Refusal.ROLE)
    if action is Action.KEEP_DRAFT:
        return Decision()
    if subject.secrecy is not Secrecy.S3:
        return _ordinary(actor, action, subject)
    return _secret(actor, action, subject, grants, now)


def _office(actor: Actor, action: Action) -> Decision:
    """What the office does for the whole room always leaves a trace, whatever it is done to (SYS-02)."""
    if not actor.roles & _OFFICE[action]:
        return Decision(Refusal.ROLE)
    if action in _REASON_ALWAYS and not actor.reason.strip():
        return Decision(Refusal.REASON_NEEDED)
    return Decision(audited=True)


def _ordinary(actor: Actor, action: Action, subject: Subject) -> Decision:
    """S0 to S2: the staff of the room; a signature is the owner's own; the archive manager does not write S2."""
    if action in (Action.SIGN, Action.AMEND) and subject.owner not in (None, actor.person_id):
        return Decision(Refusal.NOT_YOURS)
    if (
        action is not Action.READ
        and action is not Action.PRINT
        and subject.secrecy is Secrecy.S2
        and actor.roles & _STAFF == {Role.ARCHIVE_MANAGER}
    ):
        return Decision(Refusal.ROLE)
    return Decision(audited=action is not Action.READ)


def _secret(actor: Actor, action: Action, subject: Subject, grants: tuple[Grant, ...], now: datetime) -> Decision:
    """S3: the owner; the archive manager once filed; the director with a reason; anyone named by a grant.

    What has no owner (a card, a new row) is open to every counsellor, unless it is restricted.
    """
    counsellor = Role.COUNSELLOR in actor.roles
    if counsellor and (subject.owner == actor.person_id or (subject.owner is None and not subject.restricted)):
        return Decision(audited=True)
    if action not in (Action.READ, Action.PRINT, Action.EXPORT):
        return Decision(Refusal.NOT_YOURS if counsellor else Refusal.ROLE)
    targets = {(subject.entity, subject.entity_id), ("case_file", subject.case_id)}
    if any((grant.entity, grant.entity_id) in targets and now < grant.expires_at for grant in grants):
        return Decision(audited=True)
    if subject.restricted:
        return Decision(Refusal.RESTRICTED)
    if Role.ARCHIVE_MANAGER in actor.roles and subject.filed:
        return Decision(audited=True)
    if Role.CENTER_DIRECTOR in actor.roles:
        return Decision(audited=True) if actor.reason.strip() else Decision(Refusal.REASON_NEEDED)
    return Decision(Refusal.NOT_YOURS if counsellor else Refusal.ROLE)
