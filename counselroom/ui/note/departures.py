"""Where a note leads: to its case and its paper, to a correction, a consent, the next appointment, an assessment."""

from __future__ import annotations

from datetime import datetime

from counselroom.services.note_pages import NotePage
from counselroom.ui.ways import Ways


class Departures:
    """The ways out of a note."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways

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
