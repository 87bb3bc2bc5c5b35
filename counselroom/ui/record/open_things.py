"""The right column of the record: what is open, the counts of the year, the files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.timeline import EntryKind, OpenThings, TimelineEntry, YearCounts
from counselroom.ui.care.care_panel import CarePanel
from counselroom.ui.masking import Face
from counselroom.ui.moments import day_and_time
from counselroom.ui.record.rows import Rows
from counselroom.ui.record.words import case_word, local_day, referral_word, short_day
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.panel import Panel

FILES_SHOWN = 6


class OpenColumn(QWidget):
    """Four panels.

    Attributes:
        care: tier and follow-up.
        attach_wanted: a file is to be attached.
        files_wanted: all files are to be listed.
    """

    attach_wanted = Signal()
    files_wanted = Signal()

    def __init__(self, room: Room, place: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        icons = room.icons
        self.care = CarePanel(room, place)
        self._open = Rows(icons)
        self._files = Rows(icons)
        self._figures: dict[str, Label] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        open_panel = Panel(pgettext("record", "Open"))
        open_panel.set_body(self._open)
        self.year_panel = Panel(pgettext("record", "This academic year"))
        self.year_panel.set_body(self._year())
        self._file_panel = Panel(pgettext("record", "Files"))
        attach = Button(pgettext("files", "Attach"), "text", icons.named("mdi6.paperclip"), size="compact")
        attach.clicked.connect(self.attach_wanted)
        self._file_panel.set_action(attach)
        self._file_panel.set_body(self._files)
        for panel in (self.care, open_panel, self.year_panel, self._file_panel):
            column.addWidget(panel)
        column.addStretch(1)

    def _year(self) -> QFrame:
        body = QFrame()
        line = QHBoxLayout(body)
        line.setContentsMargins(16, 8, 16, 12)
        for key, words in (
            ("sessions", pgettext("year", "sessions")),
            ("appointments", pgettext("year", "appointments kept")),
            ("referrals", pgettext("year", "referrals")),
        ):
            part = QVBoxLayout()
            part.setSpacing(0)
            self._figures[key] = Label("0", "figure")
            part.addWidget(self._figures[key], 0, Qt.AlignmentFlag.AlignLeft)
            part.addWidget(Label(words, "caption"))
            line.addLayout(part, 1)
        return body

    def show_all(
        self, things: OpenThings, year: YearCounts, entries: Sequence[TimelineEntry], face: Face, now: datetime
    ) -> None:
        """Show what is open, the counts and the files."""
        self._open.clear()
        if things.appointment is not None and things.appointment.at is not None:
            words = pgettext("record", "Next appointment")
            self._open.add_line("mdi6.calendar-clock-outline", words, day_and_time(things.appointment.at, now))
        for entry in things.unsigned:
            words = _("Session {number} waits for the signature").format(number=entry.seq)
            self._open.add_line("mdi6.pencil-outline", words, short_day(entry.day, now.date()))
        for entry in things.cases:
            self._open.add_line(
                "mdi6.folder-heart-outline", _("Case {code}").format(code=entry.number), case_word(entry.state)
            )
        for entry in things.referrals:
            words = _("Referral {number}").format(number=entry.number)
            self._open.add_line("mdi6.account-arrow-right-outline", words, referral_word(entry.state))
        if things == OpenThings():
            self._open.add_hint(_("Nothing is open with this student."))
        self.year_panel.set_count(year.academic_year)
        for key, count in (
            ("sessions", year.sessions),
            ("appointments", year.appointments),
            ("referrals", year.referrals),
        ):
            self._figures[key].setText(str(count))
        self._show_files(entries, face, now)

    def _show_files(self, entries: Sequence[TimelineEntry], face: Face, now: datetime) -> None:
        self._files.clear()
        files = [entry for entry in entries if entry.kind is EntryKind.ATTACHMENT]
        self._file_panel.set_count(str(len(files)) if files else "")
        for entry in files[:FILES_SHOWN]:
            words = face.text(entry.number) or pgettext("timeline", "Attachment")
            day = entry.day if entry.at is None else local_day(entry.at, now)
            self._files.add_line(icon_of(entry.state), words, short_day(day, now.date()))
        if len(files) > FILES_SHOWN:
            more = Button(_("All {count} files").format(count=len(files)), "text", size="compact")
            more.clicked.connect(self.files_wanted)
            self._files.add(more)
        if not files:
            self._files.add_hint(_("No file is attached. Scans and photos of paper belong here."))


def icon_of(media_type: str) -> str:
    """Return the icon of a kind of file."""
    if media_type.startswith("image/"):
        return "mdi6.image-outline"
    if media_type.startswith(("audio/", "video/")):
        return "mdi6.microphone-outline"
    return "mdi6.file-document-outline"
