"""Adds what an emergency referral left out, beside the issued text (R-13)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.referral import CompletionState, ConsentAnswer
from counselroom.services.changes import Done
from counselroom.services.referral_sheets import ReferralSheet, referral_sheet
from counselroom.services.referrals import ReferralView, complete_referral
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.dialogs.form_scroll import FormScroll
from counselroom.ui.moments import day_and_time
from counselroom.ui.referral.words import answer_word
from counselroom.ui.room import Room
from counselroom.ui.typed_moments import moment_text, parsed_moment
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label


class ReferralCompletionDialog(EntryDialog):
    """The supervisor's opinion and the guardian's answer, given after an emergency went out."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Complete an emergency referral"), parent)
        self._referral = str(arguments.get("referral") or "")
        self._head = Label("", "body", wrap=True)
        self.opinion = QPlainTextEdit()
        self.opinion.setTabChangesFocus(True)
        self.opinion.setFixedHeight(80)
        self.answer = QComboBox()
        for answer in (ConsentAnswer.PENDING, ConsentAnswer.AGREED, ConsentAnswer.REFUSED):
            self.answer.addItem(answer_word(answer), answer.value)
        self.given_at = QLineEdit(moment_text(room.now(), room.now()))
        self.late = QLineEdit()
        icons = room.icons
        self.fields = {
            "opinion": Field(pgettext("referral", "Supervisor's opinion"), self.opinion, icons=icons),
            "answer": Field(pgettext("referral", "The guardian"), self.answer, icons=icons),
            "given_at": Field(pgettext("referral", "Given at"), self.given_at, icons=icons),
            "late": Field(pgettext("referral", "Why it is late"), self.late, "", _("needed"), icons=icons),
        }
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._head)
        for field in self.fields.values():
            column.addWidget(field)
        self.fields["late"].hide()
        self.content.addWidget(FormScroll(form, parent, width=480))
        cancel = self.add_button(Button(pgettext("referral", "Later")))
        cancel.clicked.connect(self.reject)
        self.save_button = self.add_button(Button(pgettext("referral", "Add it"), "primary", key="Ctrl Enter"))
        self.also_by_key(self.save_button)
        self.save_button.clicked.connect(self.save)
        self.opinion.textChanged.connect(self.touched)
        self.answer.activated.connect(lambda _index: self.touched.emit())
        for line in (self.given_at, self.late):
            line.textEdited.connect(lambda _text: self.touched.emit())
        if self._referral:
            room.tasks.query(
                self,
                lambda: referral_sheet(room.actor, room.desk, referral_id=self._referral),
                self._fill,
                on_failed=self.refuse,
            )

    def first(self) -> QWidget:
        """Return the supervisor's opinion."""
        return self.opinion

    def state(self) -> dict[str, Any]:
        """Return what was typed and chosen."""
        return {
            "opinion": self.opinion.toPlainText(),
            "answer": self.answer.currentData(),
            "given_at": self.given_at.text(),
            "late": self.late.text(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was typed before."""
        self.opinion.setPlainText(str(state.get("opinion") or ""))
        self.answer.setCurrentIndex(max(0, self.answer.findData(state.get("answer"))))
        self.given_at.setText(str(state.get("given_at") or ""))
        self.late.setText(str(state.get("late") or ""))

    def save(self) -> None:
        """Add what was given."""
        room, now, opinion = self.room, self.room.now(), self.opinion.toPlainText().strip()
        answer, late, given = ConsentAnswer(self.answer.currentData()), self.late.text().strip(), None
        given = parsed_moment(self.given_at.text(), now)
        wrong = given is None or given > now
        self.fields["given_at"].set_error(
            _("Please write a time that is not in the future, like 2026-10-12 09:30.") if wrong else ""
        )
        if wrong:
            self.given_at.setFocus()
            return
        referral_id = self._referral
        self.save_button.setEnabled(False)
        room.tasks.change(
            lambda: complete_referral(
                room.actor,
                room.desk,
                referral_id,
                supervisor_opinion=opinion,
                guardian_consent=None if answer is ConsentAnswer.PENDING else answer,
                given_at=given,
                late_reason=late,
            ),
            self._saved,
            on_failed=self._not_saved,
        )

    def _saved(self, done: Done[ReferralView]) -> None:
        self.finish()
        whole = not done.value.missing
        self.room.messages.say(
            _("The referral is complete.") if whole else _("It was added; something is still missing.")
        )

    def _not_saved(self, error: BaseException) -> None:
        self.save_button.setEnabled(True)
        self.refuse(error)

    def _fill(self, sheet: ReferralSheet) -> None:
        view = sheet.view
        if view is None or view.complete_by is None:
            self._head.setText(_("This referral lacks nothing."))
            return
        moment = day_and_time(view.complete_by, self.room.now())
        self._head.setText(_("What is added stands beside the issued text; until {moment}.").format(moment=moment))
        self.fields["late"].setVisible(view.completion is CompletionState.OVERDUE)
