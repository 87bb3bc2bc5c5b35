"""The archive of one student: the card that is typed in (F-19) and the index of the volume (F-20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.archive import OpenReason
from counselroom.services.archive_index import NewItem, Volume, add_items, file_index, take_out_item, volume
from counselroom.services.archives import CardView, file_card, open_archive, save_card
from counselroom.services.card_fields import answers_of, card_of
from counselroom.services.changes import ChangeSet, Done
from counselroom.ui.archive.card_form import CardForm
from counselroom.ui.archive.index_view import IndexView
from counselroom.ui.archive.words import filed_face, reason_word
from counselroom.ui.care.choice import Choice
from counselroom.ui.moments import day_and_time, day_word
from counselroom.ui.page import Page
from counselroom.ui.redrawing import Redrawing
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.chip_face import draft
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.panel import Panel
from counselroom.ui.widgets.question import Question
from counselroom.ui.widgets.segmented import Segmented

_KINDS = (
    "psych_archive", "archive_card", "archive_item", "session_record", "consent", "referral", "student", "person",
)  # fmt: skip
_VIEWS = ("card", "index")


class ArchivePage(Page):
    """Opened for {student, tab}. What is typed into the card is stored by Save, and when the page is left."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Archive"), parent, back=True)
        self._student = ""
        self._volume: Volume | None = None
        self._typed: dict[str, Any] | None = None
        self._is_touched = False
        self._views = Segmented(
            (("card", pgettext("archive", "Card")), ("index", pgettext("archive", "Index of the volume")))
        )
        self._views.changed.connect(self._turn)
        self.form = CardForm(room.icons)
        self.form.changed.connect(self._form_changed)
        self.index = IndexView(room, self.face)
        self.index.add_wanted.connect(lambda: self._dialog("archive_item"))
        self.index.edit_wanted.connect(lambda item: self._dialog("archive_item", item=item))
        self.index.take_out_wanted.connect(self._take_out)
        self.index.items_wanted.connect(self._add_items)
        self._reasons = Choice(room.icons, [(reason.value, reason_word(reason)) for reason in OpenReason], 3)
        self._reasons.setAccessibleName(pgettext("archive", "Why it is opened"))
        self._stack = QStackedWidget()
        self._nobody = EmptyState(room.icons, "mdi6.archive-outline", _("Please choose a student from the list."))
        self._corrections = Label("", "body", wrap=True)
        self._add_actions()
        self._lay_out()
        room.bus.changed.connect(self._reload_if_concerned)
        Redrawing(self, room.masking, self._show_names, self.faces)
        room.icons.theme.changed.connect(self.index.fit_columns)
        self._show_names()

    def _add_actions(self) -> None:
        self.header.add_action(self._views)
        # No icons: the head holds two views and up to three verbs in the smallest window.
        self._print_button = Button(pgettext("archive", "Print"))
        self._print_button.clicked.connect(self._print)
        self._correct_button = Button(pgettext("archive", "Correct"))
        self._correct_button.clicked.connect(lambda: self._dialog("card_correction"))
        self._save_button = Button(pgettext("archive", "Save"))
        self._save_button.clicked.connect(lambda: self.save())
        self._file_button = Button(pgettext("archive", "Put into the volume"), "primary")
        self._file_button.clicked.connect(self._ask_to_file)
        for button in (self._print_button, self._correct_button, self._save_button, self._file_button):
            self.header.add_action(button)

    def _lay_out(self) -> None:
        self._open_panel = Panel(pgettext("archive", "Open an archive"))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addWidget(
            Label(_("This student has no archive yet. Its number is given by the rule."), "body", wrap=True)
        )
        column.addWidget(Label(pgettext("archive", "Why it is opened"), "label"))
        column.addWidget(self._reasons)
        line = QHBoxLayout()
        self._open_button = Button(pgettext("archive", "Open the archive"), "primary")
        self._open_button.clicked.connect(self._open_archive)
        line.addWidget(self._open_button)
        line.addStretch(1)
        column.addLayout(line)
        self._open_panel.set_body(inner)
        self._beside = Panel(pgettext("archive", "Corrections"))
        beside = QWidget()
        below = QVBoxLayout(beside)
        below.setContentsMargins(16, 12, 16, 16)
        below.addWidget(self._corrections)
        self._beside.set_body(beside)
        card = QWidget()
        card.setProperty("kind", "scrolled")
        form = QVBoxLayout(card)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(16)
        form.addWidget(self._beside)
        form.addWidget(self.form)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(card)
        for part in (_topped(self._nobody), _topped(self._open_panel), self._scroll, self.index):
            self._stack.addWidget(part)
        self.body.addWidget(self._stack)

    # What the window asks of every page.

    def show_subject(self, arguments: Mapping[str, Any]) -> None:
        """Show the archive of `student`, at a `tab` if one is named; it was opened on purpose and is shown."""
        if str(arguments.get("student") or "") != self._student:
            self.save(quietly=True)
        self.restore(arguments)
        self.room.masking.show_on_purpose(self.key)

    def state(self) -> dict[str, Any]:
        """Return student, tab, and what was typed and is not stored."""
        return {
            "student": self._student,
            "tab": self._views.current(),
            "typed": self.form.answers() if self._is_touched else self._typed,
            "reason": self._reasons.value(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show the archive of before; what was typed and not stored is there again."""
        wanted = str(state.get("student") or "")
        if wanted != self._student:
            self._student, self._volume, self._is_touched = wanted, None, False
        self._typed = dict(state["typed"]) if state.get("typed") else None
        if state.get("reason"):
            self._reasons.set_value(str(state["reason"]))
        if state.get("tab") in _VIEWS:
            self._views.set_current(str(state["tab"]))
        self._reload()

    def panels(self) -> Sequence[QWidget]:
        """Return the views and what the chosen one shows."""
        shown = self._stack.currentWidget()
        if shown is self.index:
            return (self._views, self.index.table, self.index.waiting_table)
        return (self._views, self._stack if shown is None else shown)

    def first(self) -> QWidget:
        """Return what is filled in first."""
        shown = self._stack.currentWidget()
        if shown is self._scroll and self.form.isEnabled():
            return self.form.first()
        return self.index.table if shown is self.index else self._views

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Store what was typed when another page is shown."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.save(quietly=True)

    # Showing.

    def _reload_if_concerned(self, changes: ChangeSet) -> None:
        if self._student and changes.concerns(*_KINDS):
            self._reload()

    def _reload(self) -> None:
        room, student = self.room, self._student
        if not student:
            self._volume = None
            self._show_names()
            return
        room.tasks.query(
            self, lambda: volume(room.actor, room.desk, student), self._show, key=self.key, on_failed=self._is_gone
        )

    def _is_gone(self, error: BaseException) -> None:
        self._student, self._volume = "", None
        self.room.messages.tell(error)
        self._show_names()

    def _show(self, found: Volume) -> None:
        if found.student_id != self._student:
            return
        self._volume = found
        typed, self._typed = self._typed, None
        if typed is not None:
            self.form.show_answers(typed)
            self._is_touched = True
        elif not self._is_touched:
            self.form.show_answers({} if found.card is None else answers_of(found.card.data))
        self._show_names()

    def _show_names(self) -> None:
        found, face = self._volume, self.face()
        card = None if found is None else found.card
        filed = card is not None and card.filed_at is not None
        has_archive = found is not None and found.archive is not None
        may_write = found is not None and found.may_write
        self._views.setVisible(has_archive)
        on_card = self._views.current() == "card"
        if found is None:
            self.header.set_title(pgettext("page", "Archive"))
            self.header.set_meta("")
            self.header.set_chips((), self.room.icons)
            self._stack.setCurrentIndex(0)
        else:
            self.header.set_title(face.name(found.student_name, found.student_no))
            self._show_meta(found)
            self._stack.setCurrentIndex(1 if not has_archive else 2 if on_card else 3)
            self._open_button.setEnabled(may_write)
            self.index.show_volume(found)
            self._show_corrections(found)
        self.form.set_read_only(filed or not may_write or face.masked)
        self.form.setVisible(not face.masked)
        self._print_button.setVisible(has_archive)
        self._correct_button.setVisible(has_archive and on_card and filed and may_write)
        self._save_button.setVisible(has_archive and on_card and not filed and may_write)
        self._file_button.setVisible(has_archive and found is not None and found.may_file)
        has_card = card is not None or self._is_touched
        self._file_button.setEnabled(has_card if on_card else self.index.has_loose())
        if on_card and filed:
            self._file_button.hide()

    def _show_meta(self, found: Volume) -> None:
        face, today = self.face(), self.room.now().date()
        parts = [face.class_name(found.class_name)]
        chips = []
        if found.archive is not None:
            opened = _("opened on {day}").format(day=day_word(found.archive.opened_on, today))
            parts += [face.number(found.archive.archive_no), opened]
            if found.card is not None:
                chips.append(draft() if found.card.filed_at is None else filed_face())
        self.header.set_chips(chips, self.room.icons)
        self.header.set_meta(pgettext("list", ", ").join(part for part in parts if part))

    def _show_corrections(self, found: Volume) -> None:
        now, face = self.room.now(), self.face()
        self._beside.setVisible(bool(found.corrections) and not face.masked)
        self._beside.set_count(str(len(found.corrections)))
        self._corrections.setText(
            "\n".join(
                _("Correction {number}: {text} ({reason}; {who}, {when})").format(
                    number=number,
                    text=each.text,
                    reason=each.reason,
                    who=each.by,
                    when=day_and_time(each.at, now),
                )
                for number, each in enumerate(found.corrections, start=1)
            )
        )

    def _turn(self, _view: str) -> None:
        self._show_names()
        self.touched.emit()

    def _form_changed(self) -> None:
        self._is_touched = True
        self._file_button.setEnabled(True)
        self.touched.emit()

    # Doing.

    def _open_archive(self) -> None:
        room, student, reason = self.room, self._student, OpenReason(self._reasons.value())
        room.tasks.change(lambda: open_archive(room.actor, room.desk, student, reason))

    def save(self, *, quietly: bool = False) -> None:
        """Store the card as it is typed; it stays editable until it is filed."""
        self._store(lambda _done: None if quietly else self.room.messages.say(_("The card is saved.")), quietly=quietly)

    def _store(self, then: Any, *, quietly: bool = False) -> None:
        found = self._volume
        writable = self.room.desk.vault.read_only is None
        if found is None or found.archive is None or not self._is_touched or not found.may_write or not writable:
            return
        if not quietly and not self.form.is_right():
            return
        try:
            data = card_of(self.form.answers())
        except ValueError:
            return  # a day that is none stays typed in the draft of the page
        room, archive = self.room, found.archive.id
        self._is_touched = False

        def failed(error: BaseException) -> None:
            self._is_touched = True
            room.messages.tell(error)

        room.tasks.change(lambda: save_card(room.actor, room.desk, archive, data), then, on_failed=failed)

    def _ask_to_file(self) -> None:
        if self._views.current() == "index":
            self._ask(
                _("Put all lines into the volume?"),
                _("The lines of the index never change after that. New papers can still be added."),
                self._file_index,
            )
        elif self.form.is_right():
            self._ask(
                _("Put the card into the volume?"),
                _("The card never changes after that; corrections stand beside it."),
                self._file_card,
            )

    def _ask(self, title: str, body: str, do: Any) -> None:
        question = Question(
            self.room.icons,
            title,
            body,
            pgettext("archive", "Put into the volume"),
            pgettext("archive", "Look again"),
            parent=self.window(),
        )
        question.accepted.connect(do)
        question.open()

    def _file_card(self) -> None:
        if self._is_touched:
            self._store(lambda done: self._file(done.value))
        elif self._volume is not None and self._volume.card is not None:
            self._file(self._volume.card)

    def _file(self, card: CardView) -> None:
        room = self.room
        said = _("The card is in the volume.")
        room.tasks.change(lambda: file_card(room.actor, room.desk, card.id), lambda _done: room.messages.say(said))

    def _file_index(self) -> None:
        room, found = self.room, self._volume
        if found is None or found.archive is None:
            return
        archive = found.archive.id

        def told(done: Done[int]) -> None:
            room.messages.say(_("{count} lines are in the volume.").format(count=done.value))

        room.tasks.change(lambda: file_index(room.actor, room.desk, archive), told)

    def _add_items(self, items: tuple[NewItem, ...]) -> None:
        room, found = self.room, self._volume
        if found is None or found.archive is None:
            return
        archive = found.archive.id

        def told(done: Done[int]) -> None:
            room.messages.say(_("{count} items were added to the index.").format(count=done.value))

        room.tasks.change(lambda: add_items(room.actor, room.desk, archive, items), told)

    def _take_out(self, item: str) -> None:
        room = self.room
        said = _("The line was taken out.")
        room.tasks.change(
            lambda: take_out_item(room.actor, room.desk, item), lambda done: room.messages.say(said, done.changes.undo)
        )

    def _dialog(self, key: str, **more: str) -> None:
        self.room.ways.open_dialog(key, student=self._student, place=self.key, **more)

    def _print(self) -> None:
        found = self._volume
        if found is None or found.archive is None:
            return
        if self._views.current() == "card" and found.card is not None:
            self.room.ways.open_page("print_preview", form="F-19", entity="archive_card", entity_id=found.card.id)
        else:
            self.room.ways.open_page("print_preview", form="F-20", entity="psych_archive", entity_id=found.archive.id)


def _topped(inner: QWidget) -> QWidget:
    """Return a widget that shows `inner` at its top."""
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(inner)
    column.addStretch(1)
    return whole
