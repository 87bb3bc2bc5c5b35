"""A vault's page overwritten with random bytes: refused when it is needed to unlock, else found by the check."""

from __future__ import annotations

import random
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from counselroom.vault.backup import VaultDamaged, driver_connection, write_backup
from counselroom.vault.check import CheckPart, check_vault
from counselroom.vault.engine import NotSaved
from counselroom.vault.image import digest_tables
from counselroom.vault.opening import DatabaseDamaged, DatabaseRefused
from counselroom.vault.vault import Sheet, unlock_vault
from tests.faults.scale import count
from tests.vault.backup_support import NAME, Anchors, Office

pytestmark = pytest.mark.faults


def test_random_pages(tmp_path: Path) -> None:
    office = Office(tmp_path / "office")
    office.add_students(30, note="p" * 2000)
    office.vault.close()
    chance, whole = random.Random(9), office.folder / "vault"
    pages = (whole / "records.db").stat().st_size // 4096
    refused = found = 0
    for _number in range(count(ci=25, more=100, full=400)):
        folder = tmp_path / "victim"
        shutil.copytree(whole, folder)
        with (folder / "records.db").open("r+b") as stream:
            stream.seek(4096 * chance.randrange(pages))
            stream.write(chance.randbytes(4096))
        damaged = (folder / "records.db").read_bytes()
        try:
            vault = unlock_vault(folder, Sheet(office.sheet_a), anchors=Anchors(), now=office.clock)
        except DatabaseRefused:
            refused += 1
            assert (folder / "records.db").read_bytes() == damaged  # not a byte of it was changed
        else:
            with suppress(DatabaseDamaged), vault.reading() as session:  # nothing else is raised, whatever is read
                digest_tables(driver_connection(session))
            report = check_vault(vault)
            assert CheckPart.FILE in {finding.part for finding in report.findings}
            with pytest.raises(VaultDamaged):
                write_backup(vault, office.stick, name=NAME, now=office.clock, entropy=random.randbytes)
            assert office.names() == []
            found += 1
            with suppress(NotSaved):  # a connection that met the page can't write the closing row any more
                vault.close()
        shutil.rmtree(folder)
    assert found > refused
