"""Types in the reply slip of a referral, with a scan of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.attachments import attach_file
from counselroom.services.changes import ChangeSet, Done
from counselroom.services.referral_sheets import ReferralSheet, referral_sheet
from counselroom.services.referrals import FeedbackData, ReferralView, record_feedback
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.dialogs.form_scroll import FormScroll
from counselroom.ui.dialogs.student_form import parsed_day
from counselroom.ui.file_chooser import FileKind
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import ElidedLabel

_DAYS = ("received_on", "seen_on", "next_visit_on")
_ADVICE = ("", "继续校内辅导", "门诊随访", "进一步检查", "住院治疗", "未见需要治疗", "其他")
_ATTENDANCE = ("", "可正常在校", "可在校并定期复诊", "暂缓返校", "住院治疗")
"""As they stand on the slip, which is Chinese whatever the window speaks."""


class ReferralFeedbackDialog(EntryDialog):
    """The reply to one referral; recorded, it stays as it is."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Reply to a referral"), parent)
        self._referral = str(arguments.get("referral") or "")
        self._sheet: ReferralSheet | None = None
        self._path = ""
        self.institution = QLineEdit()
        self.days = {name: QLineEdit() for name in _DAYS}
        self.days["received_on"].setText(room.now().date().isoformat())
        self.kind = QComboBox()
        self.attendance = QComboBox()
        for box, words in ((self.kind, _ADVICE), (self.attendance, _ATTENDANCE)):
            for word in words:
                box.addItem(word)
        self.advice = QPlainTextEdit()
        self.advice.setTabChangesFocus(True)
        self.advice.setFixedHeight(96)
        self.attach_button = Button(
            pgettext("referral", "Add the scanned slip"), icon=room.icons.named("mdi6.paperclip")
        )
        self._file = ElidedLabel("", "meta")
        self.fields: dict[str, Field] = {}
        self.content.addWidget(FormScroll(self._lay_out(), parent))
        cancel = self.add_button(Button(pgettext("referral", "Later")))
        cancel.clicked.connect(self.reject)
        self.save_button = self.add_button(Button(pgettext("referral", "Record"), "primary", key="Ctrl Enter"))
        self.also_by_key(self.save_button)
        self.save_button.clicked.connect(self.save)
        self.attach_button.clicked.connect(self._choose_file)
        for line in (self.institution, *self.days.values()):
            line.textEdited.connect(lambda _text: self.touched.emit())
        for box in (self.kind, self.attendance):
            box.activated.connect(lambda _index: self.touched.emit())
        self.advice.textChanged.connect(self.touched)
        if self._referral:
            room.tasks.query(
                self,
                lambda: referral_sheet(room.actor, room.desk, referral_id=self._referral),
                self._fill,
                on_failed=self.refuse,
            )

    def _lay_out(self) -> QWidget:
        form = QWidget()
        grid = QGridLayout(form)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        needed = _("needed")
        places: tuple[tuple[str, str, QWidget, str, str, int, int, int], ...] = (
            ("institution", pgettext("referral", "Institution"), self.institution, "", needed, 0, 0, 2),
            ("received_on", pgettext("referral", "Received on"), self.days["received_on"], "", needed, 1, 0, 1),
            ("seen_on", pgettext("referral", "Seen on"), self.days["seen_on"], "", "", 1, 1, 1),
            ("kind", pgettext("referral", "Kind of advice"), self.kind, "", "", 2, 0, 1),
            ("attendance", pgettext("referral", "Attendance"), self.attendance, "", "", 2, 1, 1),
            (
                "advice",
                pgettext("referral", "Opinion and advice"),
                self.advice,
                _("Copied from the slip, word for word; names of illnesses stand here only with their source."),
                needed,
                3,
                0,
                2,
            ),
            ("next_visit_on", pgettext("referral", "Next visit"), self.days["next_visit_on"], "", "", 4, 0, 1),
        )
        for name, label, editor, hint, when, row, column, span in places:
            self.fields[name] = Field(label, editor, hint, when, icons=self.icons)
            grid.addWidget(self.fields[name], row, column, 1, span)
        grid.addWidget(self.attach_button, 5, 0)
        grid.addWidget(self._file, 5, 1)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        return form

    def first(self) -> QWidget:
        """Return the day of the visit: the institution is known."""
        return self.days["seen_on"]

    def state(self) -> dict[str, Any]:
        """Return what was typed and chosen."""
        return {
            **{name: line.text() for name, line in self.days.items()},
            "institution": self.institution.text(),
            "kind": self.kind.currentText(),
            "attendance": self.attendance.currentText(),
            "advice": self.advice.toPlainText(),
            "file": self._path,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was typed before."""
        for name, line in self.days.items():
            line.setText(str(state.get(name) or ""))
        self.institution.setText(str(state.get("institution") or ""))
        for box, name in ((self.kind, "kind"), (self.attendance, "attendance")):
            box.setCurrentIndex(max(0, box.findText(str(state.get(name) or ""))))
        self.advice.setPlainText(str(state.get("advice") or ""))
        self._set_file(str(state.get("file") or ""))

    def save(self) -> None:
        """Record the reply, and keep the scan with the referral."""
        data = self._data()
        if data is None:
            return
        room, referral_id, path = self.room, self._referral, Path(self._path) if self._path else None
        self.save_button.setEnabled(False)

        def work() -> Done[ReferralView]:
            # The file is read first: a stick that was pulled out leaves nothing half recorded.
            content = None if path is None else path.read_bytes()
            done = record_feedback(room.actor, room.desk, referral_id, data)
            if path is None or content is None:
                return done
            kept = attach_file(room.actor, room.desk, "referral", referral_id, path.name, content)
            return Done(done.value, ChangeSet(done.changes.changed | kept.changes.changed))

        room.tasks.change(work, self._saved, on_failed=self._not_saved)

    def _data(self) -> FeedbackData | None:
        """Return the reply, or say at the fields what is wrong."""
        today, days = self.room.now().date(), {name: parsed_day(line.text()) for name, line in self.days.items()}
        advice = "。".join(part for part in (self.kind.currentText(), self.advice.toPlainText().strip()) if part)
        wrong = {
            "institution": "" if self.institution.text().strip() else _("Please write who answered."),
            "advice": "" if advice else _("Please write what they advise."),
        }
        for name, line in self.days.items():
            day, text = days[name], line.text().strip()
            late = name != "next_visit_on" and day is not None and day > today
            unread = day is None and (bool(text) or name == "received_on")
            wrong[name] = _("Please write the day like 2026-10-19; it is not in the future.") if unread or late else ""
        for name, sentence in wrong.items():
            self.fields[name].set_error(sentence)
        first = next((name for name, sentence in wrong.items() if sentence), None)
        received = days["received_on"]
        if first is not None or received is None:
            self.fields[first or "received_on"].editor.setFocus()
            return None
        return FeedbackData(
            received,
            self.institution.text().strip(),
            advice,
            days["seen_on"],
            self.attendance.currentText() or None,
            days["next_visit_on"],
        )

    def _saved(self, done: Done[ReferralView]) -> None:
        self.finish()
        self.room.messages.say(_("The reply to {number} is recorded.").format(number=done.value.number))

    def _not_saved(self, error: BaseException) -> None:
        self.save_button.setEnabled(True)
        if isinstance(error, OSError):
            self.tell(_("The scanned slip cannot be read. Nothing was recorded. Please choose the file again."))
        else:
            self.refuse(error)

    def _choose_file(self) -> None:
        kinds = (FileKind(_("Pictures, PDF and documents"), ("*",)),)
        path = self.room.files.open_file(self, _("Add the scanned slip"), kinds)
        if path is not None:
            self._set_file(str(path))
            self.touched.emit()

    def _set_file(self, path: str) -> None:
        self._path = path
        self._file.setText(Path(path).name if path else "")

    def _fill(self, sheet: ReferralSheet) -> None:
        self._sheet = sheet
        if not self.has_text() and sheet.view is not None:
            self.institution.setText(sheet.view.data.to_name)
            self.settle()
