"""The root key: known answers for every label, and what a wrapped key refuses."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from counselroom.errors import Bug
from counselroom.vault.keys.root import RootKey, WrongKey, hkdf, unwrap_key

MATERIAL = bytes(range(32))
SALT = bytes(range(16))


def reference_hkdf(material: bytes, info: bytes, salt: bytes, size: int) -> bytes:
    """RFC 5869 by hand, independent of the library under test."""
    key = hmac.digest(salt, material, "sha256")
    out, block = b"", b""
    while len(out) < size:
        block = hmac.digest(key, block + info + bytes([len(out) // 32 + 1]), "sha256")
        out += block
    return out[:size]


@pytest.mark.parametrize(
    ("label", "salt", "of_root"),
    [
        (b"cc/db/1", bytes(32), lambda root: bytes.fromhex(root.database_key())),
        (b"cc/audit/1", bytes(32), lambda root: root.audit_key()),
        (b"cc/slots/1", bytes(32), lambda root: root.slots_mac_key()),
        (b"cc/state/1", bytes(32), lambda root: root.state_mac_key()),
        (b"cc/backup-db/1", SALT, lambda root: bytes.fromhex(root.backup_database_key(SALT))),
        (b"cc/backup-mac/1", SALT, lambda root: root.backup_mac_key(SALT)),
    ],
)
def test_each_purpose_has_its_label(label, salt, of_root):
    assert of_root(RootKey(MATERIAL)) == reference_hkdf(MATERIAL, label, salt, 32)


def test_known_answers():
    root = RootKey(MATERIAL)
    assert root.database_key() == "a08f086019a8a7fc4687708245d83be2951ef7115b570a48e7d905117864744f"
    assert root.fingerprint() == "830f9d58"
    assert root.wrap(bytes(range(32, 64))).hex() == (
        "492fcbd75bab54a1027f9d5ae2f7e5ee26239330fadc23422e45871027c14f5508aa9454d3aea2a4"
    )


def test_hkdf_gives_the_size_asked_for():
    assert hkdf(b"secret", "cc/x", salt=b"s", size=40) == reference_hkdf(b"secret", b"cc/x", b"s", 40)
    assert len(hkdf(b"secret", "cc/x")) == 32


def test_wrapped_key_comes_back_under_the_same_root_only():
    root, secret = RootKey(MATERIAL), hashlib.sha256(b"epoch").digest()
    wrapped = root.wrap(secret)
    assert len(wrapped) == 40
    assert root.unwrap(wrapped) == secret
    with pytest.raises(WrongKey, match="这把密钥不匹配"):
        RootKey(bytes(31) + b"\1").unwrap(wrapped)
    for position in range(40):
        damaged = bytearray(wrapped)
        damaged[position] ^= 1
        with pytest.raises(WrongKey):
            root.unwrap(bytes(damaged))


def test_wrapped_key_of_another_length_is_refused():
    from cryptography.hazmat.primitives.keywrap import aes_key_wrap

    wrapping = bytes(range(32))
    with pytest.raises(WrongKey):
        unwrap_key(wrapping, aes_key_wrap(wrapping, bytes(24)))
    with pytest.raises(WrongKey):
        unwrap_key(wrapping, b"")
    assert unwrap_key(wrapping, aes_key_wrap(wrapping, MATERIAL)) == MATERIAL


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_root_key_has_32_bytes(size):
    with pytest.raises(Bug, match="a root key has 32 bytes"):
        RootKey(bytes(size))


@pytest.mark.parametrize("size", [0, 15, 17])
def test_a_backup_salt_has_16_bytes(size):
    root = RootKey(MATERIAL)
    with pytest.raises(Bug, match="a salt has 16 bytes"):
        root.backup_database_key(bytes(size))
    with pytest.raises(Bug, match="a salt has 16 bytes"):
        root.backup_mac_key(bytes(size))


def test_generate_takes_32_bytes_of_entropy():
    asked = []

    def entropy(size: int) -> bytes:
        asked.append(size)
        return bytes([7]) * size

    assert RootKey.generate(entropy).material() == bytes([7]) * 32
    assert asked == [32]


def test_wipe_leaves_nothing_and_is_noticed():
    material = bytearray(MATERIAL)
    root = RootKey(material)
    root.wipe()
    assert root.material() == bytes(32)
    assert material == MATERIAL  # its own copy was wiped, not the caller's
    for use in (root.database_key, root.fingerprint, root.state_mac_key):
        with pytest.raises(Bug, match="a wiped root key was used"):
            use()
