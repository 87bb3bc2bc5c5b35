"""Checking the vault as a whole: files, audit chain, anchors, schema, search index (R-15)."""

from __future__ import annotations

from counselroom.rules.access import Action, Actor, Subject
from counselroom.services import access
from counselroom.services.desk import Desk
from counselroom.vault.check import CheckReport, check_vault
from counselroom.vault.progress import Cancel, Progress, never, silent
from counselroom.vault.state import AnchorStore


def check_room(
    actor: Actor,
    desk: Desk,
    anchors: AnchorStore | None,
    *,
    progress: Progress = silent,
    cancel: Cancel = never,
) -> CheckReport:
    """Look at every part of the vault; the report holds a plain sentence for each fault and no content.

    Raises:
        AccessDenied: the actor may not.
    """
    with desk.look() as work:
        access.allow(actor, Action.CHECK, Subject("vault", desk.vault.vault_id), work)
    return check_vault(desk.vault, anchors=anchors, progress=progress, cancel=cancel)
