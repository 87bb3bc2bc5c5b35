"""What every page of the unlocked window gets to work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from counselroom.desktop.drives import RemovableDrives
from counselroom.desktop.machine_settings import SettingsFile
from counselroom.desktop.printer import Printers
from counselroom.printing.chart_process import ChartProcess
from counselroom.rules.access import Actor
from counselroom.services.anchor_store import MachineSecrets
from counselroom.services.desk import Desk
from counselroom.ui.changes import ChangeBus
from counselroom.ui.file_chooser import FileChooser
from counselroom.ui.masking import Masking
from counselroom.ui.messages import Messages
from counselroom.ui.tasks import Tasks
from counselroom.ui.theme.icons import Icons
from counselroom.ui.ways import Ways

if TYPE_CHECKING:
    from counselroom.services.recovery_sheets import Sheets


class CaptureSwitch(Protocol):
    """Keeps the window out of recordings of the screen."""

    def __call__(self, *, blocked: bool) -> bool:
        """Keep the window out, or let it in; False where the system cannot do it."""
        ...


@dataclass(frozen=True)
class Opened:
    """An unlocked vault with what the window needs at once.

    Attributes:
        desk: the open vault.
        actor: who unlocked it.
        user_name: the name shown at the top right.
        draft: the state of the window before the last lock, or None.
        notes: sentences for the top of the first page: findings of the opening.
        first_run: the step its first run has reached and what was typed there, or None when it is over.
        sheets: the digits of the sheets of a vault that was made just now, or None.
    """

    desk: Desk
    actor: Actor
    user_name: str
    draft: Mapping[str, Any] | None
    notes: tuple[str, ...]
    first_run: Mapping[str, Any] | None = None
    sheets: Sheets | None = None


@dataclass(frozen=True)
class Room:
    """The tools of the window, handed to each page.

    Attributes:
        desk: the open vault, for services.
        actor: who works here.
        user_name: the name shown at the top right.
        tasks: the way to the vault.
        bus: what has changed.
        messages: how to say something.
        masking: who is shown how.
        ways: the way to other pages and to dialogs.
        files: asks for files and folders.
        icons: makes icons; `icons.theme` is the look.
        settings: what this computer remembers of the window.
        drives: sticks and disks.
        printers: the printers of this computer.
        charts: draws charts in a process of its own.
        entropy: the system's randomness.
        now: the clock, aware, local.
        seconds: a clock of seconds that never goes back.
        set_idle_minutes: tells the watch another idle time.
        block_capture: keeps the window out of recordings of the screen.
        machine_secrets: what binds a passphrase to this computer.
    """

    desk: Desk
    actor: Actor
    user_name: str
    tasks: Tasks
    bus: ChangeBus
    messages: Messages
    masking: Masking
    ways: Ways
    files: FileChooser
    icons: Icons
    settings: SettingsFile
    drives: RemovableDrives
    printers: Printers
    charts: ChartProcess
    entropy: Callable[[int], bytes]
    now: Callable[[], datetime]
    seconds: Callable[[], float]
    set_idle_minutes: Callable[[int], None]
    block_capture: CaptureSwitch
    machine_secrets: MachineSecrets
