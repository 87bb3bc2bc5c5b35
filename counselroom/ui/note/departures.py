"""Where a note leads: its case, its paper, a correction, a consent, the next appointment, an assessment."""

from __future__ import annotations

from datetime import datetime

from counselroom.i18n import _
from counselroom.services.cases import restrict_case
from counselroom.services.note_pages import NotePage
from counselroom.ui.room import Room


class Departures:
    """The ways out of a note."""

    def __init__(self, room: Room) -> None:
        self._room, self._ways = room, room.ways

    def amend(self, page: NotePage) -> None:
        """Add a correction beside the signed note."""
        if page.session is not None:
            self._ways.open_dialog("amend_note", session=page.session.id)

    def preview(self, page: NotePage) -> None:
        """Show the note as F-11."""
        if page.session is not None:
            self._ways.open_page(
                "print_preview", form="F-11", entity="session_record", entity_id=page.session.id, audience="room"
            )

    def open_case(self, page: NotePage) -> None:
        """Open the case the note belongs to."""
        if page.case_id:
            self._ways.open_page("case", case=page.case_id)

    def open_consent(self, page: NotePage) -> None:
        """Type a signed consent in."""
        self._ways.open_dialog("consent", student=page.client_id)

    def book(self, page: NotePage, moment: datetime | None) -> None:
        """Book the next appointment, at the time that was agreed on."""
        at = {} if moment is None else {"starts_at": moment.isoformat()}
        self._ways.open_dialog("appointment", student=page.client_id, **at)

    def open_assessment(self, page: NotePage) -> None:
        """Begin the assessment that names this note as its source."""
        source = {} if page.session is None else {"source_entity": "session_record", "source_id": page.session.id}
        self._ways.open_page("assessment", student=page.client_id, **source)

    def restrict(self, page: NotePage, *, restricted: bool) -> None:
        """Restrict the case of the note, or open it to the rules of the room again."""
        room, case_id = self._room, page.case_id
        if case_id and restricted != page.restricted:
            room.tasks.change(
                lambda: restrict_case(room.actor, room.desk, case_id, restricted),
                lambda done: room.messages.say(_("The restriction was changed."), done.changes.undo),
            )
