"""The field for a client: name, pinyin, initials or number, with those it may mean right below."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from counselroom.i18n import _
from counselroom.rules.counselling import ClientType
from counselroom.services.booking_choices import Client, find_clients
from counselroom.ui.room import Room
from counselroom.ui.schedule.words import client_word, who_comes
from counselroom.ui.widgets.field import Field

_SHOWN = 5
_CLIENT = Qt.ItemDataRole.UserRole + 1
PLACE = "schedule"
"""Names are shown here as they are shown on the calendar."""


class ClientField(QWidget):
    """A line with a list below it: the first of the list is taken by Enter, others by the arrow keys.

    A name that nobody has can be taken too, as a parent, somebody of the staff, or a student who is not on the roster.

    Attributes:
        taken: a client was chosen, or the choice was taken back.
        touched: something was typed.
        entered: Enter was pressed and somebody is chosen.
    """

    taken = Signal()
    touched = Signal()
    entered = Signal()

    def __init__(self, room: Room, label: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._room = room
        self._client: Client | None = None
        self._is_late = False
        self.line = QLineEdit()
        self.line.setPlaceholderText(_("Name, pinyin, initials or number"))
        self.line.textEdited.connect(self._typed)
        self.line.installEventFilter(self)
        self.field = Field(label, self.line, hint, icons=room.icons)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Whom it may mean"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._take_item)
        self.list.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.field)
        column.addWidget(self.list)

    def client(self) -> Client | None:
        """Return who is chosen; the id is empty for somebody the vault does not know yet."""
        return self._client

    def set_client(self, client: Client | None) -> None:
        """Show a client who is known already."""
        self._client = client
        self.field.set_error("")
        self.list.hide()
        if client is not None:
            self.line.setText(self._words(client))
        self.taken.emit()

    def state(self) -> dict[str, Any]:
        """Return what was typed and who was chosen, as JSON values."""
        client = self._client
        chosen = None
        if client is not None:
            chosen = [client.id, client.name, client.client_type.value, client.student_no, client.class_name]
        return {"text": self.line.text(), "client": chosen}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take what was typed and chosen before."""
        chosen = state.get("client")
        self._client = None
        if chosen:
            who, name, kind, number, unit = chosen
            self.set_client(Client(str(who), str(name), ClientType(kind), number, unit))
        if self.line.text() != str(state.get("text") or ""):
            self.line.setText(str(state.get("text") or ""))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Move in the list, take from it, go on."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if self.list.isVisible() and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if key == Qt.Key.Key_Down else -1
                self.list.setCurrentRow(min(max(0, self.list.currentRow() + step), self.list.count() - 1))
                return True
            plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
                self._enter()
                return True
        elif event.type() == QEvent.Type.FocusOut and self._client is None and self.list.isVisible():
            self._take_item(self.list.currentItem())
        return super().eventFilter(watched, event)

    def _enter(self) -> None:
        if self._client is not None:
            self.entered.emit()
        elif self.list.isVisible() and self.list.currentItem() is not None:
            self._take_item(self.list.currentItem())
            self.entered.emit()
        else:
            self._is_late = bool(self.line.text().strip())  # the answer is still on its way: Enter meant its first

    def _typed(self, text: str) -> None:
        if self._client is not None:
            self._client = None
            self.taken.emit()
        self._is_late = False
        self.field.set_error("")
        self.touched.emit()
        room = self._room
        if not text.strip():
            self.list.hide()
            return
        room.tasks.query(
            self, lambda: find_clients(room.actor, room.desk, text, _SHOWN), self._show, key=f"clients.{id(self)}"
        )

    def _show(self, found: tuple[Client, ...]) -> None:
        typed = self.line.text().strip()
        if self._client is not None or not typed:
            return
        self.list.clear()
        offered = [*found]
        if not any(client.name == typed for client in found) and not typed.isascii() and len(typed) > 1:
            kinds = (ClientType.PARENT, ClientType.STAFF, ClientType.STUDENT)
            offered += [Client("", typed, kind) for kind in kinds]
        for client in offered:
            item = QListWidgetItem(self._words(client))
            item.setData(_CLIENT, client)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        rows = min(self.list.count(), _SHOWN)
        self.list.setFixedHeight(rows * self.list.sizeHintForRow(0) + 2 * self.list.frameWidth() + 2 if rows else 0)
        self.list.setVisible(bool(offered))
        self.line.setAccessibleDescription(self._words(offered[0]) if offered else _("Nobody found."))
        if not offered:
            self.field.set_error(_("Nobody found. Please type the whole name, or the number."))
        elif self._is_late:
            self._is_late = False
            self._take_item(self.list.item(0))
            self.entered.emit()

    def _take_item(self, item: QListWidgetItem | None) -> None:
        client = None if item is None else item.data(_CLIENT)
        if isinstance(client, Client):
            self.set_client(client)
            self.touched.emit()

    def _words(self, client: Client) -> str:
        face = self._room.masking.face(PLACE)
        if not client.id:
            new = {
                ClientType.PARENT: _("{name}, a parent (new)"),
                ClientType.STAFF: _("{name}, of the staff (new)"),
                ClientType.STUDENT: _("{name}, a student not on the roster (new)"),
            }[client.client_type]
            return new.format(name=client.name)
        who = who_comes(face, client.name, client.student_no, client.client_type)
        if client.client_type is not ClientType.STUDENT:
            return f"{who}　{client_word(client.client_type)}"
        parts = (who, face.class_name(client.class_name or ""), face.number(client.student_no))
        return "　".join(part for part in parts if part)
