"""Printing through Qt, with a printer that writes what it was given into a file of the test."""

from __future__ import annotations

import os
import threading

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from counselroom.desktop.printer import Order, PrinterFailed
from counselroom.desktop.qt_printer import RESOLUTION, QtPrinters, printers_of_this_machine
from counselroom.printing.definitions import Audience
from counselroom.services.page_images import PageImage, page_image, page_sizes
from counselroom.services.prints import print_blank
from tests.desktop.papers import PdfPaper
from tests.printing.pdf import properties_of

ORDER = Order("测试", 1, "F-19")


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return print_blank("F-19", Audience.ROOM)


def printing_into(place: Path) -> QtPrinters:
    def make(name: str) -> QPrinter:
        assert name == "测试"
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(place))
        return printer

    return QtPrinters(make)


def never() -> bool:
    return False


def test_all_pages_come_out_as_they_were(qapp: QApplication, tmp_path: Path, pdf: bytes) -> None:
    paper = PdfPaper(pdf)
    assert printing_into(tmp_path / "out.pdf").print_paper(paper, ORDER, never) is True
    out = (tmp_path / "out.pdf").read_bytes()
    assert len(page_sizes(out)) == len(page_sizes(pdf)) == 2
    assert set(paper.resolutions) == {RESOLUTION}
    for page in range(2):
        wanted, got = (darkness(page_image(each, page, 200)) for each in (pdf, out))
        assert max(wanted) > 40
        assert max(abs(one - other) for one, other in zip(wanted, got, strict=True)) < 16, "letters are where they were"


def darkness(image: PageImage) -> list[float]:
    """Return how dark each square of half an inch is, 0 for white."""
    side, found = 100, []
    for top in range(0, image.height - side, side):
        for left in range(0, image.width - side, side):
            rows = range(top, top + side)
            square = [
                image.pixels[(y * image.width + left) * 4 : (y * image.width + left + side) * 4 : 4] for y in rows
            ]
            found.append(255 - sum(map(sum, square)) / side**2)
    return found


def test_the_queue_shows_the_number_of_the_form(qapp: QApplication, tmp_path: Path, pdf: bytes) -> None:
    printing_into(tmp_path / "out.pdf").print_paper(PdfPaper(pdf), ORDER, never)
    assert "F-19" in properties_of((tmp_path / "out.pdf").read_bytes()).splitlines()[0]


def test_a_stopped_print_says_so(qapp: QApplication, tmp_path: Path, pdf: bytes) -> None:
    stop = threading.Event()
    assert printing_into(tmp_path / "out.pdf").print_paper(PdfPaper(pdf, stop.set), ORDER, stop.is_set) is False


def test_a_printer_without_a_sign_is_given_up(qapp: QApplication, tmp_path: Path, pdf: bytes) -> None:
    hold = threading.Event()
    printers = printing_into(tmp_path / "out.pdf")
    impatient = QtPrinters(printers._make, patience=0.2)
    try:
        with pytest.raises(PrinterFailed, match=r"打印机没有响应.*内容已保存"):
            impatient.print_paper(PdfPaper(pdf, lambda: hold.wait(5) and None), ORDER, never)
    finally:
        hold.set()
    for thread in threading.enumerate():
        if thread.name == "printing":
            thread.join(5)


@pytest.mark.qt_log_ignore(r"QPainter::begin\(\): Returned false")
def test_a_printer_that_refuses_fails(qapp: QApplication, tmp_path: Path, pdf: bytes) -> None:
    with pytest.raises(PrinterFailed):
        printing_into(tmp_path / "no folder" / "out.pdf").print_paper(PdfPaper(pdf), ORDER, never)


def test_a_printer_that_is_not_there_fails(qapp: QApplication, pdf: bytes) -> None:
    with pytest.raises(PrinterFailed):
        QtPrinters().print_paper(PdfPaper(pdf), Order("没有这台", 1, "F-19"), never)


def test_a_mistake_while_painting_is_not_hidden(qapp: QApplication, tmp_path: Path, pdf: bytes) -> None:
    def fall() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        printing_into(tmp_path / "out.pdf").print_paper(PdfPaper(pdf, fall), ORDER, never)


def test_the_printers_of_a_machine_can_be_asked_for(qapp: QApplication) -> None:
    assert isinstance(printers_of_this_machine().found(), tuple)
    assert QtPrinters().found() == () or QtPrinters().found()[0].name
