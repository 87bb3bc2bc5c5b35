"""The first two steps of the first run: the place and the passphrase. At their end there is a vault, open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from counselroom import paths
from counselroom.desktop.clock import Clock
from counselroom.desktop.drives import RemovableDrives
from counselroom.desktop.machine_settings import SettingsFile
from counselroom.i18n import _, pgettext
from counselroom.services.first_run import FIRST_STEP, Founded, found_vault
from counselroom.services.recovery_sheets import Sheets
from counselroom.ui.background import Background
from counselroom.ui.file_chooser import FileChooser
from counselroom.ui.first_run.passphrase_step import PassphraseStep
from counselroom.ui.first_run.place_step import PlaceStep
from counselroom.ui.first_run.step import Step
from counselroom.ui.first_run.steps import step_names
from counselroom.ui.first_run.wizard import Wizard, resumable_note
from counselroom.ui.messages import plain_sentence
from counselroom.ui.room import Opened
from counselroom.ui.theme.icons import Icons
from counselroom.vault.keys.argon import KdfParameters
from counselroom.vault.state import AnchorStore


class NewVaultWizard(QWidget):
    """Asks where and with which passphrase, and makes the vault.

    Attributes:
        made: carries the folder, the login name and the `Opened` vault, whose first run goes on.
        open_wanted: carries the folder of a vault that is there already.
        given_up: back to the page before.
    """

    made = Signal(object, str, object)
    open_wanted = Signal(object)
    given_up = Signal()

    def __init__(
        self,
        icons: Icons,
        *,
        files: FileChooser,
        drives: RemovableDrives,
        settings: SettingsFile,
        clock: Clock,
        entropy: Callable[[int], bytes],
        new_id: Callable[[], str],
        anchors: Callable[[], AnchorStore],
        kdf: KdfParameters | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._clock = clock
        self._entropy = entropy
        self._new_id = new_id
        self._anchors = anchors
        self._kdf = kdf
        self._background = Background(self)
        begun = settings.current.new_vault
        self.place = PlaceStep(
            icons,
            files,
            drives,
            Path(begun) if begun else paths.default_vault_folder(),
            _("Where the vault shall be"),
            _("A vault is a folder on this computer that holds everything, encrypted."),
        )
        self.passphrase = PassphraseStep(
            icons,
            entropy,
            _("Set the passphrase"),
            _("It opens the vault each time. Nobody but you knows it, and nobody can send it to you."),
            pgettext("wizard", "Make the vault"),
        )
        self.wizard = Wizard(icons, pgettext("wizard", "First use"), step_names(), resumable_note())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.wizard)
        self.wizard.hold(self.place, self.passphrase)
        self.place.finished.connect(self._keep_place)
        self.place.open_wanted.connect(self.open_wanted)
        self.passphrase.finished.connect(self._make)
        self.wizard.back_wanted.connect(self._back)
        self._show(self.passphrase if begun else self.place)

    def is_busy(self) -> bool:
        """Tell whether the vault is being made."""
        return self._background.is_busy()

    def _show(self, step: Step) -> None:
        self.wizard.show_step(1 if step is self.place else 2, step, can_go_back=True)

    def _keep_place(self) -> None:
        self._settings.change(replace(self._settings.current, new_vault=str(self.place.folder())))
        self._show(self.passphrase)

    def _back(self) -> None:
        if self.wizard.step() is self.passphrase:
            self._show(self.place)
        else:
            self.given_up.emit()

    def _make(self) -> None:
        folder, login, passphrase = self.place.folder(), self.passphrase.login(), self.passphrase.passphrase()

        def work() -> Founded:
            return found_vault(
                folder,
                login,
                passphrase,
                clock=self._clock,
                entropy=self._entropy,
                new_id=self._new_id,
                anchors=self._anchors(),
                kdf=self._kdf,
            )

        if self._background.run(work, lambda founded: self._made(folder, login, founded), self._refuse):
            self.passphrase.set_busy(_("Making the vault; this takes a few seconds…"))

    def _made(self, folder: Path, login: str, founded: Founded) -> None:
        self.passphrase.forget()
        self._settings.change(replace(self._settings.current, new_vault="", vault=str(folder.absolute())))
        opened = Opened(
            founded.desk,
            founded.actor,
            login,
            None,
            (),
            first_run={"step": FIRST_STEP},
            sheets=Sheets(founded.sheet_a, founded.sheet_b),
        )
        self.made.emit(folder, login, opened)

    def _refuse(self, error: BaseException) -> None:
        self.passphrase.refuse(plain_sentence(error))
