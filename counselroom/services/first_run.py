"""The first run: a new vault with its first account, and what the school says about itself.

The account is made with the vault, under the login name, so that everything afterwards is done by somebody and the
step reached can be kept as that account's draft; the person's own name follows with the school's data.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from counselroom.desktop.clock import Clock
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.people import Account, Person
from counselroom.rules.access import Action, Actor, Role, Subject
from counselroom.services import access
from counselroom.services.accounts import found_room
from counselroom.services.changes import ChangeSet, Done
from counselroom.services.desk import Desk
from counselroom.services.drafts import save_draft
from counselroom.services.school import SchoolProfile, TermDates, set_academic_year, set_school_profile
from counselroom.vault.creation import create_vault
from counselroom.vault.keys.argon import KdfParameters
from counselroom.vault.state import AnchorStore

PLACE = "first_run"
"""Name of the draft that holds the step reached; without one the first run is over, or there never was one."""
FIRST_STEP = "sheets"
"""The step after a vault was made."""
FOUNDER_ROLES = frozenset({Role.COUNSELLOR, Role.ARCHIVE_MANAGER, Role.CENTER_DIRECTOR})
"""Roles of the first account until its person says otherwise."""


@dataclass(frozen=True)
class Founded:
    """A new vault, open, with its first account.

    Attributes:
        desk: the vault.
        actor: the first account.
        sheet_a: digits of recovery sheet A, kept nowhere else.
        sheet_b: digits of recovery sheet B, kept nowhere else.
    """

    desk: Desk
    actor: Actor
    sheet_a: str = field(repr=False)
    sheet_b: str = field(repr=False)


@dataclass(frozen=True)
class RoomSetup:
    """What the school says about itself in the first run.

    Attributes:
        profile: name, code, type, room.
        academic_year: such as `2026-2027`.
        terms: its terms.
        name: the name of the person of the first account.
        roles: its roles.
    """

    profile: SchoolProfile
    academic_year: str
    terms: tuple[TermDates, ...]
    name: str
    roles: frozenset[Role]


def found_vault(
    folder: Path,
    login: str,
    passphrase: str,
    *,
    clock: Clock,
    entropy: Callable[[int], bytes],
    new_id: Callable[[], str],
    anchors: AnchorStore,
    kdf: KdfParameters | None = None,
) -> Founded:
    """Make a vault with its first account and note that its first run has begun. Takes some seconds.

    Args:
        folder: where it shall be; missing or empty.
        login: login name shown while it is locked; names nobody.
        passphrase: what opens it.
        clock: where time comes from.
        entropy: `secrets.token_bytes`.
        new_id: makes ids.
        anchors: where this machine keeps anchors.
        kdf: cost of the passphrase; calibrated when None.

    Raises:
        UserError: what `create_vault` raises; nothing is left.
    """
    made = create_vault(
        folder,
        logins=((login, passphrase),),
        entropy=entropy,
        now=clock.now,
        new_id=new_id,
        anchors=anchors,
        kdf=kdf,
    )
    try:
        desk = Desk(made.vault, clock, new_id)
        actor = begin_first_run(desk)
    except BaseException:
        made.vault.close()
        raise
    return Founded(desk, actor, made.sheet_a, made.sheet_b)


def begin_first_run(desk: Desk) -> Actor:
    """Make the first account of a vault that has none yet and return its actor.

    Also for a vault whose first run was killed in the moment between making it and this.

    Raises:
        UserError: there is an account already.
    """
    slot = desk.vault.slot
    actor = found_room(desk, slot.login or _("Counsellor"), slot.slot_id, FOUNDER_ROLES)
    save_draft(actor, desk, PLACE, {"step": FIRST_STEP})
    return actor


def has_accounts(desk: Desk) -> bool:
    """Tell whether anybody has an account; only a vault whose making was cut short has none."""
    with desk.vault.reading() as session:
        return session.scalar(select(Account.id).limit(1)) is not None


def set_up_room(actor: Actor, desk: Desk, setup: RoomSetup) -> Done[Actor]:
    """Write what the school says about itself and who the first account is; may be done again.

    Raises:
        UserError: see `set_school_profile` and `set_academic_year`; no name; the director's role is missing, without
            which nobody could add an account.
    """
    if not setup.name.strip():
        raise UserError(_("The account needs the name of its person."), _("Nothing was changed."))
    if Role.CENTER_DIRECTOR not in setup.roles:
        raise UserError(_("The room would be left without a director."), _("Nothing was changed."))
    changed = set_school_profile(actor, desk, setup.profile).changes.changed
    changed |= set_academic_year(actor, desk, setup.academic_year, setup.terms).changes.changed
    with desk.change() as work:
        access.allow(actor, Action.MANAGE_ACCOUNTS, Subject("account", actor.account_id), work)
        account = work.session.get_one(Account, actor.account_id)
        person = work.session.get_one(Person, account.person_id)
        person.name, account.roles = setup.name.strip(), sorted(setup.roles)
        work.touch(person, actor)
        work.touch(account, actor)
        changed |= work.changes().changed
    return Done(Actor(actor.account_id, actor.person_id, setup.roles), ChangeSet(changed))
