"""`counselroom import-roster`: reads a roster into a vault; refused rows do not stop the others."""

from __future__ import annotations

import argparse
from pathlib import Path

from counselroom.commands.answer import Answer
from counselroom.commands.room import open_room
from counselroom.commands.secrets import add_secret_argument
from counselroom.i18n import _
from counselroom.services.roster_import import import_roster, preview_roster
from counselroom.services.roster_sentences import refusal_sentence


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the vault, the file and the dry run."""
    parser.add_argument("vault", metavar="VAULT", type=Path, help=_("folder of the vault"))
    parser.add_argument("file", metavar="FILE", type=Path, help=_("the roster: .xlsx, .xls or .csv"))
    parser.add_argument("--dry-run", action="store_true", help=_("only say what would be done"))
    add_secret_argument(parser)


def run(options: argparse.Namespace) -> Answer:
    """Preview the file, and write it unless it is a dry run. Refused rows are told and leave the exit code at 0."""
    with open_room(options.vault, options) as (desk, actor):
        preview = preview_roster(actor, desk, options.file)
        plan = preview.plan
        counts = {"new": len(plan.new), "updated": len(plan.updated), "unchanged": plan.unchanged}
        if not options.dry_run:
            done = import_roster(actor, desk, preview).value
            counts = {"new": done.new, "updated": done.updated, "unchanged": done.unchanged}
    refused = [{"row": row.row, "reason": refusal_sentence(row)} for row in preview.refused]
    summary = (
        _("Only looked: {new} new, {updated} to be updated, {unchanged} unchanged, {refused} refused.")
        if options.dry_run
        else _("Imported: {new} new, {updated} updated, {unchanged} unchanged, {refused} refused.")
    )
    lines = [summary.format(**counts, refused=len(refused)), *(row["reason"] for row in refused)]
    return Answer(
        "\n".join(str(line) for line in lines),
        {**counts, "refused": len(refused), "refused_rows": refused, "dry_run": options.dry_run},
    )
