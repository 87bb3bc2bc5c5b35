"""A window on a real vault for tests: unlocked by hand, with clock, relauncher and idle watch that a test drives."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from counselroom.desktop.drives import Drive
from counselroom.desktop.machine_settings import SettingsFile
from counselroom.desktop.printer import Order, Paper, Printer
from counselroom.desktop.relauncher import Handover
from counselroom.printing.chart_process import ChartProcess
from counselroom.ui.changes import ChangeBus
from counselroom.ui.file_chooser import FileKind
from counselroom.ui.main_window import MainWindow
from counselroom.ui.masking import Masking
from counselroom.ui.messages import Messages
from counselroom.ui.room import Room
from counselroom.ui.tasks import Tasks
from counselroom.ui.theme.icons import Icons
from counselroom.ui.ways import Ways
from counselroom.vault.state import AnchorUnavailable
from tests.conftest import HandClock
from tests.services.world import World, opened_world

T = TypeVar("T")

CHARTS = ChartProcess()
"""One child draws for the windows of all tests: each would take a second of its own to start."""


class FakeRelauncher:
    """Notes what a fresh process would be told."""

    def __init__(self, *, works: bool = True) -> None:
        self.works = works
        self.told: list[Handover] = []

    def start(self, handover: Handover) -> bool:
        self.told.append(handover)
        return self.works


class HandIdle:
    """An idle watch that a test lets pass."""

    def __init__(self) -> None:
        self.minutes = 0
        self.leave: Callable[[], None] | None = None

    def start(self, minutes: int, leave: Callable[[], None]) -> None:
        self.minutes, self.leave = minutes, leave

    def set_minutes(self, minutes: int) -> None:
        self.minutes = minutes

    def stop(self) -> None:
        self.leave = None


class HandCapture:
    """Notes what is kept out of recordings; a computer that cannot do it says so."""

    def __init__(self) -> None:
        self.can = True
        self.blocked: list[bool] = []

    def __call__(self, *, blocked: bool) -> bool:
        self.blocked.append(blocked)
        return self.can


class HandSecrets:
    """A keychain that keeps one secret, or does not answer."""

    def __init__(self) -> None:
        self.secret: bytes | None = None
        self.answers = True

    def machine_secret(self, vault_id: str) -> bytes | None:
        self._ask()
        return self.secret

    def new_machine_secret(self, vault_id: str, entropy: Callable[[int], bytes]) -> bytes:
        self._ask()
        self.secret = entropy(32)
        return self.secret

    def forget_machine_secret(self, vault_id: str) -> None:
        self._ask()
        self.secret = None

    def _ask(self) -> None:
        if not self.answers:
            raise AnchorUnavailable("none")


class OneStick:
    """A computer with one stick, or none."""

    def __init__(self, *mounts: Path) -> None:
        self._drives = tuple(Drive(mount, "ext4", 10**9, removable=True, writable=True) for mount in mounts)

    def removable(self) -> tuple[Drive, ...]:
        return self._drives

    def holding(self, path: Path) -> Drive | None:
        return next((drive for drive in self._drives if path.is_relative_to(drive.mount)), None)


class HandFiles:
    """A file chooser whose answers a test gives; None is a cancelled choice."""

    def __init__(self, *answers: Path | None) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def _answer(self, title: str) -> Path | None:
        self.asked.append(title)
        return self.answers.pop(0) if self.answers else None

    def open_file(self, parent: QWidget, title: str, kinds: tuple[FileKind, ...]) -> Path | None:
        return self._answer(title)

    def save_file(self, parent: QWidget, title: str, name: str, kind: FileKind) -> Path | None:
        return self._answer(title)

    def folder(self, parent: QWidget, title: str) -> Path | None:
        return self._answer(title)


class HandPrinters:
    """Printers of a test: they keep what they were given, or fail as they are told."""

    def __init__(self, *printers: Printer) -> None:
        self.printers = printers or (Printer("room", "咨询室打印机", is_default=True),)
        self.failure: Exception | None = None
        self.printed: list[tuple[bytes, Order]] = []
        self.slow = threading.Event()
        self.slow.set()

    def found(self) -> tuple[Printer, ...]:
        assert self.slow.wait(20)
        return self.printers

    def print_paper(self, paper: Paper, order: Order, stopped: Callable[[], bool]) -> bool:
        if self.failure is not None:
            raise self.failure
        if stopped():
            return False
        self.printed.append((paper.pdf, order))
        return True


def room_in(world: World, icons: Icons, place: Path, *mounts: Path, files: HandFiles | None = None) -> Room:
    """Return the tools of a window on the vault of a world."""
    bus, messages = ChangeBus(), Messages()
    return Room(
        desk=world.desk,
        actor=world.me,
        user_name="林老师",
        tasks=Tasks(world.desk.vault, bus, messages.tell),
        bus=bus,
        messages=messages,
        masking=Masking(),
        ways=Ways(),
        files=files or HandFiles(),
        icons=icons,
        settings=SettingsFile(place / "window.json"),
        drives=OneStick(*mounts),
        printers=HandPrinters(),
        charts=CHARTS,
        entropy=random.Random(3).randbytes,
        now=world.clock.now,
        seconds=world.clock.since_boot,
        set_idle_minutes=lambda minutes: None,
        block_capture=HandCapture(),
        machine_secrets=HandSecrets(),
    )


def alone(room: Room, work: Callable[[], T]) -> T:
    """Do a piece of work on the change lane, as the window does: the writing connection belongs to one thread."""
    return room.tasks.change(work).result(20)


@contextmanager
def window_on(
    place: Path, icons: Icons, qtbot: QtBot, clock: HandClock, size: tuple[int, int] = (1440, 900)
) -> Iterator[tuple[MainWindow, Room, World]]:
    """Open a window on a copy of the world's vault."""
    (place / "备份盘").mkdir()
    with opened_world(place / "vault", clock) as world:
        room = room_in(world, icons, place, place / "备份盘")
        window = MainWindow(room)
        qtbot.addWidget(window)
        window.resize(*size)
        window.show()
        try:
            yield window, room, world
        finally:
            window.autosave.close()
            room.tasks.close()
