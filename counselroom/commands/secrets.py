"""Takes a passphrase or the digits of a sheet: from a prompt, a file or standard input, never from an argument."""

from __future__ import annotations

import argparse
import getpass
import sys
import unicodedata
import warnings
from pathlib import Path

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.vault.keys.unlocking import Credential, Passphrase, Sheet

_LONGEST = 4096


def add_secret_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--passphrase-file`."""
    parser.add_argument(
        "--passphrase-file",
        metavar="FILE",
        help=_("read the passphrase or a sheet's digits from FILE, or from standard input with -"),
    )


def read_secret(options: argparse.Namespace, prompt: str) -> str:
    """Return the first line of the file, of standard input, or of what is typed at the prompt.

    Raises:
        UserError: the file cannot be read, is empty or is no text, or nobody is there to type.
    """
    source: str | None = options.passphrase_file
    if source is None:
        return ask(prompt)
    try:
        text = sys.stdin.readline(_LONGEST) if source == "-" else _first_line(Path(source))
    except (OSError, UnicodeDecodeError):
        raise UserError(_("The file with the passphrase cannot be read."), _("Nothing was changed.")) from None
    if not text.strip("\r\n"):
        raise UserError(_("The passphrase is empty."), _("Nothing was changed."))
    return text.strip("\r\n")


def ask(prompt: str) -> str:
    """Return what is typed at a prompt, unseen. Raises UserError when nobody can type, as in a scheduled task."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)  # without a terminal it would be shown while typed
            return getpass.getpass(prompt)
    except (EOFError, getpass.GetPassWarning):
        raise UserError(
            _("No passphrase was typed."),
            _("Nothing was changed."),
            _("Where nobody sits at the keyboard, use --passphrase-file."),
        ) from None


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8-sig") as stream:
        return stream.readline(_LONGEST)


def credential_of(secret: str) -> Credential:
    """Return a sheet when the text is 48 digits with at most spaces and dashes between them, else a passphrase."""
    bare = unicodedata.normalize("NFKC", secret).replace(" ", "").replace("-", "")
    return Sheet(secret) if len(bare) == 48 and bare.isdigit() else Passphrase(secret)
