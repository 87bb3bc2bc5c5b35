"""The window of the demonstration: the real program on the demonstration's vault, with fakes for machine and clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from counselroom.app import entropy, new_id
from counselroom.demo.stage import Stage
from counselroom.demo.window import hands
from counselroom.desktop.drives import Drive
from counselroom.desktop.machine_settings import SettingsFile
from counselroom.desktop.printer import Order, Paper, Printer
from counselroom.desktop.relauncher import Handover
from counselroom.ui.file_chooser import FileChooser, FileKind
from counselroom.ui.main_window import MainWindow
from counselroom.ui.opening import open_vault_for_window, room_of
from counselroom.ui.program import Frame, Program
from counselroom.ui.room import Opened, Room
from counselroom.ui.theme.theme import Theme
from counselroom.vault.keys.slots import DEFAULT_LOGIN
from counselroom.vault.keys.unlocking import Credential

_FIRST_WORK = 2.0
"""Seconds after the unlock in which the work of a new day has begun."""


class OneStick:
    """A computer with one stick: the folder for the backups."""

    def __init__(self, mount: Path) -> None:
        self._drive = Drive(mount, "exfat", 16 * 10**9, removable=True, writable=True)

    def removable(self) -> tuple[Drive, ...]:
        """Return the stick."""
        return (self._drive,)

    def holding(self, path: Path) -> Drive | None:
        """Return the stick when it holds `path`."""
        return self._drive if path.is_relative_to(self._drive.mount) else None


class NeverIdle:
    """Somebody who is always at the keys."""

    def start(self, minutes: int, leave: Callable[[], None]) -> None:
        """Watch nothing."""

    def set_minutes(self, minutes: int) -> None:
        """Watch nothing."""

    def stop(self) -> None:
        """Watch nothing."""


class NoteTaker:
    """Stands for the fresh process after a lock: the demonstration goes on in this one."""

    def __init__(self) -> None:
        self.told: list[Handover] = []

    def start(self, handover: Handover) -> bool:
        """Note what the fresh process would be told."""
        self.told.append(handover)
        return True


class StickDialog:
    """Stands for the system's dialogs for files: chooses the newest backup on the stick, and the stick as folder."""

    def __init__(self, mount: Path) -> None:
        self._mount = mount

    def open_file(self, parent: QWidget, title: str, kinds: tuple[FileKind, ...]) -> Path | None:
        """Return the newest backup."""
        del parent, title, kinds
        return newest_backup(self._mount)

    def save_file(self, parent: QWidget, title: str, name: str, kind: FileKind) -> Path | None:
        """Save nothing."""
        del parent, title, name, kind
        return None

    def folder(self, parent: QWidget, title: str) -> Path | None:
        """Return the stick."""
        del parent, title
        return self._mount


def newest_backup(mount: Path) -> Path | None:
    """Return the newest backup on a stick, or None."""
    return max(mount.glob("*.crbackup"), default=None)


class Tray:
    """A printer that keeps its sheets."""

    def __init__(self) -> None:
        self.printed: list[tuple[bytes, Order]] = []

    def found(self) -> tuple[Printer, ...]:
        """Return the one printer."""
        return (Printer("room", "辅导室打印机", is_default=True),)

    def print_paper(self, paper: Paper, order: Order, stopped: Callable[[], bool]) -> bool:
        """Keep the document."""
        del stopped
        self.printed.append((paper.pdf, order))
        return True


