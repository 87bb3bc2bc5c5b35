"""从备份恢复 where no vault is open: the backup, a sheet, the place, and a new passphrase for the restored vault."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counselroom import paths
from counselroom.desktop.clock import Clock
from counselroom.desktop.drives import RemovableDrives
from counselroom.i18n import _, pgettext
from counselroom.services.accounts import AccountView, list_accounts
from counselroom.services.restore_elsewhere import RestoredRoom, restore_to_new_place
from counselroom.ui.background import Background
from counselroom.ui.file_chooser import FileChooser
from counselroom.ui.first_run.account_step import AccountStep
from counselroom.ui.first_run.passphrase_step import PassphraseStep
from counselroom.ui.first_run.place_step import PlaceStep
from counselroom.ui.first_run.restore_steps import BackupFileStep, SheetDigitsStep
from counselroom.ui.first_run.step import Step
from counselroom.ui.first_run.wizard import Wizard
from counselroom.ui.messages import plain_sentence
from counselroom.ui.room import Opened
from counselroom.ui.theme.icons import Icons
from counselroom.vault.keys.argon import KdfParameters
from counselroom.vault.progress import Cancelled
from counselroom.vault.progress import Step as Part
from counselroom.vault.state import AnchorStore


class RestoreWizard(QWidget):
    """Four steps; the last one writes the vault and opens it. Several accounts make a fifth: whose passphrase it is.

    Attributes:
        restored: carries the folder, the login name and the `Opened` vault.
        given_up: back to the page before.
    """

    restored = Signal(object, str, object)
    given_up = Signal()

    def __init__(
        self,
        icons: Icons,
        *,
        files: FileChooser,
        drives: RemovableDrives,
        clock: Clock,
        entropy: Callable[[int], bytes],
        new_id: Callable[[], str],
        anchors: Callable[[], AnchorStore],
        kdf: KdfParameters | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._entropy = entropy
        self._new_id = new_id
        self._anchors = anchors
        self._kdf = kdf
        self._background = Background(self)
        self.file = BackupFileStep(icons, files)
        self.sheet = SheetDigitsStep(icons)
        self.place = PlaceStep(
            icons,
            files,
            drives,
            free_folder(paths.default_vault_folder()),
            _("Where the restored vault shall be"),
            _("A new folder; a vault that is on this computer stays as it is."),
        )
        self.passphrase = PassphraseStep(
            icons,
            entropy,
            _("Set a new passphrase"),
            _("It opens the restored vault from now on; the sheets go on opening it too."),
            pgettext("restore", "Restore"),
        )
        self.account = AccountStep()
        self._steps: tuple[Step, ...] = (self.file, self.sheet, self.place, self.passphrase, self.account)
        names = (
            pgettext("restore", "Choose the backup"),
            pgettext("restore", "Recovery sheet"),
            pgettext("restore", "Place"),
            pgettext("restore", "New passphrase"),
            pgettext("restore", "Account"),
        )
        self.wizard = Wizard(
            icons,
            pgettext("restore", "Restore from a backup"),
            names,
            _("Nothing goes over the network. The backup itself is never changed."),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.wizard)
        self.wizard.hold(*self._steps)
        for step in (self.file, self.sheet, self.place):
            step.finished.connect(self._go_on)
        self.passphrase.finished.connect(self._restore)
        self.passphrase.cancel_button.clicked.connect(self._background.cancel)
        self.account.finished.connect(lambda: self._show(self._steps.index(self.passphrase)))
        self.wizard.back_wanted.connect(self._go_back)
        self._show(0)

    def is_busy(self) -> bool:
        """Tell whether the vault is being written."""
        return self._background.is_busy()

    def _show(self, at: int) -> None:
        self.wizard.show_step(at + 1, self._steps[at], can_go_back=self._steps[at] is not self.account)

    def _at(self) -> int:
        return self._steps.index(self.wizard.step())

    def _go_on(self) -> None:
        facts = self.file.facts()
        if facts is not None:
            self.sheet.use_file(facts.path)
        self._show(self._at() + 1)

    def _go_back(self) -> None:
        if self._at():
            self._show(self._at() - 1)
        else:
            self.given_up.emit()

    def _restore(self) -> None:
        facts = self.file.facts()
        if facts is None:
            return
        backup, folder, digits = facts.path, self.place.folder(), self.sheet.digits()
        login, passphrase, background = self.passphrase.login(), self.passphrase.passphrase(), self._background

        def tell(part: Part, done: int, whole: int) -> None:
            del part
            background.tell(lambda: self.passphrase.set_progress(done, whole))

        def choose(accounts: Sequence[AccountView]) -> str:
            background.tell(lambda: self._ask_whose(accounts))
            return self.account.answer()

        def work() -> tuple[RestoredRoom, str]:
            room = restore_to_new_place(
                backup,
                folder,
                sheet=digits,
                login=login,
                passphrase=passphrase,
                clock=self._clock,
                entropy=self._entropy,
                new_id=self._new_id,
                anchors=self._anchors(),
                kdf=self._kdf,
                progress=tell,
                cancel=background.is_cancelled,
                choose=choose,
            )
            names = {account.id: account.name for account in list_accounts(room.actor, room.desk)}
            return room, names.get(room.actor.account_id, "")

        if background.run(work, lambda found: self._enter(folder, login, *found), self._refuse):
            self.passphrase.set_busy(
                _("Restoring; every part is checked. This takes a while with a large backup."), can_cancel=True
            )

    def _ask_whose(self, accounts: Sequence[AccountView]) -> None:
        self.account.offer(accounts)
        self._show(self._steps.index(self.account))
        self.account.first().setFocus()

    def _enter(self, folder: Path, login: str, room: RestoredRoom, name: str) -> None:
        self.passphrase.forget()
        self.sheet.forget()
        told = _("The backup was restored: {rows} rows, all checked. Numbers go on above those printed before.").format(
            rows=f"{room.rows:,}"
        )
        self.restored.emit(folder, login, Opened(room.desk, room.actor, name, None, (told,)))

    def _refuse(self, error: BaseException) -> None:
        if isinstance(error, Cancelled):
            self.passphrase.refuse(_("Stopped. Nothing was restored, and the backup is as it was."))
        else:
            self.passphrase.refuse(plain_sentence(error))


def free_folder(proposed: Path) -> Path:
    """Return `proposed`, or where something is there already the same with a number."""
    number, folder = 1, proposed
    while folder.exists():
        number += 1
        folder = proposed.with_name(f"{proposed.name}-{number}")
    return folder
