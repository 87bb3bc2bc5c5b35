"""Accounts and their roles; who an unlocked vault belongs to (SYS-02)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.people import AccessGrant, Account, Person
from counselroom.rules.access import KEYLESS_ROLES, Action, Actor, Role, Subject
from counselroom.rules.people import Gender, PersonKind
from counselroom.rules.secrecy import Secrecy
from counselroom.services import access
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk
from counselroom.services.rows import moved_on


@dataclass(frozen=True)
class AccountView:
    """An account as the settings show it."""

    id: str
    person_id: str
    name: str
    roles: frozenset[Role]
    has_key: bool
    closed: bool
    slot_id: str | None = None


FOUNDER = Actor("founder", "founder", frozenset({Role.CENTER_DIRECTOR}))
"""Acts while a new vault has no account yet; `found_room` is the only thing it does."""


def found_room(desk: Desk, name: str, slot_id: str, roles: frozenset[Role]) -> Actor:
    """Create the first account of a new vault and return its actor.

    Raises:
        UserError: the vault has an account already.
    """
    with desk.change() as work:
        access.allow(FOUNDER, Action.MANAGE_ACCOUNTS, Subject("account"), work)
        if work.session.scalar(select(Account.id)) is not None:
            raise UserError(_("This vault has its first account already."), _("Nothing was changed."))
        person = Person(
            **work.common(FOUNDER, Secrecy.S1, work.now.date()),
            kind=PersonKind.STAFF,
            name=name.strip(),
            gender=Gender.UNKNOWN,
        )
        work.session.add(person)
        work.session.flush()
        account = Account(
            **work.common(FOUNDER, Secrecy.S1, work.now.date()),
            person_id=person.id,
            slot_id=slot_id,
            roles=sorted(roles),
        )
        work.session.add(account)
        return Actor(account.id, person.id, roles)


def actor_at_the_desk(desk: Desk) -> Actor:
    """Return who unlocked the vault: the account of the slot, or for a recovery sheet the first director's account.

    Raises:
        UserError: the slot belongs to no open account.
    """
    with desk.vault.reading() as session:
        accounts = session.scalars(
            select(Account).where(Account.closed_at.is_(None)).order_by(Account.created_at, Account.id)
        )
        actors = {account.slot_id: Actor(account.id, account.person_id, account.role_set()) for account in accounts}
    slot = desk.vault.slot
    if slot.slot_id in actors:
        return actors[slot.slot_id]
    directors = [actor for actor in actors.values() if Role.CENTER_DIRECTOR in actor.roles]
    if slot.kind.is_sheet and directors:
        return directors[0]
    raise UserError(
        _("This passphrase belongs to no account of the vault any more."),
        _("The vault is intact."),
        _("Ask the director to set up your account again."),
    )


def add_account(actor: Actor, desk: Desk, name: str, roles: frozenset[Role], slot_id: str | None) -> Done[AccountView]:
    """Add an account for a member of staff.

    Raises:
        UserError: no name; no role; a key for a role that gets none (`sys_admin`, `crisis_head`); or no key for one
            that does.
    """
    if not name.strip():
        raise UserError(_("The account needs the name of its person."), _("Nothing was changed."))
    _check_roles(roles, has_key=slot_id is not None)
    with desk.change() as work:
        access.allow(actor, Action.MANAGE_ACCOUNTS, Subject("account"), work)
        person = Person(
            **work.common(actor, Secrecy.S1, work.now.date()),
            kind=PersonKind.STAFF,
            name=name.strip(),
            gender=Gender.UNKNOWN,
        )
        work.session.add(person)
        work.session.flush()
        account = Account(
            **work.common(actor, Secrecy.S1, work.now.date()),
            person_id=person.id,
            slot_id=slot_id,
            roles=sorted(roles),
        )
        work.session.add(account)
        work.changed("account", account.id)
        return Done(_view(account, person.name), work.changes())


def rename_account(
    actor: Actor, desk: Desk, account_id: str, name: str, seen: datetime | None = None
) -> Done[AccountView]:
    """Change the name under which somebody works here: one's own, or as the director anybody's.

    Raises:
        UserError: no name, the account is unknown or closed, or it has moved on since `seen`.
    """
    if not name.strip():
        raise UserError(_("The account needs the name of its person."), _("Nothing was changed."))
    with desk.change() as work:
        action = Action.WRITE if account_id == actor.account_id else Action.MANAGE_ACCOUNTS
        access.allow(actor, action, Subject("account", account_id), work)
        account = work.session.get(Account, account_id)
        if account is None or account.closed_at is not None:
            raise UserError(_("This account is closed already."), _("Nothing was changed."))
        person = work.session.get_one(Person, account.person_id)
        if seen is not None and person.updated_at != seen:
            raise moved_on()
        before, person.name = person.name, name.strip()
        work.touch(person, actor)
        undo = Undo(
            _("The name was changed."), "rename_account", {"account_id": account_id, "name": before, "seen": work.now}
        )
        return Done(_view(account, person.name), work.changes(undo))


def set_roles(
    actor: Actor, desk: Desk, account_id: str, roles: frozenset[Role], seen: datetime | None = None
) -> Done[AccountView]:
    """Change the roles of an account; the last director cannot step down.

    Raises:
        UserError: the account is unknown or closed, no role is left, the roles get no key and the account has one or
            the other way round, no director would be left, or it has moved on since `seen`.
    """
    with desk.change() as work:
        access.allow(actor, Action.MANAGE_ACCOUNTS, Subject("account", account_id), work)
        account = work.session.get(Account, account_id)
        if account is None or account.closed_at is not None:
            raise UserError(_("This account cannot have these roles."), _("Nothing was changed."))
        if seen is not None and account.updated_at != seen:
            raise moved_on()
        _check_roles(roles, has_key=account.slot_id is not None)
        before = account.role_set()
        account.roles = sorted(roles)
        work.touch(account, actor)
        _keep_a_director(work.session.scalars(select(Account).where(Account.closed_at.is_(None))).all())
        person = work.session.get_one(Person, account.person_id)
        undo = Undo(
            _("The roles were changed."), "set_roles", {"account_id": account_id, "roles": before, "seen": work.now}
        )
        return Done(_view(account, person.name), work.changes(undo))


def close_account(actor: Actor, desk: Desk, account_id: str) -> Done[AccountView]:
    """Close an account; its rows keep their owner. The key slot is removed by the caller (`Vault.remove_slot`).

    Raises:
        UserError: it is unknown or closed already, or no director would be left.
    """
    with desk.change() as work:
        access.allow(actor, Action.MANAGE_ACCOUNTS, Subject("account", account_id), work)
        account = work.session.get(Account, account_id)
        if account is None or account.closed_at is not None:
            raise UserError(_("This account is closed already."), _("Nothing was changed."))
        account.closed_at, account.slot_id = work.now, None
        work.touch(account, actor)
        work.session.flush()
        _keep_a_director(work.session.scalars(select(Account).where(Account.closed_at.is_(None))).all())
        person = work.session.get_one(Person, account.person_id)
        return Done(_view(account, person.name), work.changes())


def _check_roles(roles: frozenset[Role], *, has_key: bool) -> None:
    if not roles:
        raise UserError(_("An account needs at least one role."), _("Nothing was changed."))
    keyless = roles <= KEYLESS_ROLES
    if keyless and has_key:
        raise UserError(_("This role works on paper and gets no key to the vault."), _("Nothing was changed."))
    if not keyless and not has_key:
        raise UserError(_("This role needs a passphrase of its own."), _("Nothing was changed."))


def _keep_a_director(accounts: Iterable[Account]) -> None:
    if not any(Role.CENTER_DIRECTOR in account.role_set() for account in accounts):
        raise UserError(_("The room would be left without a director."), _("Nothing was changed."))


def list_accounts(actor: Actor, desk: Desk) -> tuple[AccountView, ...]:
    """Return all accounts, the oldest first."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("account"), work)
        rows = work.session.execute(
            select(Account, Person.name).join(Person, Person.id == Account.person_id).order_by(Account.created_at)
        )
        return tuple(_view(account, name) for account, name in rows)


def grant_access(actor: Actor, desk: Desk, account_id: str, entity: str, entity_id: str, minutes: int) -> Done[None]:
    """Let an account read one record of another for some minutes; the actor's reason is kept.

    Raises:
        AccessDenied: the actor is not the director or stated no reason.
        UserError: the account is unknown or closed, or the time is not positive.
    """
    with desk.change() as work:
        access.allow(actor, Action.GRANT, Subject(entity, entity_id), work)
        account = work.session.get(Account, account_id)
        if account is None or account.closed_at is not None or minutes <= 0:
            raise UserError(_("This account cannot be given leave."), _("Nothing was changed."))
        work.session.add(
            AccessGrant(
                id=work.new_id(),
                account_id=account_id,
                entity=entity,
                entity_id=entity_id,
                reason=actor.reason,
                granted_by=actor.account_id,
                granted_at=work.now,
                expires_at=work.now + timedelta(minutes=minutes),
            )
        )
        work.changed("access_grant", entity_id)
        return Done(None, work.changes())


def _view(account: Account, name: str) -> AccountView:
    return AccountView(
        account.id,
        account.person_id,
        name,
        account.role_set(),
        account.slot_id is not None,
        account.closed_at is not None,
        account.slot_id,
    )
