from __future__ import annotations

import hashlib
import json
import secrets
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from counselroom.vault import backup, trailer, verification
from counselroom.vault.audit import AuditHead
from counselroom.vault.image import copy_database
from counselroom.vault.keys.recovery_code import RecoveryCodeError, encode
from counselroom.vault.keys.root import RootKey
from counselroom.vault.opening import create_database
from counselroom.vault.progress import Cancelled, Step
from counselroom.vault.trailer import Header, ImageDigest
from counselroom.vault.verification import (
    BackupDamaged,
    BackupForged,
    BackupMissing,
    BackupOfOtherKey,
    BackupTooNew,
    NotABackup,
    WrongSheetForBackup,
    verify_backup,
)
from tests.vault.backup_support import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path / "office")
    office.add_students(5)
    yield office
    office.vault.close()


@pytest.fixture
def made(office: Office) -> Path:
    return office.backup().path


def test_without_a_secret_a_whole_backup_is_whole_but_not_proved(office: Office, made: Path) -> None:
    found = verify_backup(made)
    assert (found.path, found.genuine) == (made, False)
    assert found.header.vault_id == office.vault.vault_id


def test_either_sheet_or_the_vault_proves_it(office: Office, made: Path) -> None:
    for proof in ({"sheet": office.sheet_a}, {"sheet": office.sheet_b}, {"root": office.vault.root}):
        seen: list[Step] = []
        found = verify_backup(made, **proof, progress=lambda step, _done, _whole, seen=seen: seen.append(step))  # type: ignore[arg-type] # keyword arguments
        assert found.genuine
        assert set(seen) == {Step.READ_BACK, Step.VERIFY}


def test_verifying_changes_nothing_and_leaves_nothing_beside_the_file(office: Office, made: Path) -> None:
    before = made.read_bytes(), made.stat().st_mtime_ns
    verify_backup(made, sheet=office.sheet_a)
    assert (made.read_bytes(), made.stat().st_mtime_ns) == before
    assert office.names() == [made.name]


def test_a_file_on_a_read_only_medium_is_verified(office: Office, made: Path) -> None:
    made.chmod(0o400)
    office.stick.chmod(0o500)
    try:
        assert verify_backup(made, sheet=office.sheet_a).genuine
    finally:
        office.stick.chmod(0o700)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(BackupMissing):
        verify_backup(tmp_path / "none.crbackup")
    with pytest.raises(BackupMissing):
        verify_backup(tmp_path)


