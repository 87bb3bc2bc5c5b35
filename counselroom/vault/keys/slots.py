"""Slots: the root key wrapped once for every secret that may open the vault.

A slot carries no person's name: its id is random, and the login name was chosen to be seen on the unlock page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from counselroom.errors import Bug, UserError
from counselroom.i18n import _
from counselroom.vault.keys.argon import KdfParameters, derive
from counselroom.vault.keys.passphrase import normalised
from counselroom.vault.keys.root import SALT_SIZE, RootKey, WrongKey, hkdf, unwrap_key

LOGIN_LIMIT = 64
"""Characters a login name may have."""
DEFAULT_LOGIN = "用户 1"
"""The login name offered for the first account: names nobody."""
WRAPPED_SIZE = 40
"""Bytes of a wrapped key."""
_LABEL = re.compile(rf"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{{1,{LOGIN_LIMIT}}}\Z")
_SLOT_ID = re.compile(r"[0-9a-f]{16}\Z")

Json = dict[str, Any]


class SlotKind(StrEnum):
    """What opens a slot."""

    PASSPHRASE = "passphrase"  # noqa: S105 - a word in a file
    SHEET_A = "sheet_a"
    SHEET_B = "sheet_b"
    BOUND = "bound"
    """A passphrase together with the secret in this machine's keychain."""

    @property
    def is_sheet(self) -> bool:
        """True for a recovery sheet."""
        return self in (SlotKind.SHEET_A, SlotKind.SHEET_B)


class WrongSecret(UserError):
    """No slot opens with what was typed. Does not say which part was wrong."""

    def __init__(self) -> None:
        super().__init__(
            _("This passphrase or recovery sheet doesn't open the vault."),
            _("Nothing was changed."),
            _("Please try again; if the passphrase is forgotten, use a recovery sheet."),
        )


class MachineSecretMissing(UserError):
    """The slot is bound to this machine, and its keychain does not give the secret."""


class SlotUnreadable(ValueError):
    """A slot's JSON is not what this program writes."""


@dataclass(frozen=True)
class Slot:
    """The root key wrapped for one secret.

    Attributes:
        slot_id: 16 hex digits, random.
        kind: what opens it.
        login: the name shown on the unlock page; empty for a sheet.
        salt: 16 random bytes.
        wrapped: the root key wrapped under this slot's key, 40 bytes.
        kdf: parameters of Argon2id; None for a sheet, whose 128 bits need no slow derivation.
    """

    slot_id: str
    kind: SlotKind
    login: str
    salt: bytes
    wrapped: bytes = field(repr=False)
    kdf: KdfParameters | None

    def open(self, secret: bytes, machine_secret: bytes | None = None) -> RootKey:
        """Return the root key.

        Args:
            secret: `normalised` passphrase, or the 16 bytes of a sheet (`recovery_code.decode`).
            machine_secret: 32 bytes of the keychain; used by a bound slot only.

        Raises:
            WrongSecret: the secret is not this slot's.
        """
        try:
            return RootKey(unwrap_key(_wrapping(self.kind, self.kdf, self.salt, secret, machine_secret), self.wrapped))
        except WrongKey:
            raise WrongSecret from None

    def to_json(self) -> Json:
        """Return the slot as JSON values."""
        return {
            "slot_id": self.slot_id,
            "kind": self.kind.value,
            "login": self.login,
            "salt": self.salt.hex(),
            "wrapped": self.wrapped.hex(),
            "kdf": None
            if self.kdf is None
            else {"memory_kib": self.kdf.memory_kib, "passes": self.kdf.passes, "lanes": self.kdf.lanes},
        }

    @classmethod
    def from_json(cls, values: object) -> Slot:
        """Return the slot of JSON values, which may come from a hostile file.

        Raises:
            SlotUnreadable: not what `to_json` gives.
            KdfRefused: parameters outside the limits.
        """
        fields = fields_of(values, cls.__dataclass_fields__)
        kind, login, slot_id = fields["kind"], fields["login"], fields["slot_id"]
        if not (isinstance(kind, str) and kind in {member.value for member in SlotKind}):
            raise SlotUnreadable("kind")
        if not (isinstance(slot_id, str) and _SLOT_ID.match(slot_id)):
            raise SlotUnreadable("slot_id")
        is_sheet = SlotKind(kind).is_sheet
        if not isinstance(login, str) or (login != "" if is_sheet else _LABEL.match(login) is None):
            raise SlotUnreadable("login")
        if is_sheet != (fields["kdf"] is None):
            raise SlotUnreadable("kdf")
        return cls(
            slot_id=slot_id,
            kind=SlotKind(kind),
            login=login,
            salt=hex_bytes(fields["salt"], SALT_SIZE),
            wrapped=hex_bytes(fields["wrapped"], WRAPPED_SIZE),
            kdf=None if is_sheet else _kdf_of(fields["kdf"]),
        )


