"""The base of a section of the settings: panels of fields, each change saved at once with a way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.desktop.machine_settings import MachineSettings
from counselroom.i18n import _
from counselroom.services.changes import ChangeSet, Done
from counselroom.services.through import Through
from counselroom.ui.messages import plain_sentence
from counselroom.ui.room import Room
from counselroom.ui.widgets.error_line import ErrorLine
from counselroom.ui.widgets.panel import Panel
from counselroom.vault.lanes import Job

T = TypeVar("T")
WIDEST = 860


class Section(QWidget):
    """One entry of the list at the left.

    Attributes:
        kinds: what it shows; it reloads when one of these has changed.
        touched: what was typed and is not saved yet has changed.
        column: where its panels stand.
    """

    kinds: tuple[str, ...] = ()
    touched = Signal()

    def __init__(self, room: Room, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.room = room
        self.title = title
        self.setAccessibleName(title)
        self.setMaximumWidth(WIDEST)
        self._is_loaded = False
        self._error = ErrorLine(room.icons.theme)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)
        self.column.addWidget(self._error)
        room.bus.changed.connect(self._reload_if_concerned)

    def load(self) -> None:
        """Ask for what is shown; called when the section is first seen and when it has changed."""

    def state(self) -> dict[str, Any]:
        """Return what was typed and is not saved yet; never a secret."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was typed before."""

    def first(self) -> QWidget:
        """Return the widget that has the keyboard."""
        return self

    def see(self) -> None:
        """Load what the section shows, once."""
        if not self._is_loaded:
            self._is_loaded = True
            self.load()

    def group(self, title: str) -> QVBoxLayout:
        """Add a panel and return the column in it."""
        panel = Panel(title)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        panel.set_body(inner)
        self.column.addWidget(panel)
        return column

    def ask(self, key: str, work: Callable[[], T], show: Callable[[T], None]) -> None:
        """Read something for this section."""
        self.room.tasks.query(self, work, show, key=f"settings.{key}", on_failed=self.refuse)

    def change(
        self, work: Callable[[], Done[Any]], on_done: Callable[[Any], None] | None = None, sentence: str = ""
    ) -> None:
        """Save a change, and say it with its way back."""
        self.say("")
        self.room.tasks.change(work, self._settler(on_done, sentence), on_failed=self.refuse)

    def change_slowly(
        self, work: Callable[[Through], Done[Any]], on_done: Callable[[Any], None] | None = None, sentence: str = ""
    ) -> None:
        """Save a change that derives a key or asks the keychain first, which no other change may wait for."""
        self.say("")

        def whole(job: Job[Done[Any]]) -> Done[Any]:
            return work(job.change)

        self.room.tasks.job(whole, self._settler(on_done, sentence), on_failed=self.refuse, reads=False)

    def _settler(self, on_done: Callable[[Any], None] | None, sentence: str) -> Callable[[Done[Any]], None]:
        def settled(done: Done[Any]) -> None:
            undo = done.changes.undo
            self.room.messages.say(sentence or (undo.sentence if undo else _("The setting was saved.")), undo)
            if on_done is not None:
                on_done(done.value)

        return settled

    def remember(self, settings: MachineSettings, apply: Callable[[MachineSettings], None]) -> None:
        """Keep settings of this computer and put them into force, with a way back."""
        before = self.room.settings.current

        def put(values: MachineSettings) -> None:
            self.room.settings.change(values)
            apply(values)

        put(settings)
        self.room.messages.say(_("The setting was saved."), lambda: put(before))

    def refuse(self, error: BaseException) -> None:
        """Say why something was not done; what was typed stays."""
        self.say(plain_sentence(error))

    def say(self, sentence: str) -> None:
        """Show a sentence at the top; an empty one takes it away."""
        self._error.say(sentence, "error")

    def error(self) -> str:
        """Return the sentence that is shown."""
        return self._error.text()

    def _reload_if_concerned(self, changes: ChangeSet) -> None:
        if self._is_loaded and changes.concerns(*self.kinds):
            self.load()


def row_of(*widgets: QWidget, stretch: bool = True) -> QHBoxLayout:
    """Return widgets side by side, the rest of the row empty."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    if stretch:
        row.addStretch(1)
    return row


def choose(box: QComboBox, data: Any) -> None:
    """Show an entry of a combo box without telling anybody."""
    blocked = box.blockSignals(True)
    box.setCurrentIndex(box.findData(data))
    box.blockSignals(blocked)


def combo(name: str, entries: tuple[tuple[Any, str], ...], width: int = 220) -> QComboBox:
    """Return a combo box whose list has a name too."""
    box = QComboBox()
    for data, words in entries:
        box.addItem(words, data)
    box.setMinimumWidth(width)
    box.setAccessibleName(name)
    box.view().setAccessibleName(name)
    return box
