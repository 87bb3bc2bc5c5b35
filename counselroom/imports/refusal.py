"""Why a roster file as a whole is refused: the words in which the child process tells its parent."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """The reason; `reader.RosterRefused` has the sentence for each."""

    NOT_A_FILE = "not_a_file"
    EMPTY = "empty"
    TOO_BIG = "too_big"
    NOT_A_TABLE = "not_a_table"
    WEB_PAGE = "web_page"
    OTHER_FORMAT = "other_format"
    PASSWORD = "password"  # noqa: S105 - the reason "protected by a password", not one
    MACROS = "macros"
    EXTERNAL_LINKS = "external_links"
    UNPACKS_TOO_BIG = "unpacks_too_big"
    ODD_PACKAGE = "odd_package"
    DAMAGED = "damaged"
    ENCODING = "encoding"
    QUOTE = "quote"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_MUCH_TEXT = "too_much_text"
    NO_SUCH_SHEET = "no_such_sheet"
    TOO_MUCH_WORK = "too_much_work"
    """Took more time or memory than the child process may use."""
    CANCELLED = "cancelled"


class FileRefusedError(Exception):
    """Raised inside the child process; never reaches a user.

    Attributes:
        reason: the reason.
        line: 1-based line of a text file the reason belongs to, or 0.
    """

    def __init__(self, reason: Refusal, line: int = 0) -> None:
        self.reason = reason
        self.line = line
        super().__init__(reason.value)
