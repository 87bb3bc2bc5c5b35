"""Printers through Qt: pages are painted as pictures on a thread of their own, in bands, so that the window goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from counselroom.desktop.command_printer import CommandPrinters, has_print_commands
from counselroom.desktop.printer import PATIENCE, Order, Paper, Printer, Printers, not_responding

RESOLUTION = 300
"""Dots an inch: finer is not seen on forms and takes four times as long."""
_ASK_AGAIN = 0.05
"""Seconds between two looks at the painting thread."""
_FAILED = (QPrinter.PrinterState.Aborted, QPrinter.PrinterState.Error)


def printers_of_this_machine() -> Printers:
    """Return the way to print on this system."""
    return CommandPrinters() if has_print_commands() else QtPrinters()


class QtPrinters:
    """Paints on a printer of the system."""

    def __init__(self, make: Callable[[str], QPrinter] | None = None, patience: float = PATIENCE) -> None:
        """Make a printer by its name with `make`; wait `patience` seconds for a sign of it."""
        self._make = make or _made
        self._patience = patience

    def found(self) -> tuple[Printer, ...]:
        """Return the printers of the system, the default first."""
        default = QPrinterInfo.defaultPrinterName()
        printers = [
            Printer(
                info.printerName(),
                info.description() or info.printerName(),
                info.printerName() == default,
                info.state() not in _FAILED,
            )
            for info in QPrinterInfo.availablePrinters()
        ]
        return tuple(sorted(printers, key=lambda printer: not printer.is_default))

    def print_paper(self, paper: Paper, order: Order, stopped: Callable[[], bool]) -> bool:
        """Paint all pages; raises PrinterFailed when the printer refuses or gives no sign for too long.

        A printer that hangs keeps its thread, which ends with the process: a call into a driver cannot be stopped.
        """
        painting = _Painting(self._make, paper, order, stopped)
        painting.start()
        while painting.is_alive():
            painting.join(_ASK_AGAIN)
            if painting.is_alive() and time.monotonic() - painting.last_sign > self._patience:
                painting.given_up = True
                raise not_responding()
        if painting.error is not None:
            raise painting.error
        return painting.is_whole


class _Painting(threading.Thread):
    """One print on its way."""

    def __init__(
        self, make: Callable[[str], QPrinter], paper: Paper, order: Order, stopped: Callable[[], bool]
    ) -> None:
        super().__init__(name="printing", daemon=True)
        self._make, self._paper, self._order, self._stopped = make, paper, order, stopped
        self.last_sign = time.monotonic()
        self.given_up = False
        self.is_whole = False
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.is_whole = self._paint()
        except BaseException as error:  # noqa: BLE001 - not handled here: raised again by who waits for the thread
            self.error = error

    def _paint(self) -> bool:
        printer = self._make(self._order.printer)
        printer.setDocName(self._order.job_name)
        printer.setCopyCount(self._order.copies)
        printer.setResolution(RESOLUTION)
        printer.setFullPage(True)
        printer.setPageLayout(self._layout(0))
        painter = QPainter()
        if not painter.begin(printer):
            raise not_responding()
        try:
            for page in range(len(self._paper.page_sizes)):
                if page:
                    printer.setPageLayout(self._layout(page))
                    if not printer.newPage():
                        raise not_responding()
                if not self._page(painter, printer, page):
                    printer.abort()
                    return False
        finally:
            painter.end()
        if printer.printerState() in _FAILED:
            raise not_responding()
        return True

    def _layout(self, page: int) -> QPageLayout:
        width, height = self._paper.page_sizes[page]
        lies = QPageLayout.Orientation.Landscape if width > height else QPageLayout.Orientation.Portrait
        return QPageLayout(QPageSize(QPageSize.PageSizeId.A4), lies, QMarginsF())

    def _page(self, painter: QPainter, printer: QPrinter, page: int) -> bool:
        """Paint one page band by band; return False when it was stopped."""
        resolution = min(printer.resolution(), RESOLUTION)
        scale = printer.resolution() / resolution
        for band in self._paper.bands(page, resolution, self._must_end):
            image = QImage(band.pixels, band.width, band.height, band.width * 4, QImage.Format.Format_RGB32)
            painter.drawImage(
                QRectF(0, band.top * scale, band.width * scale, band.height * scale), image, QRectF(image.rect())
            )
            self.last_sign = time.monotonic()
        return not self._must_end()

    def _must_end(self) -> bool:
        return self.given_up or self._stopped()


def _made(name: str) -> QPrinter:
    info = QPrinterInfo.printerInfo(name)
    if info.isNull():
        raise not_responding()
    return QPrinter(info, QPrinter.PrinterMode.HighResolution)
