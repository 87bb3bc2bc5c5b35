"""Entry point of `python -m counselroom` and of the `counselroom` command."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run the command line with `arguments` (default: those of the process) and return the exit code."""
    from counselroom.commands.run import run_command

    return run_command(sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    sys.exit(main())
