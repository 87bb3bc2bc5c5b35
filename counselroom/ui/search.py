"""The search palette: students by name, pinyin, initials or number, records by code and signed text, pages, actions."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.people import StudentStatus
from counselroom.services.finding import FoundCode, FoundStudent, FoundStudents, find_codes, find_students, names_of
from counselroom.services.print_offers import FormLine, list_forms
from counselroom.services.search import Hits, search_text
from counselroom.ui.masking import Face
from counselroom.ui.moments import day_word
from counselroom.ui.pages.table import PAGES
from counselroom.ui.palette_actions import ACTIONS, PaletteAction, form_actions
from counselroom.ui.room import Room
from counselroom.ui.widgets.palette import Palette
from counselroom.ui.widgets.palette_entry import PaletteEntry, PaletteGroup

SHOWN = 8
"""Entries of a group shown at most; who has typed so little types on."""
_TEXTS = 5
_SHORTEST_TEXT = 2
_ICONS = {
    "psych_archive": "mdi6.archive-outline",
    "case_file": "mdi6.folder-heart-outline",
    "appointment": "mdi6.calendar-clock-outline",
    "referral": "mdi6.account-arrow-right-outline",
    "session_record": "mdi6.chat-processing-outline",
}


@dataclass(frozen=True)
class _Found:
    students: FoundStudents
    codes: tuple[FoundCode, ...]
    texts: Hits
    names: dict[str, tuple[str, str | None]]
    forms: tuple[FormLine, ...]


class Search(QObject):
    """Fills the palette. Nothing is remembered of what was searched for."""

    def __init__(self, room: Room, window: QWidget) -> None:
        super().__init__(window)
        self._room = room
        self._place = ""
        self._actions: dict[str, PaletteAction] = {}
        self.palette = Palette(room.icons, window)
        self.palette.query_changed.connect(self._ask)
        self.palette.chosen.connect(self._choose)
        self.palette.finish_wanted.connect(self._write_note)

    def open(self, place: str) -> None:
        """Open the palette over the page `place`, with people shown as they are shown there."""
        self._place = place
        self.palette.open_empty()

    def _ask(self, query: str) -> None:
        room = self._room
        if not query.strip():
            self.palette.show_groups(())
            return

        def look() -> _Found:
            texts = Hits(0, ())
            if len(query.strip()) >= _SHORTEST_TEXT:
                texts = search_text(room.actor, room.desk, query, _TEXTS)
            people = frozenset(hit.subject_person for hit in texts.hits if hit.subject_person)
            return _Found(
                find_students(room.actor, room.desk, query, SHOWN),
                find_codes(room.actor, room.desk, query),
                texts,
                names_of(room.actor, room.desk, people) if people else {},
                list_forms(room.actor, room.desk),
            )

        room.tasks.query(self, look, lambda found: self._show(query, found), key="search")

    def _show(self, query: str, found: _Found) -> None:
        face = self._room.masking.face(self._place)
        groups = []
        if found.students.students:
            title = pgettext("search", "Students {count}").format(count=found.students.total)
            entries = tuple(_student(each, face, query) for each in found.students.students)
            groups.append(PaletteGroup(title, entries))
        records = (*(_code(each, face) for each in found.codes), *self._texts(found, face))
        if records:
            title = pgettext("search", "Records {count}").format(count=len(found.codes) + found.texts.total)
            groups.append(PaletteGroup(title, records))
        groups += self._things(query, found.forms)
        self.palette.show_groups(groups, _("Nothing found. Please try pinyin initials or the number."))

    def _things(self, query: str, forms: tuple[FormLine, ...]) -> list[PaletteGroup]:
        """Return what can be done and where one can go."""
        typed = query.strip().lower()
        self._actions = {str(number): action for number, action in enumerate((*ACTIONS, *form_actions(forms)))}
        actions = tuple(
            PaletteEntry(f"action:{number}", ((action.label(), False),), icon=action.icon)
            for number, action in self._actions.items()
            if action.fits(query)
        )
        pages = tuple(
            PaletteEntry(f"page:{page.key}", ((page.label(), False),), icon=page.icon)
            for page in PAGES
            if page.is_on_rail and typed in page.label().lower()
        )
        found = ((pgettext("search", "Actions"), actions[:SHOWN]), (pgettext("search", "Pages"), pages))
        return [PaletteGroup(title, entries) for title, entries in found if entries]

    def _texts(self, found: _Found, face: Face) -> tuple[PaletteEntry, ...]:
        today = self._room.now().date()
        return tuple(
            PaletteEntry(
                f"student:{hit.subject_person}",
                ((hit.title, False),),
                detail=face.name(*found.names.get(hit.subject_person, ("", None))),
                right=day_word(hit.occurred_on, today) if hit.occurred_on else "",
                icon=_ICONS.get(hit.entity, "mdi6.file-document-outline"),
            )
            for hit in found.texts.hits
            if hit.subject_person
        )

    def _choose(self, key: str) -> None:
        kind, _colon, rest = key.partition(":")
        if kind == "student":
            self._room.ways.open_page("student_record", student=rest)
        elif kind == "page":
            self._room.ways.open_page(rest)
        else:
            self._actions[rest].do(self._room)

    def _write_note(self, key: str) -> None:
        """Write a note for the student that is chosen, or whose record is."""
        kind, _colon, student = key.partition(":")
        if kind == "student":
            self.palette.dismiss()
            self._room.ways.open_page("note", student=student)


def _student(found: FoundStudent, face: Face, query: str) -> PaletteEntry:
    shown = face.name(found.name, found.student_no)
    at = shown.find(query.strip()) if not face.masked else -1
    end = at + len(query.strip())
    title = ((shown, False),) if at < 0 else ((shown[:at], False), (shown[at:end], True), (shown[end:], False))
    class_name = found.class_name or ""
    left = {
        StudentStatus.GRADUATED: pgettext("search", "graduated"),
        StudentStatus.ON_LEAVE: pgettext("search", "on leave"),
    }.get(found.status)
    if left is None and found.status is not StudentStatus.ENROLLED:
        left = pgettext("search", "left")
    detail = "，".join(part for part in (class_name, left) if part)
    # The reading tells the name as surely as the name does.
    return PaletteEntry(
        f"student:{found.id}",
        title,
        reading=() if face.masked else found.reading,
        detail=detail,
        icon="mdi6.account-outline",
        strong=found.is_mine,
    )


def _code(found: FoundCode, face: Face) -> PaletteEntry:
    icon = _ICONS[found.entity]
    return PaletteEntry(
        f"student:{found.student_id}", ((found.code, False),), detail=face.name(found.name, found.student_no), icon=icon
    )
