"""The middle of the note: tools, lock line, text, and a line with length and earlier versions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.note_files import Template, all_templates
from counselroom.ui.note.editor import Aside, NoteEditor
from counselroom.ui.theme.icons import Icons, icon_label
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.icon_button import IconButton
from counselroom.ui.widgets.label import ElidedLabel, Label


class DeskPanel(QFrame):
    """The text with its tools.

    Attributes:
        editor: the text.
        time_wanted: write the time.
        phrases_wanted: choose a phrase.
        focus_wanted: hide the sides.
        versions_wanted: list the earlier versions.
        discard_wanted: discard the draft.
        template_chosen: carries the key of a template.
    """

    time_wanted = Signal()
    phrases_wanted = Signal()
    focus_wanted = Signal()
    versions_wanted = Signal()
    discard_wanted = Signal()
    template_chosen = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.editor = NoteEditor(icons.theme)
        self.editor.setAccessibleName(pgettext("note", "Text of the note"))
        self.template = QComboBox()
        self.template.setAccessibleName(pgettext("note", "Template"))
        self.template.view().setAccessibleName(pgettext("note", "Template"))
        for template in all_templates():
            self.template.addItem(template.label, template.key)
        self.template.activated.connect(lambda _index: self.template_chosen.emit(self.template.currentData()))
        self.phrases_button = _tool(icons, pgettext("note", "Phrases"), "mdi6.text-box-plus-outline", "Ctrl /")
        self.phrases_button.clicked.connect(self.phrases_wanted)
        self.time_button = _tool(icons, pgettext("note", "Time"), "mdi6.clock-plus-outline", "F5")
        self.time_button.clicked.connect(self.time_wanted)
        self.focus_button = _tool(icons, pgettext("note", "Focus"), "mdi6.arrow-expand-all", "F11")
        self.focus_button.clicked.connect(self.focus_wanted)
        self.versions_button = Button(
            pgettext("note", "Earlier versions"), "text", icons.named("mdi6.history"), size="compact"
        )
        self.versions_button.clicked.connect(self.versions_wanted)
        self.discard_button = Button(
            pgettext("note", "Discard the draft"), "text", icons.named("mdi6.delete-outline"), size="compact"
        )
        self.discard_button.clicked.connect(self.discard_wanted)
        editor = self.editor
        self._marks = (
            self._mark(icons, "bold", pgettext("note", "Bold"), editor.make_bold, "Ctrl B"),
            self._mark(icons, "list-bulleted", pgettext("note", "List"), lambda: editor.make_list("- ")),
            self._mark(icons, "list-numbered", pgettext("note", "Numbered list"), lambda: editor.make_list("1. ")),
            self._mark(icons, "quote-close", pgettext("note", "Quote"), lambda: editor.make_list("> ")),
        )
        self._lock = QFrame()
        self._lock.setProperty("kind", "banner")
        self._lock.setProperty("tone", "plain")
        self._lock_line = ElidedLabel("", "meta_strong")
        line = QHBoxLayout(self._lock)
        line.setContentsMargins(12, 6, 12, 6)
        line.setSpacing(8)
        line.addWidget(icon_label(icons.named("mdi6.file-lock-outline"), "ink2", 18))
        line.addWidget(self._lock_line, 1)
        self._length = Label("", "caption")
        self._nothing = EmptyState(
            icons,
            "mdi6.pencil-outline",
            _("No note is open."),
            _("A note is opened from a case, from the day, or by Ctrl E for a student."),
        )
        self._covered = EmptyState(icons, "mdi6.eye-off-outline", _("The text is covered."), _("F8 shows it again."))
        self._stack = QStackedWidget()
        for part in (self.editor, _place(self._nothing), _place(self._covered)):
            self._stack.addWidget(part)
        self._lay_out()

    def _mark(self, icons: Icons, icon: str, name: str, do: Callable[[], None], key: str = "") -> IconButton:
        button = IconButton(icons.named(f"mdi6.format-{icon}"), name, key)
        button.clicked.connect(do)
        return button

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(12, 5, 12, 5)
        tools.setSpacing(4)
        for part in self._marks:
            tools.addWidget(part)
        tools.addWidget(self.time_button)
        tools.addWidget(self.phrases_button)
        tools.addStretch(1)
        tools.addWidget(self.template)
        tools.addWidget(self.focus_button)
        self._tools = QWidget()
        self._tools.setLayout(tools)
        self._tools.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._tools.setMinimumHeight(48)  # the icons are dressed after the row was measured
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 4, 12, 4)
        foot.addWidget(self._length)
        foot.addStretch(1)
        foot.addWidget(self.discard_button)
        foot.addWidget(self.versions_button)
        self._foot = QWidget()
        self._foot.setLayout(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._tools)
        column.addWidget(_rule())
        column.addWidget(self._lock)
        column.addWidget(self._stack, 1)
        column.addWidget(_rule())
        column.addWidget(self._foot)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Show that no note is open."""
        self._stack.setCurrentIndex(1)
        for part in (self._tools, self._lock, self._foot):
            part.hide()

    def show_note(
        self, template: Template, sections: Mapping[str, str], asides: Sequence[Aside], *, read_only: bool
    ) -> None:
        """Show a note below the headings of its template."""
        self.show_template(template.key)
        self.editor.setReadOnly(read_only)
        self.editor.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            if read_only
            else Qt.TextInteractionFlag.TextEditorInteraction
        )
        self.editor.show_note(template.headings, sections, asides)
        self._tools.setVisible(not read_only)
        self._foot.setVisible(not read_only)

    def show_template(self, key: str) -> None:
        """Show which template is in use."""
        self.template.setCurrentIndex(max(0, self.template.findData(key)))

    def set_lock_line(self, words: str) -> None:
        """Say by whom and when it was locked; nothing hides the line."""
        self._lock_line.setText(words)
        self._lock.setVisible(bool(words))

    def set_length(self, characters: int) -> None:
        """Say how much is written."""
        self._length.setText(_("{count} characters").format(count=f"{characters:,}"))

    def set_compact(self, *, compact: bool) -> None:
        """Leave away what is needed least where there is little room."""
        self.focus_button.setVisible(not compact)

    def cover(self, *, covered: bool) -> None:
        """Cover the text, or show it again."""
        self._stack.setCurrentIndex(2 if covered else 0)


def _tool(icons: Icons, words: str, icon: str, key: str) -> Button:
    return Button(words, "plain", icons.named(icon), key, size="compact")


def _place(part: QWidget) -> QWidget:
    place = QWidget()
    column = QVBoxLayout(place)
    column.setContentsMargins(16, 16, 16, 16)
    column.addWidget(part)
    column.addStretch(1)
    return place


def _rule() -> QFrame:
    rule = QFrame()
    rule.setProperty("kind", "rule")
    return rule
