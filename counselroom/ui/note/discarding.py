"""Discarding a draft: an empty one at once, one with text after a question; both can be undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.changes import Done
from counselroom.services.note_saving import discard_text
from counselroom.ui.room import Room
from counselroom.ui.widgets.question import Question


def ask_to_discard(room: Room, window: QWidget, *, has_text: bool, go: Callable[[], None]) -> None:
    """Do `go` for an empty draft; for one with text ask once before."""
    if not has_text:
        go()
        return
    question = Question(
        room.icons,
        _("Discard this draft?"),
        _("The text goes away from all lists. It can be taken back until the window is locked."),
        pgettext("note", "Discard the draft"),
        pgettext("note", "Keep it"),
        danger=True,
        parent=window,
    )
    question.accepted.connect(go)
    question.finished.connect(lambda _code: question.deleteLater())
    question.open()


def discard(room: Room, session_id: str, gone: Callable[[], None]) -> None:
    """Discard a stored draft and tell of it with its way back."""

    def settled(done: Done[Any]) -> None:
        undo = done.changes.undo
        room.messages.say(_("The draft was discarded.") if undo is None else undo.sentence, undo)
        gone()

    room.tasks.change(lambda: discard_text(room.actor, room.desk, session_id), settled)
