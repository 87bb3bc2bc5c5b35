"""From a typed secret to a room: imported when the first secret was typed, because it reads the vault."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path

from counselroom.desktop.clock import Clock
from counselroom.desktop.drives import drives_of_this_machine
from counselroom.desktop.keychain import NoKeychain
from counselroom.desktop.machine_settings import SettingsFile
from counselroom.desktop.qt_printer import printers_of_this_machine
from counselroom.printing.chart_process import ChartProcess
from counselroom.services.accounts import actor_at_the_desk, list_accounts
from counselroom.services.anchor_store import KeychainAnchors, MachineSecrets, with_machine_secret
from counselroom.services.desk import Desk
from counselroom.services.drafts import list_drafts
from counselroom.services.first_run import PLACE as FIRST_RUN
from counselroom.services.first_run import begin_first_run, has_accounts
from counselroom.ui.autosave import PLACE
from counselroom.ui.changes import ChangeBus
from counselroom.ui.file_chooser import QtFileChooser
from counselroom.ui.masking import Masking
from counselroom.ui.messages import Messages
from counselroom.ui.room import CaptureSwitch, Opened, Room
from counselroom.ui.tasks import Tasks
from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.ways import Ways
from counselroom.vault.keys.unlocking import Credential
from counselroom.vault.state import AnchorStore
from counselroom.vault.vault import unlock_vault


def open_vault_for_window(
    folder: Path, credential: Credential, *, anchors: AnchorStore, clock: Clock, new_id: Callable[[], str]
) -> Opened:
    """Open the vault and read what the window shows first. Takes a second; not for the thread of the window.

    Raises:
        UserError: the secret is wrong, or the vault cannot be opened.
    """
    credential = with_machine_secret(credential, folder, anchors)
    # The pages are imported while the key is derived: that takes as long, and leaves Python to others.
    pages = threading.Thread(target=import_module, args=("counselroom.ui.main_window",), daemon=True)
    pages.start()
    vault = unlock_vault(folder, credential, anchors=anchors, now=clock.now)
    try:
        desk = Desk(vault, clock, new_id)
        actor = actor_at_the_desk(desk) if has_accounts(desk) else begin_first_run(desk)
        names = {account.id: account.name for account in list_accounts(actor, desk)}
        drafts = {draft.place: draft.state for draft in list_drafts(actor, desk)}
        notes = [banner.sentence() for banner in vault.banners]
        if vault.read_only is not None:
            notes.insert(0, vault.read_only.sentence())
        pages.join()
        return Opened(
            desk, actor, names.get(actor.account_id, ""), drafts.get(PLACE), tuple(notes), drafts.get(FIRST_RUN)
        )
    except BaseException:
        vault.close()
        raise


def _cannot_block(*, blocked: bool) -> bool:
    del blocked
    return False


def room_of(
    opened: Opened,
    *,
    theme: Theme,
    settings: SettingsFile,
    entropy: Callable[[int], bytes],
    now: Callable[[], datetime],
    set_idle_minutes: Callable[[int], None],
    block_capture: CaptureSwitch = _cannot_block,
    machine_secrets: MachineSecrets | None = None,
) -> Room:
    """Put the tools of the pages together, on the thread of the window."""
    bus, messages = ChangeBus(), Messages()
    return Room(
        desk=opened.desk,
        actor=opened.actor,
        user_name=opened.user_name,
        tasks=Tasks(opened.desk.vault, bus, messages.tell),
        bus=bus,
        messages=messages,
        masking=Masking(style=settings.current.mask_style, classes=settings.current.mask_class),
        ways=Ways(),
        files=QtFileChooser(),
        icons=Icons(theme),
        settings=settings,
        drives=drives_of_this_machine(),
        printers=printers_of_this_machine(),
        charts=ChartProcess(),
        entropy=entropy,
        now=now,
        seconds=time.monotonic,
        set_idle_minutes=set_idle_minutes,
        block_capture=block_capture,
        machine_secrets=machine_secrets or KeychainAnchors(NoKeychain()),
    )
