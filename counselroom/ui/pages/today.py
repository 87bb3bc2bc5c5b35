"""今日: the day, what is to be signed, what has a deadline, and the next step of each with one button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.changes import ChangeSet
from counselroom.services.today import Today, today
from counselroom.ui.page import Page
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.room import Room
from counselroom.ui.size_class import LOW, SizeClass
from counselroom.ui.theme.icons import icon_label
from counselroom.ui.today import lists, words
from counselroom.ui.today.arrangement import Arrangement, Sections, layout_for
from counselroom.ui.today.clock_table import MatterModel, MatterTable
from counselroom.ui.today.listed import Listed
from counselroom.ui.today.ribbon import DayRibbon
from counselroom.ui.today.ribbon_blocks import ribbon_blocks
from counselroom.ui.today.scratch_body import ScratchBody
from counselroom.ui.today.section import Section
from counselroom.ui.today.steps import Steps
from counselroom.ui.today.time_watch import Passed, TimeWatch
from counselroom.ui.today.visit_menu import show_menu, visit_table
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.icon_button import IconButton
from counselroom.ui.widgets.key_cap import KeyCap
from counselroom.ui.widgets.segmented import Segmented

_KINDS = (
    "appointment", "session_record", "case_file", "scratch_note", "crisis_event", "crisis_assessment", "guard_period",
    "referral", "tier_record", "follow_up_task", "duty_shift", "student", "person", "account", "academic_year",
    "calendar_day", "room", "register_row",
)  # fmt: skip
"""What the page shows something of."""
_MINE, _ALL = "mine", "all"


class TodayPage(Page):
    """Ribbon, visits, notes to sign, quick notes, deadlines, follow-ups. Masked until F8."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Today"), parent)
        self._today: Today | None = None
        self._read_at = 0.0
        self._is_stale = self._wants_scratch = True
        self._wanted_visit = ""
        self._steps = Steps(room, lambda: self._today)
        self._ribbon = DayRibbon(room.icons)
        self._whose = Segmented(
            ((_MINE, pgettext("today", "Mine")), (_ALL, pgettext("today", "All"))),
        )
        self._visits = visit_table(room.icons)
        more = pgettext("today", "More for this visit")
        self._visit_more = IconButton(room.icons.named("mdi6.dots-horizontal"), more, pgettext("keys", "Space"))
        self._notes = lists.note_table(room.icons)
        self._scratch = ScratchBody(room.icons)
        self._matter_model = MatterModel(self)
        self._matters = MatterTable(room.icons, pgettext("today", "Matters with a deadline"), self._matter_model)
        self._tasks = lists.task_table(room.icons)
        self._sections = self._make_sections()
        self._arrangement = Arrangement(self._sections)
        self._lay_out()
        self._connect()
        self._watch = TimeWatch(room.now, room.seconds, self)
        self._watch.ticked.connect(self._tick)
        self._reload()

    def _make_sections(self) -> Sections:
        icons = self.room.icons
        book = Button(pgettext("today", "Book"), icon=icons.named("mdi6.calendar-plus-outline"))
        book.clicked.connect(self._book_or_show_all)
        self._book = book
        self._visit_list = Listed(icons, self._visits, "mdi6.calendar-blank-outline", book)
        self._note_list = Listed(icons, self._notes)
        self._matter_list = Listed(icons, self._matters)
        self._task_list = Listed(icons, self._tasks)
        return Sections(
            Section(pgettext("today", "Visits today"), self._visit_list, self._visit_tools()),
            Section(pgettext("today", "Notes to sign"), self._note_list, self._more("cases", view="counselling")),
            Section(pgettext("today", "Quick notes"), self._scratch, KeyCap("Ctrl J")),
            Section(
                pgettext("today", "Matters with a deadline"), self._matter_list, self._more("cases", view="crisis")
            ),
            Section(
                pgettext("today", "Follow-ups of this week"),
                self._task_list,
                self._more("follow_ups"),
                short=pgettext("today", "Follow-ups"),
            ),
        )

    def _visit_tools(self) -> QWidget:
        tools = QWidget()
        row = QHBoxLayout(tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._whose)
        row.addWidget(self._visit_more)
        return tools

    def _more(self, page: str, **arguments: str) -> Button:
        button = Button(pgettext("today", "All"), "text", size="compact")
        button.set_tail(icon_label(self.room.icons.named("mdi6.chevron-right"), "accent", 16))
        button.clicked.connect(lambda: self.room.ways.open_page(page, **arguments))
        return button

    def _lay_out(self) -> None:
        icons, ways = self.room.icons, self.room.ways
        book = Button(pgettext("today", "Book"), icon=icons.named("mdi6.calendar-plus-outline"))
        book.clicked.connect(lambda: ways.open_dialog("appointment"))
        walk_in = Button(pgettext("today", "Walk-in"), "primary", icons.named("mdi6.door-open"), "Ctrl N")
        walk_in.clicked.connect(lambda: ways.open_dialog("walk_in"))
        self.header.add_action(book)
        self.header.add_action(walk_in)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._ribbon)
        column.addWidget(self._arrangement, 1)
        self.body.addLayout(column)
        self._gaps = column

    def _connect(self) -> None:
        room, steps = self.room, self._steps
        self._ribbon.turned.connect(self._choose_visit)
        self._ribbon.opened.connect(self._go_to_visit)
        self._whose.changed.connect(lambda _key: self._show_visits())
        self._whose.changed.connect(lambda _key: self.touched.emit())
        self._visits.selectionModel().currentChanged.connect(self._visit_turned)
        self._visits.menu_wanted.connect(lambda visit, where: show_menu(self, room.icons, steps.offered(visit), where))
        self._visit_more.clicked.connect(lambda: self._visits.ask_for_menu())
        self._visits.acted.connect(lambda index: steps.do_visit(self._visits.model_of_rows.key_at(index.row())))
        self._visits.opened.connect(lambda index: steps.open_visit(self._visits.model_of_rows.key_at(index.row())))
        for signal in (self._notes.acted, self._notes.opened):
            signal.connect(lambda index: steps.open_note(self._notes.model_of_rows.key_at(index.row())))
        self._scratch.written.connect(lambda said: steps.write_scratch(said, self._forget_line))
        self._scratch.given.connect(steps.give_scratch)
        self._scratch.dropped.connect(steps.drop_scratch)
        self._scratch.field.textEdited.connect(lambda _text: self.touched.emit())
        for signal in (self._matters.acted, self._matters.opened):
            signal.connect(lambda index: steps.open_matter(self._matter_model.key_at(index.row())))
        self._tasks.acted.connect(lambda index: steps.finish_task(self._tasks.model_of_rows.key_at(index.row())))
        self._tasks.opened.connect(lambda index: steps.open_task(self._tasks.model_of_rows.key_at(index.row())))
        room.bus.changed.connect(self._look_at_changes)
        Redrawing(self, room.masking, self._show_all, self.faces)

    def panels(self) -> Sequence[QWidget]:
        """Return ribbon, tabs and lists."""
        lists_in_order = (self._visit_list, self._note_list, self._scratch, self._matter_list, self._task_list)
        return (self._ribbon, *self._arrangement.tab_bars(), *lists_in_order)

    def first(self) -> QWidget:
        """Return the visits, where there are any."""
        return self._visits if self._visits.isVisibleTo(self) or self._today is None else self._book

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """Make tabs of panels where there is no room for them."""
        super().set_size_class(size, height)
        if hasattr(self, "_arrangement"):
            self._arrangement.arrange(layout_for(size, height))
            self._gaps.setSpacing(16 if height >= LOW else 12)

    def state(self) -> dict[str, Any]:
        """Return the line that is being written, and where the keyboard was."""
        field = self._scratch.field
        return {
            "whose": self._whose.current(),
            "visit": self._visits.current_key(),
            "scratch": field.text(),
            "cursor": field.cursorPosition(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the line and the current visit of before."""
        whose = str(state.get("whose") or _MINE)
        self._whose.set_current(whose if whose in (_MINE, _ALL) else _MINE)
        self._wanted_visit = str(state.get("visit") or "")
        self._scratch.field.setText(str(state.get("scratch") or ""))
        self._scratch.field.setCursorPosition(int(state.get("cursor") or 0))
        self._show_all()

    def jot(self) -> None:
        """Ctrl J: write into the line of this page."""
        self._arrangement.reveal(self._sections.scratch)
        self._scratch.field.setFocus()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Read what has changed while another page was shown, and the time."""
        super().showEvent(event)
        if self._is_stale:
            self._reload()
        self._watch.tick()

    def _look_at_changes(self, changes: ChangeSet) -> None:
        if not changes.concerns(*_KINDS):
            return
        self._wants_scratch = self._wants_scratch or changes.concerns("scratch_note")
        self._is_stale = True
        if self.isVisible():
            self._reload()

    def _reload(self) -> None:
        room, with_scratch = self.room, self._wants_scratch
        self._is_stale = False
        room.tasks.query(self, lambda: today(room.actor, room.desk, scratch=with_scratch), self._take, key="today")

    def _take(self, found: Today) -> None:
        before, self._read_at = self._today, self.room.seconds()
        if found.scratch is None and before is not None:
            found = _with_scratch(found, before)
        else:
            self._wants_scratch = False
        self._today = found
        if before is not None:
            known = {visit.id for visit in before.visits}
            added = [visit.id for visit in found.visits if visit.id not in known]
            # What was just booked is what the next key is about.
            self._wanted_visit = added[0] if len(added) == 1 else self._wanted_visit
        if found.matters.clock_jumped:
            self._tell_jump()
        self._show_all()

    def _show_all(self) -> None:
        found = self._today
        if found is None:
            return
        now, face = self.room.now(), self.face()
        self.header.set_meta(words.head_line(now, found.term, found.duty))
        self._whose.setVisible(len(found.lanes) > 1 or any(not visit.is_mine for visit in found.visits))
        self._show_visits()
        self._notes.show_rows(lists.note_rows(found.unsigned, face, now))
        self._note_list.show_empty(not found.unsigned, _("Everything is signed."))
        self._sections.unsigned.set_count(
            _("{count}, seen by you only until signed").format(count=found.unsigned_total) if found.unsigned else "",
            _number(found.unsigned_total),
        )
        self._scratch.table.show_rows(lists.scratch_rows(found.scratch or (), face, now))
        self._scratch.show_empty(empty=not found.scratch)
        waiting = _("{count} to give to somebody").format(count=found.scratch_total) if found.scratch_total else ""
        self._sections.scratch.set_count(waiting, _number(found.scratch_total))
        self._show_matters()
        self._tasks.show_rows(lists.task_rows(found.tasks, face, now))
        self._task_list.show_empty(not found.tasks, _("No follow-up is due this week."))
        self._sections.tasks.set_count(_shown_of(len(found.tasks), found.tasks_total), _number(found.tasks_total))

    def _show_visits(self) -> None:
        found = self._today
        if found is None:
            return
        now, face = self.room.now(), self.face()
        shown = [visit for visit in found.visits if visit.is_mine or self._whose.current() == _ALL]
        rows = lists.visit_rows(shown, face, now)
        wanted, self._wanted_visit = self._wanted_visit, ""
        if not wanted and not self._visits.current_key():
            wanted = lists.current_visit(shown, now)
        had_keyboard = self.window().focusWidget() in (self._book, self._visits)
        self._visits.show_rows(rows, wanted)
        self._visit_more.setEnabled(bool(shown))
        others = bool(found.visits) and not shown
        self._book.setText(pgettext("today", "Show all") if others else pgettext("today", "Book"))
        self._visit_list.show_empty(
            not shown,
            _("You have no appointment today.") if others else _("There is no appointment today."),
            _("When somebody knocks, Ctrl N writes them down."),
        )
        if had_keyboard:
            self.first().setFocus()
        done = sum(words.is_over(visit) for visit in shown)
        facts = _("{count}, {done} finished").format(count=len(shown), done=done) if shown else ""
        self._sections.visits.set_count(facts, _number(len(shown)))
        names, blocks = ribbon_blocks(found, face, now)
        self._ribbon.show_day(names, blocks, now)
        self._ribbon.set_current(self._visits.current_key())

    def _show_matters(self) -> None:
        found = self._today
        if found is None:
            return
        matters, now = found.matters, self.room.now()
        believed = matters.at + self._watch.since(self._read_at)
        faces = lists.matter_faces(matters, self.face(), believed, now)
        self._matter_model.show(faces)
        self._matter_list.show_empty(not faces, _("Nothing has a deadline now."))
        facts, number = _shown_of(len(faces), matters.total), _number(matters.total)
        late = sum(face.is_late() for face in faces)
        if late:
            said = _("{count} overdue").format(count=f"{late}+" if late == len(faces) < matters.total else late)
            facts, number = (
                pgettext("today", "{day}, {place}").format(day=part, place=said) for part in (facts, number)
            )
        self._sections.matters.set_count(facts, number)

    def _tick(self, passed: Passed) -> None:
        if passed is Passed.JUMP:
            self._tell_jump()
        if passed is not Passed.TIME:
            self._is_stale = True
        if not self.isVisible():
            return
        if self._is_stale:
            self._reload()
            return
        self._ribbon.set_now(self.room.now())
        self._show_matters()

    def _tell_jump(self) -> None:
        self.show_banner(_("The system's clock was changed. Please check the time that is left."))

    def _choose_visit(self, visit_id: str) -> None:
        """The ribbon is on another block: the row below follows."""
        if not self._visits.choose(visit_id) and self._steps.visit(visit_id) is not None:
            self._whose.set_current(_ALL)
            self._wanted_visit = visit_id
            self._show_visits()

    def _go_to_visit(self, visit_id: str) -> None:
        self._choose_visit(visit_id)
        self._arrangement.reveal(self._sections.visits)
        self._visits.setFocus()

    def _visit_turned(self) -> None:
        self._ribbon.set_current(self._visits.current_key())
        self.touched.emit()

    def _forget_line(self) -> None:
        self._scratch.field.clear()
        self.touched.emit()

    def _book_or_show_all(self) -> None:
        if self._today is not None and self._today.visits:
            self._whose.set_current(_ALL)
            self._show_visits()
        else:
            self.room.ways.open_dialog("appointment")


def _with_scratch(found: Today, before: Today) -> Today:
    return replace(found, scratch=before.scratch)


def _number(count: int) -> str:
    return f"{count:,}" if count else ""


def _shown_of(shown: int, total: int) -> str:
    """Return how many there are, and how many of them are listed where that is fewer."""
    if not total:
        return ""
    if shown < total:
        return _("{total}, the most urgent {shown} are listed").format(total=f"{total:,}", shown=shown)
    return pgettext("today", "{count} matters").format(count=total)
