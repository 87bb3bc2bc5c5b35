"""Killed, full and too small: whatever stops a backup or a restore, what was there before is still there."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from counselroom.errors import UserError
from counselroom.vault.audit import audit_keys, verify_chain
from counselroom.vault.backup import BackupTooLarge, NoSpaceForBackup, driver_connection
from counselroom.vault.check import check_vault
from counselroom.vault.image import digest_tables
from counselroom.vault.progress import Step, silent
from counselroom.vault.restore import restore_backup
from counselroom.vault.vault import Sheet, unlock_vault
from counselroom.vault.verification import verify_backup
from tests.faults.scale import count
from tests.vault.backup_support import Anchors, Office, file_digest

pytestmark = pytest.mark.faults
IN_SIGHT = ".crbackup"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "office")
    office.add_students(150, note="k" * 4000)
    yield office
    office.vault.close()


def in_child(work: Callable[[], None]) -> int:
    """Run `work` in a forked child and return its process id. The child never returns into pytest."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    finally:
        os._exit(code)


Signs = Callable[[Step, int, int], None]


class Reaper:
    """Kills work at random places: after one of its signs of progress, and a random while later."""

    def __init__(self, work: Callable[[Signs], None], seed: int) -> None:
        self._work = work
        self._chance = random.Random(seed)
        self.signs, _killed = self._watch(None)

    def strike(self) -> bool:
        """Run the work once and kill it; return whether it was still at work."""
        return self._watch(self._chance.randrange(self.signs))[1]

    def _watch(self, last: int | None) -> tuple[int, bool]:
        listen, tell = os.pipe()
        child = in_child(lambda: self._work(lambda _step, _done, _whole: os.write(tell, b".") and None))
        os.close(tell)
        seen = 0
        while (last is None or seen < last) and os.read(listen, 1):
            seen += 1
        if last is not None:
            time.sleep(self._chance.uniform(0.0, 0.03))
            os.kill(child, signal.SIGKILL)  # a zombie of a finished child takes it too
        status = os.waitpid(child, 0)[1]
        os.close(listen)
        assert last is not None or status == 0
        return seen, os.WIFSIGNALED(status)


def test_killed_backups(office: Office) -> None:
    old = office.backup().path
    digest = file_digest(old)
    rows = verify_backup(old).header.rows
    office.vault.close()

    def back_up(signs: Signs) -> None:
        office.vault = office.unlock()
        office.clock.forward(hours=random.randrange(1, 10**6))
        office.backup(progress=signs)

    reaper, killed = Reaper(back_up, 7), 0
    for _number in range(count(ci=12, more=60, full=100)):
        killed += reaper.strike()
        assert file_digest(old) == digest
        for name in office.names():
            if name.endswith(IN_SIGHT):
                found = verify_backup(office.stick / name, sheet=office.sheet_a)
                assert found.header.rows >= rows
        office.vault = office.unlock()
        assert office.vault.read_only is None
        office.vault.close()
    assert killed >= count(ci=12, more=60, full=100) // 2
    office.vault = office.unlock()
    assert check_vault(office.vault).ok
    office.clock.forward(days=10**5)
    office.backup()
    assert not [name for name in office.names() if not name.endswith(IN_SIGHT)]
    assert not (office.vault.folder / "backup.building").exists()


def test_killed_restores(office: Office) -> None:
    backup = office.backup().path
    digest = file_digest(backup)
    with office.vault.reading() as session:
        expected = digest_tables(driver_connection(session))
    office.vault.close()
    target = office.folder / "new"

    def restore(signs: Signs) -> None:
        restore_backup(
            backup,
            target,
            sheet=office.sheet_b,
            login=None,
            now=office.clock,
            entropy=os.urandom,
            anchors=None,
            progress=signs,
        )

    reaper, killed = Reaper(restore, 8), 0
    repetitions = count(ci=12, more=60, full=100)
    for _number in range(repetitions):
        shutil.rmtree(target, ignore_errors=True)
        killed += reaper.strike()
        assert file_digest(backup) == digest
        if target.exists():
            vault = unlock_vault(target, Sheet(office.sheet_a), anchors=Anchors(), now=office.clock)
            assert vault.read_only is None
            with vault.reading() as session:
                found = digest_tables(driver_connection(session))
                assert verify_chain(session, audit_keys(session, vault.root)).ok
            assert {table for table in expected if expected[table] != found[table]} == {"audit_log", "vault_meta"}
            vault.close()
    assert killed >= repetitions // 2
    shutil.rmtree(target, ignore_errors=True)
    restore(silent)
    assert target.is_dir()
    assert not target.with_name("new.part").exists()
    office.vault = office.unlock()
    assert check_vault(office.vault).ok


