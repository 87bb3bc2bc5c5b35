"""Looks into a finished PDF with the tools of poppler."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path


def _run(tool: str, pdf: bytes, *options: str, to_output: bool = False) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.pdf"
        path.write_bytes(pdf)
        target = ["-"] if to_output else []
        return subprocess.run([tool, *options, str(path), *target], check=True, capture_output=True).stdout.decode()


def text_of(pdf: bytes) -> str:
    """Return the text in the order in which it was drawn."""
    return _run("pdftotext", pdf, "-raw", to_output=True)


def bare(text: str) -> str:
    """Return `text` without white space, as line and cell ends put it anywhere."""
    return "".join(text.split())


def fonts_of(pdf: bytes) -> list[str]:
    return _run("pdffonts", pdf).splitlines()[2:]


def properties_of(pdf: bytes) -> str:
    return _run("pdfinfo", pdf)


def picture_of(pdf: bytes) -> bytes:
    """Return the first page at 36 dpi as a portable grey map."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.pdf"
        path.write_bytes(pdf)
        stem = Path(folder) / "picture"
        subprocess.run(["pdftoppm", "-r", "36", "-gray", "-f", "1", "-singlefile", str(path), str(stem)], check=True)
        return stem.with_suffix(".pgm").read_bytes()


def page_texts(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    return text_of(pdf).split("\f")[:-1]
