from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import Any, ClassVar

import pytest

from counselroom.desktop import drives
from counselroom.desktop.drives import Drive, LinuxDrives, WindowsDrives, drives_of_this_machine


class Machine:
    """A fake `/proc` and `/sys` with a fixed disk, and mount points that really exist."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self.media = folder / "media"
        (self.root / "proc/self").mkdir(parents=True)
        (self.root / "sys/block").mkdir(parents=True)
        self.mounts: list[str] = []
        self.disk("sda", "pci0000:00/ata1/host0", removable="0", parts=["sda1"])

    def disk(self, name: str, bus: str, *, removable: str, parts: list[str], kind: str = "") -> Path:
        real = self.root / "sys/devices" / bus / "block" / name
        for part in parts:
            (real / part).mkdir(parents=True)
        (real / "device").mkdir(parents=True)
        (real / "removable").write_text(removable + "\n")
        if kind:
            (real / "device/type").write_text(kind + "\n")
        (self.root / "sys/block" / name).symlink_to(real)
        return real

    def mount(self, device: str, name: str, kind: str, options: str = "rw,nosuid") -> Path:
        point = self.media / name
        point.mkdir(parents=True, exist_ok=True)
        escaped = str(point).replace(" ", "\\040")
        self.mounts.append(f"{device} {escaped} {kind} {options} 0 0\n")
        (self.root / "proc/self/mounts").write_text("".join(self.mounts))
        return point

    def drives(self) -> LinuxDrives:
        return LinuxDrives(self.root, free=lambda _mount: 1000)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_stick_is_removable_and_a_built_in_disk_is_not(machine: Machine) -> None:
    machine.disk("sdb", "pci0/host4", removable="1", parts=["sdb1"])
    machine.mount("/dev/sda1", "home", "ext4")
    stick = machine.mount("/dev/sdb1", "MY STICK", "vfat")
    assert machine.drives().removable() == (Drive(stick, "vfat", 1000, removable=True, writable=True),)


def test_a_usb_hard_disk_is_removable_although_the_kernel_says_fixed(machine: Machine) -> None:
    machine.disk("sdc", "pci0/usb2/2-1", removable="0", parts=["sdc1"])
    place = machine.mount("/dev/sdc1", "disk", "exfat")
    assert [drive.mount for drive in machine.drives().removable()] == [place]


def test_a_stick_without_partitions_is_found(machine: Machine) -> None:
    machine.disk("sdd", "pci0/usb2/2-2", removable="1", parts=[])
    place = machine.mount("/dev/sdd", "whole", "vfat", "ro,nosuid")
    (found,) = machine.drives().removable()
    assert (found.mount, found.writable) == (place, False)


def test_a_memory_card_is_removable_and_soldered_memory_is_not(machine: Machine) -> None:
    machine.disk("mmcblk0", "platform/mmc0", removable="0", parts=["mmcblk0p1"], kind="MMC")
    machine.disk("mmcblk1", "platform/mmc1", removable="0", parts=["mmcblk1p1"], kind="SD")
    machine.mount("/dev/mmcblk0p1", "soldered", "ext4")
    card = machine.mount("/dev/mmcblk1p1", "card", "exfat")
    assert [drive.mount for drive in machine.drives().removable()] == [card]


def test_an_encrypted_stick_is_as_removable_as_what_lies_below(machine: Machine) -> None:
    machine.disk("sdb", "pci0/usb2", removable="1", parts=["sdb1"])
    for name, label, below in (("dm-0", "luks-stick", "sdb1"), ("dm-1", "luks-root", "sda1")):
        real = machine.disk(name, "virtual", removable="0", parts=[])
        (real / "dm").mkdir()
        (real / "dm/name").write_text(label + "\n")
        (real / "slaves" / below).mkdir(parents=True)
    machine.mount("/dev/mapper/luks-root", "root", "ext4")
    stick = machine.mount("/dev/mapper/luks-stick", "stick", "ext4")
    assert [drive.mount for drive in machine.drives().removable()] == [stick]


def test_what_has_no_device_is_not_removable(machine: Machine) -> None:
    machine.mount("tmpfs", "tmp", "tmpfs")
    machine.mount("//server/share", "net", "cifs")
    assert machine.drives().removable() == ()


def test_a_medium_taken_out_meanwhile_is_left_out(machine: Machine) -> None:
    machine.disk("sdb", "pci0/usb2", removable="1", parts=["sdb1"])
    machine.mount("/dev/sdb1", "gone", "vfat").rmdir()
    assert LinuxDrives(machine.root).removable() == ()
    assert LinuxDrives(machine.root).holding(machine.media / "gone") is None


def test_the_drive_that_holds_a_path_is_that_of_the_longest_mount_point(machine: Machine) -> None:
    machine.mount("/dev/sda1", ".", "ext4")
    stick = machine.mount("/dev/sda1", "stick", "vfat")
    machine.mount("/dev/sda1", "stick", "exfat", "ro")
    found = machine.drives()
    over = found.holding(stick / "backups" / "not yet there")
    assert over is not None
    assert (over.mount, over.file_system, over.writable) == (stick, "exfat", False)
    beside = found.holding(machine.media / "sticky")
    assert beside is not None
    assert beside.file_system == "ext4"
    assert found.holding(Path("/nowhere")) is None


def test_a_machine_that_tells_nothing_has_no_drives(tmp_path: Path) -> None:
    assert LinuxDrives(tmp_path).removable() == ()
    assert LinuxDrives(tmp_path).holding(tmp_path) is None
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/mounts").write_text(f"broken\n/dev/sdb1 {tmp_path} vfat rw 0 0\n")
    found = LinuxDrives(tmp_path).holding(tmp_path)
    assert found is not None
    assert not found.removable
    assert found.free > 0


@pytest.mark.parametrize(
    ("kind", "limit"), [("vfat", 2**32 - 1), ("fat32", 2**32 - 1), ("exfat", None), ("ntfs", None)]
)
def test_fat_ends_at_four_gibibytes(kind: str, limit: int | None) -> None:
    assert Drive(Path("/m"), kind, 1, removable=True, writable=True).largest_file == limit


@pytest.mark.skipif(sys.platform == "win32", reason="needs Linux")
def test_this_machine_answers() -> None:
    found = drives_of_this_machine()
    assert isinstance(found, LinuxDrives)
    assert all(drive.removable for drive in found.removable())
    with pytest.raises(OSError, match="only Windows"):
        WindowsDrives()


class FakeKernel:
    """Answers as kernel32 does: C: fixed, E: a stick, F: a card reader without a card, G: a locked stick."""

    volumes: ClassVar = {"C:\\": (3, "NTFS", 0), "E:\\": (2, "FAT32", 0), "G:\\": (2, "exFAT", 0x80000)}

    def GetLogicalDrives(self) -> int:
        return 0b1110100

    def GetDriveTypeW(self, volume: str) -> int:
        return self.volumes[volume][0]

    def GetVolumeInformationW(self, volume: str, *rest: Any) -> int:
        if volume not in self.volumes:
            return 0
        rest[4]._obj.value = self.volumes[volume][2]
        rest[5].value = self.volumes[volume][1]
        return 1

    def GetVolumePathNameW(self, path: str, buffer: Any, size: int) -> int:
        assert size == ctypes.sizeof(buffer) // ctypes.sizeof(ctypes.c_wchar)
        if path.startswith("?"):
            return 0
        buffer.value = path[:3]
        return 1


def test_windows_tells_its_sticks() -> None:
    found = WindowsDrives(FakeKernel(), free=lambda _volume: 7)
    assert found.removable() == (
        Drive(Path("E:\\"), "fat32", 7, removable=True, writable=True),
        Drive(Path("G:\\"), "exfat", 7, removable=True, writable=False),
    )


def test_windows_tells_the_drive_of_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    found = WindowsDrives(FakeKernel(), free=lambda _volume: 7)
    held = found.holding(Path("E:\\backups"))
    assert held is not None
    assert held.largest_file == drives.FAT_LARGEST_FILE
    assert found.holding(Path("?")) is None

    def gone(_volume: Path) -> int:
        raise OSError

    assert WindowsDrives(FakeKernel(), free=gone).holding(Path("E:\\backups")) is None
