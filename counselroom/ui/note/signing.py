"""Signing a note: it is stored first, and what is signed is what stands on the screen."""

from __future__ import annotations

from collections.abc import Callable

from counselroom.i18n import _
from counselroom.services.changes import Done
from counselroom.services.note_saving import sign_text
from counselroom.services.sessions import SessionView
from counselroom.ui.note.keeper import NoteKeeper, Written
from counselroom.ui.room import Room


class Signing:
    """Signs what `writing` returns, and says so."""

    def __init__(
        self, room: Room, keeper: NoteKeeper, writing: Callable[[], Written | None], signed: Callable[[str], None]
    ) -> None:
        self._room, self._keeper, self._writing, self._signed = room, keeper, writing, signed

    def sign(self) -> None:
        """Store the note, then sign it; `signed` is given the id of the session."""
        self._keeper.flush()
        self._keeper.after(self._sign_stored)

    def _sign_stored(self) -> None:
        room, writing = self._room, self._writing()
        if writing is None:
            return
        self._keeper.open()
        room.tasks.change(
            lambda: sign_text(room.actor, room.desk, writing.key, writing.draft),
            self._was_signed,
            on_failed=self._not_signed,
        )

    def _was_signed(self, done: Done[SessionView]) -> None:
        self._room.messages.say(_("The note was signed and locked."))
        self._signed(done.value.id)

    def _not_signed(self, error: BaseException) -> None:
        self._keeper.touch()
        self._room.messages.tell(error)