def passphrase_slot(
    root: RootKey,
    login: str,
    passphrase: str,
    kdf: KdfParameters,
    entropy: Callable[[int], bytes],
    machine_secret: bytes | None = None,
) -> Slot:
    """Return a slot for a passphrase, bound to this machine when a `machine_secret` is given. Takes 0.1 to 1 s.

    Raises:
        UnusableLogin: the login name is empty, too long or holds control characters.
    """
    require_login(login)
    kind = SlotKind.PASSPHRASE if machine_secret is None else SlotKind.BOUND
    return _new_slot(root, kind, login, normalised(passphrase), kdf, entropy, machine_secret)


def recovery_slot(root: RootKey, kind: SlotKind, secret: bytes, entropy: Callable[[int], bytes]) -> Slot:
    """Return a slot for the 16-byte secret of a recovery sheet of `kind` A or B."""
    if not kind.is_sheet:
        message = "a recovery slot is of a sheet"
        raise Bug(message)
    return _new_slot(root, kind, "", secret, None, entropy, None)


class UnusableLogin(UserError):
    """A login name that can't be shown, or that another slot has."""


def require_login(login: str, taken: Iterable[str] = ()) -> None:
    """Refuse a login name that can't be used beside those `taken`.

    Raises:
        UnusableLogin: empty, longer than 64 characters, with control characters, or taken.
    """
    if _LABEL.match(login) is None or login.strip() != login:
        raise UnusableLogin(
            _("A login name has 1 to 64 characters, without line breaks, and no space at its ends."),
            next_step=_("Please choose another one; it is seen before unlocking, so it should name nobody."),
        )
    if login in taken:
        raise UnusableLogin(
            _("This login name is taken."),
            next_step=_("Please choose another one; it is seen before unlocking, so it should name nobody."),
        )


def _new_slot(
    root: RootKey,
    kind: SlotKind,
    login: str,
    secret: bytes,
    kdf: KdfParameters | None,
    entropy: Callable[[int], bytes],
    machine_secret: bytes | None,
) -> Slot:
    slot_id, salt = entropy(8).hex(), entropy(SALT_SIZE)
    from cryptography.hazmat.primitives import keywrap

    wrapped = keywrap.aes_key_wrap(_wrapping(kind, kdf, salt, secret, machine_secret), root.material())
    return Slot(slot_id, kind, login, salt, wrapped, kdf)


def _wrapping(
    kind: SlotKind, kdf: KdfParameters | None, salt: bytes, secret: bytes, machine_secret: bytes | None
) -> bytes:
    """Return the 32-byte key under which a slot holds the root key."""
    if kdf is None:
        return hkdf(secret, "cc/sheet/1", salt=salt)
    if kind is SlotKind.PASSPHRASE:
        return derive(secret, salt, kdf)
    if machine_secret is None:
        raise MachineSecretMissing(
            _("This passphrase works only together with this computer's keychain, which does not answer."),
            _("The vault is unchanged."),
            _("Please log in to the computer again, or open the vault with a recovery sheet."),
        )
    return hkdf(derive(secret, salt, kdf) + machine_secret, "cc/bound/1", salt=salt)


def hex_bytes(value: object, size: int) -> bytes:
    """Return the `size` bytes that a JSON value gives in lower-case hex. Raises SlotUnreadable."""
    if not isinstance(value, str) or re.fullmatch(f"[0-9a-f]{{{2 * size}}}", value) is None:
        raise SlotUnreadable("hex")
    return bytes.fromhex(value)


def fields_of(values: object, names: Iterable[str]) -> Json:
    """Return the JSON object `values` when it has exactly the fields `names`. Raises SlotUnreadable."""
    if not isinstance(values, dict) or values.keys() != set(names):
        raise SlotUnreadable("fields")
    return values


def _kdf_of(values: object) -> KdfParameters:
    fields = fields_of(values, KdfParameters.__dataclass_fields__)
    if any(type(value) is not int for value in fields.values()):
        raise SlotUnreadable("kdf")
    return KdfParameters(**fields)