@pytest.mark.parametrize("content", [b"", b"x", bytes(4096), b"PK\x03\x04" + bytes(9000)])
def test_what_is_not_a_backup(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.crbackup"
    path.write_bytes(content)
    with pytest.raises(NotABackup):
        verify_backup(path)


def test_a_digit_wrong_on_the_sheet(office: Office, made: Path) -> None:
    digits = office.sheet_a
    with pytest.raises(RecoveryCodeError) as refused:
        verify_backup(made, sheet=str((int(digits[0]) + 1) % 7) + digits[1:])
    assert refused.value.groups == (1,)


def test_a_right_sheet_of_another_vault(made: Path) -> None:
    with pytest.raises(WrongSheetForBackup) as refused:
        verify_backup(made, sheet=encode(secrets.token_bytes(16)))
    assert verify_backup(made).header.root_fingerprint in refused.value.next_step


def test_the_root_of_another_vault(made: Path) -> None:
    with pytest.raises(BackupOfOtherKey):
        verify_backup(made, root=RootKey(secrets.token_bytes(32)))


def reseal(path: Path, *, key: bytes | None = None, image: bytes | None = None, **changes: Any) -> Path:
    """Forge a backup: another header or image, every plain digest made anew, the MAC under `key` or kept."""
    raw = path.read_bytes()
    with path.open("rb") as stream:
        found = trailer.read(stream)
    pages = image if image is not None else raw[: found.header.image_bytes]
    fields = json.loads(found.header.to_bytes()) | {
        "image_bytes": len(pages),
        "image_sha256": hashlib.sha256(pages).hexdigest(),
    }
    header = json.dumps(fields | changes, sort_keys=True, separators=(",", ":")).encode()
    tail = struct.Struct(">32s32sI16s")
    size = -(-(len(header) + tail.size) // 4096) * 4096
    sealed = header.ljust(size - tail.size, b"\0")
    mac = found.mac if key is None else trailer._mac(sealed, key)
    digest = hashlib.sha256(pages + sealed + mac).digest()
    forged = path.with_name(f"forged{len(list(path.parent.iterdir()))}.crbackup")
    forged.write_bytes(pages + sealed + tail.pack(mac, digest, len(header), raw[-16:]))
    return forged


@pytest.mark.parametrize("changes", [{"rows": 1}, {"generation": 999}, {"audit_hash": "00" * 32}, {"audit_seq": 1}])
def test_a_rehashed_forgery_passes_without_a_secret_and_fails_with_one(
    office: Office, made: Path, changes: dict[str, Any]
) -> None:
    forged = reseal(made, **changes)
    assert not verify_backup(forged).genuine
    for proof in ({"sheet": office.sheet_a}, {"root": office.vault.root}):
        with pytest.raises(BackupForged):
            verify_backup(forged, **proof)  # type: ignore[arg-type] # keyword arguments


def test_another_image_under_the_same_header_is_a_forgery(office: Office, made: Path) -> None:
    forged = reseal(made, image=secrets.token_bytes(8192))
    with pytest.raises(BackupForged):
        verify_backup(forged, root=office.vault.root)


def test_slots_that_are_not_ours_are_a_forgery(office: Office, made: Path) -> None:
    slots = verify_backup(made).header.recovery_slots
    hostile = dict(slots[0]) | {
        "kind": "passphrase",
        "login": "x",
        "kdf": {"memory_kib": 2**30, "passes": 3, "lanes": 4},
    }
    for changed in ([{"kind": "sheet_a"}], [hostile]):
        with pytest.raises(BackupForged):
            verify_backup(reseal(made, recovery_slots=changed), sheet=office.sheet_a)


def test_slots_of_a_stranger_open_nothing_of_ours(office: Office, made: Path) -> None:
    with pytest.raises(WrongSheetForBackup):
        verify_backup(reseal(made, recovery_slots=[]), sheet=office.sheet_a)


def mac_key(office: Office, made: Path) -> bytes:
    return office.vault.root.backup_mac_key(bytes.fromhex(verify_backup(made).header.salt))


@pytest.mark.parametrize("changes", [{"rows": 1}, {"generation": 999}, {"audit_seq": 1}, {"vault_id": "0" * 32}])
def test_a_genuine_header_about_another_content_is_refused(office: Office, made: Path, changes: dict[str, Any]) -> None:
    """Only somebody with the key could make this; the count is compared all the same."""
    forged = reseal(made, key=mac_key(office, made), **changes)
    with pytest.raises(BackupForged):
        verify_backup(forged, root=office.vault.root)


def test_a_genuine_image_that_is_broken_is_damage(office: Office, made: Path) -> None:
    image = bytearray(made.read_bytes()[: verify_backup(made).header.image_bytes])
    image[5 * 4096 : 6 * 4096] = secrets.token_bytes(4096)
    broken = reseal(made, key=mac_key(office, made), image=bytes(image))
    assert not verify_backup(broken).genuine
    with pytest.raises(BackupDamaged):
        verify_backup(broken, root=office.vault.root)


def test_a_genuine_image_that_is_no_vault_is_refused(office: Office, made: Path, tmp_path: Path) -> None:
    salt = bytes.fromhex(verify_backup(made).header.salt)
    key = office.vault.root.backup_database_key(salt)
    with closing(create_database(tmp_path / "empty.db", key)) as empty:
        empty.execute("CREATE TABLE t (x)")
        copy_database(empty, tmp_path / "image", key, lambda _done, _whole: None)
    forged = reseal(made, key=mac_key(office, made), image=(tmp_path / "image").read_bytes())
    with pytest.raises(BackupForged):
        verify_backup(forged, root=office.vault.root)


def test_a_newer_format_says_so(office: Office, made: Path) -> None:
    with pytest.raises(BackupTooNew):
        verify_backup(reseal(made, format=2))


def test_stopping(office: Office, made: Path) -> None:
    with pytest.raises(Cancelled):
        verify_backup(made, cancel=lambda: True)
    seen: list[Step] = []
    with pytest.raises(Cancelled):
        verify_backup(
            made,
            root=office.vault.root,
            progress=lambda step, _done, _whole: seen.append(step),
            cancel=lambda: Step.VERIFY in seen,
        )


def test_an_empty_audit_log_is_head_nought(tmp_path: Path) -> None:
    key = "ab" * 32
    with closing(create_database(tmp_path / "v.db", key)) as connection:
        connection.executescript(
            "CREATE TABLE vault_meta (key, value); CREATE TABLE audit_log (seq, hash);"
            "INSERT INTO vault_meta VALUES ('vault_id', 'x'), ('generation', '3');"
        )
        found = verification.summarise(connection)
    assert (found.audit_seq, found.audit_hash) == (0, AuditHead(0, bytes(32).hex()).audit_hash)
    assert (found.generation, found.rows) == (3, 2)


def test_the_seal_is_that_of_the_trailer_module(office: Office, made: Path) -> None:
    """The forger above and the program agree, so that a failing forgery fails for the right reason."""
    raw = made.read_bytes()
    header = verify_backup(made).header
    image = ImageDigest()
    image.update(raw[: header.image_bytes])
    assert isinstance(header, Header)
    assert trailer.seal(image, header, mac_key(office, made)) == raw[header.image_bytes :]
    assert reseal(made, key=mac_key(office, made)).read_bytes() == raw
    assert backup.SUFFIX == ".crbackup"
