"""专案: what comes next, who must be told, how much time is left, on one page for the one worst day of the year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.crisis import CloseObstacle
from counselroom.rules.crisis_words import StepState
from counselroom.rules.deadlines import ClockState
from counselroom.services.changes import ChangeSet, Done
from counselroom.services.crisis_log import add_line
from counselroom.services.crisis_page import CrisisPage as CrisisCase
from counselroom.services.crisis_page import crisis_page
from counselroom.services.crisis_steps import complete_step
from counselroom.services.crisis_views import StepView
from counselroom.ui.crisis.arrangement import CONTACTS, GUARD, LOG, STEPS, Arrangement
from counselroom.ui.crisis.band import Band
from counselroom.ui.crisis.clock_strip import ClockStrip
from counselroom.ui.crisis.contact_list import ContactList
from counselroom.ui.crisis.departures import Departures
from counselroom.ui.crisis.guard_panel import OBSERVE, GuardPanel, current_guard
from counselroom.ui.crisis.log_panel import LogPanel
from counselroom.ui.crisis.people_model import ContactFace
from counselroom.ui.crisis.sections import Section
from counselroom.ui.crisis.step_model import BY_STAGE, BY_TIME, TITLE, StepModel
from counselroom.ui.crisis.step_table import StepTable
from counselroom.ui.crisis.steps import next_step
from counselroom.ui.crisis.time import BelievedTime
from counselroom.ui.crisis.words import facts_of, level_chip, state_chip
from counselroom.ui.page import Page
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.room import Room
from counselroom.ui.size_class import LOW, SizeClass
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.icon_button import IconButton
from counselroom.ui.widgets.key_cap import KeyCap
from counselroom.ui.widgets.segmented import Segmented

_KINDS = (
    "crisis_event", "contact_attempt", "guard_period", "guard_shift", "guardian_notice", "crisis_report", "referral",
    "attachment", "person", "student", "guardian",
)  # fmt: skip
TICK = 30_000
"""Milliseconds between two looks at the clocks."""
NEXT = "next"
"""In the place of an item: the one the band names."""


class CrisisPage(Page):
    """Opened for {event}. Names are shown: it was opened on purpose."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Crisis case"), parent, back=True)
        icons = room.icons
        self._event = ""
        self._case: CrisisCase | None = None
        self._is_stale = False
        self._wanted: str | None = None
        self._wanted_step = ""
        self._told_jump = False
        self._view = BY_STAGE
        self._time = BelievedTime(room.now, room.seconds)
        self._band = Band(icons)
        self._strip = ClockStrip(icons)
        self._model = StepModel(self._time, self)
        self._table = StepTable(icons, self._model)
        self._guard = GuardPanel(icons)
        self._contacts = ContactList(icons)
        self._log = LogPanel(icons, self.touched.emit)
        self._views = Segmented(((BY_STAGE, pgettext("crisis", "By stage")), (BY_TIME, pgettext("crisis", "By time"))))
        self._observe = Button(pgettext("crisis", "Write down"), "secondary", icons.named("mdi6.plus"), size="compact")
        self._call = Button(pgettext("crisis", "Another"), "secondary", icons.named("mdi6.plus"), size="compact")
        self._sections = {
            STEPS: Section(STEPS, pgettext("crisis", "Checklist"), self._table, self._views),
            GUARD: Section(
                GUARD, pgettext("crisis", "Guard"), self._guard, self._observe, tab=pgettext("crisis", "Guard tab")
            ),
            CONTACTS: Section(CONTACTS, pgettext("crisis", "Contacts"), self._contacts, self._call),
            LOG: Section(LOG, pgettext("crisis", "Course of events"), self._log, KeyCap("Ctrl J")),
        }
        self._parts = Arrangement(tuple(self._sections.values()), icons.theme)
        self._leads = Departures(room.ways)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self.tick)
        self._add_actions()
        self._lay_out()
        self._connect()
        self._arrange(SizeClass.REGULAR, 900)

    def _lay_out(self) -> None:
        self.body.addWidget(self._strip)
        self.body.addWidget(self._band)
        self.body.addSpacing(14)
        self.body.addWidget(self._parts, 1)

    def _add_actions(self) -> None:
        icons = self.room.icons
        self._print = Button(
            pgettext("crisis", "Print a paper"), "secondary", icons.named("mdi6.printer-outline"), key="Ctrl P"
        )
        self._print.clicked.connect(lambda: self._dialog("crisis_papers"))
        self._add = Button(pgettext("crisis", "Add an item"), "secondary", icons.named("mdi6.plus"))
        self._add.clicked.connect(lambda: self._dialog("crisis_item"))
        self._more = IconButton(icons.named("mdi6.dots-horizontal"), pgettext("crisis", "More"))
        self._more.clicked.connect(self._open_menu)
        for action in (self._print, self._add, self._more):
            self.header.add_action(action)

    def _connect(self) -> None:
        room = self.room
        self._band.finish_wanted.connect(self.settle_next)
        self._band.paper_wanted.connect(self._open_paper)
        self._table.opened.connect(lambda index: self._open_step(self._model.step_at(index.row())))
        self._table.acted.connect(lambda index: self._open_step(self._model.step_at(index.row())))
        self._table.marked.connect(lambda index: self._settle_at_once(self._model.step_at(index.row())))
        self._table.selectionModel().currentChanged.connect(lambda: self.touched.emit())
        self._views.changed.connect(self._choose_view)
        self._guard.wanted.connect(self._dialog)
        self._observe.clicked.connect(lambda: self._dialog(OBSERVE))
        self._call.clicked.connect(lambda: self._dialog("contact_attempt"))
        self._contacts.chosen.connect(self._open_contact)
        self._log.written.connect(self._append)
        self._parts.turned.connect(lambda _key: self.touched.emit())
        room.bus.changed.connect(self._reload_if_concerned)
        Redrawing(self, room.masking, self._show_faces, self.faces)
        room.icons.theme.changed.connect(self._redress)
        for keys, do in (
            ("Ctrl+Return", self.settle_next),
            ("Ctrl+Enter", self.settle_next),
            ("Ctrl+P", lambda: self._dialog("crisis_papers")),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(do)

    # What the window asks of every page.

    def show_subject(self, arguments: Mapping[str, Any]) -> None:
        """Open the 专案 `event`; names are shown."""
        self.restore(arguments)
        self.room.masking.show_on_purpose(self.key)

    def state(self) -> dict[str, Any]:
        """Return 专案, view, chosen item, tab, and the line that is being written."""
        step = self._model.step_at(self._table.currentIndex().row())
        tab, side = self._parts.tabs()
        return {
            "event": self._event,
            "view": self._view,
            "step": step.item if step is not None else "",
            "tab": tab,
            "side": side,
            "line": self._log.line.text(),
            "cursor": self._log.line.cursorPosition(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show the 专案 of before, at the same place."""
        wanted = str(state.get("event") or "")
        if wanted != self._event:
            self._event, self._case = wanted, None
            self._told_jump = False
            self.hide_banner()
        if state.get("view") in (BY_STAGE, BY_TIME):
            self._view = str(state["view"])
            self._views.set_current(self._view)
        self._wanted_step = str(state.get("step") or NEXT)
        self._log.line.setText(str(state.get("line") or ""))
        self._log.line.setCursorPosition(int(state.get("cursor") or 0))
        self._parts.show_tabs(str(state.get("tab") or ""), str(state.get("side") or ""))
        self._reload()

    def panels(self) -> Sequence[QWidget]:
        """Return band, checklist, guard, contacts and log, as far as they are shown."""
        return (self._band, self._table, self._guard, self._contacts.table, self._log)

    def first(self) -> QWidget:
        """Return the one action: Enter settles what comes next."""
        return self._band.finish_button()

    def jot(self) -> None:
        """Take Ctrl J: write into the 经过记录."""
        if self._case is not None and self._case.event.closed_at is None:
            self._parts.show_section(LOG)
            self._log.line.setFocus()
        else:
            super().jot()

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """Beside each other, behind each other at the right, or all behind each other."""
        super().set_size_class(size, height)
        if hasattr(self, "_parts"):
            self._arrange(size, height)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Read again what changed while another page was shown."""
        super().showEvent(event)
        self._timer.start()
        if self._is_stale:
            self._reload()
        else:
            self.tick()

    def hideEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """Rest while nobody looks."""
        super().hideEvent(event)
        self._timer.stop()
        self._wanted = None

    # Showing.

    def _arrange(self, size: SizeClass, height: int) -> None:
        compact = size <= SizeClass.COMPACT
        self._band.set_compact(compact or height < LOW)
        self._add.setVisible(not compact)
        self._parts.fit(size, height)

    def _redress(self) -> None:
        self._parts.fit_again()
        self._show_faces()

    def _reload_if_concerned(self, changes: ChangeSet) -> None:
        if self._event and changes.concerns(*_KINDS):
            # Every reading leaves a trace: it is done for somebody who sees it.
            if self.isVisible():
                self._reload()
            else:
                self._is_stale = True

    def _reload(self) -> None:
        self._is_stale = False
        room, event_id = self.room, self._event
        if not event_id:
            self.header.set_meta(_("Please choose a crisis case from the list."))
            return
        room.tasks.query(
            self, lambda: crisis_page(room.actor, room.desk, event_id), self._show, key=self.key, on_failed=self._gone
        )

    def _gone(self, error: BaseException) -> None:
        had_it = self._case is not None
        self._event, self._case = "", None
        if had_it and self.isVisible():
            self.room.ways.open_page("cases")  # its beginning was taken back
        else:
            self.room.messages.tell(error)

    def _show(self, case: CrisisCase) -> None:
        if case.event.id != self._event:
            return
        self._case = case
        self._time.take(case.event.now)
        self._say_jump()
        self._show_faces()
        wanted, self._wanted = self._wanted, None
        if wanted == "settle":
            self.settle_next()
        elif wanted:
            self._dialog(wanted)

    def _show_faces(self) -> None:
        """Show everything anew, as far as it may be shown now."""
        case = self._case
        if case is None:
            return
        event, face, now = case.event, self.face(), self._time.now()
        self.header.set_title(f"{event.code}　{face.name(event.student_name, case.student_no)}")
        level = level_chip(event.data.level)
        self.header.set_chips((level.masked() if face.masked else level, state_chip(event.state)), self.room.icons)
        self._strip.set_meta(pgettext("list", ", ").join(facts_of(case, face, now)))
        self._strip.show_clocks(case, self._time)
        is_open = event.closed_at is None
        for widget in (self._add, self._observe, self._call):
            widget.setEnabled(is_open)
        step = next_step(case)
        self._band.show_case(case, self._model.clock_of(step.id) if step else self._model.clock_of(""), face)
        self._show_steps(case)
        if step is not None:
            self._band.show_clock(self._model.clock_of(step.id))
        self._guard.show_case(case, face, now)
        guard = current_guard(case)
        self._observe.setEnabled(is_open and guard is not None and guard.ended_at is None)
        self._contacts.show_case(case, face, now)
        self._log.show_case(case, face, now)
        self._sections[STEPS].count = f"{event.settled} / {len(event.steps)}"
        self._sections[GUARD].count = self._guard.count_text(case)
        self._sections[GUARD].tab_count = self._guard.short_count(case)
        self._sections[CONTACTS].count = str(self._contacts.count())
        self._sections[LOG].count = str(len(case.lines))
        self._parts.show_counts()

    def _show_steps(self, case: CrisisCase) -> None:
        here = self._model.step_at(self._table.currentIndex().row())
        wanted = self._wanted_step or (here.item if here else NEXT)
        self._wanted_step = ""
        self._model.show(case, self._view)
        self._table.fit()
        step = next((step for step in case.event.steps if step.item == wanted), next_step(case))
        if step is not None:
            index = self._model.index(self._model.row_of(step.id), TITLE)
            self._table.setCurrentIndex(index)
            self._table.scrollTo(index, StepTable.ScrollHint.PositionAtCenter)

    def _say_jump(self) -> None:
        jumped = self._case is not None and self._case.event.clock_jumped
        if jumped and not self._told_jump:
            self.show_banner(_("The system clock was changed; please check the time that is left."))
        self._told_jump = jumped

    def tick(self) -> None:
        """Move all clocks on; called every 30 s while the page is seen."""
        case = self._case
        if case is None:
            return
        if self._time.has_jumped():
            self.show_banner(_("The system clock was changed; please check the time that is left."))
            self._told_jump = True
            self._reload()
            return
        self._model.tick()
        step = next_step(case)
        if step is not None and case.event.closed_at is None:
            self._band.show_clock(self._model.clock_of(step.id))
        self._strip.show_clocks(case, self._time)
        self._guard.show_case(case, self.face(), self._time.now())

    def _choose_view(self, view: str) -> None:
        self._view, self._wanted_step = view, NEXT
        if self._case is not None:
            self._show_steps(self._case)
        self.touched.emit()

    # Doing.

    def settle_next(self) -> None:
        """Settle what the band names; when all is settled, lead on or close."""
        case = self._case
        if case is None:
            self._wanted = "settle"  # the key was faster than the reading
            return
        step = next_step(case)
        if case.event.closed_at is not None:
            self._dialog("crisis_papers")
        elif step is not None:
            self.room.ways.open_dialog("crisis_step", step=step.id)
        elif CloseObstacle.NOT_SETTLED_DOWN in case.event.blocks:
            self._dialog("crisis_level")
        else:
            self._dialog("close_crisis")

    def _dialog(self, key: str) -> None:
        if self._case is None:
            self._wanted = key
        else:
            self.room.ways.open_dialog(key, event=self._event)

    def _open_step(self, step: StepView | None) -> None:
        if step is not None:
            self.room.ways.open_dialog("crisis_step", step=step.id)

    def _settle_at_once(self, step: StepView | None) -> None:
        """Tick an item without a word; one that is late or settled asks in its dialog."""
        case, room = self._case, self.room
        if step is None or case is None or case.event.closed_at is not None:
            return
        late = self._model.clock_of(step.id).state is ClockState.OVERDUE
        if step.state is not StepState.OPEN or not step.can_start or late:
            self._open_step(step)
            return

        def done(found: Done[None]) -> None:
            if found.changes.undo is not None:
                room.messages.say(found.changes.undo.sentence, found.changes.undo)

        room.tasks.change(lambda: complete_step(room.actor, room.desk, step.id), done)

    def _open_paper(self) -> None:
        if self._case is not None:
            self._leads.open_paper(self._case)

    def _open_contact(self, face: ContactFace) -> None:
        if self._case is not None:
            self._leads.open_contact(self._case, face)

    def _append(self, said: str) -> None:
        room, event_id = self.room, self._event
        if not event_id:
            return

        def done(_done: Done[None]) -> None:
            if self._log.line.text().strip() == said:
                self._log.line.clear()
            self.touched.emit()

        room.tasks.change(lambda: add_line(room.actor, room.desk, event_id, said), done)

    def _open_menu(self) -> None:
        if self._case is not None:
            self._leads.open_menu(self._case, self, self._more.mapToGlobal(self._more.rect().bottomLeft()))
