"""What the page of a note is made of, and how its parts are arranged in windows of every size."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from counselroom.i18n import pgettext
from counselroom.services.note_pages import NotePage
from counselroom.ui.note import menus
from counselroom.ui.note.desk_panel import DeskPanel
from counselroom.ui.note.facts_form import FactsForm
from counselroom.ui.note.last_column import LastColumn
from counselroom.ui.note.side import SignedFacts, side_panel
from counselroom.ui.page import Page
from counselroom.ui.room import Room
from counselroom.ui.size_class import SizeClass
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.label import ElidedLabel

_LEFT, _RIGHT = 264, 296
_THREE = 1350
"""Width of a window that has room for the last session, the tools of the text, and the facts beside each other."""


class NoteFrame(Page):
    """Head, last session, text and facts; focus mode hides the sides, a small window makes the right a drawer."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Session note"), parent, back=True)
        self._page: NotePage | None = None
        self._is_focus = self._is_drawer = self._is_compact = self._is_covered = False
        icons = room.icons
        self.last = LastColumn(icons)
        self.desk_panel = DeskPanel(icons)
        self.editor = self.desk_panel.editor
        self.facts = FactsForm(icons)
        self._signed_facts = SignedFacts(icons)
        self._right = side_panel(self.facts, self._signed_facts)
        self._saved = ElidedLabel("", "meta")
        self._lay_out()

    def _lay_out(self) -> None:
        icons = self.room.icons
        self._drawer = Button(pgettext("note", "About this session"), "secondary", icons.named("mdi6.dock-right"))
        self._preview = Button(pgettext("note", "Preview"), "secondary", icons.named("mdi6.printer-outline"))
        self._amend = Button(pgettext("note", "Add a correction"), "primary", icons.named("mdi6.file-edit-outline"))
        self._sign = Button(pgettext("note", "Sign and lock"), "primary", icons.named("mdi6.lock-check-outline"))
        for part in (self._saved, self._drawer, self._preview, self._amend, self._sign):
            self.header.add_action(part)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.last)
        row.addWidget(self.desk_panel, 1)
        row.addWidget(self._right)
        self.body.addLayout(row)
        self.set_size_class(SizeClass.REGULAR, 900)

    def panels(self) -> Sequence[QWidget]:
        """Return the last session, the text, and what belongs to it."""
        return (self.last, self.editor, self._right)

    def first(self) -> QWidget:
        """Return the text."""
        return self.editor

    def current_student(self) -> str | None:
        """Return the client."""
        return None if self._page is None else self._page.client_id

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """In a small window the left goes away and the right becomes a drawer."""
        super().set_size_class(size, height)
        if hasattr(self, "_drawer"):
            self._is_compact = size <= SizeClass.COMPACT
            self._sized()
            self.desk_panel.set_compact(compact=size <= SizeClass.COMPACT)
            self._arrange()

    def turn_focus(self) -> None:
        """Hide both sides, or show them again."""
        self._is_focus = not self._is_focus
        self._arrange()
        self.editor.setFocus()
        self.touched.emit()

    def _turn_drawer(self) -> None:
        self._is_drawer = not self._is_drawer
        self._arrange()
        (self.facts.day if self._is_drawer else self.editor).setFocus()

    def insert_time(self) -> None:
        """Write the time at the cursor."""
        self.editor.insert_words(f"{self.room.now():%H:%M} ")

    def open_phrases(self) -> None:
        """Show the phrases below their button."""
        menus.phrases(self, self.desk_panel.phrases_button, self.editor.insert_words)

    def _is_signed(self) -> bool:
        view = None if self._page is None else self._page.session
        return view is not None and view.signed_at is not None

    def _is_locked(self) -> bool:
        read_only = self.room.desk.vault.read_only is not None
        return self._is_signed() or read_only or (self._page is not None and not self._page.can_write)

    def _arrange(self) -> None:
        """Show and hide the sides as window, focus mode and drawer ask for it."""
        there, locked = self._page is not None and not self._is_covered, self._is_locked()
        scale = self.room.icons.theme.pixels("size.base") / 14
        self.last.setFixedWidth(round(_LEFT * scale))
        self._right.setFixedWidth(round(_RIGHT * scale))
        has_room = not self._is_compact and self.window().width() >= _THREE * scale
        self.last.setVisible(there and has_room and not self._is_focus)
        self._right.setVisible(there and not self._is_focus and (not self._is_compact or self._is_drawer))
        self._right.setCurrentIndex(1 if self._is_signed() else 0)
        self.facts.setEnabled(not locked)
        self._drawer.setVisible(there and self._is_compact)
        self._preview.setVisible(there)
        self._preview.setEnabled(self._page is not None and self._page.session is not None)
        self._amend.setVisible(self._is_signed() and self._page is not None and self._page.can_write)
        self._sign.setVisible(there and not locked and (self._is_compact or self._is_focus))
        self._saved.setVisible(there and not locked)

    def _cover(self) -> None:
        self.desk_panel.cover(covered=self._is_covered)

    def _count(self) -> None:
        self.desk_panel.set_length(self.editor.length())

    def _sized(self) -> None:
        """Show anew what depends on the class of the window."""
