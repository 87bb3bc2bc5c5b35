"""Before there is a vault to unlock: the choice between a new one, one that is there, and a backup.

What makes or restores a vault is imported when it is chosen, so that a locked process stays small.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from counselroom.desktop.clock import Clock
from counselroom.desktop.drives import drives_of_this_machine
from counselroom.desktop.machine_settings import SettingsFile
from counselroom.ui.file_chooser import FileChooser, QtFileChooser
from counselroom.ui.pages.no_vault import NoVaultPage
from counselroom.ui.program import Frame
from counselroom.ui.theme.theme import Theme
from counselroom.vault.keys.argon import KdfParameters
from counselroom.vault.state import AnchorStore

if TYPE_CHECKING:
    from counselroom.desktop.drives import RemovableDrives
    from counselroom.ui.first_run.restore_wizard import RestoreWizard
    from counselroom.ui.room import Opened


@dataclass(frozen=True)
class Tools:
    """What making and restoring a vault needs of this machine.

    Attributes:
        clock: where time comes from.
        entropy: `secrets.token_bytes`.
        new_id: makes ids.
        anchors: where anchors are kept.
        kdf: cost of a passphrase; calibrated when None.
        files: asks for files and folders.
        drives: sticks and disks; those of this machine when None.
    """

    clock: Clock
    entropy: Callable[[int], bytes]
    new_id: Callable[[], str]
    anchors: Callable[[], AnchorStore]
    kdf: KdfParameters | None = None
    files: FileChooser | None = None
    drives: RemovableDrives | None = None


@dataclass(frozen=True)
class Begun:
    """A vault to go on with.

    Attributes:
        folder: where it is.
        login: the login name that opened it; empty while it is locked.
        opened: the vault, when it was made or restored just now.
    """

    folder: Path
    login: str = ""
    opened: Opened | None = None


class Beginning(QObject):
    """Leads to a vault, in the one window.

    Attributes:
        settled: carries a `Begun`, or None when the window was closed.
    """

    settled = Signal(object)

    def __init__(self, frame: Frame, theme: Theme, settings: SettingsFile, tools: Tools, sentence: str = "") -> None:
        super().__init__(frame)
        self._frame = frame
        self._theme = theme
        self._settings = settings
        self._tools = tools
        self._page: QWidget | None = None
        frame.close_wanted.connect(self._give_up)
        self.choose(sentence)

    def page(self) -> QWidget | None:
        """Return what is shown."""
        return self._page

    def choose(self, sentence: str = "") -> None:
        """Show the three ways."""
        page = NoVaultPage(
            self._theme,
            self._tools.clock.now,
            sentence,
            begun=bool(self._settings.current.new_vault),
            files=self._tools.files,
        )
        page.new_wanted.connect(self.make)
        page.restore_wanted.connect(self.restore)
        page.chosen.connect(lambda folder: self._settle(Begun(folder)))
        self._put(page)
        page.first().setFocus()

    def make(self) -> None:
        """Show the first two steps of the first run."""
        from counselroom.ui.first_run.new_vault import NewVaultWizard
        from counselroom.ui.theme.icons import Icons

        tools = self._tools
        wizard = NewVaultWizard(
            Icons(self._theme, self._frame),
            files=tools.files or QtFileChooser(),
            drives=tools.drives or drives_of_this_machine(),
            settings=self._settings,
            clock=tools.clock,
            entropy=tools.entropy,
            new_id=tools.new_id,
            anchors=tools.anchors,
            kdf=tools.kdf,
        )
        wizard.made.connect(lambda folder, login, opened: self._settle(Begun(folder, login, opened)))
        wizard.open_wanted.connect(lambda folder: self._settle(Begun(folder)))
        wizard.given_up.connect(self.choose)
        self._put(wizard)
        wizard.wizard.step().first().setFocus()

    def restore(self) -> None:
        """Show the restore of a backup."""
        wizard = restore_wizard(self._theme, self._frame, self._tools)
        wizard.restored.connect(lambda folder, login, opened: self._settle(Begun(folder, login, opened)))
        wizard.given_up.connect(self.choose)
        self._put(wizard)
        wizard.wizard.step().first().setFocus()

    def _put(self, page: QWidget) -> None:
        before, self._page = self._page, page
        self._frame.stack.addWidget(page)
        self._frame.stack.setCurrentWidget(page)
        if before is not None:
            before.deleteLater()

    def _give_up(self) -> None:
        busy = getattr(self._page, "is_busy", None)
        if busy is None or not busy():
            self._settle(None)

    def _settle(self, begun: Begun | None) -> None:
        self._frame.close_wanted.disconnect(self._give_up)
        if self._page is not None:
            self._page.deleteLater()
            self._page = None
        self.settled.emit(begun)


def restore_wizard(theme: Theme, frame: Frame, tools: Tools) -> RestoreWizard:
    """Make the wizard that restores a backup where no vault is open."""
    from counselroom.ui.first_run.restore_wizard import RestoreWizard
    from counselroom.ui.theme.icons import Icons

    return RestoreWizard(
        Icons(theme, frame),
        files=tools.files or QtFileChooser(),
        drives=tools.drives or drives_of_this_machine(),
        clock=tools.clock,
        entropy=tools.entropy,
        new_id=tools.new_id,
        anchors=tools.anchors,
        kdf=tools.kdf,
    )
