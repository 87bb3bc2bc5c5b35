"""One referral (F-50): written, let through the gate of consent, issued once, printed, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.access import Refusal
from counselroom.rules.referral import CompletionState, ConsentAnswer
from counselroom.services.changes import ChangeSet, Done
from counselroom.services.desk import AccessDenied
from counselroom.services.drafts import DraftView, find_draft, save_draft
from counselroom.services.referral_sheets import ReferralSheet, referral_sheet
from counselroom.services.referrals import (
    ReferralData,
    ReferralView,
    approve_excerpt,
    issue_referral,
)
from counselroom.ui.moments import day_and_time
from counselroom.ui.page import Page
from counselroom.ui.record_cover import RecordCover
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.referral.checks import chip_of, decision_of, meta_of, missing_of
from counselroom.ui.referral.form import ReferralForm, kept_values
from counselroom.ui.referral.gate import Gate, Missing
from counselroom.ui.referral.issued_view import IssuedView
from counselroom.ui.referral.keeping import is_whole, place_of, stored
from counselroom.ui.referral.step_line import StepLine
from counselroom.ui.room import Room
from counselroom.ui.size_class import SizeClass
from counselroom.ui.widgets.banner import Banner
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.clock_text import clock_text
from counselroom.ui.widgets.panel import Panel
from counselroom.ui.widgets.question import Question
from counselroom.ui.widgets.tall import Tall

_ARGUMENTS = ("referral", "student", "event")
_KINDS = ("referral", "referral_feedback", "referral_supplement", "consent", "attachment", "student", "follow_up_task")
_SIDE = 320
_Read = tuple[ReferralSheet, DraftView | None]


class ReferralPage(Page):
    """Opened for {referral} or for a new one of a {student, event?}."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Referral"), parent, back=True)
        self._subject: dict[str, str] = {}
        self._sheet: ReferralSheet | None = None
        self._stored: dict[str, Any] = {}
        self._typed: Mapping[str, Any] | None = None
        self._actor = room.actor
        icons = room.icons
        self.form = ReferralForm(icons)
        self.gate = Gate(icons)
        self.issued_view = IssuedView(icons)
        self.steps = StepLine(icons)
        self.print_button = Button(pgettext("referral", "Print"), icon=icons.named("mdi6.printer-outline"))
        self.reply_button = Button(
            pgettext("referral", "Record the reply"), icon=icons.named("mdi6.inbox-arrow-down-outline")
        )
        self.issue_button = Button(pgettext("referral", "Issue"), "primary", icons.named("mdi6.file-lock-outline"))
        for button in (self.print_button, self.reply_button, self.issue_button):
            self.header.add_action(button)
        self._lay_out()
        self._connect()
        self._show_actions()

    def _lay_out(self) -> None:
        icons = self.room.icons
        written = QWidget()
        inner = QVBoxLayout(written)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.form)
        inner.addWidget(self.issued_view)
        self._main = Panel(pgettext("referral", "Referral"))
        self._main.set_body(Tall(written), scroll=True)
        self._gate_panel = Panel(pgettext("referral", "Before issuing"))
        self._gate_panel.set_body(Tall(self.gate), scroll=True)
        self._steps_panel = QFrame()
        self._steps_panel.setProperty("kind", "panel")
        QVBoxLayout(self._steps_panel).addWidget(self.steps)
        self._steps_panel.layout().setContentsMargins(1, 1, 1, 1)  # type: ignore[union-attr]  # just made
        self.complete_button = Button(pgettext("referral", "Complete it"), size="compact")
        self._completion = Banner(icons, "mdi6.clock-alert-outline", "", "amber", self.complete_button)
        row_widget = QWidget()
        self._row = QHBoxLayout(row_widget)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(16)
        self._row.addWidget(self._main, 1)
        self._row.addWidget(self._gate_panel)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._completion)
        column.addWidget(self._steps_panel)
        column.addWidget(row_widget, 1)
        self._completion.hide()
        self.cover = RecordCover(icons, whole)
        self.body.addWidget(self.cover)

    def _connect(self) -> None:
        self.form.changed.connect(self._changed)
        self.gate.take_wanted.connect(lambda: self.form.choose("guardian_consent", ConsentAnswer.AGREED.value))
        self.gate.consent_wanted.connect(self._type_in_consent)
        self.gate.approve_wanted.connect(self._approve)
        self.issue_button.clicked.connect(self.issue)
        self.print_button.clicked.connect(self._print)
        self.reply_button.clicked.connect(lambda: self._dialog("referral_feedback"))
        self.complete_button.clicked.connect(lambda: self._dialog("referral_completion"))
        self.cover.reason_given.connect(self._read_because)
        self.room.bus.changed.connect(self._reload_if_concerned)
        Redrawing(self, self.room.masking, self._masked, self.faces)

    def panels(self) -> Sequence[QWidget]:
        """Return what is written and what stands beside it."""
        return (self._main, self._gate_panel)

    def first(self) -> QWidget:
        """Return the recipient, or the print button of an issued one."""
        return self.print_button if self.form.isHidden() else self.form.lines["to_name"]

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """Put the gate below where there is no room beside."""
        super().set_size_class(size, height)
        if hasattr(self, "_row"):
            narrow = size <= SizeClass.MINI
            self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
            self._gate_panel.setMinimumWidth(0 if narrow else (_SIDE if size >= SizeClass.REGULAR else 280))
            self._gate_panel.setMaximumWidth(16_777_215 if narrow else self._gate_panel.minimumWidth())

    def show_subject(self, arguments: Mapping[str, Any]) -> None:
        """Show a referral, or the place for a new one; what was typed into another is stored first."""
        self.keep()
        self._actor = self.room.actor
        self._sheet, self._typed, self._stored = None, None, {}
        self.room.masking.show_on_purpose(self.key)
        self.cover.show_content()
        self._subject = {name: str(arguments.get(name) or "") for name in _ARGUMENTS}
        self._load()

    def state(self) -> dict[str, Any]:
        """Return which referral it is and what was typed since it was stored."""
        return {**self._subject, **({"typed": self.form.values()} if self._is_dirty() else {})}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show the referral of before with what was typed."""
        self._subject = {name: str(state.get(name) or "") for name in _ARGUMENTS}
        typed = state.get("typed")
        self._typed = dict(typed) if isinstance(typed, Mapping) else None
        if any(self._subject.values()):
            self._load()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Store what was typed when another page is turned to; a lock keeps the state of the window instead."""
        super().hideEvent(event)
        if self.window().isVisible():
            self.keep()

    def keep(self) -> None:
        """Store what was typed: as a referral once it has recipient, reason and summary, until then as a draft."""
        sheet, room, actor = self._sheet, self.room, self._actor
        if sheet is None or not self._is_dirty():
            return
        values, data, view, subject = self.form.values(), self._data(sheet), sheet.view, self._subject
        self._stored = values
        if is_whole(data):
            room.tasks.change(
                lambda: stored(actor, room, data, view), lambda done: self._note_kept(subject, done.value)
            )
        elif view is None:
            room.tasks.change(lambda: save_draft(actor, room.desk, place_of(data.student_id), {"state": values}))

    def issue(self) -> None:
        """Ask once, then store and issue; its text is locked then."""
        sheet = self._sheet
        if sheet is None:
            return
        missing = self._missing(sheet)
        if missing:
            missing[0].go()
            return
        data, view, room, actor = self._data(sheet), sheet.view, self.room, self._actor
        body = _("Its text is locked then. It can be printed for recipient, guardian and school.")
        if decision_of(sheet, data, room.now()).complete_by is not None:
            body += "\n" + _("What is missing must be added within {days} days.").format(days=sheet.completion_days)
        question = Question(
            room.icons,
            _("Issue the referral?"),
            body,
            pgettext("referral", "Issue"),
            pgettext("referral", "Look again"),
            parent=self.window(),
        )

        def work() -> Done[ReferralView]:
            row = stored(actor, room, data, view).value
            return issue_referral(actor, room.desk, row.id)

        def go() -> None:
            self._stored = self.form.values()
            self.issue_button.setEnabled(False)
            room.tasks.change(work, self._issued, on_failed=self._not_issued)

        question.accepted.connect(go)
        question.open()

    def _issued(self, done: Done[ReferralView]) -> None:
        self._typed = None
        self._subject = {**dict.fromkeys(_ARGUMENTS, ""), "referral": done.value.id}
        self.room.messages.say(_("Referral {number} is issued; print it now.").format(number=done.value.number))
        self._load()
        self.touched.emit()

    def _not_issued(self, error: BaseException) -> None:
        self.room.messages.tell(error)
        self._load()

    def _note_kept(self, subject: dict[str, str], view: ReferralView) -> None:
        if subject is self._subject:
            subject["referral"] = view.id
            self._load()

    def _load(self) -> None:
        room, actor, subject = self.room, self._actor, dict(self._subject)

        def work() -> _Read:
            sheet = referral_sheet(
                actor,
                room.desk,
                referral_id=subject["referral"],
                student_id=subject["student"],
                event_id=subject["event"],
            )
            is_new = sheet.view is None
            return sheet, find_draft(actor, room.desk, place_of(sheet.student.id)) if is_new else None

        room.tasks.query(self, work, self._show, key=f"{self.key}.sheet", on_failed=self._failed)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, AccessDenied) and error.refusal == Refusal.REASON_NEEDED:
            self.cover.ask_for_reason()
        else:
            self.room.messages.tell(error)

    def _read_because(self, reason: str) -> None:
        self._actor = self.room.actor.because(reason)
        self.cover.show_content()
        self._load()

    def _reload_if_concerned(self, changes: ChangeSet) -> None:
        if self._sheet is not None and changes.concerns(*_KINDS):
            self._load()

    def _show(self, read: _Read) -> None:
        sheet, draft = read
        dirty = self._is_dirty()
        self._sheet = sheet
        if sheet.view is not None:
            self._subject["referral"] = sheet.view.id
        writes = self._writes()
        for part, shown in (
            (self.form, writes),
            (self._gate_panel, writes),
            (self.issued_view, not writes),
            (self._steps_panel, sheet.view is not None and sheet.view.issued_at is not None),
        ):
            part.setVisible(shown)
        now = self.room.now()
        self.issued_view.show_sheet(sheet, now)
        self.steps.show_steps(sheet.steps, now.date())
        if writes and not dirty:
            kept = dict(draft.state.get("state") or {}) if draft is not None else {}
            self._stored = kept_values(sheet.proposed) | kept
            self.form.show_values({**self._stored, **(self._typed or {})})
            self._stored = self._stored if self._typed else self.form.values()
            self._typed = None
        self._follow()
        self._show_head()
        self._show_actions()

    def _writes(self) -> bool:
        sheet = self._sheet
        return sheet is not None and sheet.is_mine and (sheet.view is None or sheet.view.issued_at is None)

    def _is_dirty(self) -> bool:
        return self._writes() and bool(self._stored) and self.form.values() != self._stored

    def _data(self, sheet: ReferralSheet) -> ReferralData:
        return self.form.data(sheet.student.id, sheet.proposed.case_id)

    def _changed(self) -> None:
        if self._sheet is not None:
            self._follow()
            self.touched.emit()

    def _follow(self) -> None:
        sheet = self._sheet
        if sheet is None or not self._writes():
            return
        data = self._data(sheet)
        branch = ""
        if self.form.is_emergency():
            branch = _("An emergency goes out at once. What is missing is added within {days} days.").format(
                days=sheet.completion_days
            )
        self.gate.show_missing(self._missing(sheet), branch)
        noted = data.guardian_consent is ConsentAnswer.AGREED
        self.gate.show_sheet(sheet, data, self.room.now().date(), noted=noted)

    def _missing(self, sheet: ReferralSheet) -> list[Missing]:
        return missing_of(sheet, self._data(sheet), self.form, self.room.now())

    def _show_head(self) -> None:
        sheet, now = self._sheet, self.room.now()
        if sheet is None:
            return
        view = sheet.view
        self.header.set_meta(meta_of(sheet, self.face(), now))
        self.header.set_chips([chip_of(sheet)], self.room.icons)
        runs = view is not None and view.completion is not CompletionState.NOTHING_LEFT
        self._completion.setVisible(runs)
        if view is not None and view.complete_by is not None and runs:
            self._completion.set_text(
                _("This emergency still lacks something: {clock}, until {moment}.").format(
                    clock=clock_text(view.complete_by - now), moment=day_and_time(view.complete_by, now)
                )
            )

    def _show_actions(self) -> None:
        sheet, writes = self._sheet, self._writes()
        view = None if sheet is None else sheet.view
        issued = view is not None and view.issued_at is not None
        mine = sheet is not None and sheet.is_mine
        self.issue_button.setVisible(writes)
        self.issue_button.setEnabled(True)
        self.print_button.setVisible(issued or writes)
        self.print_button.setEnabled(view is not None)
        self.reply_button.setVisible(sheet is not None and sheet.awaits_reply and mine)
        self.complete_button.setVisible(mine)
        today = self.room.now().date()
        # On the day it was issued it is printed; later its reply is waited for.
        fresh = view is not None and view.issued_at is not None and view.issued_at.date() == today
        self.print_button.set_kind("primary" if issued and fresh else "secondary")
        self.reply_button.set_kind("secondary" if fresh else "primary")
        self.header.add_action(self.print_button if fresh else self.reply_button)  # the primary one stands last

    def _masked(self) -> None:
        self.cover.cover(masked=self.face().masked)
        self._show_head()

    def _type_in_consent(self) -> None:
        if self._sheet is not None:
            self.room.ways.open_dialog("consent", student=self._sheet.student.id)

    def _approve(self) -> None:
        sheet, room, actor = self._sheet, self.room, self._actor
        if sheet is None:
            return
        data, view = self._data(sheet), sheet.view
        if not is_whole(data):
            self._missing(sheet)[0].go()
            return
        self._stored = self.form.values()

        def work() -> Done[ReferralView]:
            row = stored(actor, room, data, view).value
            return approve_excerpt(actor, room.desk, row.id)

        def approved(done: Done[ReferralView]) -> None:
            self._subject["referral"] = done.value.id
            self._load()
            room.messages.say(_("The excerpt may go out with this wording."))

        room.tasks.change(work, approved, on_failed=self._not_issued)

    def _dialog(self, key: str) -> None:
        if self._sheet is not None and self._sheet.view is not None:
            self.room.ways.open_dialog(key, referral=self._sheet.view.id)

    def _print(self) -> None:
        sheet = self._sheet
        if sheet is None or sheet.view is None:
            return
        self.keep()
        audience = "hospital" if sheet.view.issued_at is not None else "room"
        self.room.ways.open_page(
            "print_preview", form="F-50", entity="referral", entity_id=sheet.view.id, audience=audience
        )
