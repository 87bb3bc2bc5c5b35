"""`counselroom print`: one form as a PDF file, blank or filled from a vault."""

from __future__ import annotations

import argparse
from pathlib import Path

from counselroom.commands.answer import Answer
from counselroom.commands.room import open_room
from counselroom.commands.secrets import add_secret_argument
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.printing.definitions import Audience
from counselroom.services import prints


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the form, the vault and record for a filled print, the reader, and the file."""
    parser.add_argument("form", metavar="FORM", help=_("number of the form, such as F-50"))
    parser.add_argument("vault", metavar="VAULT", type=Path, nargs="?", help=_("folder of the vault"))
    parser.add_argument("--blank", action="store_true", help=_("print the blank form for the pen"))
    parser.add_argument("--ref", metavar="ID", help=_("id of the record the form is about"))
    parser.add_argument("--audience", choices=[str(audience) for audience in Audience], help=_("who will read it"))
    parser.add_argument("--recipient", default="", help=_("to whom it goes"))
    parser.add_argument("--purpose", default="", help=_("what for"))
    parser.add_argument("--reason", default="", help=_("why, where the rules ask for a reason"))
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, required=True, help=_("the PDF file to write"))
    add_secret_argument(parser)


def run(options: argparse.Namespace) -> Answer:
    """Print the form to the file; an existing file is never overwritten."""
    output: Path = options.output
    if output.exists():
        raise UserError(
            _("There is a file of this name already."), _("It was left untouched."), _("Choose another name.")
        )
    audience = Audience(options.audience) if options.audience else None
    if options.blank:
        output.write_bytes(prints.print_blank(options.form, audience))
        return Answer(_("Printed: {file}.").format(file=output.name), {"file": str(output), "form": options.form})
    if options.vault is None or options.ref is None or audience is None:
        raise UserError(
            _("A filled form needs the vault, the record (--ref) and the reader (--audience)."),
            _("Nothing was printed."),
            _("For an empty form use --blank."),
        )
    with open_room(options.vault, options) as (desk, actor):
        actor = actor.because(options.reason)
        request = prints.PrintRequest(
            options.form, options.ref, audience, options.recipient, options.purpose, saved=True
        )
        printed = prints.print_form(actor, desk, request).value
        try:
            output.write_bytes(printed.pdf)
        except OSError:
            output.unlink(missing_ok=True)
            prints.void_print(actor, desk, printed.print_id)
            raise
    lines = [_("Printed: {file}.").format(file=output.name), *printed.warnings]
    data = {
        "file": str(output),
        "form": options.form,
        "pages": printed.pages,
        "copy_no": printed.copy_no,
        "warnings": list(printed.warnings),
    }
    return Answer("\n".join(lines), data)
