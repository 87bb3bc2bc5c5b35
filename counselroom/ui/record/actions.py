"""What can be done from a record: the buttons of its head and the menu behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QMenu, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.timeline import OPEN_CASES, EntryKind, TimelineEntry
from counselroom.ui.room import Room
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.icon_button import IconButton
from counselroom.ui.widgets.page_header import PageHeader


class RecordActions:
    """The actions of one record; `student` says whose it is now, `entries` what is known of it."""

    def __init__(
        self,
        room: Room,
        place: str,
        student: Callable[[], str],
        entries: Callable[[], Sequence[TimelineEntry]],
        print_about: Callable[[], None],
    ) -> None:
        self._room = room
        self._place = place
        self._student = student
        self._entries = entries
        icons = room.icons
        self.print_button = Button(pgettext("record", "Print"), "secondary", icons.named("mdi6.printer-outline"))
        self.print_button.clicked.connect(print_about)
        self.book_button = Button(pgettext("record", "Book"), "secondary", icons.named("mdi6.calendar-plus"))
        self.book_button.clicked.connect(lambda: self._dialog("appointment"))
        self.note_button = Button(pgettext("record", "Write a note"), "primary", icons.named("mdi6.pencil-outline"))
        self.note_button.clicked.connect(self.write_note)
        self.more_button = IconButton(icons.named("mdi6.dots-horizontal"), pgettext("record", "More to do"))
        self.menu = QMenu(self.more_button)
        self._fill_menu()
        self.more_button.clicked.connect(self._open_menu)

    def add_to(self, header: PageHeader) -> None:
        """Put the buttons into the head of the page, the primary one last but for the menu."""
        for button in self._buttons():
            header.add_action(button)

    def set_enabled(self, enabled: bool) -> None:
        """Let them rest while there is no record."""
        for button in self._buttons():
            button.setEnabled(enabled)

    def write_note(self) -> None:
        """Write the next note of the open case with this counsellor; without one, a case is opened first."""
        me = self._room.actor.person_id
        case = next(
            (
                entry.entity_id
                for entry in self._entries()
                if entry.kind is EntryKind.CASE and entry.owner == me and entry.state in OPEN_CASES
            ),
            "",
        )
        if case:
            self._room.ways.open_page("note", case=case)
        else:
            self._dialog("open_case")

    def _buttons(self) -> tuple[QWidget, ...]:
        return (self.print_button, self.book_button, self.note_button, self.more_button)

    def _fill_menu(self) -> None:
        icons = self._room.icons
        for icon, words, do in (
            ("mdi6.shield-account-outline", _("Propose a tier of care"), lambda: self._dialog("propose_tier")),
            ("mdi6.calendar-check-outline", _("Set a follow-up task"), lambda: self._dialog("add_task")),
            ("mdi6.file-sign", _("Enter a consent"), lambda: self._dialog("consent")),
            ("mdi6.archive-outline", _("Open the archive"), lambda: self._page("archive")),
            ("mdi6.account-arrow-right-outline", _("Refer to others"), lambda: self._page("referral")),
            ("mdi6.clipboard-check-outline", _("Assess the safety"), lambda: self._page("assessment")),
            ("mdi6.folder-clock-outline", _("Start a crisis case"), lambda: self._dialog("start_crisis")),
            ("mdi6.account-switch-outline", _("Change the state of the student"), self._change_state),
        ):
            self.menu.addAction(icons.icon(icon), words).triggered.connect(lambda _checked=False, do=do: do())

    def _open_menu(self) -> None:
        self.menu.popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))

    def _change_state(self) -> None:
        if self._student():
            self._room.ways.open_dialog("student_status", student=self._student())

    def _dialog(self, key: str) -> None:
        if self._student():
            more = {"place": self._place} if key in ("propose_tier", "add_task") else {}
            self._room.ways.open_dialog(key, student=self._student(), **more)

    def _page(self, key: str) -> None:
        if self._student():
            self._room.ways.open_page(key, student=self._student())
