"""Opens a vault for one command."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from counselroom.app import anchors, new_id
from counselroom.commands.secrets import credential_of, read_secret
from counselroom.desktop.clock import SystemClock
from counselroom.i18n import _
from counselroom.rules.access import Actor
from counselroom.services.accounts import actor_at_the_desk
from counselroom.services.anchor_store import with_machine_secret
from counselroom.services.desk import Desk
from counselroom.vault.deeds import scrub, scrub_is_due
from counselroom.vault.vault import Vault, unlock_vault


@contextmanager
def open_room(folder: Path, options: argparse.Namespace) -> Iterator[tuple[Desk, Actor]]:
    """Unlock a vault with the secret of the command's options; it is closed again whatever happens.

    Raises:
        UserError: the vault cannot be opened, or the secret is wrong.
    """
    clock = SystemClock()
    secret = read_secret(options, _("Passphrase or digits of a sheet: "))
    store = anchors()
    credential = with_machine_secret(credential_of(secret), folder, store)
    vault = unlock_vault(folder, credential, anchors=store, now=clock.now)
    try:
        _finish_redactions(vault)
        desk = Desk(vault, clock, new_id)
        yield desk, actor_at_the_desk(desk)
    finally:
        vault.close()


def _finish_redactions(vault: Vault) -> None:
    """Scrub what a redaction left in the index when the program ended between the two."""
    if vault.read_only is not None:
        return
    with vault.reading() as session:
        due = scrub_is_due(session)
    if due:
        scrub(vault)
