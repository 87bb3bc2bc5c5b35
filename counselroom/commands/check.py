"""`counselroom check`: integrity, audit chain, anchors, schema and search index of a vault."""

from __future__ import annotations

import argparse
from pathlib import Path

from counselroom.app import anchors
from counselroom.commands.answer import Answer
from counselroom.commands.room import open_room
from counselroom.commands.secrets import add_secret_argument
from counselroom.i18n import _
from counselroom.services.checks import check_room


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the vault."""
    parser.add_argument("vault", metavar="VAULT", type=Path, help=_("folder of the vault"))
    add_secret_argument(parser)


def run(options: argparse.Namespace) -> Answer:
    """Look at every part and tell what is wrong; exit code 1 when something is."""
    with open_room(options.vault, options) as (desk, actor):
        report = check_room(actor, desk, anchors())
        banners = [banner.sentence() for banner in desk.vault.banners]
        read_only = None if desk.vault.read_only is None else desk.vault.read_only.sentence()
    findings = [finding.sentence for finding in report.findings]
    lines = [*([read_only] if read_only else []), *findings]
    if not lines:
        lines = [_("The vault is sound; {rows} rows of the audit log were verified.").format(rows=report.audit_rows)]
    data = {
        "sound": report.ok and read_only is None,
        "findings": findings,
        "read_only": read_only,
        "banners": banners,
        "audit_rows": report.audit_rows,
        "anchored": report.anchored,
    }
    return Answer("\n".join([*lines, *banners]), data, held=report.ok and read_only is None)
