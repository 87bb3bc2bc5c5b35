"""The program's log: event codes, exception types and places; never content.

A line may leave the room (a school sends it to us), so the formatter drops everything that could carry a name, a
note, a path or a statement: the arguments of a message are printed only when they are numbers or identifiers of our
own, and of an exception only its type and the last place in our code. The messages themselves are literals
in our code (a test reads the sources for that).
"""

from __future__ import annotations

import logging
import re
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from logging.handlers import RotatingFileHandler

ROOT = "counselroom"
_PLAIN = re.compile(r"[A-Za-z0-9_.:\-]{1,64}\Z")
_HIDDEN = "‹hidden›"
_PACKAGE = Path(__file__).resolve().parent


def _safe(argument: object) -> object:
    """Return the argument when it can hold no secret, else a placeholder."""
    if argument is None or type(argument) in (bool, int, float):
        return argument
    if isinstance(argument, type):
        return _plain(argument.__name__)
    return _plain(argument) if isinstance(argument, EventCode) else _HIDDEN


def _plain(word: str) -> str:
    return str(word) if _PLAIN.match(word) else _HIDDEN


class EventCode(str):
    """A word of our own that may stand in the log, such as a table's or a step's name."""

    __slots__ = ()


class PrivacyFormatter(logging.Formatter):
    """Formats a record without any text that came from a user, a file or a library."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line: time, level, logger, message with safe arguments, exception type and place."""
        arguments = record.args if isinstance(record.args, tuple) else ()
        message = _HIDDEN
        if isinstance(record.msg, str) and (record.name == ROOT or record.name.startswith(f"{ROOT}.")):
            try:
                message = record.msg % tuple(_safe(argument) for argument in arguments)
            except (TypeError, ValueError):
                message = record.msg
        line = f"{self.formatTime(record)} {record.levelname} {_plain(record.name)} {message}"
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            frames = traceback.extract_tb(trace)
            ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)] or frames
            place = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
            line += f" [{_plain(kind.__name__)} at {place}]"
        return line


class _LogFile(logging.Handler):
    """Opens its file with the first record: what rotates files brings sockets along, which delay the first window."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._file: RotatingFileHandler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self._file is None:
            from logging.handlers import RotatingFileHandler

            self._file = RotatingFileHandler(self._path, maxBytes=512_000, backupCount=2, encoding="utf-8", delay=True)
            self._file.setFormatter(self.formatter)
        self._file.emit(record)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()


def start(folder: Path) -> None:
    """Write the log of this process to `folder`, half a megabyte at most, two old files kept.

    Warnings of libraries are written too, with their text hidden, so that logging has no reason to print them in full
    to standard error; nor does it print a record there that could not be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    logging.raiseExceptions = False
    path = folder / f"{ROOT}.log"
    path.touch()  # where it can't be written, that is said now and not at the first record
    handler = _LogFile(path)
    handler.setFormatter(PrivacyFormatter())
    for name in (ROOT, None):
        logger = logging.getLogger(name)
        for old in [old for old in logger.handlers if isinstance(old.formatter, PrivacyFormatter)]:
            logger.removeHandler(old)
            old.close()
        logger.addHandler(handler)
    logger = logging.getLogger(ROOT)
    logger.setLevel(logging.INFO)
    logger.propagate = False


def be_silent() -> None:
    """Write no log in this process: where there is no place for one, nothing goes to standard error instead."""
    logging.getLogger(ROOT).addHandler(logging.NullHandler())


def get(name: str) -> logging.Logger:
    """Return the logger of a module (`log.get(__name__)`)."""
    return logging.getLogger(name)
