"""Both integrity checks of an encrypted database.

`cipher_integrity_check` proves every page by its HMAC, `integrity_check` the structure that the pages form; neither
finds all that the other does. Each runs on a connection of its own, because one bad page poisons every later check on
the same connection, and both at once, because each keeps one processor busy. All rows of the answers are read, because
the first one alone says little.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from threading import Event

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

    def joined(self, other: Integrity) -> Integrity:
        """Return what both found together."""
        return Integrity(
            tuple(sorted({*self.bad_pages, *other.bad_pages})),
            self.faults + other.faults,
            self.readable and other.readable,
        )


def check_integrity(opener: Opener, cancel: Cancel, *, pages: int | None = None) -> Integrity:
    """Run both checks.

    Args:
        opener: opens the database; called twice, also from another thread.
        cancel: stops the work; also asked from another thread.
        pages: pages that belong to the database; findings behind them are of a backup's trailer and don't count.

    Raises:
        Cancelled: `cancel` said so.
    """
    with alongside(lambda stop: check_structure(opener, stop), cancel) as structure:
        found = check_pages(opener, pages=pages)
        stop_if(cancel)
    return found.joined(structure.result())


@contextmanager
def alongside(work: Callable[[Cancel], Integrity], cancel: Cancel) -> Iterator[Future[Integrity]]:
    """Run a check in a thread of its own while the body runs; SQLCipher lets Python go on meanwhile.

    Both have ended when this is left. A body that fails doesn't wait for the whole check.

    Args:
        work: the check; it is given what to ask whether to stop.
        cancel: stops the check too; asked from its thread.
    """
    failed = Event()
    with ThreadPoolExecutor(1) as other:
        try:
            yield other.submit(work, lambda: failed.is_set() or cancel())
        except BaseException:
            failed.set()
            raise


def check_pages(opener: Opener, *, pages: int | None = None) -> Integrity:
    """Prove every page by its HMAC; see `check_integrity`. Can't be stopped: it is as fast as the disk."""
    try:
        with closing(opener()) as connection:
            rows = [str(row[0]) for row in connection.execute("PRAGMA cipher_integrity_check")]
    except (dbapi2.Error, UserError):
        return Integrity(readable=False)
    places = [_PAGE.search(row) for row in rows]
    bad = {int(place[1]) for place in places if place}
    within = tuple(sorted(page for page in bad if pages is None or page <= pages))
    return Integrity(within, places.count(None))


def check_structure(opener: Opener, cancel: Cancel) -> Integrity:
    """Check what the pages form. Raises Cancelled when `cancel` said so."""
    try:
        with closing(opener()) as connection:
            connection.set_progress_handler(cancel, _STEPS)
            try:
                rows = connection.execute("PRAGMA integrity_check").fetchall()
            except dbapi2.Error:
                stop_if(cancel)
                return Integrity(faults=1)  # a page that can't be decrypted ends the check with an error
    except (dbapi2.Error, UserError) as fault:
        if isinstance(fault, Cancelled):
            raise
        return Integrity(readable=False)
    return Integrity(faults=sum(row[0] != "ok" for row in rows))
