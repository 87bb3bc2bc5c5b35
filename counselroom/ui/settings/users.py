"""使用者: accounts with roles and logins; adding one, changing roles, closing one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHeaderView, QLineEdit, QWidget

from counselroom.i18n import _, pgettext
from counselroom.rules.access import KEYLESS_ROLES, Role
from counselroom.services.accounts import AccountView, set_roles
from counselroom.services.users import UserLine, add_user, close_user, list_users
from counselroom.ui.models.plain import Cell, PlainModel
from counselroom.ui.room import Room
from counselroom.ui.settings.section import Section, row_of
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.secret_field import SecretField
from counselroom.vault.keys.passphrase import offer

_ORDER = (Role.CENTER_DIRECTOR, Role.COUNSELLOR, Role.ARCHIVE_MANAGER, Role.CRISIS_HEAD, Role.SYS_ADMIN)


def role_word(role: Role) -> str:
    """Return a role in words."""
    return {
        Role.COUNSELLOR: pgettext("role", "counsellor"),
        Role.ARCHIVE_MANAGER: pgettext("role", "archive manager"),
        Role.CENTER_DIRECTOR: pgettext("role", "director of the centre"),
        Role.CRISIS_HEAD: pgettext("role", "head of crisis work"),
        Role.SYS_ADMIN: pgettext("role", "system administrator"),
    }[role]


class RoleBoxes(QWidget):
    """A box for each role."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes = {role: QCheckBox(role_word(role)) for role in _ORDER}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        for number, box in enumerate(self.boxes.values()):
            grid.addWidget(box, number // 3, number % 3)
        grid.setColumnStretch(3, 1)

    def roles(self) -> frozenset[Role]:
        """Return the roles that are ticked."""
        return frozenset(role for role, box in self.boxes.items() if box.isChecked())

    def show_roles(self, roles: frozenset[Role]) -> None:
        """Tick these roles."""
        for role, box in self.boxes.items():
            box.setChecked(role in roles)


class UsersSection(Section):
    """Everybody who works here, and what is done with an account."""

    kinds = ("account", "person", "slot")

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(room, pgettext("settings", "Users"), parent)
        icons = room.icons
        self._lines: dict[str, UserLine] = {}
        self._model = PlainModel(
            (
                pgettext("users", "Name"),
                pgettext("users", "Roles"),
                pgettext("users", "Login name"),
                pgettext("users", "State"),
                "",
            ),
            self,
        )
        self.table = ListTable(icons, pgettext("settings", "Users"))
        self.table.setModel(self._model)
        self.table.setMinimumHeight(200)
        listed = self.group(pgettext("settings", "Users"))
        listed.addWidget(
            Label(
                _(
                    "Whoever has a passphrase could decrypt everything; what a role may see is held by the program. "
                    "The head of crisis work and the system administrator get no passphrase: the one works with paper, "
                    "the other checks backups without a key."
                ),
                "meta",
                wrap=True,
            )
        )
        listed.addWidget(self.table)
        self._chosen = Label("", "strong", wrap=True)
        self.roles = RoleBoxes()
        self.save_roles = Button(pgettext("users", "Save the roles"))
        self.close_button = Button(pgettext("users", "Close the account"), "danger")
        self.secret = SecretField(
            icons,
            pgettext("settings", "Your own passphrase"),
            _("Closing an account removes its passphrase and cannot be undone."),
        )
        self.secret.setMaximumWidth(480)
        listed.addWidget(self._chosen)
        listed.addWidget(self.roles)
        listed.addLayout(row_of(self.save_roles))
        listed.addWidget(self.secret)
        listed.addLayout(row_of(self.close_button))
        self.name, self.login = QLineEdit(), QLineEdit()
        for edit in (self.name, self.login):
            edit.setMaxLength(40)
            edit.setMaximumWidth(320)
            edit.textEdited.connect(lambda _text: self._may_add())
            edit.textEdited.connect(lambda _text: self.touched.emit())
        self.new_roles = RoleBoxes()
        self.phrase = SecretField(
            icons,
            pgettext("users", "First passphrase"),
            _("Hand it over on paper; its owner changes it at the first unlocking."),
        )
        self.phrase.setMaximumWidth(480)
        self.offer_button = Button(pgettext("settings", "Offer six words"))
        self.add = Button(pgettext("users", "Add the user"), "primary")
        fresh = self.group(pgettext("users", "Another user"))
        fresh.addWidget(Field(pgettext("users", "Name"), self.name, icons=icons))
        fresh.addWidget(self.new_roles)
        self._login_field = Field(
            _("Login name"), self.login, _("It is seen before unlocking, so it should name nobody."), icons=icons
        )
        fresh.addWidget(self._login_field)
        fresh.addWidget(self.phrase)
        fresh.addLayout(row_of(self.offer_button, self.add))
        self.table.selectionModel().currentChanged.connect(lambda index, _before: self._choose(index))
        self.save_roles.clicked.connect(self._save_roles)
        self.close_button.clicked.connect(self._close)
        self.secret.changed.connect(lambda: self.close_button.setEnabled(bool(self.secret.text())))
        self.offer_button.clicked.connect(self._offer)
        self.phrase.changed.connect(self._may_add)
        for box in self.new_roles.boxes.values():
            box.toggled.connect(lambda _on: self._may_add())
        self.add.clicked.connect(self._add)
        icons.theme.changed.connect(self._fit_columns)
        self._fit_columns()
        self._show_chosen(None)
        self._may_add()

    def first(self) -> QWidget:
        """Return the table."""
        return self.table

    def state(self) -> dict[str, Any]:
        """Return the user that is being added; never a passphrase."""
        roles = sorted(self.new_roles.roles())
        return {"name": self.name.text(), "login": self.login.text(), "roles": [str(role) for role in roles]}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take the user that was being added."""
        self.name.setText(str(state.get("name") or ""))
        self.login.setText(str(state.get("login") or ""))
        self.new_roles.show_roles(frozenset(Role(word) for word in state.get("roles") or () if word in set(Role)))

    def load(self) -> None:
        """Ask for all accounts."""
        room = self.room
        self.ask("users", lambda: list_users(room.actor, room.desk), self._show)

    def _show(self, found: tuple[UserLine, ...]) -> None:
        chosen = self._model.key_at(self.table.currentIndex().row())
        self._lines = {line.account.id: line for line in found}
        self._model.show([(line.account.id, _cells(line)) for line in found])
        row = self._model.row_of(chosen)
        if row >= 0:
            self.table.setCurrentIndex(self._model.index(row, 0))
        self._show_chosen(self._lines.get(chosen))

    def _choose(self, index: QModelIndex) -> None:
        self._show_chosen(self._lines.get(self._model.key_at(index.row())) if index.isValid() else None)

    def _show_chosen(self, line: UserLine | None) -> None:
        is_open = line is not None and not line.account.closed
        is_other = line is not None and line.account.id != self.room.actor.account_id
        for widget in (self.roles, self.save_roles):
            widget.setVisible(is_open)
        for part in (self.secret, self.close_button):
            part.setVisible(is_open and is_other)
        self.secret.clear()
        self.close_button.setEnabled(False)
        if line is None:
            self._chosen.setText(_("Choose a line to change roles or to close an account."))
        else:
            self._chosen.setText(line.account.name)
            self.roles.show_roles(line.account.roles)

    def _current(self) -> str:
        return self._model.key_at(self.table.currentIndex().row())

    def _save_roles(self) -> None:
        room, account_id, roles = self.room, self._current(), self.roles.roles()
        self.change(lambda: set_roles(room.actor, room.desk, account_id, roles))

    def _close(self) -> None:
        room, account_id = self.room, self._current()
        credential = self.secret.credential(room.desk.vault.slot.login or None)
        self.secret.clear()
        self.change_slowly(
            lambda through: close_user(room.actor, room.desk, account_id, credential, through=through),
            None,
            _("The account was closed."),
        )

    def _needs_key(self) -> bool:
        roles = self.new_roles.roles()
        return not roles or not roles <= KEYLESS_ROLES

    def _may_add(self) -> None:
        needs = self._needs_key()
        for widget in (self._login_field, self.phrase, self.offer_button):
            widget.setEnabled(needs)
        ready = bool(self.name.text().strip()) and bool(self.new_roles.roles())
        self.add.setEnabled(ready and (not needs or bool(self.login.text().strip() and self.phrase.text())))

    def _offer(self) -> None:
        self.phrase.setText(offer(self.room.entropy))
        self.phrase.show_text(shown=True)

    def _add(self) -> None:
        room, name, roles = self.room, self.name.text(), self.new_roles.roles()
        login, phrase = self.login.text().strip(), self.phrase.text()
        self.add.setEnabled(False)
        self.change_slowly(
            lambda through: add_user(
                room.actor, room.desk, name, roles, login, phrase, entropy=room.entropy, through=through
            ),
            self._added,
            _("The user was added."),
        )

    def _added(self, _view: AccountView) -> None:
        for edit in (self.name, self.login):
            edit.clear()
        self.phrase.clear()
        self.new_roles.show_roles(frozenset())
        self.touched.emit()

    def refuse(self, error: BaseException) -> None:
        """Say why; what was typed about a new user stays."""
        super().refuse(error)
        self._may_add()

    def _fit_columns(self) -> None:
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        scale = self.room.icons.theme.pixels("size.base") / 14
        for column, width in enumerate((140, 300, 120, 150)):
            header.resizeSection(column, round(width * scale))


def _cells(line: UserLine) -> tuple[Cell, ...]:
    account = line.account
    roles = pgettext("users", ", ").join(role_word(role) for role in _ORDER if role in account.roles)
    if account.closed:
        chip = ChipFace(pgettext("users", "closed"), "plain")
    elif account.has_key:
        words = pgettext("users", "this computer only") if line.bound else pgettext("users", "has a passphrase")
        chip = ChipFace(words, "accent", "mdi6.key-outline")
    else:
        chip = ChipFace(pgettext("users", "on paper"), "slate")
    return Cell(account.name, bold=not account.closed), Cell(roles), Cell(line.login or "—"), Cell(chip=chip), Cell()
