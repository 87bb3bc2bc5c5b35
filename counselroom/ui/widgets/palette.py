"""The command palette: one field, groups below, everything by keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.ui.theme.icons import Icons, icon_label
from counselroom.ui.widgets.composition import Composition
from counselroom.ui.widgets.key_cap import KeyCap
from counselroom.ui.widgets.label import ElidedLabel, Label
from counselroom.ui.widgets.palette_entry import PaletteEntry, PaletteGroup
from counselroom.ui.widgets.palette_model import ROW, PaletteModel
from counselroom.ui.widgets.palette_row import PaletteRow
from counselroom.ui.widgets.scrim import Scrim

WIDTH = 720
MARGIN = 24


class Palette(QFrame):
    """Lies over the window while it is open. It keeps no history of what was searched for.

    Attributes:
        query_changed: the text to search for.
        chosen: Enter or a click on an entry: its key.
        finish_wanted: Ctrl Enter on an entry: its key. The palette stays open; who knows what to do dismisses it.
        closed: it went away.
    """

    query_changed = Signal(str)
    chosen = Signal(str)
    finish_wanted = Signal(str)
    closed = Signal()

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "palette")
        self._icons = icons
        self._window = parent
        self._scrim: Scrim | None = None
        self._origin: QWidget | None = None
        self.field = QLineEdit()
        self.field.setProperty("kind", "palette")
        self.field.setAccessibleName(pgettext("palette", "Search"))
        self.field.setPlaceholderText(_("Search names, pinyin initials, student numbers"))
        self.field.textChanged.connect(self.query_changed)
        self._model = PaletteModel(self)
        self._list = QListView()
        self._list.setModel(self._model)
        self._list.setItemDelegate(PaletteRow(icons, self._list))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setAccessibleName(pgettext("palette", "Results"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.clicked.connect(self._click)
        self._nothing = Label("", "meta", wrap=True)
        self._nothing.setContentsMargins(16, 12, 16, 12)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(self._list, 1)
        column.addWidget(self._nothing)
        column.addWidget(self._foot())
        # The filter of the composition is installed last, so it is asked first.
        self.field.installEventFilter(self)
        self._composition = Composition(self.field)
        parent.installEventFilter(self)
        icons.theme.changed.connect(self._place)
        self.hide()

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(10)
        row.addWidget(icon_label(self._icons.named("mdi6.magnify"), "ink2", 22))
        row.addWidget(self.field, 1)
        row.addWidget(KeyCap(pgettext("palette", "Esc close")))
        return row

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setProperty("kind", "palette_foot")
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(16)
        keys = (
            pgettext("palette", "↑ ↓ move"),
            pgettext("palette", "{key} open").format(key="Enter"),
            pgettext("palette", "{key} write a note for the student").format(key="Ctrl Enter"),
        )
        for words in keys:
            row.addWidget(Label(words, "caption_strong"))
        row.addStretch(1)
        row.addWidget(ElidedLabel(_("Names, pinyin, initials, numbers"), "caption_strong"))
        return foot

    def open_empty(self) -> None:
        """Open without text: nobody sees what was searched for before."""
        if self.isVisible():
            self.field.setFocus()
            return
        self._origin = self._window.window().focusWidget()
        self._scrim = Scrim(self._icons.theme, self._window)
        self._scrim.clicked.connect(self.dismiss)
        self.field.clear()
        self.show_groups(())
        self.show()
        self.raise_()
        self._place()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_groups(self, groups: Sequence[PaletteGroup], nothing: str = "") -> None:
        """Show what was found, the first entry selected; or the sentence `nothing`."""
        self._model.set_groups(groups)
        empty = self._model.rowCount() == 0
        self._list.setVisible(not empty)
        self._nothing.setText(nothing)
        self._nothing.setVisible(empty and bool(nothing))
        self._select(self._model.next_entry(-1, 1))
        self._place()

    def current(self) -> PaletteEntry | None:
        """Return the selected entry."""
        row = self._list.currentIndex().data(ROW)
        return row if isinstance(row, PaletteEntry) else None

    def dismiss(self) -> None:
        """Close, forget everything, and give the keyboard back."""
        if self._scrim is None:
            return
        self._scrim.hide()
        self._scrim.deleteLater()
        self._scrim = None
        self.hide()
        self.field.clear()
        self._model.set_groups(())
        if self._origin is not None:
            self._origin.setFocus(Qt.FocusReason.OtherFocusReason)
            self._origin = None
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take the keys of the field, and follow the window's size."""
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self._place()
        if isinstance(event, QKeyEvent) and watched is self.field:
            if event.type() == QEvent.Type.ShortcutOverride and _is_finish(event):
                event.accept()  # a page below may have a shortcut of its own for these keys
                return True
            if event.type() == QEvent.Type.KeyPress:
                return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.dismiss()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._select(self._model.next_entry(self._list.currentIndex().row(), 1 if key == Qt.Key.Key_Down else -1))
        elif _is_finish(event):
            entry = self.current()
            if entry is not None:
                self.finish_wanted.emit(entry.key)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        else:
            # Tab would take the keyboard to the page below the scrim.
            return key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        return True

    def _select(self, row: int) -> None:
        if row >= 0:
            self._list.setCurrentIndex(self._model.index(row))
        entry = self.current()
        self.field.setAccessibleDescription(entry.text() if entry else self._nothing.text())

    def _click(self, index: QModelIndex) -> None:
        self._select(index.row())
        # The list still works on the click; its rows may not go before it is through.
        QTimer.singleShot(0, self, self._take)

    def _take(self) -> None:
        entry = self.current()
        if entry is not None:
            self.dismiss()
            self.chosen.emit(entry.key)

    def _place(self) -> None:
        room = self._window.rect()
        width = min(WIDTH, room.width() - 2 * MARGIN)
        top = min(97, max(8, room.height() // 8))
        rows = sum(self._list.sizeHintForRow(row) for row in range(self._model.rowCount()))
        self._list.setFixedHeight(min(rows, max(80, room.height() - top - MARGIN - 110)))
        self.setFixedWidth(width)
        self._column.activate()
        self.resize(width, self.sizeHint().height())
        self.move((room.width() - width) // 2, top)


def _is_finish(event: QKeyEvent) -> bool:
    """Tell whether these are the keys that finish something anywhere in the window: Ctrl Enter."""
    enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
