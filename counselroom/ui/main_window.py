"""The unlocked window: rail, top bar, pages, status bar, and what floats above them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from counselroom.i18n import pgettext
from counselroom.services.backups import LastBackup, last_backup
from counselroom.services.changes import ChangeSet, Undo
from counselroom.services.drafts import DraftView
from counselroom.services.undo import take_back
from counselroom.ui.actions import KEYS, Act
from counselroom.ui.autosave import Autosave
from counselroom.ui.dialog_keeper import DialogKeeper
from counselroom.ui.dialogs.help import HelpDialog
from counselroom.ui.moments import day_and_time
from counselroom.ui.page import Page
from counselroom.ui.page_stack import PageStack
from counselroom.ui.pages.table import PAGES
from counselroom.ui.room import Room
from counselroom.ui.search import Search
from counselroom.ui.size_class import LOW, SizeClass, size_class
from counselroom.ui.theme.tokens import TextScale
from counselroom.ui.widgets.rail import Rail, RailItem
from counselroom.ui.widgets.status_bar import StatusBar
from counselroom.ui.widgets.toast import Toast
from counselroom.ui.widgets.top_bar import TopBar
from counselroom.vault.lanes import Priority


class MainWindow(QWidget):
    """Everything between the unlock and the lock.

    Attributes:
        lock_wanted: lock now.
        autosave: saves the state of the window.
    """

    lock_wanted = Signal()

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = room
        self._covered: dict[str, Any] | None = None
        self.autosave = Autosave(room, self.state, self)
        items = {
            at_bottom: [_rail_item(page) for page in PAGES if page.is_on_rail and page.is_bottom is at_bottom]
            for at_bottom in (False, True)
        }
        self._rail = Rail(room.icons, items[False], items[True])
        self._top = TopBar(room.icons)
        self._status = StatusBar(room.icons)
        self._stack = PageStack(room)
        self.dialogs = DialogKeeper(room, self)
        self._lay_out()
        self._toast = Toast(room.icons, self._stack)
        # A page that is turned to is raised above its brothers, of which the toast is one.
        self._stack.currentChanged.connect(lambda _number: self._toast.raise_())
        self._search = Search(room, self)
        self._connect()
        self._bind_keys()
        self._ask_for_backup()
        self.go_to(PAGES[0].key)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._top)
        right.addWidget(self._stack, 1)
        above = QHBoxLayout()
        above.setSpacing(0)
        above.addWidget(self._rail)
        above.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above, 1)
        column.addWidget(self._status)

    def _connect(self) -> None:
        room = self._room
        self._rail.chosen.connect(self.go_to)
        self._top.search_wanted.connect(self._open_search)
        self._top.mask_wanted.connect(self._mask)
        self._top.lock_wanted.connect(self.lock_wanted)
        self._top.menu_wanted.connect(self._open_menu)
        self._top.set_user(room.user_name)
        drafts = self._top.user_menu.addAction(pgettext("dialog", "Drafts"))
        drafts.triggered.connect(lambda: room.ways.open_dialog("drafts"))
        self._top.user_menu.addAction(pgettext("window", "Lock")).triggered.connect(self.lock_wanted)
        self._status.help_wanted.connect(self._help)
        room.ways.page_wanted.connect(self.go_to)
        room.ways.dialog_wanted.connect(self.dialogs.open)
        room.ways.draft_wanted.connect(self.dialogs.restore)
        room.ways.back_wanted.connect(self._stack.back)
        self._stack.touched.connect(self.autosave.touch)
        self._stack.turned.connect(self._show_turned)
        self.dialogs.touched.connect(self.autosave.touch)
        self.autosave.saved.connect(self._show_saved)
        room.masking.changed.connect(self._show_masking)
        room.messages.done.connect(self._say)
        room.messages.failed.connect(lambda text: self.page().show_banner(text))
        room.bus.changed.connect(self._look_at_changes)

    def _bind_keys(self) -> None:
        does: dict[Act, Callable[[], object]] = {
            Act.LOCK: self.lock_wanted.emit,
            Act.MASK: self._mask,
            Act.SEARCH: self._open_search,
            Act.HELP: self._help,
            Act.NEXT_PANEL: lambda: self._next_panel(1),
            Act.LAST_PANEL: lambda: self._next_panel(-1),
            Act.BACK: self._stack.back,
            Act.SAVE: self._save_now,
            Act.UNDO: self._toast.undo,
            Act.WALK_IN: lambda: self._room.ways.open_dialog("walk_in"),
            Act.BOOK: lambda: self._room.ways.open_dialog("appointment"),
            Act.JOT: lambda: self.page().jot(),
            Act.WRITE: self._write_note,
            Act.LARGER: lambda: self._scale(1),
            Act.SMALLER: lambda: self._scale(-1),
            Act.STANDARD: lambda: self._scale(0),
        }
        for key in KEYS:
            for sequence in key.keys:
                QShortcut(QKeySequence(sequence), self).activated.connect(does[key.act])
        for page in PAGES:
            if page.number:
                shortcut = QShortcut(QKeySequence(f"Alt+{page.number}"), self)
                shortcut.activated.connect(lambda key=page.key: self.go_to(key))

    def page(self) -> Page:
        """Return the page that is shown."""
        return self._stack.page()

    def go_to(self, key: str, arguments: Mapping[str, Any] | None = None) -> None:
        """Show a page, made when it is first wanted; the state of the one before is saved."""
        self._stack.go_to(key, arguments)

    def state(self) -> dict[str, Any]:
        """Return where the user is, the state of all pages that were opened, and the open dialog."""
        return self._covered or {**self._stack.state(), "dialog": self.dialogs.state()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go back to where the user was; names are masked again."""
        self._stack.restore(state)
        self.dialogs.restore(state.get("dialog"))

    def cover(self) -> None:
        """Note the state as it is: the window is about to be hidden with everything above it."""
        self._covered = self.state()

    def tell(self, sentences: tuple[str, ...]) -> None:
        """Show what was found while opening the vault."""
        if sentences:
            self.page().show_banner("".join(sentences))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit everything into the class of the new size."""
        super().resizeEvent(event)
        size = size_class(self.width(), self.height())
        self._rail.setVisible(size > SizeClass.MINI)
        self._rail.set_compact(size <= SizeClass.COMPACT, low=self.height() < LOW)
        self._top.set_menu_shown(size is SizeClass.MINI)
        self._top.set_compact(size <= SizeClass.COMPACT)
        self._stack.set_size_class(size, self.height())

    def _open_search(self) -> None:
        self._search.open(self.page().key)

    def _show_turned(self) -> None:
        entry = self._stack.entry()
        self._rail.set_current(entry.parent or entry.key)
        self._show_masking()

    def _write_note(self) -> None:
        student = self.page().current_student()
        if student:
            self._room.ways.open_page("note", student=student)
        else:
            self._open_search()

    def _save_now(self) -> None:
        self.page().save_now()
        self.autosave.save(Priority.NORMAL)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        for entry in (entry for entry in PAGES if entry.is_on_rail):
            menu.addAction(self._room.icons.icon(entry.icon), entry.label()).triggered.connect(
                lambda _checked=False, key=entry.key: self.go_to(key)
            )
        menu.popup(self._top.mapToGlobal(self._top.rect().bottomLeft()))

    def _mask(self) -> None:
        self._room.masking.toggle(self.page().key)

    def _show_masking(self) -> None:
        self._top.set_masked(self.page().face().masked)

    def _help(self) -> None:
        HelpDialog(self._room.icons, self.page().key, self).open()

    def _next_panel(self, step: int) -> None:
        panels = [panel for panel in self.page().panels() if panel.isVisible()]
        if not panels:
            return
        focus = self.focusWidget()
        here = next(
            (
                number
                for number, panel in enumerate(panels)
                if focus is not None and (panel is focus or panel.isAncestorOf(focus))
            ),
            -1 if step > 0 else 0,
        )
        _focus_into(panels[(here + step) % len(panels)])

    def _scale(self, step: int) -> None:
        if self.page().zoom_text(step):
            return
        theme, scales = self._room.icons.theme, list(TextScale)
        at = 0 if step == 0 else min(max(scales.index(theme.scale) + step, 0), len(scales) - 1)
        self._room.settings.change(replace(self._room.settings.current, text_scale=scales[at]))
        theme.set_scale(scales[at])

    def _say(self, sentence: str, undo: Undo | Callable[[], None] | None) -> None:
        room = self._room
        if isinstance(undo, Undo):
            kept = undo
            undo = lambda: _ignore(room.tasks.change(lambda: take_back(room.actor, room.desk, kept)))  # noqa: E731
        self._toast.say(sentence, undo)

    def _show_saved(self, draft: DraftView) -> None:
        self._status.set_saved(f"{draft.saved_at.astimezone(self._room.now().tzinfo):%H:%M}")

    def _look_at_changes(self, changes: ChangeSet) -> None:
        if changes.concerns("backup"):
            self._ask_for_backup()

    def _ask_for_backup(self) -> None:
        room = self._room
        room.tasks.query(self, lambda: last_backup(room.actor, room.desk), self._show_backup, key="window.backup")

    def _show_backup(self, last: LastBackup | None) -> None:
        self._status.set_backup("" if last is None else day_and_time(last.made_at, self._room.now()))


def _rail_item(entry: Any) -> RailItem:
    return RailItem(entry.key, entry.label(), entry.icon, f"Alt {entry.number}" if entry.number else "")


def _focus_into(panel: QWidget) -> None:
    """Give the keyboard to a panel, or to the first part of it that takes it."""
    target = panel
    if panel.focusPolicy() is Qt.FocusPolicy.NoFocus:
        takers = [part for part in panel.findChildren(QWidget) if part.focusPolicy() & Qt.FocusPolicy.TabFocus]
        target = next((part for part in takers if part.isVisible() and part.isEnabled()), panel)
    target.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _ignore(result: object) -> None:
    del result
