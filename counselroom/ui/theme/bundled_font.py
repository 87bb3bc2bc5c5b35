"""The Chinese font that comes with the program, for machines that have none of the preferred ones.

The file is found as printing finds it, but without importing printing: the window must not wait for a PDF library.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtGui import QFontDatabase

from counselroom.errors import Bug

PACKAGE = "zhplot"
FONT_FILE = "zhplot/fonts/NotoSansSC-Regular.ttf"


def locate() -> Path:
    """Return the path of the font file. Raises Bug when the program was packed without it."""
    # Found, not imported; the list of installed packages would take ten times as long.
    spec = find_spec(PACKAGE)
    path = None if spec is None or spec.origin is None else Path(spec.origin).parents[1] / FONT_FILE
    if path is None or not path.is_file():
        message = "the bundled font is missing"
        raise Bug(message)
    return path


def provide(families: Sequence[str]) -> None:
    """Register the bundled font unless one of `families` is there already."""
    known = set(QFontDatabase.families())
    if known.isdisjoint(families) and QFontDatabase.addApplicationFont(str(locate())) < 0:
        message = "the bundled font cannot be read"
        raise Bug(message)
