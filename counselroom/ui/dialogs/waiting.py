"""待安排: puts somebody on the waiting list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.counselling import Channel, Urgency
from counselroom.services.changes import Done
from counselroom.services.waiting import WaitingData, WaitingView, add_waiting
from counselroom.ui.dialogs.entry import EntryDialog
from counselroom.ui.room import Room
from counselroom.ui.schedule.client_field import ClientField
from counselroom.ui.schedule.words import channel_word, urgency_word
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field


class WaitingDialog(EntryDialog):
    """Who waits, how they asked, when they could come, and why."""

    def __init__(self, room: Room, arguments: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(room, arguments, pgettext("dialog", "Put on the waiting list"), parent)
        self._is_busy = False
        self._who = ClientField(room, pgettext("appointment", "Client"))
        self._channel, self._urgency = QComboBox(), QComboBox()
        for channel in Channel:
            if channel is not Channel.WALK_IN:
                self._channel.addItem(channel_word(channel), channel.value)
        for urgency in (Urgency.NORMAL, Urgency.SOON):
            self._urgency.addItem(urgency_word(urgency), urgency.value)
        self._wanted, self._referrer, self._issue = QLineEdit(), QLineEdit(), QLineEdit()
        icons = room.icons
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.addWidget(self._who, 0, 0, 1, 2)
        grid.addWidget(Field(pgettext("appointment", "Asked for"), self._channel, icons=icons), 1, 0)
        grid.addWidget(Field(pgettext("appointment", "Urgency"), self._urgency, icons=icons), 1, 1)
        hint = _("As they said it, like: Friday afternoon.")
        grid.addWidget(Field(pgettext("waiting", "Could come"), self._wanted, hint, icons=icons), 2, 0)
        grid.addWidget(Field(pgettext("waiting", "Sent by"), self._referrer, icons=icons), 2, 1)
        why = Field(pgettext("appointment", "Why"), self._issue, _("Not on the slip and in no list."), icons=icons)
        grid.addWidget(why, 3, 0, 1, 2)
        self.content.addLayout(grid)
        self.setMinimumWidth(520)
        cancel = self.add_button(Button(pgettext("appointment", "Close")))
        cancel.clicked.connect(self.reject)
        self.save_button = self.add_button(Button(pgettext("waiting", "Put on the list"), "primary", key="Ctrl Enter"))
        self.save_button.clicked.connect(self.save)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.save)
        self._who.touched.connect(self.touched)
        self._who.entered.connect(self._wanted.setFocus)
        for line in (self._wanted, self._referrer, self._issue):
            line.textEdited.connect(lambda _text: self.touched.emit())
        for box in (self._channel, self._urgency):
            box.activated.connect(lambda _index: self.touched.emit())

    def first(self) -> QWidget:
        """Return the field of the client."""
        return self._who.line

    def state(self) -> dict[str, Any]:
        """Return all that was typed and chosen."""
        return {
            "client": self._who.state(),
            "channel": self._channel.currentData(),
            "urgency": self._urgency.currentData(),
            "wanted": self._wanted.text(),
            "referrer": self._referrer.text(),
            "issue": self._issue.text(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take all that was typed and chosen before."""
        self._who.restore(dict(state.get("client") or {}))
        self._channel.setCurrentIndex(max(0, self._channel.findData(state.get("channel"))))
        self._urgency.setCurrentIndex(max(0, self._urgency.findData(state.get("urgency"))))
        for name, line in (("wanted", self._wanted), ("referrer", self._referrer), ("issue", self._issue)):
            line.setText(str(state.get(name) or ""))

    def save(self) -> None:
        """Put them on the list."""
        client, room = self._who.client(), self.room
        if client is None or not client.id:
            self._who.field.set_error(_("Please choose somebody the program knows already."))
            self._who.line.setFocus()
            return
        if self._is_busy:
            return
        self._is_busy = True
        data = WaitingData(
            client.id,
            Channel(self._channel.currentData()),
            Urgency(self._urgency.currentData()),
            wanted_times=self._wanted.text(),
            referrer=self._referrer.text(),
            issue_brief=self._issue.text(),
        )
        room.tasks.change(lambda: add_waiting(room.actor, room.desk, data), self._saved, on_failed=self._not_saved)

    def _saved(self, done: Done[WaitingView]) -> None:
        self.finish()
        self.room.messages.say(_("Put on the waiting list."), done.changes.undo)

    def _not_saved(self, error: BaseException) -> None:
        self._is_busy = False
        self.refuse(error)
