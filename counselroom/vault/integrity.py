"""Both integrity checks of an encrypted database.

`cipher_integrity_check` proves every page by its HMAC, `integrity_check` the structure that the pages form; neither
finds all that the other does. Each runs on a connection of its own, because one bad page poisons every later check on
the same connection, and all rows of the answer are read, because the first one alone says little.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

from sqlcipher3 import dbapi2

from counselroom.errors import UserError
from counselroom.vault.progress import Cancel, Cancelled, stop_if

_STEPS = 100_000  # virtual machine steps between two looks at `cancel`: some milliseconds
_PAGE = re.compile(r"\bpage (\d+)\b")

Opener = Callable[[], dbapi2.Connection]
"""Opens a new connection to the database that is checked."""


@dataclass(frozen=True)
class Integrity:
    """What the checks found.

    Attributes:
        bad_pages: numbers of the pages whose HMAC is wrong, from 1.
        faults: number of faults in the structure; 1 when the check itself could not run to its end.
        readable: the database could be opened at all.
    """

    bad_pages: tuple[int, ...] = ()
    faults: int = 0
    readable: bool = True

    @property
    def ok(self) -> bool:
        """True when nothing was found."""
        return self.readable and not self.bad_pages and not self.faults


def check_integrity(opener: Opener, cancel: Cancel, *, pages: int | None = None) -> Integrity:
    """Run both checks.

    Args:
        opener: opens the database; called twice.
        cancel: stops the work.
        pages: pages that belong to the database; findings behind them are of a backup's trailer and don't count.

    Raises:
        Cancelled: `cancel` said so.
    """
    try:
        bad_pages, unplaced = _cipher_check(opener, pages)
        stop_if(cancel)
        return Integrity(bad_pages, unplaced + _structure_check(opener, cancel))
    except (dbapi2.Error, UserError) as fault:
        if isinstance(fault, Cancelled):
            raise
        return Integrity(readable=False)


def _cipher_check(opener: Opener, pages: int | None) -> tuple[tuple[int, ...], int]:
    """Return the bad pages, and how many findings name no page."""
    with closing(opener()) as connection:
        rows = [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")]
    places = [_PAGE.search(row) for row in rows]
    bad = {int(place[1]) for place in places if place}
    return tuple(sorted(page for page in bad if pages is None or page <= pages)), places.count(None)


def _structure_check(opener: Opener, cancel: Cancel) -> int:
    """Return the number of faults."""
    with closing(opener()) as connection:
        connection.set_progress_handler(cancel, _STEPS)
        try:
            rows = connection.execute("PRAGMA integrity_check").fetchall()
        except dbapi2.Error:
            stop_if(cancel)
            return 1  # a page that can't be decrypted ends the check with an error
    return sum(row[0] != "ok" for row in rows)
