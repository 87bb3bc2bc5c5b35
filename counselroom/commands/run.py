"""Parses the command line and turns failures into exit codes (architecture §8).

Each command lives in a module of its own with `add_arguments(parser)` and `run(options) -> Answer`, imported only when
it is asked for: a scheduled backup must not load the form engine.
"""

from __future__ import annotations

import argparse
import importlib
import io
import json
import sys
from typing import NoReturn

from counselroom import i18n, log
from counselroom.commands.answer import Answer
from counselroom.errors import Bug, UserError
from counselroom.i18n import _

DONE, REFUSED, USAGE = 0, 1, 2

_MODULES = {
    "demo": "demo",
    "init": "init",
    "import-roster": "import_roster",
    "forms": "forms",
    "print": "print_form",
    "backup": "backup",
    "verify": "verify",
    "restore": "restore",
    "check": "check",
}


def _summaries() -> dict[str, str]:
    return {
        "demo": _("play a counsellor's whole day on an invented school and check every step"),
        "init": _("create a vault and its two recovery sheets"),
        "import-roster": _("read a roster of students into a vault"),
        "forms": _("list and check the forms"),
        "print": _("print one form to a PDF file, blank or filled"),
        "backup": _("write a verified backup of a vault to a folder"),
        "verify": _("verify a backup file"),
        "restore": _("restore a backup into a new vault"),
        "check": _("check a vault: integrity, audit log, anchors"),
    }


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Print usage and the message, and exit with 2."""
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {message}\n")


def run_command(arguments: list[str]) -> int:
    """Run one command and return its exit code: 0 done, 1 refused with a sentence on standard error, 2 usage."""
    i18n.use()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a console that knows no Chinese must not stop the answer
    try:
        return _run(arguments)
    except UserError as error:
        _tell(error.sentence())
    except KeyboardInterrupt:
        _tell(_("Stopped. Nothing half done was left behind."))
    except OSError as error:
        _tell(_("The computer refused: {reason}.").format(reason=error.strerror or type(error).__name__))
    except Bug as error:
        log.get(__name__).exception("bug")
        _tell(_("The program made a mistake ({kind}); nothing was lost.").format(kind=error))
    return REFUSED


def _run(arguments: list[str]) -> int:
    summaries = _summaries()
    parser = _Parser(
        prog="counselroom",
        description=_("Offline, encrypted workplace of a school counselling room."),
        epilog="\n".join(f"  {name:<15}{summaries[name]}" for name in _MODULES),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=_MODULES, metavar="COMMAND", help=_("one of the commands below"))
    try:
        chosen = parser.parse_args(arguments[:1]).command
        module = importlib.import_module(f"counselroom.commands.{_MODULES[chosen]}")
        of_command = _Parser(prog=f"counselroom {chosen}", description=summaries[chosen])
        of_command.add_argument("--json", action="store_true", help=_("answer in JSON"))
        module.add_arguments(of_command)
        options = of_command.parse_args(arguments[1:])
    except SystemExit as stop:
        return USAGE if stop.code else DONE
    answer: Answer = module.run(options)
    print(json.dumps(answer.data) if options.json else answer.text)
    return DONE if answer.held else REFUSED


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr)
