"""安全评估 (F-42): criteria, facts, level and what follows as one ticks; signed once, and what must begin begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.access import Refusal
from counselroom.services.assessment_sheets import AssessmentSheet, assessment_sheet
from counselroom.services.changes import ChangeSet, Done
from counselroom.services.crisis_assessments import (
    AssessmentData,
    AssessmentView,
    draft_assessment,
    review_assessment,
    save_assessment,
    sign_assessment,
)
from counselroom.services.desk import AccessDenied
from counselroom.ui.assessment.earlier import EarlierList
from counselroom.ui.assessment.signed_view import SignedView
from counselroom.ui.assessment.writing import Writing
from counselroom.ui.moments import day_and_time
from counselroom.ui.page import Page
from counselroom.ui.record_cover import RecordCover
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.room import Room
from counselroom.ui.size_class import LOW, SizeClass
from counselroom.ui.widgets import chip_face
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.panel import Panel
from counselroom.ui.widgets.question import Question
from counselroom.ui.widgets.segmented import Segmented
from counselroom.ui.widgets.tall import Tall

_ARGUMENTS = ("student", "assessment", "source_entity", "source_id")
_KINDS = ("crisis_assessment", "crisis_event", "student", "person")
_SIDE = 336


class AssessmentPage(Page):
    """One assessment. Opened for {student, source_entity?, source_id?} or {assessment}."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Risk assessment"), parent, back=True)
        self._subject: dict[str, str] = {}
        self._sheet: AssessmentSheet | None = None
        self._stored: dict[str, Any] = {}
        self._sent: dict[str, Any] = {}
        self._typed: Mapping[str, Any] | None = None
        self._actor = room.actor
        icons = room.icons
        self.writing = Writing(icons)
        self.form, self.outcome = self.writing.form, self.writing.outcome
        self.signed_view = SignedView(icons)
        self.earlier = EarlierList(icons)
        self.print_button = Button(pgettext("assessment", "Print"), icon=icons.named("mdi6.printer-outline"))
        self.review_button = Button(pgettext("assessment", "Reviewed"), icon=icons.named("mdi6.check"))
        self.event_button = Button(pgettext("assessment", "Open the crisis case"), "primary")
        self.sign_button = Button(
            pgettext("assessment", "Sign and lock"), "primary", icons.named("mdi6.file-lock-outline")
        )
        for button in (self.print_button, self.review_button, self.event_button, self.sign_button):
            self.header.add_action(button)
        self._lay_out()
        self._connect()
        self._show_actions()

    def _lay_out(self) -> None:
        self._main = Panel(pgettext("assessment", "Assessment"))
        self._main.set_body(Tall(_column(self.form, self.signed_view)), scroll=True)
        self._result = Panel(pgettext("assessment", "Result"))
        self._result.set_body(Tall(self.outcome), scroll=True)
        self._others = Panel(pgettext("assessment", "Earlier assessments"))
        self._others.set_body(self.earlier)
        side = QWidget()
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(16)
        self._tabs = Segmented(
            (("result", pgettext("assessment", "Result")), ("earlier", pgettext("assessment", "Earlier assessments")))
        )
        self._tabs.changed.connect(lambda _key: self._show_side())
        right.addWidget(self._tabs)
        right.addWidget(self._result, 1)
        right.addWidget(self._others)
        right.addStretch(0)
        self._side = side
        whole = QWidget()
        self._is_low = False
        self._row = QHBoxLayout(whole)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(16)
        self._row.addWidget(self._main, 1)
        self._row.addWidget(side)
        self.cover = RecordCover(self.room.icons, whole)
        self.body.addWidget(self.cover)
        side.setFixedWidth(_SIDE)

    def _connect(self) -> None:
        self.writing.changed.connect(self._changed)
        self.earlier.opened.connect(lambda row: self.show_subject({"assessment": row}))
        self.sign_button.clicked.connect(self.sign)
        self.review_button.clicked.connect(self._review)
        self.print_button.clicked.connect(self._print)
        self.event_button.clicked.connect(self._open_event)
        self.cover.reason_given.connect(self._read_because)
        self.room.bus.changed.connect(self._reload_if_concerned)
        Redrawing(self, self.room.masking, self._masked, self.faces)

    def panels(self) -> Sequence[QWidget]:
        """Return what is written, the result and the earlier ones."""
        return (self._main, self._result, self._others)

    def first(self) -> QWidget:
        """Return the first box, or the list of earlier ones on a signed sheet."""
        boxes = list(self.form.criteria.boxes.values())
        return boxes[0].box if boxes and not self.form.isHidden() else self.print_button

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """Put the result below where there is no room beside."""
        super().set_size_class(size, height)
        if hasattr(self, "_row"):
            self._is_low = height < LOW
            self._show_side()
            narrow = size <= SizeClass.MINI
            self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
            self._side.setMinimumWidth(0 if narrow else (_SIDE if size >= SizeClass.REGULAR else 300))
            self._side.setMaximumWidth(16_777_215 if narrow else self._side.minimumWidth())

    def show_subject(self, arguments: Mapping[str, Any]) -> None:
        """Show an assessment, or the place for a new one; what was typed into another is stored first."""
        self.keep()
        self._actor = self.room.actor
        self._typed = None
        self._stored, self._sent = {}, {}
        self._sheet = None
        self.room.masking.show_on_purpose(self.key)
        self.cover.show_content()
        self._subject = {name: str(arguments.get(name) or "") for name in _ARGUMENTS}
        self._load()

    def state(self) -> dict[str, Any]:
        """Return which assessment it is and what was typed since it was stored."""
        return {**self._subject, **({"typed": self.writing.values()} if self._is_dirty() else {})}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show the assessment of before with what was typed."""
        self._subject = {name: str(state.get(name) or "") for name in _ARGUMENTS}
        typed = state.get("typed")
        self._typed = dict(typed) if isinstance(typed, Mapping) else None
        if any(self._subject.values()):
            self._load()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Store what was typed when another page is turned to; a lock keeps the state of the window instead."""
        super().hideEvent(event)
        if event.type() is QEvent.Type.Hide and self.window().isVisible():
            self.keep()

    def keep(self) -> None:
        """Store what was typed, if something was; what no column takes, such as no time at all, stays in the field."""
        sheet = self._sheet
        if sheet is None or not self._is_dirty() or self.writing.values() == self._sent:
            return
        room, data, view, actor = self.room, self._data(sheet), sheet.view, self._actor
        self._sent = self.writing.values()
        subject = self._subject
        room.tasks.change(lambda: _stored(actor, room, data, view), lambda done: self._note_kept(subject, done))

    def sign(self) -> None:
        """Ask once, then store, sign, and begin what must begin."""
        sheet, room, now = self._sheet, self.room, self.room.now()
        if sheet is None or not self.form.check(now):
            return
        missing = self.writing.missing(sheet, self._data(sheet))
        if missing:
            missing[0].go()
            return
        begins = not self.outcome.found_field.isHidden()
        found_at = self.outcome.moment(now) if begins else None
        if begins and found_at is None:
            self.outcome.found_at.setFocus()
            return
        body = _("It does not change any more. A correction is another assessment.")
        if found_at is not None:
            body += "\n" + _("A crisis case begins with it; its clocks run from {moment}.").format(
                moment=day_and_time(found_at, now)
            )
        question = Question(
            room.icons,
            _("Sign the assessment and lock it?"),
            body,
            pgettext("assessment", "Sign and lock"),
            pgettext("assessment", "Look again"),
            parent=self.window(),
        )
        data, view, actor, facts = self._data(sheet), sheet.view, self._actor, self.outcome.facts.toPlainText()

        def work() -> Done[AssessmentView]:
            row = _stored(actor, room, data, view).value
            return sign_assessment(actor, room.desk, row.id, found_at, facts)

        def go() -> None:
            self._sent = self.writing.values()
            self.sign_button.setEnabled(False)
            room.tasks.change(work, self._signed, on_failed=self._not_signed)

        question.accepted.connect(go)
        question.open()

    def _signed(self, done: Done[AssessmentView]) -> None:
        self._typed = None
        self._subject = {**dict.fromkeys(_ARGUMENTS, ""), "assessment": done.value.id}
        undo = done.changes.undo
        said = _("The assessment is signed.") if undo is None else undo.sentence
        self.room.messages.say(said, undo)
        self._load()
        self.touched.emit()

    def _not_signed(self, error: BaseException) -> None:
        self.room.messages.tell(error)
        self._load()

    def _note_kept(self, subject: dict[str, str], done: Done[AssessmentView]) -> None:
        if subject is self._subject and self._sheet is not None:
            self._subject["assessment"] = done.value.id
            self._sheet = replace(self._sheet, view=done.value)
            self._stored = self.writing.fresh(self._sheet, self.room.now())
            self._show_actions()

    def _load(self) -> None:
        room, actor, subject = self.room, self._actor, dict(self._subject)
        room.tasks.query(
            self,
            lambda: assessment_sheet(
                actor,
                room.desk,
                student_id=subject["student"],
                assessment_id=subject["assessment"],
                source_entity=subject["source_entity"],
                source_id=subject["source_id"],
            ),
            self._show,
            key=f"{self.key}.sheet",
            on_failed=self._failed,
        )

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

    def _show(self, sheet: AssessmentSheet) -> None:
        dirty = self._is_dirty()
        self._sheet = sheet
        if sheet.view is not None:
            self._subject["assessment"] = sheet.view.id
        signed = sheet.view is not None and sheet.view.signed_at is not None
        self.form.criteria.show_criteria(sheet.criteria)
        self.form.setVisible(not signed)
        self.signed_view.setVisible(signed)
        self.outcome.setVisible(not signed)
        self._show_side()
        self.signed_view.show_sheet(sheet, self.room.now())
        self.earlier.show_lines(sheet.earlier, self.room.now())
        self._others.set_count(str(len(sheet.earlier)) if sheet.earlier else "")
        if not signed and (not dirty or sheet.view is not None):
            self._stored = self.writing.fresh(sheet, self.room.now())
        if not signed and not dirty:
            self.writing.put({**self._stored, **(self._typed or {})})
            self._typed = None
        self.writing.follow(sheet, self._data(sheet))
        self._show_head()
        self._show_actions()

    def _is_dirty(self) -> bool:
        sheet = self._sheet
        written = sheet is not None and sheet.is_mine and (sheet.view is None or sheet.view.signed_at is None)
        return written and bool(self._stored) and self.writing.values() != self._stored

    def _data(self, sheet: AssessmentSheet) -> AssessmentData:
        """Return what is written, with the record that asked for it."""
        data, before = self.writing.data(sheet, self.room.now()), None if sheet.view is None else sheet.view.data
        return replace(
            data,
            source_entity=(before.source_entity if before else self._subject["source_entity"]) or None,
            source_id=(before.source_id if before else self._subject["source_id"]) or None,
            case_id=before.case_id if before else None,
        )

    def _changed(self) -> None:
        if self._sheet is not None:
            self.writing.follow(self._sheet, self._data(self._sheet))
            self.touched.emit()

    def _show_head(self) -> None:
        sheet, face = self._sheet, self.face()
        if sheet is None:
            return
        student, view = sheet.student, sheet.view
        name = face.name(student.name, student.student_no)
        parts = [name, face.class_name(student.class_name), sheet.assessor]
        if view is not None and view.signed_at is not None:
            parts.append(_("signed {moment}").format(moment=day_and_time(view.signed_at, self.room.now())))
        if sheet.reviewer:
            parts.append(_("reviewed by {name}").format(name=sheet.reviewer))
        self.header.set_meta("　".join(part for part in parts if part))
        signed = view is not None and view.signed_at is not None
        self.header.set_chips([chip_face.signed() if signed else chip_face.draft()], self.room.icons)

    def _show_actions(self) -> None:
        sheet = self._sheet
        signed = sheet is not None and sheet.view is not None and sheet.view.signed_at is not None
        event = None if sheet is None else sheet.event
        self.sign_button.setVisible(sheet is not None and not signed and sheet.is_mine)
        self.sign_button.setEnabled(True)
        self.print_button.setEnabled(sheet is not None and (sheet.view is not None or self._is_dirty()))
        self.review_button.setVisible(sheet is not None and sheet.may_review)
        self.event_button.setVisible(event is not None)
        if event is not None:
            self.event_button.setText(_("Open {code}").format(code=event.code))
            self.event_button.set_kind("primary" if signed and event.is_open else "secondary")

    def _show_side(self) -> None:
        """Show result and earlier ones, or in a low window one of them; a signed sheet tells its result itself."""
        view = None if self._sheet is None else self._sheet.view
        signed = view is not None and view.signed_at is not None
        earlier = signed or self._tabs.current() == "earlier"
        self._tabs.setVisible(self._is_low and not signed)
        self._result.setVisible(not signed and not (self._is_low and earlier))
        self._others.setVisible(not self._is_low or earlier)

    def _masked(self) -> None:
        self.cover.cover(masked=self.face().masked)
        self._show_head()

    def _review(self) -> None:
        sheet, room, actor = self._sheet, self.room, self._actor
        view = None if sheet is None else sheet.view
        if view is not None:
            room.tasks.change(
                lambda: review_assessment(actor, room.desk, view.id),
                lambda _done: room.messages.say(_("The review is noted.")),
            )

    def _print(self) -> None:
        sheet, room = self._sheet, self.room
        if sheet is None:
            return
        if sheet.view is None or self._is_dirty():
            data, view, actor = self._data(sheet), sheet.view, self._actor
            self._sent = self.writing.values()
            room.tasks.change(lambda: _stored(actor, room, data, view), lambda done: self._preview(done.value.id))
        else:
            self._preview(sheet.view.id)

    def _preview(self, assessment_id: str) -> None:
        self._subject["assessment"] = assessment_id
        self.room.ways.open_page(
            "print_preview", form="F-42", entity="crisis_assessment", entity_id=assessment_id, audience="room"
        )

    def _open_event(self) -> None:
        if self._sheet is not None and self._sheet.event is not None:
            self.room.ways.open_page("crisis", event=self._sheet.event.id)


def _stored(actor: Any, room: Room, data: AssessmentData, view: AssessmentView | None) -> Done[AssessmentView]:
    """Write a draft down; done on the lane."""
    if view is None:
        return draft_assessment(actor, room.desk, data)
    return save_assessment(actor, room.desk, view.id, data)


def _column(*parts: QWidget) -> QWidget:
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        column.addWidget(part)
    return whole
