"""Whose the new passphrase of a restored vault is, where several could have it."""

from __future__ import annotations

from collections.abc import Sequence
from queue import SimpleQueue

from PySide6.QtWidgets import QRadioButton, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.accounts import AccountView
from counselroom.ui.first_run.step import Step


class AccountStep(Step):
    """The accounts of the restored vault; the work that asked waits in its own thread."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "account",
            _("Whose passphrase is it?"),
            _("The vault is restored. The others get a passphrase from the director, in the settings under users."),
            parent,
        )
        self._answers: SimpleQueue[str] = SimpleQueue()
        self._accounts: list[tuple[str, QRadioButton]] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.column.addLayout(self._list)

    def offer(self, accounts: Sequence[AccountView]) -> None:
        """Show who could have it; the first is chosen."""
        for _id, button in self._accounts:
            button.deleteLater()
        self._accounts = []
        for account in accounts:
            button = QRadioButton(account.name)
            button.setAccessibleName(account.name)
            button.setChecked(not self._accounts)
            self._list.addWidget(button)
            self._accounts.append((account.id, button))

    def answer(self) -> str:
        """Wait for the id of the chosen account; for the thread of the work."""
        return self._answers.get()

    def next_words(self) -> str:
        """Return the verb."""
        return pgettext("restore", "Open the vault")

    def go(self) -> None:
        """Answer."""
        self._answers.put(next(account for account, button in self._accounts if button.isChecked()))
        self.finished.emit()

    def first(self) -> QWidget:
        """Return the first account."""
        return self._accounts[0][1] if self._accounts else self
