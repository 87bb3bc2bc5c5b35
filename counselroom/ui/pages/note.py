"""辅导记录: the text in the middle, the last session at the left, what belongs to this one at the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.changes import ChangeSet
from counselroom.services.drafts import draft_versions
from counselroom.services.note_files import OUTCOMES, Template, all_templates, template_for
from counselroom.services.note_pages import NotePage, NoteWanted, note_page
from counselroom.services.note_saving import NoteKey, draft_place
from counselroom.services.sessions import SessionView
from counselroom.ui.note import menus, showing
from counselroom.ui.note.departures import Departures
from counselroom.ui.note.discarding import ask_to_discard, discard
from counselroom.ui.note.frame import NoteFrame
from counselroom.ui.note.keeper import NoteKeeper, Written
from counselroom.ui.note.sign_dialog import SignDialog
from counselroom.ui.note.signing import Signing
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.room import Room
from counselroom.ui.widgets import chip_face

_TYPED = ("template", "sections", "facts", "cursor", "scroll")
_AROUND = ("consent", "appointment", "case_file", "crisis_assessment", "person", "student")
"""What is shown beside the text and may change while it is written."""


class NotePaper(NoteFrame):
    """One note: a draft that saves itself, or a signed one with its corrections.

    Opened for {session}, {appointment}, {case} or {student}; the note begins with the first thing that is written.
    """

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        self._wanted = NoteWanted()
        self._typed: Mapping[str, Any] = {}
        self._template: Template = all_templates()[0]
        super().__init__(room, key, parent)
        self._leads = Departures(room)
        self.keeper = NoteKeeper(room, self._writing, self)
        self._signing = Signing(room, self.keeper, self._writing, self._was_signed)
        self._connect()
        self._bind_keys()
        room.bus.changed.connect(self._look_around)
        Redrawing(self, room.masking, self._masking_changed, self.faces)
        self._show_nothing()

    def _connect(self) -> None:
        desk, facts, leads = self.desk_panel, self.facts, self._leads
        self.editor.written.connect(self._written)
        self.editor.moved.connect(self.touched)
        facts.written.connect(self._written)
        self.last.ticked.connect(self._written)
        self.last.all_wanted.connect(lambda: self._lead(leads.open_case))
        desk.time_wanted.connect(self.insert_time)
        desk.phrases_wanted.connect(self.open_phrases)
        desk.focus_wanted.connect(self.turn_focus)
        desk.versions_wanted.connect(self._open_versions)
        desk.discard_wanted.connect(self.discard)
        desk.template_chosen.connect(self._change_template)
        facts.sign_wanted.connect(self.ask_to_sign)
        facts.later_wanted.connect(self.room.ways.back)
        facts.consent_wanted.connect(lambda: self._lead(leads.open_consent))
        facts.book_wanted.connect(lambda moment: self._lead(lambda page: leads.book(page, moment)))
        facts.assess_wanted.connect(self._assess)
        facts.restrict_wanted.connect(lambda on: self._lead(lambda page: leads.restrict(page, restricted=on)))
        self._drawer.clicked.connect(self._turn_drawer)
        self._preview.clicked.connect(self.preview)
        self._amend.clicked.connect(self.amend)
        self._sign.clicked.connect(self.ask_to_sign)
        self.keeper.stored.connect(self._was_stored)
        self.keeper.kept.connect(self._show_saved)
        self.keeper.failed.connect(self.room.messages.tell)

    def _bind_keys(self) -> None:
        for keys, do in (
            ("Ctrl+Return", self._finish),
            ("F5", self.insert_time),
            ("Ctrl+/", self.open_phrases),
            ("F11", self.turn_focus),
            ("Ctrl+P", self.preview),
            ("Ctrl+B", self.editor.make_bold),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(do)

    # What the window asks of every page.

    def show_subject(self, arguments: Mapping[str, Any]) -> None:
        """Open a note; its names are shown, it was opened on purpose."""
        self.keeper.flush()
        self.room.masking.show_on_purpose(self.key)
        self.restore(arguments)

    def state(self) -> dict[str, Any]:
        """Return the note, and of a draft all that is written, with cursor and view."""
        page = self._page
        if page is None:
            return {**showing.named(self._wanted), **dict(self._typed)}
        wanted = NoteWanted(session=page.session.id) if page.session is not None else self._wanted
        if self._is_signed():
            return showing.named(wanted)
        position, scroll = self.editor.cursor_place()
        return {
            **showing.named(wanted),
            "template": self._template.key,
            "sections": self._sections(),
            "facts": self.facts.state(),
            "cursor": position,
            "scroll": scroll,
            "focus": self._is_focus,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Open the note of before with everything that was written."""
        wanted = showing.wanted_of(state)
        self._typed = {name: state[name] for name in _TYPED if name in state}
        self._is_covered = False
        self._is_focus = bool(state.get("focus"))
        self._wanted, self._page = wanted, None
        self.editor.setReadOnly(True)  # no key goes into the note before
        self.keeper.open()
        if wanted == NoteWanted():
            self._show_nothing()
            return
        self._read(self._show_anew)

    def save_now(self) -> None:
        """Write the record of the note."""
        self.keeper.flush()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Store what is written when another page is shown."""
        super().hideEvent(event)
        if self.window().isVisible():  # the window that goes away at a lock has kept everything already
            self.keeper.flush()

    # Reading and showing.

    def _sized(self) -> None:
        if self._page is not None:
            self._show_around()

    def _read(self, show: Any) -> None:
        room, wanted = self.room, self._wanted
        room.tasks.query(
            self, lambda: note_page(room.actor, room.desk, wanted), show, key="note", on_failed=self._is_refused
        )

    def _is_refused(self, error: BaseException) -> None:
        self._wanted, self._page = NoteWanted(), None
        self.room.messages.tell(error)
        self._show_nothing()

    def _show_nothing(self) -> None:
        self.header.set_title(pgettext("page", "Session note"))
        self.header.set_meta(_("Please choose a session from a case, or press Ctrl E for a student."))
        self.header.set_chips((), self.room.icons)
        self._saved.setText("")
        self.desk_panel.show_nothing()
        self._arrange()

    def _show_anew(self, page: NotePage) -> None:
        """Show a note that was opened, with what was typed before where that is newer."""
        self._page = page
        typed = {} if self._is_signed() else dict(self._typed or page.newer or {})
        stored = dict(page.draft.sections)
        sections = {str(name): str(text) for name, text in dict(typed.get("sections") or stored).items()}
        begun = page.session is not None or bool(typed)
        self._template = showing.template_of(page, str(typed.get("template")), sections, begun=begun)
        self._show_text(sections)
        outcome, today = sections.get(OUTCOMES, ""), self.room.now().date()
        self.last.show_last(page.previous, outcome, today, read_only=self._is_locked())
        self.facts.show_page(page, keep=False)
        self.keeper.open()
        if typed:
            self.facts.restore(dict(typed.get("facts") or {}))
            self.facts.show_page(page, keep=True)
            self.editor.set_cursor_place(int(typed.get("cursor") or 0), int(typed.get("scroll") or 0))
            if showing.differs(self.facts.draft(self._sections()), page.draft):
                self.keeper.touch()
        self._typed = {}
        view = page.session
        self._saved.setText("")
        if view is not None and view.signed_at is None:
            self._show_saved(view.seen)
        self._show_around()
        if self.isVisible() and QApplication.activeModalWidget() is None:
            self.editor.setFocus()  # who has opened a note writes; who came back from a lock goes on
        self.touched.emit()

    def _show_text(self, sections: Mapping[str, str]) -> None:
        page = self._page
        if page is not None:
            asides = showing.asides_of(page, self._template, self.room)
            template = showing.without_empty(self._template, sections, asides) if self._is_signed() else self._template
            self.desk_panel.show_note(template, sections, asides, read_only=self._is_locked())

    def _show_around(self) -> None:
        """Show head, chips and the side panels as they may be shown now."""
        page = self._page
        if page is None:
            self._show_nothing()
            return
        face, now, view = self.face(), self.room.now(), page.session
        name = face.name(page.client_name, page.client_no)
        self.header.set_title(_("{name}, session {number}").format(name=name, number=page.seq))
        self.header.set_meta("" if self._is_compact else showing.facts_of(page, face, now))
        chip = chip_face.signed() if self._is_signed() else chip_face.draft()
        self.header.set_chips((chip,), self.room.icons)
        if view is not None and view.signed_at is not None:
            self.desk_panel.set_lock_line(showing.lock_line(page, view.signed_at, now))
            self._signed_facts.show_page(page)
        else:
            self.desk_panel.set_lock_line("" if page.can_write else _("This draft is another counsellor's."))
        self._cover()
        self._arrange()
        self._count()

    def _look_around(self, changes: ChangeSet) -> None:
        """Read again what stands beside the text; the text itself is only changed here."""
        page = self._page
        if page is None:
            return
        if changes.concerns("amendment", "session_record") and self._is_signed():
            self._read(self._show_anew)
        elif changes.concerns(*_AROUND):
            if page.session is not None:
                self._wanted = NoteWanted(session=page.session.id)
            self._read(self._show_beside)

    def _show_beside(self, page: NotePage) -> None:
        if self._page is None or page.client_id != self._page.client_id:
            return
        if page.session is None and self._page.session is not None:
            return  # begun since it was asked for
        self._page = page
        self.facts.show_page(page, keep=True)
        self._show_around()

    def _masking_changed(self) -> None:
        self._is_covered = self._page is not None and self.face().masked
        self._show_around()

    # Writing.

    def _sections(self) -> dict[str, str]:
        """Return the text by section with the outcome of the last agreements."""
        sections = self.editor.sections()
        outcome = self.last.outcome()
        return {**sections, OUTCOMES: outcome} if outcome else sections

    def _writing(self) -> Written | None:
        """Return what is to be saved, or None where nothing can be."""
        page = self._page
        if page is None or self._is_locked():
            return None
        session = "" if page.session is None else page.session.id
        key = NoteKey(session, page.case_id, page.client_id, page.appointment_id)
        return Written(key, self.facts.draft(self._sections()), self.state())

    def _written(self) -> None:
        if self._page is None or self._is_locked():
            return
        self._count()
        self.keeper.touch()
        self.touched.emit()

    def _show_saved(self, moment: datetime) -> None:
        time = moment.astimezone(self.room.now().tzinfo)
        words = _("saved {time}") if self._is_compact else _("saved {time} on this computer")
        self._saved.setText(words.format(time=f"{time:%H:%M:%S}"))

    def _was_stored(self, view: SessionView) -> None:
        """The record was written; a new note has its own id from now on."""
        page = self._page
        if page is None:
            return
        is_new = page.session is None
        self._page = showing.begun(page, view)
        self._wanted = NoteWanted(session=view.id)
        self._preview.setEnabled(True)
        if is_new:
            self.touched.emit()
            self._read(self._show_beside)

    def _change_template(self, key: str) -> None:
        """Show other headings; text below a heading that is not among them stays, below that heading."""
        sections = self._sections()
        wanted = next(template for template in all_templates() if template.key == key)
        filled = [name for name, text in sections.items() if text.strip() and name != OUTCOMES]
        if not set(filled) <= set(wanted.sections()):
            self.room.messages.say(_("There is text below headings the other template does not have."))
            self.desk_panel.show_template(self._template.key)
            return
        self._template = wanted
        self._show_text(sections)
        self.editor.setFocus()
        self._written()

    def _open_versions(self) -> None:
        page, room = self._page, self.room
        if page is None or page.session is None:
            return
        place = draft_place(page.session.id)
        room.tasks.query(self, lambda: draft_versions(room.actor, room.desk, place), self._show_versions)

    def _show_versions(self, found: Sequence[tuple[datetime, Mapping[str, Any]]]) -> None:
        menus.versions(self, self.desk_panel.versions_button, found, self.room.now(), self._take_version)

    def _take_version(self, sections: dict[str, str]) -> None:
        before, template = self._sections(), self._template

        def back() -> None:
            self._template = template
            self._show_text(before)
            self._written()

        self._template = template_for(sections)
        self._show_text(sections)
        self.last.restore_outcome(sections.get(OUTCOMES, ""))
        self._written()
        self.room.messages.say(_("The earlier version is here again."), back)

    # Doing.

    def _finish(self) -> None:
        if self._is_signed():
            self.amend()
        else:
            self.ask_to_sign()

    def ask_to_sign(self) -> None:
        """Show the summary with what is missing."""
        page = self._page
        if page is None or self._is_locked():
            return
        draft = self.facts.draft(self._sections())
        missing = showing.missing_of(page, draft, self.facts)
        summary = showing.summary_of(draft, self.editor.length(), self.room)
        dialog = SignDialog(self.room.icons, summary, missing, self.window())
        dialog.missing_chosen.connect(self._go_to_missing)
        dialog.accepted.connect(self._signing.sign)
        dialog.finished.connect(lambda _code: dialog.deleteLater())
        dialog.open()

    def _was_signed(self, session_id: str) -> None:
        self._wanted, self._typed = NoteWanted(session=session_id), {}
        self._read(self._show_anew)

    def discard(self) -> None:
        """Discard the draft; one with text asks once."""
        if self._page is not None and not self._is_locked():
            has_text = any(text.strip() for text in self._sections().values())
            ask_to_discard(self.room, self.window(), has_text=has_text, go=self._discard_now)

    def _discard_now(self) -> None:
        """Store what is written first, so that the way back leads to all of it."""
        self.keeper.flush()
        self.keeper.after(self._discard_stored)

    def _discard_stored(self) -> None:
        page = self._page
        self.keeper.open()
        if page is None or page.session is None:
            self._discarded()
        else:
            discard(self.room, page.session.id, self._discarded)

    def _discarded(self) -> None:
        self._wanted, self._page, self._typed = NoteWanted(), None, {}
        self._show_nothing()
        self.touched.emit()
        self.room.ways.back()

    def _go_to_missing(self, name: str) -> None:
        if name == "text":
            self.editor.setFocus()
            return
        self._is_focus, self._is_drawer = False, True
        self._arrange()
        self.facts.go_to(name)

    def amend(self) -> None:
        """Add a correction beside the signed note."""
        if self._page is not None and self._is_signed():
            self._leads.amend(self._page)

    def preview(self) -> None:
        """Show the note as F-11."""
        if self._page is not None:
            self.keeper.flush()
            self._leads.preview(self._page)

    def _lead(self, way: Callable[[NotePage], None]) -> None:
        if self._page is not None:
            way(self._page)

    def _assess(self) -> None:
        """Store the note, then begin the assessment that names it as its source."""
        self.keeper.flush()
        self.keeper.after(lambda: self._lead(self._leads.open_assessment))
