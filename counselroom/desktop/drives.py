"""The sticks and disks a backup can go to, each system in its own way behind one Protocol.

A backup needs three facts about the place it goes to: whether the medium can be taken away (a copy on the same disk
dies with the disk), how many bytes are free, and how large a file may be (FAT32 ends at 4 GiB - 1).
"""

from __future__ import annotations

import ctypes
import re
import shutil
import string
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

FAT_LARGEST_FILE = 2**32 - 1
"""Bytes of the largest file on any FAT file system."""
_FAT_NAMES = frozenset({"vfat", "msdos", "fat", "fat12", "fat16", "fat32"})


@dataclass(frozen=True)
class Drive:
    """A mounted place for files.

    Attributes:
        mount: where its files are.
        file_system: its name as the system calls it, lower case, such as `vfat` or `ntfs`.
        free: bytes free for this account.
        removable: it can be taken out of the machine.
        writable: it is not mounted read-only.
    """

    mount: Path
    file_system: str
    free: int
    removable: bool
    writable: bool

    @property
    def largest_file(self) -> int | None:
        """Bytes a single file may have, or None when there is no limit a vault could reach."""
        return FAT_LARGEST_FILE if self.file_system in _FAT_NAMES else None


class RemovableDrives(Protocol):
    """What the machine knows about its drives."""

    def removable(self) -> tuple[Drive, ...]:
        """Return the removable drives that are mounted now, ordered by mount point."""
        ...

    def holding(self, path: Path) -> Drive | None:
        """Return the drive that `path` (existing or not) is on, or None when that can't be told."""
        ...


def drives_of_this_machine() -> RemovableDrives:
    """Return the class for this system."""
    return WindowsDrives() if sys.platform == "win32" else LinuxDrives()


class LinuxDrives:
    """Drives as told by `/proc/self/mounts` and `/sys/block`."""

    def __init__(self, root: Path = Path("/"), free: Callable[[Path], int] | None = None) -> None:
        """Take the folder below which `proc` and `sys` lie, and what tells the free bytes of a mount point."""
        self._root = root
        self._free = free or _free_bytes

    def removable(self) -> tuple[Drive, ...]:
        """Return the removable drives that are mounted now, ordered by mount point."""
        found = (self._drive(*mount) for mount in self._mounts())
        return tuple(
            sorted((drive for drive in found if drive and drive.removable), key=lambda drive: str(drive.mount))
        )

    def holding(self, path: Path) -> Drive | None:
        """Return the drive of the longest mount point above `path`; of two at one point the later hides the other."""
        place = path.resolve()
        above = [mount for mount in self._mounts() if place.is_relative_to(mount[1])]
        if not above:
            return None
        longest = max(len(mount[1].parts) for mount in above)
        return self._drive(*[mount for mount in above if len(mount[1].parts) == longest][-1])

    def _mounts(self) -> list[tuple[str, Path, str, bool]]:
        """Return device, mount point, file system and whether it is writable of every mount."""
        try:
            text = (self._root / "proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return []
        lines = [line.split(" ") for line in text.splitlines() if line.count(" ") >= 3]
        return [
            (_unescaped(device), Path(_unescaped(point)), kind.lower(), "rw" in options.split(","))
            for device, point, kind, options, *_rest in lines
        ]

    def _drive(self, device: str, mount: Path, kind: str, writable: bool) -> Drive | None:
        try:
            free = self._free(mount)
        except OSError:
            return None  # taken out between reading the list and asking
        return Drive(mount, kind, free, removable=self._is_removable(device), writable=writable)

    def _is_removable(self, device: str) -> bool:
        if not device.startswith("/dev/"):
            return False
        name = device.rsplit("/", 1)[1]
        disks = [disk for disk in self._disks() if disk.name == name or (disk / name).is_dir()]
        if device.startswith("/dev/mapper/"):
            disks = [disk for disk in self._disks() if _line(disk / "dm/name") == name]
        return any(self._disk_is_removable(disk) for disk in disks)

    def _disks(self) -> list[Path]:
        folder = self._root / "sys/block"
        return sorted(folder.iterdir()) if folder.is_dir() else []

    def _disk_is_removable(self, disk: Path) -> bool:
        """Tell by the kernel's flag, the bus (USB disks say they are fixed), the card slot, or what lies below."""
        if _line(disk / "removable") == "1" or _line(disk / "device/type") == "SD":
            return True
        if any(re.fullmatch(r"usb\d+", part) for part in disk.resolve().parts):
            return True
        slaves = disk / "slaves"
        below = [slave.name for slave in slaves.iterdir()] if slaves.is_dir() else []
        return any(self._is_removable(f"/dev/{name}") for name in below)


class WindowsDrives:
    """Drives as told by the Windows kernel. A USB hard disk says it is fixed and is then not offered by itself."""

    _REMOVABLE = 2
    _READ_ONLY_VOLUME = 0x0008_0000

    def __init__(self, kernel: Any = None, free: Callable[[Path], int] | None = None) -> None:
        """Take kernel32 (the real one is loaded only on Windows) and what tells the free bytes of a drive."""
        self._kernel = kernel if kernel is not None else _kernel32()
        self._free = free or _free_bytes

    def removable(self) -> tuple[Drive, ...]:
        """Return the removable drives that hold a medium now, ordered by letter."""
        letters = self._kernel.GetLogicalDrives()
        found = (self._drive(f"{letter}:\\") for bit, letter in enumerate(string.ascii_uppercase) if letters >> bit & 1)
        return tuple(drive for drive in found if drive and drive.removable)

    def holding(self, path: Path) -> Drive | None:
        """Return the drive of the volume that `path` is on."""
        volume = ctypes.create_unicode_buffer(1024)
        if not self._kernel.GetVolumePathNameW(str(path), volume, len(volume)):
            return None
        return self._drive(volume.value)

    def _drive(self, volume: str) -> Drive | None:
        name = ctypes.create_unicode_buffer(64)
        flags = ctypes.c_ulong()
        told = self._kernel.GetVolumeInformationW(volume, None, 0, None, None, ctypes.byref(flags), name, len(name))
        if not told:
            return None  # a card reader without a card
        try:
            free = self._free(Path(volume))
        except OSError:
            return None
        return Drive(
            Path(volume),
            name.value.lower(),
            free,
            removable=self._kernel.GetDriveTypeW(volume) == self._REMOVABLE,
            writable=not flags.value & self._READ_ONLY_VOLUME,
        )


def _kernel32() -> Any:
    if sys.platform == "win32":
        return ctypes.WinDLL("kernel32")
    message = "only Windows has this kernel"
    raise OSError(message)


def _free_bytes(mount: Path) -> int:
    return shutil.disk_usage(mount).free


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def _unescaped(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), text)
