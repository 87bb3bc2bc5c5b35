"""Recovery sheets on their way to a printer or into a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from counselroom.desktop.printer import Band, Order, Printers, not_responding
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.rules.access import Actor
from counselroom.services.desk import Desk
from counselroom.services.page_images import page_bands, page_sizes
from counselroom.services.recovery_sheets import Sheets, Which, sheet_pdf

BOTH: tuple[Which, Which] = ("A", "B")
_JOB = "sheet"
"""What the queue of a printer shows."""


@dataclass(frozen=True)
class PrintedPaper:
    """One sheet as a printer takes it."""

    pdf: bytes = field(repr=False)

    @property
    def page_sizes(self) -> Sequence[tuple[float, float]]:
        """Width and height of the page in points."""
        return tuple((size.width, size.height) for size in page_sizes(self.pdf))

    def bands(self, page: int, dots_per_inch: float, stopped: Callable[[], bool]) -> Iterator[Band]:
        """Draw a page in bands from its top."""
        yield from page_bands(self.pdf, page, dots_per_inch, stopped)


def pages(actor: Actor, desk: Desk, sheets: Sheets, school: str) -> dict[Which, bytes]:
    """Return both sheets as PDF."""
    return {which: sheet_pdf(actor, desk, which, sheets.digits(which), school) for which in BOTH}


def print_pages(found: dict[Which, bytes], printers: Printers, stopped: Callable[[], bool]) -> str:
    """Print both sheets on the first printer and return its name.

    Raises:
        PrinterFailed: there is none that answers, or it refused.
    """
    ready = [printer for printer in printers.found() if printer.is_ready]
    if not ready:
        raise not_responding()
    for which in BOTH:
        printers.print_paper(PrintedPaper(found[which]), Order(ready[0].name, 1, f"{_JOB}-{which}"), stopped)
    return ready[0].label


def save_pages(found: dict[Which, bytes], folder: Path) -> None:
    """Write both sheets into a folder.

    Raises:
        UserError: a sheet is there already, or the folder can't be written to.
    """
    paths = {which: folder / f"sheet-{which}.pdf" for which in BOTH}
    if any(path.exists() for path in paths.values()):
        raise UserError(
            _("There are recovery sheets in this folder already."),
            _("They were left untouched."),
            _("Choose another folder for the sheets."),
        )
    try:
        for which, path in paths.items():
            path.write_bytes(found[which])
    except OSError:
        raise UserError(
            _("The sheets could not be written into this folder."),
            _("Nothing else was changed."),
            _("Please choose another folder, such as a stick."),
        ) from None
