"""Printers, behind a protocol: which there are, and how a finished print gets to one of them.

What goes to a printer comes from memory and goes through no file of ours. What the system's spooler keeps is beyond
the program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from counselroom.errors import UserError
from counselroom.i18n import _

PATIENCE = 30.0
"""Seconds without any sign of a printer until it counts as not responding."""


class PrinterFailed(UserError):
    """Nothing that can be counted as a copy came out."""


class Band(Protocol):
    """Some rows of a page; see `page_images.PageImage`."""

    @property
    def width(self) -> int:
        """Pixels a row."""
        ...

    @property
    def height(self) -> int:
        """Rows of the band."""
        ...

    @property
    def top(self) -> int:
        """The first of them, counted from the top of the page."""
        ...

    @property
    def pixels(self) -> bytes:
        """Four bytes a pixel: blue, green, red, unused."""
        ...


class Paper(Protocol):
    """What is printed: the document, and its pages as pictures for a printer that takes only those."""

    @property
    def pdf(self) -> bytes:
        """The document."""
        ...

    @property
    def page_sizes(self) -> Sequence[tuple[float, float]]:
        """Width and height of each page in points."""
        ...

    def bands(self, page: int, dots_per_inch: float, stopped: Callable[[], bool]) -> Iterator[Band]:
        """Draw a page, from 0, in bands from its top."""
        ...


@dataclass(frozen=True)
class Printer:
    """A printer of this computer.

    Attributes:
        name: by which the system knows it.
        label: by which people know it.
        is_default: the one the system would take.
        is_ready: False when the system says that it does not print.
    """

    name: str
    label: str
    is_default: bool = False
    is_ready: bool = True


@dataclass(frozen=True)
class Order:
    """What is asked of a printer.

    Attributes:
        printer: its name.
        copies: how many.
        job_name: what the queue shows: the number of a form or a code, never a name.
    """

    printer: str
    copies: int
    job_name: str


class Printers(Protocol):
    """The printers of this computer. Both calls ask the system and may take seconds: not for the window's thread."""

    def found(self) -> tuple[Printer, ...]:
        """Return the printers, the default first; none when there are none or the system does not answer."""
        ...

    def print_paper(self, paper: Paper, order: Order, stopped: Callable[[], bool]) -> bool:
        """Hand `paper` to a printer.

        Returns:
            False when it was stopped before all was handed over.

        Raises:
            PrinterFailed: the printer does not respond or refused.
        """
        ...


def not_responding() -> PrinterFailed:
    """Return the failure of a printer that gives no sign."""
    return PrinterFailed(
        _("The printer did not respond, nothing was printed."),
        _("The content is saved."),
        _("Please check the printer and try again, or save a PDF first."),
    )
