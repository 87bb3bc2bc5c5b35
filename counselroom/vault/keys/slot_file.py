"""The slot file `vault.keys`, kept twice, because losing it loses the vault.

Its SHA-256 tells damage from a wrong secret before anything is tried; its HMAC under the root key, checked once a slot
has opened, tells a forged file from a genuine one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from counselroom.errors import Bug, UserError
from counselroom.i18n import _
from counselroom.vault.keys.argon import KdfRefused
from counselroom.vault.keys.durable import write_durably
from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slots import WRAPPED_SIZE, Json, Slot, SlotUnreadable, fields_of, hex_bytes

FORMAT = 1
"""Version of the slot file this program writes."""
FILE_LIMIT = 64 * 1024
"""Bytes a slot file may have."""
SLOT_LIMIT = 64
"""Slots a file may have."""
FILE_NAMES = ("vault.keys", "vault.keys.2")
"""The slot file and its second copy."""
_VAULT_ID = re.compile(r"[0-9a-f]{32}\Z")


class KeysMissing(UserError):
    """The folder holds no slot file."""


class KeysDamaged(UserError):
    """Both copies of the slot file are damaged."""


class KeysForged(UserError):
    """The slot file was changed by somebody who does not hold the root key."""


class KeysTooNew(UserError):
    """The slot file was written by a newer program."""


@dataclass(frozen=True)
class Pending:
    """A rotation of the root key that has begun. Both roots can be reached from either, until it is over.

    Attributes:
        slots: the slots of the new root.
        new_under_old: the new root wrapped under the old one, 40 bytes.
        old_under_new: the old root wrapped under the new one, 40 bytes.
        epoch: number of the audit epoch the rotation begins; once it stands in the database, the rotation is decided.
    """

    slots: tuple[Slot, ...]
    new_under_old: bytes = field(repr=False)
    old_under_new: bytes = field(repr=False)
    epoch: int

    def to_json(self) -> Json:
        """Return the section as JSON values."""
        return {
            "slots": [slot.to_json() for slot in self.slots],
            "new_under_old": self.new_under_old.hex(),
            "old_under_new": self.old_under_new.hex(),
            "epoch": self.epoch,
        }

    @classmethod
    def from_json(cls, values: object) -> Pending:
        """Return the section of JSON values. Raises SlotUnreadable or KdfRefused."""
        fields = fields_of(values, cls.__dataclass_fields__)
        if type(fields["epoch"]) is not int or not 2 <= fields["epoch"] < 2**31:
            raise SlotUnreadable("epoch")
        return cls(
            slots=_slots_of(fields["slots"]),
            new_under_old=hex_bytes(fields["new_under_old"], WRAPPED_SIZE),
            old_under_new=hex_bytes(fields["old_under_new"], WRAPPED_SIZE),
            epoch=fields["epoch"],
        )


@dataclass(frozen=True)
class SlotFile:
    """The slots of a vault, as in `vault.keys`.

    Attributes:
        vault_id: 32 hex digits, random.
        slots: the slots that open it.
        pending: a rotation that has begun, or None.
        mac: HMAC-SHA256 under the root key as read; empty for content that was not written yet.
    """

    vault_id: str
    slots: tuple[Slot, ...]
    pending: Pending | None = None
    mac: bytes = field(default=b"", repr=False, compare=False)

    @classmethod
    def read(cls, folder: Path) -> SlotFile:
        """Return the first undamaged copy. Raises as `copies`."""
        return cls.copies(folder)[0]

    @classmethod
    def copies(cls, folder: Path) -> tuple[SlotFile, ...]:
        """Return the undamaged copies, the first before the second.

        Raises:
            KeysMissing: there is no copy.
            KeysDamaged: there is none that is undamaged.
            KeysTooNew: a newer program wrote it.
            KdfRefused: it asks for hostile parameters.
        """
        found: list[SlotFile] = []
        faults: list[UserError] = []
        for name in FILE_NAMES:
            try:
                found.append(cls._from_bytes(_read_limited(folder / name)))
            except FileNotFoundError:
                continue
            except SlotUnreadable:
                faults.append(_damaged())
            except (KdfRefused, KeysTooNew) as refused:
                faults.append(refused)
        if found:
            return tuple(found)
        if faults:
            raise faults[0]
        raise KeysMissing(
            _("The key file of the vault is missing."),
            _("Nothing was created or changed."),
            _("Please check that this is the folder of the vault; otherwise restore a backup with a recovery sheet."),
        )

    @classmethod
    def _from_bytes(cls, raw: bytes) -> SlotFile:
        try:
            values = json.loads(raw.decode("ascii"))
            is_ours = isinstance(values, dict) and canonical(values) == raw
        except (ValueError, RecursionError):
            raise SlotUnreadable("json") from None
        if not is_ours:
            raise SlotUnreadable("spelling")
        digest = values.pop("sha256", None)
        if digest != hashlib.sha256(canonical(values)).hexdigest():
            raise SlotUnreadable("sha256")
        if type(values.get("format")) is int and values["format"] > FORMAT:
            raise KeysTooNew(
                _("This vault was written by a newer version of the program."),
                _("Nothing was changed."),
                _("Please install the newer version and open the vault with it."),
            )
        fields = fields_of(values, {"format": 0, "vault_id": 0, "slots": 0, "pending": 0, "mac": 0})
        if type(fields["format"]) is not int or fields["format"] != FORMAT:
            raise SlotUnreadable("format")
        if not (isinstance(fields["vault_id"], str) and _VAULT_ID.match(fields["vault_id"])):
            raise SlotUnreadable("vault_id")
        return cls(
            vault_id=fields["vault_id"],
            slots=_slots_of(fields["slots"]),
            pending=None if fields["pending"] is None else Pending.from_json(fields["pending"]),
            mac=hex_bytes(fields["mac"], 32),
        )

    def _content(self) -> Json:
        return {
            "format": FORMAT,
            "vault_id": self.vault_id,
            "slots": [slot.to_json() for slot in self.slots],
            "pending": None if self.pending is None else self.pending.to_json(),
        }

    def _mac_under(self, root: RootKey) -> bytes:
        return hmac.digest(root.slots_mac_key(), canonical(self._content()), "sha256")

    def to_bytes(self, root: RootKey) -> bytes:
        """Return the file's bytes, sealed under `root`.

        Raises:
            Bug: more than 64 slots or 64 KiB.
        """
        values = self._content() | {"mac": self._mac_under(root).hex()}
        raw = canonical(values | {"sha256": hashlib.sha256(canonical(values)).hexdigest()})
        if len(raw) > FILE_LIMIT or not 1 <= len(self.slots) <= SLOT_LIMIT:
            message = "a slot file that could not be read back"
            raise Bug(message)
        return raw

    def write(self, folder: Path, root: RootKey) -> SlotFile:
        """Write both copies, the first one first, and return the file as it now stands.

        While the second is not written, the first alone counts: what was removed is removed.

        Raises:
            OSError: disk full or not writable; every copy is whole, the old or the new one.
        """
        raw = self.to_bytes(root)
        for name in FILE_NAMES:
            write_durably(folder / name, raw)
        return replace(self, mac=self._mac_under(root))

    def is_genuine(self, root: RootKey) -> bool:
        """Return whether a holder of `root` wrote this content."""
        return hmac.compare_digest(self.mac, self._mac_under(root))

    def logins(self) -> tuple[str, ...]:
        """Return the login names for the unlock page, in the order of the file."""
        return tuple(slot.login for slot in self.slots if not slot.kind.is_sheet)

    def sheets(self) -> tuple[Slot, ...]:
        """Return the slots of the recovery sheets, which backups carry."""
        return tuple(slot for slot in self.slots if slot.kind.is_sheet)


def canonical(values: Json) -> bytes:
    """Return the one spelling of JSON values: sorted keys, no spaces, ASCII."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def _read_limited(path: Path) -> bytes:
    with path.open("rb") as stream:
        raw = stream.read(FILE_LIMIT + 1)
    if len(raw) > FILE_LIMIT:
        raise SlotUnreadable("size")
    return raw


def _damaged() -> KeysDamaged:
    return KeysDamaged(
        _("Both copies of the vault's key file are damaged."),
        _("The records themselves were not touched."),
        _("Please restore the newest backup with a recovery sheet."),
    )


def _slots_of(values: object) -> tuple[Slot, ...]:
    if not isinstance(values, list) or not 1 <= len(values) <= SLOT_LIMIT:
        raise SlotUnreadable("slots")
    slots = tuple(Slot.from_json(item) for item in values)
    ids = {slot.slot_id for slot in slots}
    logins = [slot.login for slot in slots if not slot.kind.is_sheet]
    sheets = [slot.kind for slot in slots if slot.kind.is_sheet]
    if len(ids) != len(slots) or len(set(logins)) != len(logins) or len(set(sheets)) != len(sheets):
        raise SlotUnreadable("doubled")
    return slots
