"""Bringing sheets to paper or into a file, in a job: each copy with its number, a failed one with its number voided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from counselroom.desktop.printer import Order, PrinterFailed
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.rules.access import Actor
from counselroom.services.changes import ChangeSet, Done
from counselroom.services.page_images import PageImage, page_bands, page_sizes
from counselroom.services.print_making import PrintRequest
from counselroom.services.prints import Printed, print_form, void_print
from counselroom.ui.room import Room
from counselroom.vault.lanes import Job
from counselroom.vault.progress import Cancelled, Step


@dataclass(frozen=True)
class Sheet:
    """A document for a printer."""

    pdf: bytes

    @cached_property
    def page_sizes(self) -> Sequence[tuple[float, float]]:
        """Width and height of each page in points."""
        return tuple((size.width, size.height) for size in page_sizes(self.pdf))

    def bands(self, page: int, dots_per_inch: float, stopped: Callable[[], bool]) -> Iterator[PageImage]:
        """Draw a page in bands."""
        return page_bands(self.pdf, page, dots_per_inch, stopped)


def print_copies(
    room: Room, job: Job[Any], actor: Actor, request: PrintRequest, copies: int, printer: str
) -> Done[int]:
    """Print a filled form, each copy with a number of its own.

    Returns:
        How many copies were printed.

    Raises:
        PrinterFailed: the copy that failed is void; those before it exist.
        Cancelled: stopped; the copy under way is void.
    """
    changed: set[tuple[str, str]] = set()
    for number in range(copies):
        wanted = replace(request, more_copies=copies - 1 - number)
        done = job.change(partial(print_form, actor, room.desk, wanted))
        changed |= done.changes.changed
        _hand_over(room, job, actor, done.value, Order(printer, 1, request.form_id))
    return Done(copies, ChangeSet(frozenset(changed)))


def print_set(
    room: Room, job: Job[Any], actor: Actor, requests: Sequence[PrintRequest], copies: int, printer: str
) -> Done[int]:
    """Print the copies of all readers, one reader after the other; raises like `print_copies`."""
    changed: set[tuple[str, str]] = set()
    for request in requests:
        changed |= print_copies(room, job, actor, request, copies, printer).changes.changed
    return Done(copies * len(requests), ChangeSet(frozenset(changed)))


def _hand_over(room: Room, job: Job[Any], actor: Actor, printed: Printed, order: Order) -> None:
    try:
        whole = room.printers.print_paper(Sheet(printed.pdf), order, job.is_cancelled)
    except PrinterFailed as failure:
        _void(room, actor, printed)
        safe = _("The content is saved; copy number {number} is void.").format(number=printed.copy_no)
        raise PrinterFailed(failure.happened, safe, failure.next_step) from failure
    except BaseException:
        _void(room, actor, printed)
        raise
    if not whole:
        _void(room, actor, printed)
        raise Cancelled


def _void(room: Room, actor: Actor, printed: Printed) -> None:
    """Void a copy that did not come out. Not through the job, which may have been cancelled."""
    room.tasks.change(lambda: void_print(actor, room.desk, printed.print_id)).result()


def print_blanks(room: Room, job: Job[Any], sheets: Sequence[tuple[str, bytes]], copies: int, printer: str) -> int:
    """Print blank forms, `copies` of each; they hold nothing and have no numbers. Returns how many sheets were printed.

    Raises:
        PrinterFailed: the printer does not respond.
        Cancelled: stopped.
    """
    done = 0
    for form_id, pdf in sheets:
        if not room.printers.print_paper(Sheet(pdf), Order(printer, copies, form_id), job.is_cancelled):
            raise Cancelled
        done += copies
        job.progress(Step.PRINT, done, len(sheets) * copies)
    return done


def save_copy(room: Room, job: Job[Any], actor: Actor, request: PrintRequest, path: Path) -> Done[Path]:
    """Write a filled form into a file as a numbered copy; the number is void when the disk fails.

    Raises:
        UserError: the file cannot be written.
    """
    done = job.change(lambda: print_form(actor, room.desk, replace(request, saved=True)))
    try:
        path.write_bytes(done.value.pdf)
    except OSError:
        _void(room, actor, done.value)
        path.unlink(missing_ok=True)
        raise not_written(done.value.copy_no) from None
    return Done(path, done.changes)


def not_written(copy_no: int = 0) -> UserError:
    """Return the failure of a file that could not be written."""
    safe = _("The content is saved; copy number {number} is void.").format(number=copy_no) if copy_no else ""
    return UserError(
        _("The file could not be written."), safe, _("Please choose another place, such as a folder of your own.")
    )
