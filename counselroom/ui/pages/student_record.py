"""A student's record: the timeline in the middle, facts at the left, what is open at the right, and who looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QTabBar, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.timeline import EntryKind, TimelineEntry
from counselroom.services.access_log import AccessLine, access_lines
from counselroom.services.changes import ChangeSet
from counselroom.services.rows import GuardianView
from counselroom.services.student_care import StudentCare, student_care
from counselroom.services.students import StudentView, list_guardians, student
from counselroom.services.timeline import Timeline, timeline
from counselroom.ui.dialogs.attachment_view import AttachmentDialog
from counselroom.ui.page import Page
from counselroom.ui.record import head, lists
from counselroom.ui.record.actions import RecordActions
from counselroom.ui.record.attaching import attach
from counselroom.ui.record.entry_ways import open_entry
from counselroom.ui.record.facts import FactsColumn
from counselroom.ui.record.open_things import OpenColumn
from counselroom.ui.record.timeline_panel import TimelinePanel
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.room import Room
from counselroom.ui.size_class import SizeClass

_KINDS = (
    "student", "person", "guardian", "special_group_member", "session_record", "case_file", "appointment", "consent",
    "psych_archive", "archive_card", "archive_item", "referral", "attachment", "print_log", "register_row",
    "tier_record", "follow_up_task", "follow_up_record", "crisis_event", "crisis_assessment",
)  # fmt: skip
_PRINTED = (EntryKind.SESSION, EntryKind.REFERRAL, EntryKind.APPOINTMENT)
_LEFT, _RIGHT = 264, 276
_TABS = ("facts", "open", "timeline", "sessions", "files", "accesses")


@dataclass(frozen=True)
class _Record:
    """Everything one opening of the page reads."""

    view: StudentView
    guardians: tuple[GuardianView, ...]
    timeline: Timeline
    accesses: tuple[AccessLine, ...]
    care: StudentCare


class StudentRecordPage(Page):
    """One student. Names are shown: the record was opened on purpose."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Student record"), parent, back=True)
        self._student = ""
        self._record: _Record | None = None
        self._is_stale = False
        self._is_compact = False
        icons = room.icons
        self._facts = FactsColumn(icons)
        self._facts.edit_wanted.connect(lambda: self._open_dialog("student_form"))
        self._facts.guardians_wanted.connect(lambda: self._open_dialog("guardians"))
        self._open = OpenColumn(room, key)
        self._open.attach_wanted.connect(self.attach)
        self._open.files_wanted.connect(lambda: self._turn_to("files"))
        self._timeline = TimelinePanel(icons, self.face, room.now)
        self._timeline.opened.connect(self._open_entry)
        self._timeline.touched.connect(self.touched)
        self._sessions = lists.session_list(icons)
        self._files = lists.file_list(icons)
        self._accesses = lists.access_list(icons)
        for table in (self._sessions, self._files):
            table.opened.connect(lambda index, table=table: self._open_key(table.rows.key_at(index.row())))
        self._actions = RecordActions(room, key, lambda: self._student, self._entries, self._print_about)
        self._actions.add_to(self.header)
        self._lay_out()
        room.bus.changed.connect(self._reload_if_concerned)
        Redrawing(self, room.masking, self._show_names, self.faces)
        room.icons.theme.changed.connect(self._show_names)

    def _lay_out(self) -> None:
        self._tabs = QTabBar()
        self._tabs.setExpanding(False)
        self._tabs.setDrawBase(False)
        self._tabs.setAccessibleName(pgettext("record", "Views"))
        self._stack = QStackedWidget()
        self._places = {name: self._place() for name in ("facts", "open", "timeline", "sessions", "files", "accesses")}
        self._left, self._right = _scrolled(self._facts), _scrolled(self._open)
        for name, table in (("sessions", self._sessions), ("files", self._files), ("accesses", self._accesses)):
            _layout(self._places[name]).addWidget(table.framed())
        self._tabs.setUsesScrollButtons(False)
        self.body.addWidget(self._tabs)
        self.body.addSpacing(12)
        self.body.addWidget(self._stack, 1)
        for tab, words in (
            ("facts", pgettext("record", "Facts")),
            ("open", pgettext("record", "Open")),
            ("timeline", pgettext("record", "Timeline")),
            ("sessions", pgettext("record", "Session notes")),
            ("files", pgettext("record", "Papers and files")),
            ("accesses", pgettext("record", "Accesses")),
        ):
            self._tabs.addTab(words)
            self._stack.addWidget(self._places[tab])
        self._tabs.currentChanged.connect(self._tab_changed)
        self._arrange(compact=False)
        self._turn_to("timeline")

    @staticmethod
    def _place() -> QWidget:
        place = QWidget()
        layout = QHBoxLayout(place)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        return place

    # What the window asks of every page.

    def show_subject(self, arguments: Mapping[str, Any]) -> None:
        """Open the record of `student`, at a `tab` if one is named; names are shown."""
        self.restore(arguments)
        self.room.masking.show_on_purpose(self.key)

    def state(self) -> dict[str, Any]:
        """Return student, tab, filter and current entry."""
        entry = self._timeline.current()
        return {
            "student": self._student,
            "tab": _TABS[self._tabs.currentIndex()],
            "group": self._timeline.group,
            "entry": "" if entry is None else entry.entity_id,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show the student of before, at the same place."""
        wanted = str(state.get("student") or "")
        if wanted != self._student:
            self._student, self._record = wanted, None
        self._timeline.choose(str(state.get("group") or "all"), str(state.get("entry") or ""))
        tab = str(state.get("tab") or "timeline")
        self._turn_to(tab if tab in _TABS else "timeline")
        self._reload()

    def panels(self) -> Sequence[QWidget]:
        """Return tabs and what the tab shows."""
        match _TABS[self._tabs.currentIndex()]:
            case "timeline":
                shown: tuple[QWidget, ...] = (self._left, self._timeline.list, self._right)
            case "facts":
                shown = (self._left,)
            case "open":
                shown = (self._right,)
            case "sessions":
                shown = (self._sessions,)
            case "files":
                shown = (self._files,)
            case _:
                shown = (self._accesses,)
        return (self._tabs, *shown)

    def first(self) -> QWidget:
        """Return the timeline, or the tabs where another one is shown."""
        return self._timeline.list if self._timeline.list.isVisible() else self._tabs

    def current_student(self) -> str | None:
        """Return whose record it is."""
        return self._student or None

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """In a small window the side columns become tabs."""
        super().set_size_class(size, height)
        if hasattr(self, "_tabs"):
            self._arrange(compact=size <= SizeClass.COMPACT)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Read again what changed while another page was shown."""
        super().showEvent(event)
        if self._is_stale:
            self._reload()

    # Showing.

    def _arrange(self, *, compact: bool) -> None:
        self._is_compact = compact
        here = _TABS[self._tabs.currentIndex()]
        for number, name in enumerate(_TABS[:2]):
            self._tabs.setTabVisible(number, compact)
            if not compact and here == name:
                self._turn_to("timeline")
        middle = _layout(self._places["timeline"])
        left = _layout(self._places["facts"]) if compact else middle
        right = _layout(self._places["open"]) if compact else middle
        scale = self.room.icons.theme.pixels("size.base") / 14
        for area, width in ((self._left, _LEFT), (self._right, _RIGHT)):
            area.setMinimumWidth(0 if compact else round(width * scale))
            area.setMaximumWidth(16_777_215 if compact else round(width * scale))
        left.addWidget(self._left)
        middle.addWidget(self._timeline, 1)
        right.addWidget(self._right)
        if not compact:
            middle.insertWidget(0, self._left)

    def _turn_to(self, tab: str) -> None:
        if not self._is_compact and tab in ("facts", "open"):
            tab = "timeline"
        self._tabs.setCurrentIndex(_TABS.index(tab))

    def _tab_changed(self, index: int) -> None:
        self._stack.setCurrentIndex(index)
        self.touched.emit()

    def _reload_if_concerned(self, changes: ChangeSet) -> None:
        if self._student and changes.concerns(*_KINDS):
            # Every reading leaves a trace: it is done for somebody who sees it.
            if self.isVisible():
                self._reload()
            else:
                self._is_stale = True

    def _reload(self) -> None:
        self._is_stale = False
        if not self._student:
            self._record = None
            self._show_names()
            return
        room, student_id = self.room, self._student

        def read() -> _Record:
            view = student(room.actor, room.desk, student_id)
            guardians = list_guardians(room.actor, room.desk, student_id)
            found = timeline(room.actor, room.desk, student_id)
            care = student_care(room.actor, room.desk, student_id)
            return _Record(view, guardians, found, access_lines(room.actor, room.desk, student_id), care)

        room.tasks.query(self, read, self._show, key="student_record", on_failed=self._is_gone)

    def _is_gone(self, error: BaseException) -> None:
        self._student, self._record = "", None
        self.room.messages.tell(error)
        self._show_names()

    def _show(self, record: _Record) -> None:
        if record.view.id != self._student:
            return
        self._record = record
        self._show_head()
        self._show_lists()  # with the entry that was current: `state` tells it from now on
        # What stands beside them comes in the next turn of the event loop; a mask covers everything in one.
        QTimer.singleShot(0, self, self._show_sides)

    def _show_names(self) -> None:
        """Show everything anew, as far as it may be shown now."""
        self._show_head()
        self._show_sides()
        self._show_lists()

    def _show_head(self) -> None:
        record, face, now = self._record, self.face(), self.room.now()
        self._actions.set_enabled(record is not None)
        if record is None:
            self.header.set_title(pgettext("page", "Student record"))
            self.header.set_meta(_("Please choose a student from the list."))
            self._timeline.show_entries(())
            return
        view = record.view
        self.header.set_title(face.name(view.data.name, view.data.student_no))
        self.header.set_meta(
            pgettext("list", ", ").join(head.meta(view, face.number(view.data.student_no), now.date()))
        )
        self.header.set_chips(head.chips(view, record.care, masked=face.masked), self.room.icons)

    def _show_sides(self) -> None:
        record, face, now = self._record, self.face(), self.room.now()
        if record is None:
            return
        view, entries = record.view, record.timeline.entries
        self._facts.show_student(view, record.guardians, entries, face, now)
        self._facts.show_accesses(record.accesses, now)
        self._open.show_all(record.timeline.open_things, record.timeline.year, entries, face, now)
        self._open.care.show_care(record.care, face)

    def _show_lists(self) -> None:
        record, face, now = self._record, self.face(), self.room.now()
        if record is None:
            return
        entries = record.timeline.entries
        self._timeline.show_entries(entries)
        lists.show_sessions(self._sessions, entries, now)
        lists.show_files(self._files, entries, self._timeline.model, face, now)
        lists.show_accesses(self._accesses, record.accesses, now)
        for table in (self._sessions, self._files, self._accesses):
            table.fit_columns()

    def _entries(self) -> Sequence[TimelineEntry]:
        return () if self._record is None else self._record.timeline.entries

    # Doing.

    def _open_dialog(self, key: str) -> None:
        if self._student:
            self.room.ways.open_dialog(key, student=self._student)

    def _print_about(self) -> None:
        """Go to the print preview of the chosen entry, or of what there is of the student."""
        entry = self._timeline.current()
        entity, entity_id = "student", self._student
        if entry is not None and entry.readable and entry.kind in _PRINTED:
            entity, entity_id = entry.entity, entry.entity_id
        self.room.ways.open_page("print_preview", entity=entity, entity_id=entity_id)

    def _open_key(self, entity_id: str) -> None:
        self._open_entry(next((entry for entry in self._entries() if entry.entity_id == entity_id), None))

    def _open_entry(self, entry: object) -> None:
        if not isinstance(entry, TimelineEntry) or not entry.readable:
            return
        if entry.kind is EntryKind.ATTACHMENT:
            AttachmentDialog(self.room, entry.entity_id, entry.number, entry.state, self.window()).open()
        else:
            open_entry(self.room, entry, self._student, self.key)

    def attach(self) -> None:
        """Ask for a file and keep it with the student."""
        if self._student:
            attach(self.room, self, self._student)


def _layout(place: QWidget) -> QHBoxLayout:
    layout = place.layout()
    assert isinstance(layout, QHBoxLayout)  # noqa: S101 - made by `_place`
    return layout


def _scrolled(inner: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    inner.setProperty("kind", "scrolled")
    area.setWidget(inner)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
