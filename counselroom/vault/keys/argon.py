"""Argon2id for passphrases: the parameters, their limits, and their calibration to this machine.

The floor is the second choice of RFC 9106. The ceiling keeps a vault openable on the smallest PC of a school: larger
memory demands fail there and look like a wrong passphrase. What a file asks for is refused above the hostile limits
before any memory is taken.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from counselroom.errors import UserError
from counselroom.i18n import _

_ONE_AT_A_TIME = threading.Lock()
"""Two derivations at once waited for each other's lanes for ever in the library; they would take as long anyway."""
MEBIBYTE = 1024
"""KiB of a MiB; Argon2 counts memory in KiB."""
FLOOR_MEMORY_KIB = 64 * MEBIBYTE
FLOOR_PASSES = 3
FLOOR_LANES = 4
HOSTILE_MEMORY_KIB = 1024 * MEBIBYTE
HOSTILE_PASSES = 10
HOSTILE_LANES = 8
SHORTEST_SECONDS = 0.5
"""A derivation should take at least this long on the machine of the vault."""
LONGEST_SECONDS = 1.0
"""And no longer than this, where the floor allows."""


class KdfRefused(UserError):
    """The slot file asks for key derivation parameters outside what this program ever writes."""


@dataclass(frozen=True)
class KdfParameters:
    """Parameters of Argon2id.

    Attributes:
        memory_kib: memory in KiB, 64 MiB to 1 GiB.
        passes: passes over the memory, 3 to 10.
        lanes: lanes, 4 to 8.

    Raises:
        KdfRefused: a value lies outside its range.
    """

    memory_kib: int = FLOOR_MEMORY_KIB
    passes: int = FLOOR_PASSES
    lanes: int = FLOOR_LANES

    def __post_init__(self) -> None:
        """Refuse what is too weak to protect a vault or large enough to stop the machine."""
        if not (
            FLOOR_MEMORY_KIB <= self.memory_kib <= HOSTILE_MEMORY_KIB
            and FLOOR_PASSES <= self.passes <= HOSTILE_PASSES
            and FLOOR_LANES <= self.lanes <= HOSTILE_LANES
        ):
            raise KdfRefused(
                _("The key file asks for a key derivation that this program never uses."),
                _("Nothing was opened or changed."),
                _("Please put back the original key file from a copy of the vault folder, or restore a backup."),
            )


FLOOR = KdfParameters()
"""64 MiB, 3 passes, 4 lanes."""
LADDER = (
    FLOOR,
    KdfParameters(memory_kib=128 * MEBIBYTE),
    KdfParameters(memory_kib=192 * MEBIBYTE),
    KdfParameters(memory_kib=256 * MEBIBYTE),
    KdfParameters(memory_kib=256 * MEBIBYTE, passes=4),
)
"""The steps of the calibration; the last is the ceiling."""


def derive(secret: bytes, salt: bytes, parameters: KdfParameters) -> bytes:
    """Return the 32 bytes that Argon2id makes of `secret` and `salt` (16 bytes). Takes 0.1 to 1 s on purpose."""
    # Imported here: a locked window is on the screen before anybody can type.
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    argon = Argon2id(
        salt=salt,
        length=32,
        iterations=parameters.passes,
        lanes=parameters.lanes,
        memory_cost=parameters.memory_kib,
    )
    with _ONE_AT_A_TIME:
        return argon.derive(secret)


def seconds_of(parameters: KdfParameters) -> float:
    """Return how many seconds one derivation takes on this machine now."""
    started = time.perf_counter()
    derive(b"calibration", bytes(16), parameters)
    return time.perf_counter() - started


def calibrate(measure: Callable[[KdfParameters], float] = seconds_of) -> KdfParameters:
    """Return the first step of `LADDER` that takes 0.5 s or more, or the one before where that exceeds 1.0 s.

    A machine on which the floor itself takes longer gets the floor, one that is faster than the ceiling the ceiling.
    """
    chosen = LADDER[0]
    for step in LADDER:
        seconds = measure(step)
        if seconds > LONGEST_SECONDS:
            return chosen
        chosen = step
        if seconds >= SHORTEST_SECONDS:
            break
    return chosen
