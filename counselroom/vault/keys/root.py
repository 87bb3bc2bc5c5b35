"""The root key: 32 random bytes from which every other key of a vault is derived.

It exists only wrapped in slots or in the memory of an unlocked process. HKDF-SHA256 with one label per purpose gives
the keys, so that no key tells anything about another.
"""

from __future__ import annotations

from collections.abc import Callable

from counselroom.errors import Bug, UserError
from counselroom.i18n import _

KEY_SIZE = 32
"""Bytes of the root key and of every derived key."""
SALT_SIZE = 16
"""Bytes of a backup's or a slot's salt."""


class WrongKey(UserError):
    """A wrapped key was made under another key than the one at hand."""


def hkdf(material: bytes | bytearray, label: str, *, salt: bytes | None = None, size: int = KEY_SIZE) -> bytes:
    """Return `size` bytes derived by HKDF-SHA256 from `material` for the purpose `label`."""
    # Imported when a secret was typed: the locked page is there sooner without.
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=size, salt=salt, info=label.encode("ascii")).derive(material)


def unwrap_key(wrapping: bytes, wrapped: bytes) -> bytes:
    """Return the 32-byte key that was wrapped (AES key wrap, RFC 3394) under `wrapping`.

    Raises:
        WrongKey: it was wrapped under another key, or is damaged.
    """
    from cryptography.hazmat.primitives import keywrap

    try:
        key = keywrap.aes_key_unwrap(wrapping, wrapped)
    except keywrap.InvalidUnwrap:
        key = b""
    if len(key) != KEY_SIZE:
        raise WrongKey(_("This key doesn't fit."))
    return key


class RootKey:
    """The only secret of a vault; all others are derived from it or wrapped under it."""

    def __init__(self, material: bytes | bytearray) -> None:
        if len(material) != KEY_SIZE:
            message = "a root key has 32 bytes"
            raise Bug(message)
        self._material = bytearray(material)

    @classmethod
    def generate(cls, entropy: Callable[[int], bytes]) -> RootKey:
        """Return a new root key of 32 bytes from `entropy` (`secrets.token_bytes`)."""
        return cls(entropy(KEY_SIZE))

    def _derive(self, label: str, salt: bytes | None = None, size: int = KEY_SIZE) -> bytes:
        if not any(self._material):
            message = "a wiped root key was used"
            raise Bug(message)
        return hkdf(self._material, label, salt=salt, size=size)

    def database_key(self) -> str:
        """Return SQLCipher's raw key of the vault's database as 64 lower-case hex digits."""
        return self._derive("cc/db/1").hex()

    def audit_key(self) -> bytes:
        """Return the 32-byte HMAC key of the audit epoch that began with this root key."""
        return self._derive("cc/audit/1")

    def backup_database_key(self, salt: bytes) -> str:
        """Return the raw key (64 hex digits) of the backup image with this `salt` (16 bytes)."""
        return self._derive("cc/backup-db/1", _checked(salt)).hex()

    def backup_mac_key(self, salt: bytes) -> bytes:
        """Return the 32-byte HMAC key of the backup trailer with this `salt` (16 bytes)."""
        return self._derive("cc/backup-mac/1", _checked(salt))

    def slots_mac_key(self) -> bytes:
        """Return the 32-byte HMAC key of the slot file."""
        return self._derive("cc/slots/1")

    def state_mac_key(self) -> bytes:
        """Return the 32-byte HMAC key of `vault.state`."""
        return self._derive("cc/state/1")

    def wrap(self, secret: bytes) -> bytes:
        """Return another 32-byte key wrapped under a key of this root: 40 bytes."""
        from cryptography.hazmat.primitives import keywrap

        return keywrap.aes_key_wrap(self._derive("cc/wrap/1"), secret)

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return the key that `wrap` wrapped.

        Raises:
            WrongKey: it was wrapped under another root, or is damaged.
        """
        return unwrap_key(self._derive("cc/wrap/1"), wrapped)

    def fingerprint(self) -> str:
        """Return 8 hex digits that tell this root key from others; printed on recovery sheets, tells nothing else."""
        return self._derive("cc/fingerprint/1", size=4).hex()

    def material(self) -> bytes:
        """Return the 32 bytes themselves, for wrapping them into a slot and for nothing else."""
        return bytes(self._material)

    def wipe(self) -> None:
        """Overwrite the key in memory. Derived keys and copies made by libraries stay: a lock ends the process."""
        self._material[:] = bytes(KEY_SIZE)


def _checked(salt: bytes) -> bytes:
    if len(salt) != SALT_SIZE:
        message = "a salt has 16 bytes"
        raise Bug(message)
    return salt
