"""Entry point of `python -m counselroom` and of the `counselroom` command: the window, or one command."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counselroom.desktop.relauncher import Handover


def main(arguments: list[str] | None = None) -> int:
    """Run the window without `arguments` (default: those of the process), else a command; return the exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    if not words:
        return _window()
    from counselroom.desktop.relauncher import ARGUMENT, read_handover

    if words == [ARGUMENT]:
        handover = read_handover(sys.stdin.buffer)
        return 2 if handover is None else _window(handover)
    from counselroom.commands.run import run_command

    return run_command(words)


def _window(after_lock: Handover | None = None) -> int:
    from counselroom import i18n
    from counselroom.app import open_window
    from counselroom.errors import UserError

    i18n.use()
    try:
        return open_window(after_lock=after_lock)
    except UserError as error:
        print(error.sentence(), file=sys.stderr)  # noqa: T201 - where there is no screen, this is the only place
        return 1


if __name__ == "__main__":
    sys.exit(main())
