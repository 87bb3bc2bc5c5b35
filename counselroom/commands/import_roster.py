"""`counselroom import-roster`: reads a roster into a vault; refused rows do not stop the others."""

from __future__ import annotations

import argparse
from pathlib import Path

from counselroom.commands.answer import Answer
from counselroom.commands.room import open_room
from counselroom.commands.secrets import add_secret_argument
from counselroom.i18n import _
from counselroom.services.roster_import import import_roster, preview_roster


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the vault, the file and the dry run."""
    parser.add_argument("vault", metavar="VAULT", type=Path, help=_("folder of the vault"))
    parser.add_argument("file", metavar="FILE", type=Path, help=_("the roster: .xlsx, .xls or .csv"))
    parser.add_argument("--dry-run", action="store_true", help=_("only say what would be done"))
    add_secret_argument(parser)
