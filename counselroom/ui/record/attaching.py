"""Attaches a file to a student and offers to delete the plain original."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.attachments import AttachmentView, attach_file
from counselroom.services.changes import Done
from counselroom.ui.file_chooser import FileKind
from counselroom.ui.room import Room
from counselroom.ui.widgets.question import Question
from counselroom.vault.lanes import Job


def attach(room: Room, owner: QWidget, student_id: str) -> None:
    """Ask for a file and keep it with the student."""
    kinds = (FileKind(_("Pictures, PDF and documents"), ("*",)),)
    path = room.files.open_file(owner, _("Attach a file to this record"), kinds)
    if path is None:
        return

    def work(job: Job[Done[AttachmentView]]) -> Done[AttachmentView]:
        data = path.read_bytes()
        return job.change(lambda: attach_file(room.actor, room.desk, "student", student_id, path.name, data))

    room.tasks.job(work, lambda _done: offer_to_delete(room, owner, path), reads=False)


def offer_to_delete(room: Room, owner: QWidget, path: Path) -> None:
    """Ask whether the original of what is in the vault now shall go from this computer."""
    question = Question(
        room.icons,
        _("Delete the original file?"),
        _(
            "The file is kept encrypted in the vault now. The original “{name}” still lies open on this computer."
        ).format(name=path.name),
        pgettext("files", "Delete the original"),
        pgettext("files", "Keep it"),
        danger=True,
        parent=owner.window(),
    )
    question.accepted.connect(lambda: _delete(room, path))
    question.open()


def _delete(room: Room, path: Path) -> None:
    done = _("The original file was deleted.")
    room.tasks.job(lambda _job: path.unlink(), lambda _none: room.messages.say(done), reads=False)
