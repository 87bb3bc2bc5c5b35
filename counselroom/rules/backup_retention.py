"""Which backups on a medium may be deleted: grandfather, father, son (architecture §5).

A backup is the last thing a school has, so every doubt keeps a file: the rule deletes only what is proved to be this
vault's, only after the newest backup was read back whole, and nothing at all once the clock can't be trusted. Order
is that of the vault's generation and the time in the file's own sealed header; a stick's file times mean nothing
(FAT keeps two seconds, and copying changes them).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

KEEP_AT_LEAST = 3
"""Backups of this vault that are never deleted, whatever the policy says."""
CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far a backup may lie in the future before the clock counts as set back."""


class EmptyPolicy(ValueError):
    """A policy that keeps nothing; refused, because it is never what somebody means."""


class Held(StrEnum):
    """Why nothing is deleted at all."""

    CLOCK_WENT_BACK = "clock_went_back"
    """The clock was set back, or the medium holds a backup from the future."""
    NEWEST_NOT_VERIFIED = "newest_not_verified"
    """The newest backup was not read back whole in this run."""
    TOO_FEW = "too_few"
    """There are no more than `KEEP_AT_LEAST` backups of this vault."""


@dataclass(frozen=True)
class KeepPolicy:
    """How many days, weeks, months and years keep their newest backup.

    Only periods that have a backup count, so that a summer without one doesn't use them up.
    """

    daily: int = 7
    weekly: int = 5
    monthly: int = 12
    yearly: int = 3

    def __post_init__(self) -> None:
        """Refuse a policy that keeps nothing or a negative number.

        Raises:
            EmptyPolicy: all counts are zero, or one is negative.
        """
        counts = (self.daily, self.weekly, self.monthly, self.yearly)
        if min(counts) < 0 or not any(counts):
            raise EmptyPolicy


@dataclass(frozen=True)
class StoredBackup:
    """A backup file on a medium, told by its own header.

    Attributes:
        name: file name, unique on the medium.
        vault_id: id of the vault it says it is of.
        generation: generation of the vault then.
        created_at: time in its header, aware; its own offset decides which day it belongs to.
        genuine: its header's HMAC matches this vault's key.
        verified: it was read back whole, opened and checked in this run.
    """

    name: str
    vault_id: str
    generation: int
    created_at: datetime
    genuine: bool
    verified: bool = False


@dataclass(frozen=True)
class PrunePlan:
    """What to do with a medium's backups.

    Attributes:
        delete: names to delete, oldest first.
        keep: names of this vault's genuine backups that stay, newest first.
        held: why nothing is deleted, or None when the policy was applied.
    """

    delete: tuple[str, ...]
    keep: tuple[str, ...]
    held: Held | None


def plan_pruning(
    backups: Iterable[StoredBackup],
    policy: KeepPolicy,
    *,
    vault_id: str,
    now: datetime,
    clock_went_back: bool,
) -> PrunePlan:
    """Decide which backups of the vault `vault_id` may go.

    Other vaults' files, files that are not proved genuine and files of unknown kind are never named.

    Args:
        backups: every backup found on the medium, in any order.
        policy: how many periods are kept.
        vault_id: the open vault's id.
        now: the present, aware.
        clock_went_back: the vault saw the clock set back since it was opened or since its last use.

    Returns:
        The plan; `delete` is empty when `held` is set.
    """
    ours = sorted(
        (backup for backup in backups if backup.genuine and backup.vault_id == vault_id),
        key=lambda backup: (backup.generation, backup.created_at, backup.name),
        reverse=True,
    )
    held = _why_held(ours, now=now, clock_went_back=clock_went_back)
    if held is not None:
        return PrunePlan((), tuple(backup.name for backup in ours), held)
    kept = _kept_by_policy(ours, policy) | {backup.name for backup in ours[:KEEP_AT_LEAST]}
    return PrunePlan(
        delete=tuple(backup.name for backup in reversed(ours) if backup.name not in kept),
        keep=tuple(backup.name for backup in ours if backup.name in kept),
        held=None,
    )


def _why_held(ours: list[StoredBackup], *, now: datetime, clock_went_back: bool) -> Held | None:
    if len(ours) <= KEEP_AT_LEAST:
        return Held.TOO_FEW
    newest = ours[0]
    if clock_went_back or any(
        backup.created_at > now + CLOCK_TOLERANCE or backup.created_at > newest.created_at for backup in ours
    ):
        return Held.CLOCK_WENT_BACK
    if not newest.verified:
        return Held.NEWEST_NOT_VERIFIED
    return None


def _kept_by_policy(ours: list[StoredBackup], policy: KeepPolicy) -> set[str]:
    """Return the names of the newest backup of each of the last days, weeks, months and years that have one."""
    kept: set[str] = set()
    for count, period in (
        (policy.daily, _day),
        (policy.weekly, _week),
        (policy.monthly, _month),
        (policy.yearly, _year),
    ):
        newest: dict[object, str] = {}
        for backup in ours:
            newest.setdefault(period(backup.created_at.date()), backup.name)
        kept.update(list(newest.values())[:count])
    return kept


def _day(day: date) -> object:
    return day


def _week(day: date) -> object:
    return day.isocalendar()[:2]


def _month(day: date) -> object:
    return day.year, day.month


def _year(day: date) -> object:
    return day.year
