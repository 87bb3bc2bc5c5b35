"""What the pages about backups share: the kind of file, the steps in words."""

from __future__ import annotations

from counselroom.i18n import _, pgettext
from counselroom.ui.file_chooser import FileKind
from counselroom.vault.progress import Step


def backup_file_kind() -> tuple[FileKind, ...]:
    """Return the kind of file a backup is, for choosing one."""
    return (FileKind(pgettext("backup", "Backups"), ("*.crbackup",)),)


def step_word(step: Step) -> str:
    """Return what is being done with a backup, in words."""
    return {
        Step.CHECK: _("Checking the vault"),
        Step.IMAGE: _("Encrypting and copying"),
        Step.COPY: _("Writing to the medium"),
        Step.READ_BACK: _("Reading back"),
        Step.VERIFY: _("Verifying every part"),
        Step.RESTORE: _("Writing the vault"),
    }[step]
