"""Children forked from this preloaded process, to be killed: no start-up, no key derivation."""

from __future__ import annotations

import json
import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from counselroom.vault.keys.durable import write_durably
from counselroom.vault.state import Anchor

Say = Callable[[str], None]


class Child:
    """A forked process that runs `work(say)`; each line it says is an acknowledgement."""

    def __init__(self, work: Callable[[Say], None]) -> None:
        self._reading, writing = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                os.close(self._reading)
                work(lambda line: os.write(writing, f"{line}\n".encode()) and None)
                code = 0
            finally:
                os._exit(code)
        os.close(writing)
        self._heard = b""
        self._is_gone = False
        self.code = 0

    def lines(self) -> list[str]:
        """Return what was heard so far, whole lines only: a line is written at once."""
        return self._heard.decode().splitlines()

    def hear(self, seconds: float) -> bool:
        """Listen until something is said, at most `seconds`; False when nothing was or the child is gone."""
        ready, _write, _error = select.select([self._reading], [], [], seconds)
        if not ready:
            return False
        said = os.read(self._reading, 65_536)
        self._heard += said
        return bool(said)

    def wait_for(self, word: str, seconds: float = 60) -> None:
        """Listen until a line begins with `word`."""
        end = time.monotonic() + seconds
        while not any(line.startswith(word) for line in self.lines()):
            assert self.hear(max(0.0, end - time.monotonic())), f"the child never said {word}: {self.lines()[-3:]}"

    def kill(self) -> list[str]:
        """Kill -9, and return everything it said before."""
        os.kill(self.pid, signal.SIGKILL)
        return self.join()

    def join(self) -> list[str]:
        """Wait for its end, and return everything it said."""
        if not self._is_gone:
            while self.hear(60):
                pass
            _pid, status = os.waitpid(self.pid, 0)
            self.code = os.waitstatus_to_exitcode(status)
            os.close(self._reading)
            self._is_gone = True
        return self.lines()


@contextmanager
def child(work: Callable[[Say], None]) -> Iterator[Child]:
    """Fork a child that is gone at the end."""
    forked = Child(work)
    try:
        yield forked
    finally:
        if not forked._is_gone:
            forked.kill()


class FileAnchors:
    """Anchors in a file outside the vault: they survive the process, as those of a keychain do."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self, vault_id: str) -> Anchor | None:
        if not self.path.exists():
            return None
        kept = json.loads(self.path.read_text()).get(vault_id)
        return None if kept is None else Anchor(*kept)

    def save(self, vault_id: str, anchor: Anchor) -> None:
        values = [anchor.generation, anchor.audit_seq, anchor.audit_hash]
        write_durably(self.path, json.dumps({vault_id: values}).encode())
