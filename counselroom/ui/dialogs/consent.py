"""知情同意: types a signed F-08 in, with its scan, and withdraws what was signed before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.counselling import ConsentKind
from counselroom.services.attachments import attach_file
from counselroom.services.changes import Done
from counselroom.services.consents import (
    ConsentData,
    ConsentView,
    consent_version,
    list_consents,
    record_consent,
    withdraw_consent,
)
from counselroom.services.rows import GuardianView
from counselroom.services.students import StudentView, list_guardians, student
from counselroom.ui.care.form_dialog import FormDialog
from counselroom.ui.file_chooser import FileKind
from counselroom.ui.messages import plain_sentence
from counselroom.ui.record.attaching import offer_to_delete
from counselroom.ui.record.rows import Rows
from counselroom.ui.record.words import consent_word, local_day, relation_word, short_day
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.label import ElidedLabel, Label
from counselroom.vault.lanes import Job

SELF = "本人"
"""How a client who signs is named on the paper."""


@dataclass(frozen=True)
class _Known:
    """What is on file about the client."""

    view: StudentView
    guardians: tuple[GuardianView, ...]
    consents: tuple[ConsentView, ...]


class ConsentDialog(FormDialog):
    """The consents of `student`: those on file, and one more from the signed paper."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Signed consents"), parent)
        self._student = str(arguments.get("student") or "")
        self._known: _Known | None = None
        self._asked = ""
        self._scan: Path | None = None
        self._held = Rows(room.icons)
        self.form.addWidget(self._held)
        self.form.addWidget(Label(_("Type in what stands on the signed paper."), "strong"))
        kinds = [(kind.value, consent_word(kind)) for kind in ConsentKind]
        self.add_choice("kind", pgettext("consent form", "Consent to"), kinds, 3)
        self.add_line("version", pgettext("consent form", "Version of the text"), text=consent_version())
        self.add_line("signed_by", pgettext("consent form", "Signed by"), "", _("needed"))
        self.add_line("relation", pgettext("consent form", "Relation"), text=SELF)
        self.add_line("day", pgettext("consent form", "Signed on"), text=room.now().date().isoformat())
        self.add_choice(
            "notify",
            pgettext("consent form", "Guardian may be told"),
            (("", pgettext("consent form", "not said")), ("yes", _("agreed")), ("no", _("not agreed"))),
            3,
        )
        self.add_line("scope", pgettext("consent form", "Limits"), _("What was agreed or left out, as written there."))
        self._add_scan_row()
        self.finish_form(parent, pgettext("consent form", "Close"))
        self.keep_button = self.add_work(pgettext("consent form", "Keep the consent"), "primary", self.keep)
        self.restore({"kind": ConsentKind.SERVICE.value, "notify": ""})
        self._read()

    def _add_scan_row(self) -> None:
        line = QHBoxLayout()
        self.scan_button = Button(
            pgettext("consent form", "Add a scan"), "secondary", self.room.icons.named("mdi6.paperclip"), size="compact"
        )
        self.scan_button.clicked.connect(self.choose_scan)
        self.print_button = Button(
            pgettext("consent form", "Print F-08"),
            "text",
            self.room.icons.named("mdi6.printer-outline"),
            size="compact",
        )
        self.print_button.clicked.connect(self.print_blank)
        self._scan_name = ElidedLabel(_("no scan"), "meta")
        line.addWidget(self.scan_button)
        line.addWidget(self._scan_name, 1)
        line.addWidget(self.print_button)
        self.form.addLayout(line)

    def first(self) -> QWidget:
        """Return who signed."""
        return self.fields["signed_by"].editor

    def choose_scan(self) -> None:
        """Ask for the scanned or photographed paper."""
        kinds = (FileKind(_("Pictures and PDF"), ("*.jpg", "*.jpeg", "*.png", "*.pdf", "*.webp", "*.bmp")),)
        path = self.room.files.open_file(self, _("The scan of the signed paper"), kinds)
        if path is not None:
            self._scan = path
            self._scan_name.setText(path.name)

    def print_blank(self) -> None:
        """Show F-08 blank, to be read and signed on paper; what is typed stays as a draft."""
        self.reject()
        self.room.ways.open_page("print_preview", form="F-08")

    def keep(self) -> None:
        """Keep the consent, and its scan with it."""
        day = self.day("day")
        if day is None or not self.needs("signed_by", _("A consent needs the name of who signed it.")):
            return
        room, scan = self.room, self._scan
        zone = room.now().tzinfo
        at = room.now() if day == room.now().date() else datetime.combine(day, time(12), zone)
        notify = {"yes": "同意在需要时告知监护人", "no": "不同意告知监护人"}.get(self.text("notify"), "")
        scope = "；".join(part for part in (self.text("scope"), notify) if part)
        data = ConsentData(
            self._student,
            ConsentKind(self.text("kind")),
            self.text("version") or consent_version(),
            self.text("signed_by"),
            self.text("relation") or SELF,
            at,
            scope or None,
        )
        if scan is None:
            self.do(lambda: record_consent(room.actor, room.desk, data), self._was_kept)
            return

        def work(job: Job[Done[ConsentView]]) -> Done[ConsentView]:
            content = scan.read_bytes()
            done = job.change(lambda: record_consent(room.actor, room.desk, data))
            job.change(lambda: attach_file(room.actor, room.desk, "consent", done.value.id, scan.name, content))
            return done

        self.keep_button.setEnabled(False)
        room.tasks.job(work, self._was_kept, reads=False, on_failed=self._not_kept)

    def withdraw(self, consent_id: str) -> None:
        """Ask at the first press, withdraw at the second: it acts at once and cannot be taken back."""
        room = self.room
        if self._asked != consent_id:
            self._asked = consent_id
            self.tell(_("A withdrawal acts at once and cannot be taken back; a new consent can be signed."))
            self._show_held()
            return
        self._asked = ""
        self.tell("")
        room.tasks.change(
            lambda: withdraw_consent(room.actor, room.desk, consent_id),
            lambda _done: self._read(),
            on_failed=self.refuse,
        )

    def _was_kept(self, _done: Done[ConsentView]) -> None:
        scan = self._scan
        self.finish()
        self.room.messages.say(_("The consent was kept."))
        window = self.parentWidget()
        if scan is not None and window is not None:
            offer_to_delete(self.room, window, scan)

    def _not_kept(self, error: BaseException) -> None:
        self.keep_button.setEnabled(True)
        self.tell(plain_sentence(error))
        self._read()

    def _read(self) -> None:
        room, student_id = self.room, self._student

        def read() -> _Known:
            return _Known(
                student(room.actor, room.desk, student_id),
                list_guardians(room.actor, room.desk, student_id),
                list_consents(room.actor, room.desk, student_id),
            )

        room.tasks.query(self, read, self._show, on_failed=self.refuse)

    def _show(self, known: _Known) -> None:
        self._known = known
        data = known.view.data
        self.say_about(data.name, data.student_no, known.view.class_name or "")
        signer = self.fields["signed_by"].editor
        if isinstance(signer, QLineEdit) and not self.has_text() and not self.face().masked:
            signer.setText(data.name)
            self.settle()
        self._show_held()

    def _show_held(self) -> None:
        known, now = self._known, self.room.now()
        self._held.clear()
        if known is None:
            return
        for consent in known.consents:
            signer = self.face().guardian(consent.data.signed_by) if consent.data.signer_relation != SELF else SELF
            day = short_day(local_day(consent.data.signed_at, now), now.date())
            words = f"{consent_word(consent.data.kind)}　{day}　{signer}"
            if consent.withdrawn_at is not None:
                self._held.add_line("mdi6.circle-outline", words, pgettext("consent", "withdrawn"))
                continue
            asked = self._asked == consent.id
            label = pgettext("consent form", "Withdraw for good") if asked else pgettext("consent form", "Withdraw")
            button = Button(label, "danger" if asked else "text", size="compact")
            button.clicked.connect(lambda _checked=False, key=consent.id: self.withdraw(key))
            self._held.add_with(words, button, "mdi6.check-circle-outline")
            if asked:
                button.setFocus()
        for guardian in known.guardians[:1]:
            words = f"{relation_word(guardian.relation)}　{self.face().guardian(guardian.name)}"
            self._held.add_line("mdi6.account-outline", words, pgettext("consent form", "first guardian"))
        if not known.consents:
            self._held.add_hint(_("There is no signed consent yet."))