class DemoWindow:
    """The program as the user sees it.

    Attributes:
        application: the one of this process.
        theme: the look.
        program: of the current process; another one after each lock.
        printer: keeps what was printed.
    """

    def __init__(self, stage: Stage, size: tuple[int, int] = (1440, 900)) -> None:
        self.application: QApplication = hands.application_without_screen()
        self.theme = Theme(parent=self.application)
        self.theme.apply(self.application)
        self._stage = stage
        self._size = size
        self._settings = SettingsFile(stage.out / "window.json")
        self._relauncher = NoteTaker()
        self.printer = Tray()
        self._room: Room | None = None
        self.program = self._start(None)

    @property
    def room(self) -> Room:
        """The tools of the open window."""
        assert self._room is not None  # noqa: S101 - asked for after the unlock only
        return self._room

    @property
    def window(self) -> MainWindow:
        """The open window."""
        assert isinstance(self.program.window, MainWindow)  # noqa: S101 - asked for after the unlock only
        return self.program.window

    def unlock(self, passphrase: str) -> None:
        """Type the passphrase and wait for the room."""
        hands.type_in(passphrase)
        hands.press(Qt.Key.Key_Return)
        hands.until(lambda: self.program.window is not None, "unlock")
        hands.rest(self.room)

    def begin_the_day(self) -> None:
        """Wait for what the window does by itself soon after it was unlocked on a new day."""
        hands.pause(_FIRST_WORK)
        hands.rest(self.room)

    def lock(self) -> None:
        """Press F12 and go on where the fresh process would."""
        self.follow(lambda: hands.press(Qt.Key.Key_F12), "lock")

    def follow(self, act: Callable[[], None], what: str) -> None:
        """Do what ends this process, and go on where the fresh one would."""
        finished: list[None] = []
        self.program.finished.connect(lambda: finished.append(None))
        act()
        hands.until(lambda: bool(finished), what)
        self._room = None
        hands.put_away(self.program.frame)
        self.program = self._start(self._relauncher.told[-1])

    def show_names(self) -> None:
        """Press F8 where names are masked; the first one masks them everywhere while another page shows some."""
        for _press in range(2):
            if self.window.page().face().masked:
                hands.press(Qt.Key.Key_F8)
                hands.rest(self.room)

    def close(self) -> None:
        """Close the program in order."""
        finished: list[None] = []
        self.program.finished.connect(lambda: finished.append(None))
        self.program.leave()
        hands.until(lambda: bool(finished), "close")
        self._room = None
        hands.put_away(self.program.frame)

    def _start(self, handover: Handover | None) -> Program:
        program = demo_program(
            self._stage,
            self.theme,
            self._settings,
            self._stage.out / "vault",
            (DEFAULT_LOGIN,),
            OneStick(self._stage.out / "usb"),
            StickDialog(self._stage.out / "usb"),
            relauncher=self._relauncher,
            printers=self.printer,
            after_lock=handover,
            take_room=self._take_room,
        )
        program.show()
        program.frame.resize(*self._size)
        QApplication.processEvents()
        return program

    def _take_room(self, room: Room) -> None:
        self._room = room


def _no_capture_block(*, blocked: bool) -> bool:
    return not blocked


def demo_program(
    stage: Stage,
    theme: Theme,
    settings: SettingsFile,
    folder: Path,
    logins: Sequence[str],
    stick: OneStick,
    files: FileChooser | None = None,
    *,
    frame: Frame | None = None,
    relauncher: NoteTaker | None = None,
    printers: Tray | None = None,
    after_lock: Handover | None = None,
    take_room: Callable[[Room], None] = lambda _room: None,
) -> Program:
    """Return the program on a vault, with the demonstration's clock, stick and printer."""

    def open_room(credential: Credential) -> Opened:
        return open_vault_for_window(folder, credential, anchors=stage.anchors, clock=stage.clock, new_id=new_id)

    def make_room(opened: Opened) -> Room:
        room = room_of(
            opened,
            theme=theme,
            settings=settings,
            entropy=entropy,
            now=stage.clock.now,
            set_idle_minutes=lambda _minutes: None,
            block_capture=_no_capture_block,
        )
        room = replace(room, drives=stick, printers=printers or Tray(), files=files or room.files)
        take_room(room)
        return room

    return Program(
        theme,
        folder,
        tuple(logins),
        open_room=open_room,
        make_room=make_room,
        settings=settings,
        relauncher=relauncher or NoteTaker(),
        idle=NeverIdle(),
        now=stage.clock.now,
        after_lock=after_lock,
        frame=frame,
    )
