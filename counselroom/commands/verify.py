"""`counselroom verify`: is a backup whole? With a vault or a sheet also: is it genuine?"""

from __future__ import annotations

import argparse
from pathlib import Path

from counselroom.commands.answer import Answer
from counselroom.commands.room import open_room
from counselroom.commands.secrets import add_secret_argument, read_secret
from counselroom.i18n import _
from counselroom.services.backups import prove_backup
from counselroom.vault.verification import verify_backup


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the file, and a vault or a sheet for the proof of origin."""
    parser.add_argument("backup", metavar="BACKUP", type=Path, help=_("the backup file"))
    parser.add_argument("--vault", metavar="V", type=Path, help=_("the vault it should be of; asks for its passphrase"))
    parser.add_argument("--sheet", action="store_true", help=_("prove the origin with the digits of a recovery sheet"))
    add_secret_argument(parser)


def run(options: argparse.Namespace) -> Answer:
    """Verify. Without a secret every byte is checked against damage; with one, forgery is found too."""
    if options.vault is not None:
        with open_room(options.vault, options) as (desk, actor):
            proved = prove_backup(actor, desk, options.backup).value
        rows, made_at, genuine = proved.rows, proved.made_at, proved.genuine
    else:
        sheet = read_secret(options, _("Digits of the sheet: ")) if options.sheet else None
        found = verify_backup(options.backup, sheet=sheet)
        rows, made_at, genuine = found.header.rows, found.header.created_at, found.genuine
    sentence = (
        _("The backup is whole and genuine: {rows} rows, made {when}.")
        if genuine
        else _("The backup is whole: {rows} rows, made {when}. Its origin was not checked; that needs a sheet.")
    )
    text = sentence.format(rows=rows, when=f"{made_at:%Y-%m-%d %H:%M}")
    return Answer(text, {"whole": True, "genuine": genuine, "rows": rows, "made_at": made_at.isoformat()})
