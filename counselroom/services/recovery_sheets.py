"""Recovery sheets A and B: new digits, and the page that is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from counselroom.printing.recovery_sheet import render_recovery_sheet
from counselroom.rules.access import Action, Actor, Subject
from counselroom.services import access
from counselroom.services.changes import ChangeSet, Done
from counselroom.services.desk import Desk
from counselroom.vault.credentials import Doer, renew_sheet
from counselroom.vault.keys.slots import SlotKind

Which = Literal["A", "B"]


@dataclass(frozen=True)
class Sheets:
    """The digits of both sheets, kept nowhere but on paper: eight groups of six joined by dashes."""

    a: str = field(repr=False)
    b: str = field(repr=False)

    def digits(self, which: Which) -> str:
        """Return the digits of one sheet."""
        return self.a if which == "A" else self.b


def renew_sheets(actor: Actor, desk: Desk, *, entropy: Callable[[int], bytes]) -> Done[Sheets]:
    """Make both sheets anew; those printed before open nothing any more.

    Raises:
        AccessDenied: only the director may.
        VaultReadOnly, NotSaved, KeysChanged: see `renew_sheet`.
    """
    with desk.change() as work:
        access.allow(actor, Action.MANAGE_ACCOUNTS, Subject("recovery_sheet"), work)
    doer = Doer(actor.account_id, tuple(sorted(actor.roles)), actor.reason)
    first, second = (
        renew_sheet(desk.vault, kind, doer=doer, entropy=entropy) for kind in (SlotKind.SHEET_A, SlotKind.SHEET_B)
    )
    return Done(Sheets(first, second), ChangeSet(frozenset({("slot", "")})))


def sheet_pdf(actor: Actor, desk: Desk, which: Which, digits: str, school: str) -> bytes:
    """Return one sheet as a PDF page, which is a secret.

    Args:
        actor: who prints; leaves an audit row.
        desk: the vault it opens.
        which: A or B.
        digits: from `Sheets`.
        school: what stands at the top; may be empty while the school is not known.

    Raises:
        AccessDenied: only the director may.
    """
    with desk.change() as work:
        access.allow(actor, Action.MANAGE_ACCOUNTS, Subject("recovery_sheet", which), work)
        today = work.now.date()
    return render_recovery_sheet(
        which=which,
        digits=digits,
        vault_id=desk.vault.vault_id,
        fingerprint=desk.vault.root.fingerprint(),
        school=school,
        created_on=today,
    )
