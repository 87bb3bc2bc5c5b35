"""`counselroom init`: a new vault, its first account, and its two recovery sheets."""

from __future__ import annotations

import argparse
from pathlib import Path

from counselroom.app import anchors, entropy, new_id
from counselroom.commands.answer import Answer
from counselroom.commands.secrets import add_secret_argument, ask, read_secret
from counselroom.desktop.clock import SystemClock
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.printing.recovery_sheet import render_recovery_sheet
from counselroom.rules.access import Role
from counselroom.rules.school import SchoolType
from counselroom.services.accounts import found_room
from counselroom.services.desk import Desk
from counselroom.services.school import SchoolProfile, set_school_profile
from counselroom.vault.creation import NewVault, create_vault
from counselroom.vault.keys.argon import calibrate
from counselroom.vault.keys.passphrase import require_strong
from counselroom.vault.keys.slots import DEFAULT_LOGIN


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folder, the school, the person and where the sheets go."""
    parser.add_argument("vault", metavar="VAULT", type=Path, help=_("folder of the new vault"))
    parser.add_argument("--school", metavar="NAME", required=True, help=_("name of the school"))
    parser.add_argument("--type", required=True, choices=[str(kind) for kind in SchoolType], help=_("type of school"))
    parser.add_argument("--sheets", metavar="DIR", type=Path, required=True, help=_("folder for the recovery sheets"))
    parser.add_argument("--code", default="X", help=_("short code of the school for archive numbers"))
    parser.add_argument("--room", default="心理辅导室", help=_("name of the room on paper"))
    parser.add_argument("--counsellor", metavar="NAME", default="", help=_("name of the counsellor"))
    parser.add_argument("--login", default=DEFAULT_LOGIN, help=_("login name shown while locked; use no real name"))
    add_secret_argument(parser)


def run(options: argparse.Namespace) -> Answer:
    """Create the vault. The sheets are written in clear, which the answer says."""
    sheets: Path = options.sheets
    if any((sheets / _sheet_name(which)).exists() for which in "AB"):
        raise UserError(
            _("There are recovery sheets in this folder already."),
            _("They were left untouched."),
            _("Choose another folder for the sheets."),
        )
    passphrase = read_secret(options, _("New passphrase: "))
    if options.passphrase_file is None and ask(_("The same again: ")) != passphrase:
        raise UserError(_("The two passphrases differ."), _("Nothing was created."))
    require_strong(passphrase, (options.school, options.login, options.counsellor))
    clock = SystemClock()
    made = create_vault(
        options.vault,
        logins=((options.login, passphrase),),
        entropy=entropy,
        now=clock.now,
        new_id=new_id,
        anchors=anchors(),
        kdf=calibrate(),
    )
    try:
        desk = Desk(made.vault, clock, new_id)
        roles = frozenset({Role.COUNSELLOR, Role.ARCHIVE_MANAGER, Role.CENTER_DIRECTOR})
        actor = found_room(desk, options.counsellor or options.login, made.vault.slot.slot_id, roles)
        profile = SchoolProfile(options.school, options.code, SchoolType(options.type), options.room)
        set_school_profile(actor, desk, profile)
        sheets.mkdir(parents=True, exist_ok=True)
        paths = [_write_sheet(sheets, which, made, options.school, clock) for which in "AB"]
    finally:
        made.vault.close()
    text = _(
        "The vault was created. The two recovery sheets lie in clear in {folder}: print them, keep them in two places, "
        "and delete the files. There is no other way in when the passphrase is lost."
    )
    return Answer(text.format(folder=sheets), {"vault": str(options.vault), "sheets": [str(path) for path in paths]})


def _sheet_name(which: str) -> str:
    return f"sheet-{which}.pdf"


def _write_sheet(folder: Path, which: str, made: NewVault, school: str, clock: SystemClock) -> Path:
    pdf = render_recovery_sheet(
        which="A" if which == "A" else "B",
        digits=made.sheet_a if which == "A" else made.sheet_b,
        vault_id=made.vault.vault_id,
        fingerprint=made.vault.root.fingerprint(),
        school=school,
        created_on=clock.now().date(),
    )
    path = folder / _sheet_name(which)
    path.write_bytes(pdf)
    return path
