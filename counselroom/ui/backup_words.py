"""Places, states and ages of backups in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from counselroom.i18n import _, pgettext
from counselroom.rules.backup_retention import KEEP_AT_LEAST, KeepPolicy
from counselroom.services.backup_log import BackupLine, BackupState
from counselroom.ui.widgets.chip_face import ChipFace


def place_name(folder: Path) -> str:
    """Return what a stick or a folder is called: its last name, or the whole where it has none."""
    return folder.name or str(folder)


def state_chip(line: BackupLine) -> ChipFace:
    """Return the state of a backup as a chip."""
    if line.state is BackupState.PROVED:
        words = pgettext("backup", "drilled") if line.drilled_at else pgettext("backup", "verified")
        return ChipFace(words, "accent", "mdi6.shield-check-outline")
    if line.state is BackupState.DAMAGED:
        return ChipFace(pgettext("backup", "do not use"), "amber", "mdi6.alert-outline")
    return ChipFace(pgettext("backup", "cleared away"), "plain")


def age_word(day: date, today: date) -> str:
    """Return how long ago a day was."""
    days = (today - day).days
    return pgettext("backup", "today") if days <= 0 else _("{days} days ago").format(days=days)


def retention_sentence(policy: KeepPolicy) -> str:
    """Return which backups a stick keeps."""
    return _(
        "A stick keeps the newest backup of the last {daily} days, {weekly} weeks, {monthly} months and {yearly} years "
        "that have one. Older ones are cleared away after a new one was proved, never the newest, and at least {least} "
        "always stay."
    ).format(
        daily=policy.daily,
        weekly=policy.weekly,
        monthly=policy.monthly,
        yearly=policy.yearly,
        least=KEEP_AT_LEAST,
    )
