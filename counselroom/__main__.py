"""Entry point of `python -m counselroom` and of the `counselroom` command: the window, or one command."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counselroom.desktop.relauncher import Handover


_GALLERY = "--gallery"
"""For developers: every component in every state. No vault is opened, and no menu leads here."""


def main(arguments: list[str] | None = None) -> int:
    """Run the window without `arguments` (default: those of the process), else a command; return the exit code."""
    if arguments is None:
        arguments = sys.argv[1:]
    if getattr(sys, "frozen", False):
        from counselroom.imports import child
        from counselroom.printing import chart_child

        if arguments[:1] == [child.COMMAND]:
            return child.main(arguments[1:])
        if arguments == [chart_child.COMMAND]:
            return chart_child.main()
    from counselroom import log, paths
    from counselroom.desktop.dumps import forbid_dumps
    from counselroom.desktop.relauncher import ARGUMENT, read_handover

    paths.restrict_new_files()
    forbid_dumps()
    try:
        log.start(paths.log_folder())
    except OSError:  # a home that cannot be written to; the log is a help and never a condition
        log.be_silent()
    if not arguments:
        return _window()
    if arguments == [_GALLERY]:
        from counselroom.app import open_gallery

        return open_gallery()
    if arguments == [ARGUMENT]:
        handover = read_handover(sys.stdin.buffer)
        return 2 if handover is None else _window(handover)
    from counselroom.commands.run import run_command

    return run_command(arguments)


def _window(after_lock: Handover | None = None) -> int:
    from counselroom.app import open_window
    from counselroom.errors import UserError

    try:
        return open_window(after_lock=after_lock)
    except UserError as error:
        print(error.sentence(), file=sys.stderr)  # noqa: T201 - where there is no screen, this is the only place
        return 1


if __name__ == "__main__":
    sys.exit(main())
