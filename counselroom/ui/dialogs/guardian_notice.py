"""The notice to a guardian (F-46): filled in, so that it can be issued and printed without typing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.crisis_words import ContactMode
from counselroom.services.crisis_page import CrisisPage
from counselroom.services.crisis_papers import NoticeData, NoticeReply, record_reply
from counselroom.ui.crisis.form import CrisisForm
from counselroom.ui.crisis.papers import NOTICE, default_notice, issue_notice_now, newest_notice, preview
from counselroom.ui.crisis.words import mode_word, when_text
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button

ANOTHER = "another"


class GuardianNoticeDialog(CrisisForm):
    """Opened for {event}. When one is issued, it takes the reply; `another` writes a further one."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(
            room,
            arguments,
            pgettext("crisis", "Notice to the guardian"),
            pgettext("crisis", "Issue and preview"),
            parent,
        )
        self._state = self.note("", "hint")
        self.choice("guardian", pgettext("crisis", "Guardian"), ())
        self.line("addressee", pgettext("crisis", "Addressed to"))
        self.beside("guardian", "addressee")
        self.text("facts", pgettext("crisis", "What happened"), _("Facts only, nothing of what was said in sessions."))
        self.text("request", pgettext("crisis", "What the school asks for"))
        self.line("contact", pgettext("crisis", "Whom to ask"))
        self.choice("mode", pgettext("crisis", "How it is given"), [(one.value, mode_word(one)) for one in ContactMode])
        self.beside("contact", "mode")
        self.text("reply", pgettext("crisis", "Reply"), _("What the guardian said or ticked on the slip."), lines=2)
        self.line("expected", pgettext("crisis", "Will be here at"))
        self.line("arrived", pgettext("crisis", "Was here at"))
        self.line("receipt", pgettext("crisis", "Slip came back at"))
        self.beside("expected", "arrived", "receipt")
        self._show = Button(pgettext("crisis", "Preview"), "text", size="compact")
        self._show.clicked.connect(self._preview)
        self.add_note(self._show)
        self._another = Button(pgettext("crisis", "Write another"), "text", size="compact")
        self._another.clicked.connect(self._write_another)
        self.add_note(self._another)
        self.act_button.setEnabled(False)
        self._show_kind()
        self.read()

    def first(self) -> QWidget:
        """Return the button that issues it: everything is filled in."""
        return self.act_button if self.act_button.isEnabled() else self.fields["facts"].editor

    def fill(self, page: CrisisPage) -> None:
        """Fill in what the 专案 knows."""
        chosen = self.value("guardian")
        self.refill("guardian", [(guardian.id, guardian.name) for guardian in page.guardians])
        notice = newest_notice(page)
        data = default_notice(page) if notice is None or self._is_another() else notice.data
        self.put("guardian", chosen or data.guardian_id or "")
        for key, value in (
            ("addressee", data.addressee),
            ("facts", data.facts),
            ("request", data.request),
            ("contact", data.contact_person or ""),
            ("mode", data.mode.value),
        ):
            self.offer(key, value)
        self.act_button.setEnabled(page.event.closed_at is None)
        self._show_kind()
        if not self._is_issued() and self._typed is None:
            self.act_button.setFocus()

    def act(self) -> None:
        """Issue it and show the sheet, or keep the reply."""
        page, room = self.page, self.room
        if page is None:
            return
        if self._is_issued():
            self._keep_reply(page)
            return
        if self.lacks("addressee", _("Please say to whom.")) or self.lacks("facts", _("Please say what happened.")):
            return
        if self.lacks("request", _("Please say what the school asks for.")):
            return
        data = NoticeData(
            self.value("addressee"),
            self.value("facts"),
            self.value("request"),
            self.value("contact") or None,
            ContactMode(self.value("mode")),
            self.value("guardian") or None,
        )
        self.change(
            lambda: issue_notice_now(room, page, data),
            then=lambda view: preview(room, NOTICE, "guardian_notice", view.id),
        )

    def _keep_reply(self, page: CrisisPage) -> None:
        notice, room = newest_notice(page), self.room
        moments = {}
        for key in ("expected", "arrived", "receipt"):
            if self.value(key):
                moments[key] = self.moment(key)
                if moments[key] is None:
                    return
        reply = NoticeReply(
            self.value("reply") or None, moments.get("expected"), moments.get("arrived"), moments.get("receipt")
        )
        if reply == NoticeReply():
            self.tell(_("Nothing was written yet."))
        elif notice is not None:
            self.change(lambda: record_reply(room.actor, room.desk, notice.id, reply), _("The reply is recorded."))

    def _is_another(self) -> bool:
        return bool(self.arguments.get(ANOTHER))

    def _is_issued(self) -> bool:
        notice = newest_notice(self.page) if self.page else None
        return notice is not None and notice.issued_at is not None and not self._is_another()

    def _show_kind(self) -> None:
        issued = self._is_issued()
        for key in ("guardian", "addressee", "facts", "request", "contact", "mode"):
            self.fields[key].setVisible(not issued)
        for key in ("reply", "expected", "arrived", "receipt"):
            self.fields[key].setVisible(issued)
        self._show.setVisible(issued)
        self._another.setVisible(issued)
        notice = newest_notice(self.page) if self.page else None
        if issued and notice is not None and notice.issued_at is not None:
            told = _("Issued {when} to {who}; its words stay as they are. The reply is added here.").format(
                when=when_text(notice.issued_at, self.room.now()), who=notice.data.addressee
            )
            kept = [notice.reply.reply or ""]
            self._state.setText(" ".join(filter(None, (told, *kept))))
            self.act_button.setText(pgettext("crisis", "Keep the reply"))
        else:
            self._state.setText(_("Issued, its words stay as they are. It is printed twice: one copy stays here."))

    def _preview(self) -> None:
        notice = newest_notice(self.page) if self.page else None
        if notice is not None:
            self.finish()
            preview(self.room, NOTICE, "guardian_notice", notice.id)

    def _write_another(self) -> None:
        event_id = str(self.arguments.get("event") or "")
        self.room.ways.open_dialog("guardian_notice", event=event_id, **{ANOTHER: True})
