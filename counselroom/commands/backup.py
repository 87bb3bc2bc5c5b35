"""`counselroom backup`: a verified backup of a vault in a folder, for scheduled tasks."""

from __future__ import annotations

import argparse
from pathlib import Path

from counselroom.app import entropy
from counselroom.commands.answer import Answer
from counselroom.commands.room import open_room
from counselroom.commands.secrets import add_secret_argument
from counselroom.desktop.drives import drives_of_this_machine
from counselroom.i18n import _
from counselroom.services.backups import make_backup


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the vault and the folder."""
    parser.add_argument("vault", metavar="VAULT", type=Path, help=_("folder of the vault"))
    parser.add_argument("destination", metavar="DEST", type=Path, help=_("folder for the backup, such as a stick"))
    add_secret_argument(parser)


def run(options: argparse.Namespace) -> Answer:
    """Back up, read back, verify, prune."""
    drive = drives_of_this_machine().holding(options.destination)
    with open_room(options.vault, options) as (desk, actor):
        made = make_backup(
            actor,
            desk,
            options.destination,
            entropy=entropy,
            largest_file=None if drive is None else drive.largest_file,
        ).value
    text = _("Backed up and verified: {file}, {size} bytes.").format(file=made.path.name, size=made.size)
    data = {
        "file": str(made.path),
        "size": made.size,
        "sha256": made.sha256,
        "made_at": made.made_at.isoformat(),
        "pruned": list(made.pruned),
    }
    return Answer(text, data)
