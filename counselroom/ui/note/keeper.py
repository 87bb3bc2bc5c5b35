"""Keeps a note while it is written: its draft 2 s after the last key and every 3 s, its record now and then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from counselroom.services.changes import Done
from counselroom.services.note_saving import NoteKey, keep_text, store_note
from counselroom.services.sessions import NoteDraft, SessionView
from counselroom.ui.room import Room
from counselroom.vault.lanes import Priority

AFTER_LAST = 2000
"""Milliseconds of quiet after which the text is kept."""
AT_LEAST = 2800
"""Milliseconds after the first key that is not kept yet, however much is typed."""
RECORD_EVERY = 300.0
"""Seconds of writing after which the record itself is written; each writing leaves an audit row."""


@dataclass(frozen=True)
class Written:
    """A note as it is on the screen.

    Attributes:
        key: which note it is.
        draft: for the record.
        state: for the draft: text, fields, cursor.
    """

    key: NoteKey
    draft: NoteDraft
    state: Mapping[str, Any]


class NoteKeeper(QObject):
    """Saves what `written` returns; it returns None for what is not to be saved.

    Attributes:
        stored: the record was written; carries the `SessionView`.
        kept: the draft was written; carries the moment.
        failed: carries what went wrong.
    """

    stored = Signal(object)
    kept = Signal(object)
    failed = Signal(object)

    def __init__(self, room: Room, written: Callable[[], Written | None], parent: QObject) -> None:
        super().__init__(parent)
        self._room = room
        self._written = written
        self._is_unkept = False
        self._is_unstored = False
        self._opened = 0
        self._beginning: Future[Any] | None = None
        self._after: tuple[Written, int] | None = None
        self._then: list[Callable[[], None]] = []
        self._record_at = room.seconds()
        self._quiet = self._timer(AFTER_LAST)
        self._limit = self._timer(AT_LEAST)

    def _timer(self, milliseconds: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(self._tick)
        return timer

    def open(self) -> None:
        """Another note is shown from now on; nothing of it is unsaved."""
        self._stop()
        self._is_unstored = False
        self._opened += 1
        self._record_at = self._room.seconds()

    def touch(self) -> None:
        """Note that something was written."""
        self._is_unkept = self._is_unstored = True
        self._quiet.start()
        if not self._limit.isActive():
            self._limit.start()

    def flush(self) -> Future[Any] | None:
        """Write the record now, unless nothing was written since; return the work that is under way."""
        if not self._is_unstored:
            return self._beginning
        written = self._written()
        self._stop()
        self._is_unstored = False
        return None if written is None else self._store(written)

    def after(self, do: Callable[[], None]) -> None:
        """Do something once a note that is just being begun is there; at once when none is."""
        if self._beginning is None:
            do()
        else:
            self._then.append(do)

    def _stop(self) -> None:
        self._quiet.stop()
        self._limit.stop()
        self._is_unkept = False

    def _tick(self) -> None:
        written = self._written() if self._is_unkept else None
        self._stop()
        if written is None:
            return
        if not written.key.session or self._room.seconds() - self._record_at > RECORD_EVERY:
            self._is_unstored = False
            self._store(written)
        if written.key.session:
            self._keep(written)

    def _keep(self, written: Written) -> None:
        room, key = self._room, written.key
        room.tasks.change(
            lambda: keep_text(room.actor, room.desk, key.session, written.state),
            self.kept.emit,
            priority=Priority.AUTOSAVE,
            on_failed=self.failed.emit,
        )

    def _store(self, written: Written) -> Future[Any]:
        room, opened = self._room, self._opened
        self._record_at = room.seconds()
        if not written.key.session and self._beginning is not None:
            # The note is just being begun: a second beginning would be a second note.
            self._after = (written, opened)
            return self._beginning
        future = room.tasks.change(
            lambda: store_note(room.actor, room.desk, written.key, written.draft),
            lambda done: self._done(done, opened),
            on_failed=self._not_stored,
        )
        if not written.key.session:
            self._beginning = future
        return future

    def _done(self, done: Done[SessionView], opened: int) -> None:
        self._beginning = None
        view = done.value
        after, self._after = self._after, None
        if after is not None:
            written, was_opened = after
            self._store(Written(NoteKey(session=view.id, client=view.client_id), written.draft, written.state))
            opened = was_opened
        if opened == self._opened:
            self.stored.emit(view)
            self.kept.emit(self._now())
            waiting, self._then = self._then, []
            for do in waiting:
                do()

    def _not_stored(self, error: BaseException) -> None:
        self._beginning, self._after, self._is_unstored = None, None, True
        self._then = []
        self.failed.emit(error)

    def _now(self) -> datetime:
        return self._room.now()
