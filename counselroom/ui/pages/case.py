"""个案: goals and facts, the sessions with what waits in them, consents and what else there is about the client."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from counselroom.i18n import _, pgettext
from counselroom.rules.counselling import CaseStatus
from counselroom.services.case_closing import reopen_case
from counselroom.services.case_pages import CasePage, ConsentLine, case_page
from counselroom.services.cases import pause_case, restrict_case, set_goals
from counselroom.services.changes import ChangeSet, Done
from counselroom.ui.cases.case_left import CaseLeft
from counselroom.ui.cases.case_side import CaseSide
from counselroom.ui.cases.session_rows import TOPICS, heads, session_rows
from counselroom.ui.dialogs.attachment_view import AttachmentDialog
from counselroom.ui.models.plain import PlainModel
from counselroom.ui.page import Page
from counselroom.ui.record.words import case_word
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.room import Room
from counselroom.ui.size_class import SizeClass
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.panel import Panel
from counselroom.ui.widgets.question import Question
from counselroom.ui.widgets.tall import Tall

_KINDS = (
    "case_file", "session_record", "consent", "attachment", "appointment", "referral", "tier_record", "crisis_event",
    "person", "student",
)  # fmt: skip
_LEFT, _RIGHT = 276, 288
_GONE = (CaseStatus.CLOSED, CaseStatus.ARCHIVED)


class CaseFilePage(Page):
    """One counselling case, opened for {case}."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Counselling case"), parent, back=True)
        self._case = ""
        self._page: CasePage | None = None
        self._typed: str | None = None
        self._wanted_row = ""
        self._is_stale = False
        icons = room.icons
        self._about = CaseLeft(icons)
        self.goals, self.save_goals_button = self._about.goals, self._about.save_button
        self.restrict_button = self._about.restrict_button
        self._about.goals_typed.connect(self._goals_typed)
        self.save_goals_button.clicked.connect(self.save_goals)
        self.restrict_button.clicked.connect(self.turn_restriction)
        self._model = PlainModel(heads(), self)
        self.table = ListTable(icons, pgettext("case page", "Sessions"))
        self.table.setModel(self._model)
        for signal in (self.table.opened, self.table.acted):
            signal.connect(lambda index: self.open_note(self._model.key_at(index.row())))
        self._side = CaseSide(icons)
        self._side.consent_wanted.connect(lambda: self._dialog("consent", student=self._client()))
        self._side.scan_wanted.connect(self._show_scan)
        self._side.page_wanted.connect(lambda key, arguments: room.ways.open_page(key, **arguments))
        self._empty = EmptyState(
            icons,
            "mdi6.pencil-outline",
            _("There is no session in this case yet."),
            _("Ctrl E begins a note; it saves itself."),
        )
        self._lay_out()
        self._add_actions()
        room.bus.changed.connect(self._reload_if_concerned)
        Redrawing(self, room.masking, self._show, self.faces)
        self._show()

    def _lay_out(self) -> None:
        right = QWidget()
        self._left_column, self._right_column = self._about.column, QVBoxLayout(right)
        self._right_column.setContentsMargins(0, 0, 0, 0)
        self._right_column.addWidget(self._side)
        self._left, self._right = _scrolled(self._about), _scrolled(right)
        self._middle = Panel(pgettext("case page", "Sessions"))
        centre = QWidget()
        rows = QVBoxLayout(centre)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.table, 1)
        holder = QVBoxLayout()
        holder.setContentsMargins(16, 12, 16, 16)
        holder.addWidget(self._empty)
        rows.addLayout(holder)
        rows.addStretch(0)
        self._middle.set_body(centre)
        head = self.table.horizontalHeader()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(TOPICS, QHeaderView.ResizeMode.Stretch)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._left)
        row.addWidget(self._middle, 1)
        row.addWidget(self._right)
        self.body.addLayout(row)

    def _add_actions(self) -> None:
        icons = self.room.icons
        self.hand_over_button = self._action(
            pgettext("case page", "Hand over"), "mdi6.account-switch-outline", self._hand_over
        )
        self.pause_button = self._action(pgettext("case page", "Pause"), "mdi6.pause-circle-outline", self.pause)
        self.close_button = self._action(
            pgettext("case page", "Close the case"), "mdi6.folder-check-outline", self._close
        )
        self.reopen_button = self._action(
            pgettext("case page", "Reopen"), "mdi6.folder-open-outline", self.ask_to_reopen
        )
        self.write_button = Button(
            pgettext("case page", "Write note"), "primary", icons.named("mdi6.pencil-outline"), "Ctrl E"
        )
        self.write_button.clicked.connect(self._write)
        self.header.add_action(self.write_button)

    def _action(self, words: str, icon: str, do: Callable[[], object]) -> Button:
        button = Button(words, "secondary", self.room.icons.named(icon))
        button.clicked.connect(lambda: do())
        self.header.add_action(button)
        return button

    # What the window asks of every page.

    def show_subject(self, arguments: Mapping[str, Any]) -> None:
        """Open a case; its names are shown, it was opened on purpose."""
        self.room.masking.show_on_purpose(self.key)
        self.restore(arguments)

    def state(self) -> dict[str, Any]:
        """Return the case, the chosen session, and goals that are typed and not saved."""
        typed = self.goals.toPlainText() if self.save_goals_button.isEnabled() else self._typed
        state: dict[str, Any] = {"case": self._case, "row": self._model.key_at(self.table.currentIndex().row())}
        return state if typed is None else {**state, "goals": typed}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show the case of before."""
        self._case, self._page = str(state.get("case") or ""), None
        self.table.hide()
        self._wanted_row = str(state.get("row") or "")
        self._typed = None if state.get("goals") is None else str(state["goals"])
        self._reload()

    def panels(self) -> Sequence[QWidget]:
        """Return goals and facts, the sessions, and what else there is."""
        return (self._left, self.table, self._right)

    def first(self) -> QWidget:
        """Return the sessions."""
        return self.table

    def current_student(self) -> str | None:
        """Return the client."""
        return None if self._page is None else self._page.case.client_id

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """Leave the right away where there is no room for three columns."""
        super().set_size_class(size, height)
        if hasattr(self, "_right"):
            scale = self.room.icons.theme.pixels("size.base") / 14
            compact = size <= SizeClass.COMPACT
            self._left.setFixedWidth(round((_RIGHT if compact else _LEFT) * scale))
            self._right.setFixedWidth(round(_RIGHT * scale))
            # Where there is no room for three columns, the right one stands below the left.
            (self._left_column if compact else self._right_column).addWidget(self._side)
            self._right.setVisible(not compact)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Read again what changed while another page was shown."""
        super().showEvent(event)
        if self._is_stale:
            self._reload()

    # Showing.

    def _reload_if_concerned(self, changes: ChangeSet) -> None:
        if self._case and changes.concerns(*_KINDS):
            if self.isVisible():
                self._reload()
            else:
                self._is_stale = True

    def _reload(self) -> None:
        self._is_stale = False
        room, case_id = self.room, self._case
        if not case_id:
            self._page = None
            self._show()
            return
        room.tasks.query(
            self,
            lambda: case_page(room.actor, room.desk, case_id),
            self._show_page,
            key="case",
            on_failed=self._refused,
        )

    def _refused(self, error: BaseException) -> None:
        self._case, self._page = "", None
        self.room.messages.tell(error)
        self._show()

    def _show_page(self, page: CasePage) -> None:
        if page.case.id != self._case:
            return
        typed = self._typed
        if typed is None and self.save_goals_button.isEnabled() and self._page is not None:
            typed = self.goals.toPlainText()  # what is typed stays, whatever else has changed
        self._page, self._typed = page, None
        self.goals.setPlainText("\n".join(page.case.goals) if typed is None else typed)
        is_new = not self.table.isVisible()
        self._show()
        if is_new and self.isVisible() and QApplication.activeModalWidget() is None:
            self.table.setFocus()

    def _show(self) -> None:
        """Show everything anew, as far as it may be shown now."""
        page = self._page
        for part in (self._left, self._right, self._middle):
            part.setEnabled(page is not None)
        if page is None:
            self.header.set_title(pgettext("page", "Counselling case"))
            self.header.set_meta(_("Please choose a case from the list."))
            self.header.set_chips((), self.room.icons)
            self._model.show(())
            self.table.hide()
            for button in (self.hand_over_button, self.pause_button, self.close_button, self.reopen_button):
                button.hide()
            self.write_button.setEnabled(False)
            self._empty.hide()
            self._goals_typed()
            return
        face, now, case = self.face(), self.room.now(), page.case
        is_open, is_mine = case.status not in _GONE, page.can_write
        self.header.set_title(
            _("{code}, {name}").format(code=case.code, name=face.name(page.client_name, page.client_no))
        )
        self.header.set_meta(face.class_name(page.class_name or ""))
        chips = [ChipFace(case_word(case.status), "accent" if is_open else "plain")]
        if case.restricted:
            chips.append(ChipFace(pgettext("case page", "restricted"), "slate", "mdi6.lock-outline"))
        self.header.set_chips(chips, self.room.icons)
        self.hand_over_button.setVisible(is_open and is_mine and bool(page.colleagues))
        self.pause_button.setVisible(is_open and is_mine)
        resting = case.status is CaseStatus.PAUSED
        self.pause_button.setText(pgettext("case page", "Go on") if resting else pgettext("case page", "Pause"))
        self.close_button.setVisible(is_open and is_mine)
        self.reopen_button.setVisible(case.status is CaseStatus.CLOSED and is_mine)
        self.write_button.setVisible(is_open and is_mine)
        self.write_button.setEnabled(True)
        self._about.show_facts(page, face, now)
        here = self._wanted_row or self._model.key_at(self.table.currentIndex().row())
        self._wanted_row = ""
        self._model.show(session_rows(page, now))
        self._middle.set_count(str(len(page.sessions)) if page.sessions else "")
        self.table.setVisible(bool(page.sessions))
        self._empty.setVisible(not page.sessions)
        if page.sessions:
            self.table.setCurrentIndex(self._model.index(max(0, self._model.row_of(here)), 0))
        self._side.show_page(page, face, now)
        self.goals.setReadOnly(not (is_open and is_mine))
        self._goals_typed()

    def _goals_typed(self) -> None:
        page = self._page
        changed = page is not None and self.goals.toPlainText() != "\n".join(page.case.goals)
        self.save_goals_button.setEnabled(changed and not self.goals.isReadOnly())
        self.touched.emit()

    # Doing.

    def save_goals(self) -> None:
        """Store the goals that were typed."""
        page, room = self._page, self.room
        if page is not None:
            goals, case = tuple(self.goals.toPlainText().split("\n")), page.case
            self.save_goals_button.setEnabled(False)
            self._change(lambda: set_goals(room.actor, room.desk, case.id, goals, case.seen))

    def turn_restriction(self) -> None:
        """Restrict the case, or open it to the room's rules again."""
        page, room = self._page, self.room
        if page is not None:
            case = page.case
            self._change(lambda: restrict_case(room.actor, room.desk, case.id, not case.restricted, case.seen))

    def pause(self) -> None:
        """Let the case rest, or go on with it."""
        page, room = self._page, self.room
        if page is not None:
            case = page.case
            paused = case.status is not CaseStatus.PAUSED
            self._change(lambda: pause_case(room.actor, room.desk, case.id, paused, case.seen))

    def ask_to_reopen(self) -> None:
        """Ask once, then open the case again; what followed from its closing ends."""
        page, room = self._page, self.room
        if page is None:
            return
        case = page.case
        question = Question(
            room.icons,
            pgettext("case page", "Reopen this case?"),
            _("The summary of its closing is taken away, and the follow-ups that began with it end."),
            pgettext("case page", "Reopen"),
            pgettext("case page", "Leave it closed"),
            parent=self.window(),
        )
        question.accepted.connect(
            lambda: self._change(
                lambda: reopen_case(room.actor, room.desk, case.id, case.seen), _("The case is open again.")
            )
        )
        question.open()

    def _change(self, work: Callable[[], Done[Any]], said: str = "") -> None:
        room = self.room

        def tell(done: Done[Any]) -> None:
            undo = done.changes.undo
            room.messages.say(said or (undo.sentence if undo is not None else ""), undo)

        room.tasks.change(work, tell)

    def open_note(self, key: str) -> None:
        """Open the note of a session, or begin the one that is missing."""
        kind, _colon, record = key.partition(":")
        if record:
            self.room.ways.open_page("note", **{kind: record})

    def _write(self) -> None:
        if self._page is not None:
            self.room.ways.open_page("note", case=self._page.case.id)

    def _close(self) -> None:
        self._dialog("close_case", case=self._case)

    def _hand_over(self) -> None:
        self._dialog("hand_over_case", case=self._case)

    def _client(self) -> str:
        return "" if self._page is None else self._page.case.client_id

    def _dialog(self, key: str, **arguments: Any) -> None:
        if self._page is not None:
            self.room.ways.open_dialog(key, **arguments)

    def _show_scan(self, consent: ConsentLine) -> None:
        AttachmentDialog(self.room, consent.scan_id, consent.scan_name, consent.scan_type, self.window()).open()


def _scrolled(inner: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidget(Tall(inner))
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
