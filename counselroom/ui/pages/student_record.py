"""A student's record: the timeline in the middle, facts at the left, what is open at the right, and who looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from counselroom.i18n import _, pgettext
from counselroom.rules.timeline import EntryKind, TimelineEntry
from counselroom.services.access_log import AccessLine, access_lines
from counselroom.services.attachments import AttachmentView, attach_file
from counselroom.services.changes import ChangeSet, Done
from counselroom.services.rows import GuardianView
from counselroom.services.students import StudentView, list_guardians, student
from counselroom.services.timeline import Timeline, timeline
from counselroom.ui.dialogs.attachment_view import AttachmentDialog
from counselroom.ui.file_chooser import FileKind
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.models.students import status_word
from counselroom.ui.moments import day_and_time
from counselroom.ui.page import Page
from counselroom.ui.record.facts import FactsColumn
from counselroom.ui.record.open_things import OpenColumn
from counselroom.ui.record.timeline_list import TimelineList
from counselroom.ui.record.timeline_model import GROUPS, TimelineModel, TimelineRole
from counselroom.ui.record.words import (
    action_word,
    entity_word,
    gender_word,
    group_word,
    short_day,
    size_words,
    years_between,
)
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.room import Room
from counselroom.ui.size_class import SizeClass
from counselroom.ui.widgets import chip_face
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.pill import Pill
from counselroom.ui.widgets.question import Question
from counselroom.vault.lanes import Job

_KINDS = (
    "student", "person", "guardian", "special_group_member", "session_record", "case_file", "appointment", "consent",
    "psych_archive", "archive_card", "referral", "attachment", "print_log", "register_row",
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


class StudentRecordPage(Page):
    """One student. Names are shown: the record was opened on purpose."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Student record"), parent, back=True)
        self._student = ""
        self._record: _Record | None = None
        self._is_stale = False
        self._wanted_entry = ""
        self._is_compact = False
        icons = room.icons
        self._facts = FactsColumn(icons)
        self._facts.edit_wanted.connect(lambda: self._open_dialog("student_form"))
        self._facts.guardians_wanted.connect(lambda: self._open_dialog("guardians"))
        self._open = OpenColumn(icons)
        self._open.attach_wanted.connect(self.attach)
        self._open.files_wanted.connect(lambda: self._turn_to("files"))
        self._model = TimelineModel(self.face, room.now, self)
        self._list = TimelineList(icons, pgettext("record", "Timeline"))
        self._list.setModel(self._model)
        self._list.opened.connect(lambda index: self._open_entry(index.data(TimelineRole.ENTRY)))
        self._list.turned.connect(self.touched)
        self._nothing = EmptyState(
            icons,
            "mdi6.timeline-outline",
            _("Nothing has been noted about this student yet."),
            _("Appointments, notes and papers appear here by themselves."),
        )
        self._group = "all"
        self._pills: dict[str, Pill] = {}
        self._sessions = self._table(
            pgettext("record", "Sessions"), pgettext("record", "Session"), pgettext("record", "Day"),
            pgettext("record", "Length"), pgettext("record", "Counsellor"), pgettext("record", "State"),
        )  # fmt: skip
        self._files = self._table(
            pgettext("record", "Papers and files"), pgettext("record", "Paper"), pgettext("record", "Kind"),
            pgettext("record", "Day"), pgettext("record", "By"), pgettext("record", "Details"),
        )  # fmt: skip
        self._accesses = self._table(
            pgettext("record", "Accesses"), pgettext("record", "When"), pgettext("record", "Who"),
            pgettext("record", "What"), pgettext("record", "Record"), pgettext("record", "Reason"),
        )  # fmt: skip
        for table in (self._sessions, self._files):
            table.opened.connect(lambda index, table=table: self._open_key(_model_of(table).key_at(index.row())))
        self._lay_out()
        self._add_actions()
        room.bus.changed.connect(self._reload_if_concerned)
        Redrawing(self, room.masking, self._show_names)
        room.icons.theme.changed.connect(self._show_names)

    def _table(self, name: str, *heads: str) -> ListTable:
        table = ListTable(self.room.icons, name)
        table.setModel(PlainModel(heads, table))
        return table

    def _lay_out(self) -> None:
        self._tabs = QTabBar()
        self._tabs.setExpanding(False)
        self._tabs.setDrawBase(False)
        self._tabs.setAccessibleName(pgettext("record", "Views"))
        self._stack = QStackedWidget()
        self._places = {name: self._place() for name in ("facts", "open", "timeline", "sessions", "files", "accesses")}
        self._left, self._right = _scrolled(self._facts), _scrolled(self._open)
        self._middle = self._timeline_panel()
        for name, table in (("sessions", self._sessions), ("files", self._files), ("accesses", self._accesses)):
            _layout(self._places[name]).addWidget(_framed(table))
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

    def _timeline_panel(self) -> QFrame:
        panel = QFrame()
        panel.setProperty("kind", "panel")
        column = QVBoxLayout(panel)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        pills = QHBoxLayout()
        pills.setContentsMargins(12, 8, 12, 8)
        pills.setSpacing(8)
        group = QButtonGroup(self)
        for name, words in (
            ("all", pgettext("timeline", "All")),
            ("sessions", pgettext("timeline", "Counselling")),
            ("appointments", pgettext("timeline", "Appointments")),
            ("referrals", pgettext("timeline", "Referrals")),
            ("papers", pgettext("timeline", "Papers")),
            ("registers", pgettext("timeline", "Registers")),
        ):
            pill = Pill(self.room.icons, words, 0)
            pill.clicked.connect(lambda _checked=False, name=name: self._filter(name))
            group.addButton(pill)
            self._pills[name] = pill
            pills.addWidget(pill)
        self._pills["all"].setChecked(True)
        pills.addStretch(1)
        column.addLayout(pills)
        column.addWidget(self._list, 1)
        place = QVBoxLayout()
        place.setContentsMargins(16, 0, 16, 16)
        place.addWidget(self._nothing)
        column.addLayout(place)
        self._nothing.hide()
        return panel

    def _add_actions(self) -> None:
        icons = self.room.icons
        self._print = Button(pgettext("record", "Print"), "secondary", icons.named("mdi6.printer-outline"))
        self._print.clicked.connect(self._print_about)
        self.header.add_action(self._print)
        self._state = Button(
            pgettext("record", "Change state"), "secondary", icons.named("mdi6.account-switch-outline")
        )
        self._state.clicked.connect(lambda: self._open_dialog("student_status"))
        self.header.add_action(self._state)

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
        entry = self._list.currentIndex().data(TimelineRole.ENTRY)
        return {
            "student": self._student,
            "tab": _TABS[self._tabs.currentIndex()],
            "group": self._group,
            "entry": entry.entity_id if isinstance(entry, TimelineEntry) else "",
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show the student of before, at the same place."""
        wanted = str(state.get("student") or "")
        if wanted != self._student:
            self._student, self._record = wanted, None
        self._wanted_entry = str(state.get("entry") or "")
        self._group = str(state.get("group") or "all") if state.get("group") in GROUPS else "all"
        self._pills[self._group].setChecked(True)
        tab = str(state.get("tab") or "timeline")
        self._turn_to(tab if tab in _TABS else "timeline")
        self._reload()

    def panels(self) -> Sequence[QWidget]:
        """Return tabs and what the tab shows."""
        match _TABS[self._tabs.currentIndex()]:
            case "timeline":
                shown: tuple[QWidget, ...] = (self._left, self._list, self._right)
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
        return self._list if self._list.isVisible() else self._tabs

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
        middle.addWidget(self._middle, 1)
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
            return _Record(view, guardians, found, access_lines(room.actor, room.desk, student_id))

        room.tasks.query(self, read, self._show, key="student_record", on_failed=self._is_gone)

    def _is_gone(self, error: BaseException) -> None:
        self._student, self._record = "", None
        self.room.messages.tell(error)
        self._show_names()

    def _show(self, record: _Record) -> None:
        if record.view.id != self._student:
            return
        self._record = record
        self._show_names()

    def _show_names(self) -> None:
        """Show everything anew, as far as it may be shown now."""
        record, face, now = self._record, self.face(), self.room.now()
        self._state.setEnabled(record is not None)
        self._print.setEnabled(record is not None)
        if record is None:
            self.header.set_title(pgettext("page", "Student record"))
            self.header.set_meta(_("Please choose a student from the list."))
            self._model.show((), "all")
            return
        view = record.view
        self.header.set_title(face.name(view.data.name, view.data.student_no))
        self.header.set_meta(pgettext("list", ", ").join(_meta(view, face.number(view.data.student_no), now.date())))
        self.header.set_chips(_chips(view, masked=face.masked), self.room.icons)
        entries = record.timeline.entries
        self._facts.show_student(view, record.guardians, entries, face, now)
        self._facts.show_accesses(record.accesses, now)
        self._open.show_all(record.timeline.open_things, record.timeline.year, entries, face, now)
        self._show_timeline(entries)
        _model_of(self._sessions).show([self._session_line(e) for e in entries if e.kind is EntryKind.SESSION])
        _model_of(self._files).show([self._file_line(e) for e in entries if e.kind in GROUPS["papers"]])
        _model_of(self._accesses).show([self._access_line(number, e) for number, e in enumerate(record.accesses)])
        self._fit_columns()

    def _show_timeline(self, entries: Sequence[TimelineEntry]) -> None:
        current = self._list.currentIndex().data(TimelineRole.ENTRY)
        wanted = self._wanted_entry or (current.entity_id if isinstance(current, TimelineEntry) else "")
        self._wanted_entry = ""
        self._model.show(entries, self._group)
        for name, pill in self._pills.items():
            count = self._model.count_of(name)
            pill.set_count(count)
            pill.setVisible(count > 0 or name in ("all", self._group))
        has_rows = self._model.rowCount() > 0
        self._list.setVisible(has_rows)
        self._nothing.setVisible(not has_rows)
        row = self._model.row_of(wanted)
        if row >= 0:
            self._list.setCurrentIndex(self._model.index(row))
            self._list.scrollTo(self._model.index(row))

    def _filter(self, name: str) -> None:
        self._group = name
        if self._record is not None:
            self._show_timeline(self._record.timeline.entries)
        self.touched.emit()

    def _session_line(self, entry: TimelineEntry) -> tuple[str, tuple[Cell, ...]]:
        chip = None
        if entry.signed_at is None:
            chip = chip_face.draft()
        elif entry.state == "blanked":
            chip = ChipFace(pgettext("state", "blanked"), "slate")
        elif entry.readable:
            chip = chip_face.signed()
        state = Cell(chip=chip) if chip else Cell(_("another counsellor's"), tone="ink2")
        return entry.entity_id, (
            Cell(_("Session {number}").format(number=entry.seq), bold=True),
            Cell(short_day(entry.day, self.room.now().date())),
            Cell(_("{minutes} min").format(minutes=entry.minutes)),
            Cell(entry.who),
            state,
        )

    def _file_line(self, entry: TimelineEntry) -> tuple[str, tuple[Cell, ...]]:
        painted = self._model.words_of(entry)
        kind = {
            EntryKind.CONSENT: pgettext("file kind", "consent"),
            EntryKind.ARCHIVE: pgettext("file kind", "archive"),
            EntryKind.ATTACHMENT: pgettext("file kind", "attachment"),
            EntryKind.PRINT: pgettext("file kind", "print"),
        }[entry.kind]
        detail = size_words(entry.seq) if entry.kind is EntryKind.ATTACHMENT else self.face().text(entry.text)
        return entry.entity_id, (
            Cell(painted.title, bold=True),
            Cell(kind),
            Cell(short_day(entry.day, self.room.now().date())),
            Cell(entry.who),
            Cell(detail),
        )

    def _access_line(self, number: int, line: AccessLine) -> tuple[str, tuple[Cell, ...]]:
        done = Cell(action_word(line.action))
        if line.denied:
            done = Cell(chip=ChipFace(pgettext("access", "refused"), "slate", "mdi6.lock-outline"))
        return str(number), (
            Cell(day_and_time(line.at, self.room.now()), bold=True),
            Cell(line.who),
            done,
            Cell(entity_word(line.entity)),
            Cell(line.reason),
        )

    def _fit_columns(self) -> None:
        scale = self.room.icons.theme.pixels("size.base") / 14
        for table, widths in (
            (self._sessions, (160, 140, 110, 160)),
            (self._files, (300, 110, 130, 130)),
            (self._accesses, (170, 130, 120, 160)),
        ):
            for column, width in enumerate(widths):
                table.setColumnWidth(column, round(width * scale))

    # Doing.

    def _open_dialog(self, key: str) -> None:
        if self._student:
            self.room.ways.open_dialog(key, student=self._student)

    def _print_about(self) -> None:
        """Go to the print preview of the chosen entry, or of what there is of the student."""
        entry = self._list.currentIndex().data(TimelineRole.ENTRY)
        entity, entity_id = "student", self._student
        if isinstance(entry, TimelineEntry) and entry.readable and entry.kind in _PRINTED:
            entity, entity_id = entry.entity, entry.entity_id
        self.room.ways.open_page("print_preview", entity=entity, entity_id=entity_id)

    def _open_key(self, entity_id: str) -> None:
        if self._record is not None:
            entries = self._record.timeline.entries
            self._open_entry(next((entry for entry in entries if entry.entity_id == entity_id), None))

    def _open_entry(self, entry: object) -> None:
        if not isinstance(entry, TimelineEntry) or not entry.readable:
            return
        if entry.kind is EntryKind.ATTACHMENT:
            AttachmentDialog(self.room, entry.entity_id, entry.number, entry.state, self.window()).open()

    def attach(self) -> None:
        """Ask for a file and keep it with the student."""
        kinds = (FileKind(_("Pictures, PDF and documents"), ("*",)),)
        path = self.room.files.open_file(self, _("Attach a file to this record"), kinds)
        if path is None or not self._student:
            return
        room, student_id = self.room, self._student

        def work(job: Job[Done[AttachmentView]]) -> Done[AttachmentView]:
            data = path.read_bytes()
            return job.change(lambda: attach_file(room.actor, room.desk, "student", student_id, path.name, data))

        room.tasks.job(work, lambda _done: self._offer_to_delete(path), reads=False)

    def _offer_to_delete(self, path: Path) -> None:
        question = Question(
            self.room.icons,
            _("Delete the original file?"),
            _(
                "The file is kept encrypted in the vault now. The original “{name}” still lies open on this computer."
            ).format(name=path.name),
            pgettext("files", "Delete the original"),
            pgettext("files", "Keep it"),
            danger=True,
            parent=self.window(),
        )
        question.accepted.connect(lambda: self._delete(path))
        question.open()

    def _delete(self, path: Path) -> None:
        done = _("The original file was deleted.")
        self.room.tasks.job(lambda _job: path.unlink(), lambda _none: self.room.messages.say(done), reads=False)


def _meta(view: StudentView, number: str, today: Any) -> list[str]:
    parts = [view.class_name or "", gender_word(view.data.gender)]
    if view.data.birth_date is not None:
        parts.append(_("{years} years old").format(years=years_between(view.data.birth_date, today)))
    if number:
        parts.append(_("number {number}").format(number=number))
    return [part for part in parts if part]


def _chips(view: StudentView, *, masked: bool) -> list[ChipFace]:
    chips = []
    if view.status.value != "enrolled":
        chips.append(ChipFace(status_word(view.status), "slate"))
    if not masked:
        chips += [ChipFace(group_word(group), "plain") for group in sorted(view.special_groups)[:2]]
        more = len(view.special_groups) - 2
        if more > 0:
            chips.append(ChipFace(f"+{more}", "plain"))
    return chips


def _model_of(table: ListTable) -> PlainModel:
    model = table.model()
    assert isinstance(model, PlainModel)  # noqa: S101 - the tables of this page hold nothing else
    return model


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


def _framed(table: ListTable) -> QFrame:
    frame = QFrame()
    frame.setProperty("kind", "panel")
    column = QVBoxLayout(frame)
    column.setContentsMargins(1, 1, 1, 1)
    column.addWidget(table)
    return frame
