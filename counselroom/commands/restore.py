"""`counselroom restore`: a backup becomes a new vault, opened by the recovery sheet alone."""

from __future__ import annotations

import argparse
from pathlib import Path

from counselroom.app import anchors, entropy
from counselroom.commands.answer import Answer
from counselroom.commands.secrets import add_secret_argument, read_secret
from counselroom.desktop.clock import SystemClock
from counselroom.i18n import _
from counselroom.vault.restore import restore_backup


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the backup and the folder of the new vault."""
    parser.add_argument("backup", metavar="BACKUP", type=Path, help=_("the backup file"))
    parser.add_argument("vault", metavar="NEW_VAULT", type=Path, help=_("folder of the new vault; must not exist"))
    add_secret_argument(parser)


def run(options: argparse.Namespace) -> Answer:
    """Verify the backup with the sheet and restore it; the new vault opens with the same sheet."""
    sheet = read_secret(options, _("Digits of the sheet: "))
    restored = restore_backup(
        options.backup,
        options.vault,
        sheet=sheet,
        login=None,
        now=SystemClock().now,
        entropy=entropy,
        anchors=anchors(),
    )
    text = _("Restored and checked: {rows} rows. The new vault opens with the same sheet.")
    return Answer(text.format(rows=restored.header.rows), {"vault": str(options.vault), "rows": restored.header.rows})