def outcome(work: Callable[[], object], kind: type[UserError]) -> int:
    """Return 0 when `work`, in a child, is refused as `kind`; the child's limits die with it."""

    def attempt() -> None:
        try:
            work()
        except kind:
            return
        raise SystemExit("not refused")

    return os.waitstatus_to_exitcode(os.waitpid(in_child(attempt), 0)[1])


def test_a_medium_that_takes_no_larger_file(office: Office) -> None:
    """As FAT32 at 4 GiB - 1: the system refuses the write in the middle of the copy."""
    old = office.backup().path
    digest = file_digest(old)
    office.vault.close()

    def limited(step: Step, done: int, _whole: int) -> None:
        if step is Step.IMAGE and done == _whole:
            resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))

    def back_up() -> None:
        office.vault = office.unlock()
        office.backup(progress=limited)

    for _number in range(5):
        assert outcome(back_up, BackupTooLarge) == 0
        assert office.names() == [old.name]
        assert file_digest(old) == digest
        shutil.rmtree(office.folder / "keep", ignore_errors=True)
    office.vault = office.unlock()
    assert check_vault(office.vault).ok


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("needs root: mounting is not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill_up(path: Path) -> None:
    """Write until the disk is full."""
    with path.open("wb", buffering=0) as stream, suppress(OSError):
        while True:
            stream.write(bytes(65536))


@pytest.mark.needs_root
@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs root")
def test_a_stick_that_fills_up_while_it_is_written(office: Office, tmp_path: Path) -> None:
    old = office.backup().path
    size = old.stat().st_size
    with small_disk(tmp_path / "small", 3 * size + 2_000_000) as stick:
        kept = stick / old.name
        shutil.copyfile(old, kept)
        office.stick = stick
        office.clock.forward(days=1)
        for part in (0.0, 0.3, 0.9):

            def fill(step: Step, done: int, whole: int, part: float = part) -> None:
                if step is Step.COPY and done >= whole * part and not (stick / "film.mp4").exists():
                    fill_up(stick / "film.mp4")

            with pytest.raises(NoSpaceForBackup):
                office.backup(progress=fill)
            assert office.names() == ["film.mp4", old.name] or office.names() == [old.name, "film.mp4"]
            assert file_digest(kept) == file_digest(old)
            (stick / "film.mp4").unlink()
        (stick / "film.mp4").write_bytes(bytes(2 * size))
        with pytest.raises(NoSpaceForBackup):  # told before anything is written
            office.backup()
        (stick / "film.mp4").unlink()
        verify_backup(office.backup().path, sheet=office.sheet_b)


@pytest.mark.needs_root
@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs root")
def test_a_full_disk_beside_the_vault(office: Office, tmp_path: Path) -> None:
    """The image does not fit beside the vault; vault and stick are as before, and with room again it works."""
    office.vault.close()
    vault = office.folder / "vault"
    size = (vault / "records.db").stat().st_size
    with small_disk(tmp_path / "disk", 2 * size + 6_000_000) as disk:
        shutil.copytree(vault, disk / "vault")
        shutil.rmtree(vault)
        vault.symlink_to(disk / "vault")
        office.vault = office.unlock()

        def fill(step: Step, done: int, _whole: int) -> None:
            if step is Step.CHECK and done == 1:
                fill_up(disk / "film.mp4")

        with pytest.raises(NoSpaceForBackup):
            office.backup(progress=fill)
        assert office.names() == []
        (disk / "film.mp4").unlink()
        office.backup()
        assert check_vault(office.vault).ok
        office.vault.close()
        vault.unlink()
        shutil.copytree(disk / "vault", vault)
    office.vault = office.unlock()
