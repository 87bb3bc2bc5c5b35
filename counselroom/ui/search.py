"""The search palette: students by name, pinyin, initials or number, and the pages of the window."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.student_lists import StudentRows, student_rows
from counselroom.ui.masking import Face
from counselroom.ui.pages.table import PAGES
from counselroom.ui.palette_actions import ACTIONS
from counselroom.ui.room import Room
from counselroom.ui.widgets.palette import Palette
from counselroom.ui.widgets.palette_entry import PaletteEntry, PaletteGroup

_STUDENT, _PAGE, _ACTION = "student:", "page:", "action:"
SHOWN = 8
"""Students shown at most; who has typed so little types on."""


class Search(QObject):
    """Fills the palette. Nothing is remembered of what was searched for."""

    def __init__(self, room: Room, window: QWidget) -> None:
        super().__init__(window)
        self._room = room
        self._place = ""
        self.palette = Palette(room.icons, window)
        self.palette.query_changed.connect(self._ask)
        self.palette.chosen.connect(self._choose)

    def open(self, place: str) -> None:
        """Open the palette over the page `place`, with people shown as they are shown there."""
        self._place = place
        self.palette.open_empty()

    def _ask(self, query: str) -> None:
        room = self._room
        if not query.strip():
            self.palette.show_groups(())
            return
        room.tasks.query(
            self,
            lambda: student_rows(room.actor, room.desk, query=query, with_left=True),
            lambda found: self._show(query, found),
            key="search",
        )

    def _show(self, query: str, found: StudentRows) -> None:
        face = self._room.masking.face(self._place)
        pages = tuple(
            PaletteEntry(f"{_PAGE}{page.key}", ((page.label(), False),), icon=page.icon)
            for page in PAGES
            if page.is_on_rail and query.strip().lower() in page.label().lower()
        )
        students = tuple(_entry(row.id, row.name, row.class_name or "", face, query) for row in found.rows[:SHOWN])
        groups = []
        if students:
            title = pgettext("search", "Students {count}").format(count=found.total)
            groups.append(PaletteGroup(title, students))
        actions = tuple(
            PaletteEntry(f"{_ACTION}{number}", ((action.label(), False),), icon=action.icon)
            for number, action in enumerate(ACTIONS)
            if action.fits(query)
        )[:SHOWN]
        if actions:
            groups.append(PaletteGroup(pgettext("search", "Actions"), actions))
        if pages:
            groups.append(PaletteGroup(pgettext("search", "Pages"), pages))
        self.palette.show_groups(groups, _("Nothing found. Please try pinyin initials or the number."))

    def _choose(self, key: str) -> None:
        kind, _colon, rest = key.partition(":")
        if kind == "student":
            self._room.ways.open_page("students", student=rest)
        elif kind == "page":
            self._room.ways.open_page(rest)
        else:
            ACTIONS[int(rest)].do(self._room)


def _entry(student_id: str, name: str, class_name: str, face: Face, query: str) -> PaletteEntry:
    shown = face.name(name)
    at = shown.find(query.strip()) if not face.masked else -1
    end = at + len(query.strip())
    title = ((shown, False),) if at < 0 else ((shown[:at], False), (shown[at:end], True), (shown[end:], False))
    return PaletteEntry(f"{_STUDENT}{student_id}", title, detail=class_name, icon="mdi6.account-outline")
