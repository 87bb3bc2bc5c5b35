"""Entry point of `python -m counselroom` and of the `counselroom` command."""

from __future__ import annotations

import logging
import sys


def main(arguments: list[str] | None = None) -> int:
    """Run the command line with `arguments` (default: those of the process) and return the exit code."""
    if arguments is None:
        arguments = sys.argv[1:]
    if getattr(sys, "frozen", False):
        from counselroom.imports import child

        if arguments[:1] == [child.COMMAND]:
            return child.main(arguments[1:])
    from counselroom import log, paths
    from counselroom.commands.run import run_command

    paths.restrict_new_files()
    try:
        log.start(paths.log_folder())
    except OSError:  # a home that cannot be written to; the log is a help and never a condition
        logging.getLogger(log.ROOT).addHandler(logging.NullHandler())
    return run_command(arguments)


if __name__ == "__main__":
    sys.exit(main())
