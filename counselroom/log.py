"""The program's log: event codes, exception types and places; never content.

A line may leave the room (a school sends it to us), so the formatter drops everything that could carry a name, a
note, a path or a statement: the arguments of a message are printed only when they are numbers or identifiers of our
own, and of an exception only its type and the place in our code.
"""

from __future__ import annotations

import logging
import re
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path

ROOT = "counselroom"
_PLAIN = re.compile(r"[A-Za-z0-9_.:\-]{1,64}\Z")
_HIDDEN = "‹hidden›"


def _safe(argument: object) -> object:
    """Return the argument when it can hold no secret, else a placeholder."""
    if isinstance(argument, bool | int | float) or argument is None:
        return argument
    if isinstance(argument, type):
        return argument.__name__
    if isinstance(argument, EventCode) and _PLAIN.match(argument):
        return str(argument)
    return _HIDDEN


class EventCode(str):
    """A word of our own that may stand in the log, such as a table's or a step's name."""

    __slots__ = ()


class PrivacyFormatter(logging.Formatter):
    """Formats a record without any text that came from a user, a file or a library."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line: time, level, logger, message with safe arguments, exception type and place."""
        arguments = record.args if isinstance(record.args, tuple) else ()
        try:
            message = str(record.msg) % tuple(_safe(argument) for argument in arguments)
        except (TypeError, ValueError):
            message = str(record.msg)
        if not record.name.startswith(ROOT):
            message = _HIDDEN
        line = f"{self.formatTime(record)} {record.levelname} {record.name} {message}"
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            frames = traceback.extract_tb(trace)
            place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
            line += f" [{kind.__name__} at {place}]"
        return line


def start(folder: Path) -> None:
    """Write the log of this process to `folder`, half a megabyte at most, two old files kept."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(folder / f"{ROOT}.log", maxBytes=512_000, backupCount=2, encoding="utf-8")
    handler.setFormatter(PrivacyFormatter())
    logger = logging.getLogger(ROOT)
    logger.handlers[:] = [handler]
    logger.setLevel(logging.INFO)
    logger.propagate = False


def get(name: str) -> logging.Logger:
    """Return the logger of a module (`log.get(__name__)`)."""
    return logging.getLogger(name)
