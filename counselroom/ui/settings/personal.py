"""个人与口令: the own name, the own passphrase with the old one typed once more, and whether it is bound to this PC."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.accounts import rename_account
from counselroom.services.users import (
    UserLine,
    bind_to_this_computer,
    change_own_passphrase,
    list_users,
    unbind_from_this_computer,
)
from counselroom.ui.first_run.strength import Strength
from counselroom.ui.room import Room
from counselroom.ui.settings.section import Section, row_of
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.secret_field import SecretField
from counselroom.vault.keys.passphrase import SHORTEST, normalised, offer


class PersonalSection(Section):
    """Whoever works here."""

    kinds = ("person", "account", "slot")

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(room, pgettext("settings", "Me and my passphrase"), parent)
        icons = room.icons
        self._stored = ""
        self.name = QLineEdit()
        self.name.setMaxLength(60)
        self.name.setMaximumWidth(320)
        me = self.group(pgettext("settings", "Me"))
        self._name_field = Field(
            pgettext("settings", "My name"), self.name, _("Stands on what I sign and print."), icons=icons
        )
        me.addWidget(self._name_field)
        self._login = Label("", "meta", wrap=True)
        me.addWidget(self._login)
        secret = self.group(pgettext("settings", "Passphrase"))
        secret.addWidget(
            Label(_("Changing the passphrase cannot be undone; the old one is asked for first."), "meta", wrap=True)
        )
        self.old = SecretField(icons, pgettext("settings", "Present passphrase"))
        self.new = SecretField(
            icons,
            pgettext("settings", "New passphrase"),
            _("At least {count} characters, or six offered words.").format(count=SHORTEST),
        )
        self.again = SecretField(icons, _("The same again"))
        self.strength = Strength()
        self.offer_button = Button(pgettext("settings", "Offer six words"))
        self.act = Button(pgettext("settings", "Change the passphrase"), "primary")
        for field in (self.old, self.new, self.again):
            field.setMaximumWidth(480)
            secret.addWidget(field)
            field.changed.connect(self._may_act)
        secret.insertLayout(3, row_of(self.strength, self.offer_button))
        secret.addLayout(row_of(self.act))
        self._bound = False
        computer = self.group(pgettext("settings", "This computer"))
        self._binding = Label("", "meta", wrap=True)
        self.bind_secret = SecretField(icons, pgettext("settings", "Passphrase, typed once more"))
        self.bind_secret.setMaximumWidth(480)
        self.bind = Button("")
        computer.addWidget(self._binding)
        computer.addWidget(self.bind_secret)
        computer.addLayout(row_of(self.bind))
        self.bind_secret.changed.connect(self._may_act)
        self.bind_secret.submitted.connect(self._bind)
        self.bind.clicked.connect(self._bind)
        self._show_binding()
        self.name.editingFinished.connect(self._rename)
        self.name.textEdited.connect(lambda _text: self.touched.emit())
        self.new.changed.connect(lambda: self.strength.set_text(self.new.text()))
        self.strength.judged.connect(self._may_act)
        self.offer_button.clicked.connect(self._offer)
        self.again.submitted.connect(self._change)
        self.act.clicked.connect(self._change)
        self._may_act()

    def first(self) -> QWidget:
        """Return the name."""
        return self.name

    def state(self) -> dict[str, Any]:
        """Return the name while it is typed; secrets are never kept."""
        return {"name": self.name.text()} if self.name.text() != self._stored else {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the name that was typed."""
        if state.get("name"):
            self.see()
            self.name.setText(str(state["name"]))

    def load(self) -> None:
        """Ask for name and login."""
        room = self.room
        self.ask("personal", lambda: list_users(room.actor, room.desk), self._show)

    def _show(self, found: tuple[UserLine, ...]) -> None:
        mine = next((line for line in found if line.account.id == self.room.actor.account_id), None)
        if mine is None:
            return
        if self.name.text() == self._stored:
            self.name.setText(mine.account.name)
        self._stored = mine.account.name
        self._bound = mine.bound
        self._show_binding()
        login = self.room.desk.vault.slot.login
        self._login.setText(
            _("Login name: {login}. It is seen while locked and names nobody.").format(login=login)
            if login
            else _("The vault was opened with a recovery sheet. To change the passphrase, unlock with it.")
        )
        self._may_act()

    def _rename(self) -> None:
        room, name = self.room, self.name.text().strip()
        if name and name != self._stored:
            self._stored = name
            self.change(lambda: rename_account(room.actor, room.desk, room.actor.account_id, name))
        elif not name:
            self.name.setText(self._stored)

    def _offer(self) -> None:
        words = offer(self.room.entropy)
        self.new.setText(words)
        self.new.show_text(shown=True)
        self.again.setText("")
        self.new.set_hint(_("Write it down on paper, keep it with you until you know it by heart, then destroy it."))

    def _may_act(self) -> None:
        ready = bool(self.old.text() and self.again.text()) and self.strength.accepted()
        has_login = bool(self.room.desk.vault.slot.login)
        self.act.setEnabled(ready and has_login)
        self.bind.setEnabled(has_login and bool(self.bind_secret.text()))

    def _show_binding(self) -> None:
        if self._bound:
            self._binding.setText(
                _(
                    "Your passphrase opens the vault only on this computer and under this computer login. "
                    "Anywhere else a recovery sheet is needed."
                )
            )
        else:
            self._binding.setText(
                _(
                    "Your passphrase opens the vault wherever its folder is copied. Bound to this computer, "
                    "a stolen copy cannot be guessed at; if this computer is lost, a recovery sheet is needed."
                )
            )
        self.bind.setText(
            pgettext("settings", "Bind no more") if self._bound else pgettext("settings", "Bind to this computer")
        )

    def _bind(self) -> None:
        if not self.bind.isEnabled():
            return
        room, typed = self.room, self.bind_secret.text()
        act = unbind_from_this_computer if self._bound else bind_to_this_computer
        said = (
            _("Your passphrase opens the vault on every computer again.")
            if self._bound
            else _("Your passphrase now opens the vault on this computer only. Keep the recovery sheets safe.")
        )
        self.bind_secret.clear()
        self.bind.setEnabled(False)
        self.change_slowly(
            lambda through: act(
                room.actor, room.desk, typed, room.machine_secrets, entropy=room.entropy, through=through
            ),
            lambda _login: self._may_act(),
            said,
        )

    def _change(self) -> None:
        if not self.act.isEnabled():
            return
        old, new, room = self.old.text(), self.new.text(), self.room
        if normalised(new) != normalised(self.again.text()):
            self.again.set_error(_("This is not the same as above."))
            self.again.begin()
            return
        self.act.setEnabled(False)
        self.change_slowly(
            lambda through: change_own_passphrase(
                room.actor, room.desk, old, new, entropy=room.entropy, through=through
            ),
            lambda _login: self._forget(),
            _("The passphrase was changed. From the next lock on the new one counts."),
        )

    def _forget(self) -> None:
        for field in (self.old, self.new, self.again):
            field.clear()

    def refuse(self, error: BaseException) -> None:
        """Say why; the old passphrase is typed again."""
        super().refuse(error)
        self.old.clear()
        self._may_act()
        self.load()
