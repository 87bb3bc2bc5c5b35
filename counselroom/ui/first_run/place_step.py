"""资料库: where the vault shall be. A share or a synced folder is refused with the reason."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from counselroom.desktop.drives import RemovableDrives
from counselroom.desktop.places import require_fit
from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.ui.background import Background
from counselroom.ui.file_chooser import FileChooser
from counselroom.ui.first_run.step import Step
from counselroom.ui.messages import plain_sentence
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.banner import Banner
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.vault.keys.slot_file import FILE_NAMES


class VaultThere(UserError):
    """The folder holds a vault already."""


class PlaceStep(Step):
    """A folder on this computer.

    Attributes:
        open_wanted: carries the folder of a vault that is there already and shall be opened.
    """

    open_wanted = Signal(object)

    def __init__(
        self,
        icons: Icons,
        files: FileChooser,
        drives: RemovableDrives,
        proposed: Path,
        title: str,
        lead: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("place", title, lead, parent)
        self._files = files
        self._drives = drives
        self._background = Background(self)
        self._edit = QLineEdit(str(proposed))
        self._edit.setMinimumWidth(240)
        self._browse = Button(_("Choose a folder"), icon=icons.named("mdi6.folder-outline"))
        self._field = Field(
            _("Folder of the vault"),
            self._edit,
            _("The folder must be empty or new, and on the disk of this computer."),
            icons=icons,
        )
        open_it = Button(_("Open this vault"), size="compact")
        open_it.clicked.connect(lambda: self.open_wanted.emit(self.folder()))
        self._there = Banner(
            icons,
            "mdi6.database-check-outline",
            _("There is a vault in this folder already. It was left as it is."),
            "accent",
            open_it,
        )
        self._there.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._field, 1)
        beside = QVBoxLayout()
        beside.addSpacing(20)
        beside.addWidget(self._browse)
        beside.addStretch(1)
        row.addLayout(beside)
        self.column.addLayout(row)
        self.column.addWidget(self._there)
        self.column.addWidget(
            Banner(
                icons,
                "mdi6.information-outline",
                _(
                    "Not in a folder that OneDrive, Nutstore, Baidu, iCloud, Dropbox or WPS copies to the cloud, and "
                    "not on a network drive: copies made while the program writes damage the vault."
                ),
                "accent",
            )
        )
        self._edit.textChanged.connect(self._look_again)
        self._browse.clicked.connect(self._choose)

    def folder(self) -> Path:
        """Return the folder as typed."""
        return Path(self._edit.text().strip()).expanduser()

    def set_folder(self, folder: Path) -> None:
        """Fill in a folder."""
        self._edit.setText(str(folder))

    def error(self) -> str:
        """Return why the folder was refused."""
        return self._field.error()

    def missing(self) -> str:
        """Return that a folder is needed."""
        return "" if self._edit.text().strip() else _("Please choose a folder.")

    def is_busy(self) -> bool:
        """Tell whether the folder is being looked at, which a dead network drive makes slow."""
        return self._background.is_busy()

    def go(self) -> None:
        """Look at the folder."""
        folder, drives = self.folder(), self._drives
        self._background.run(lambda: require_usable(folder, drives), lambda _none: self._fits(), self._refuse)
        self.changed.emit()

    def first(self) -> QWidget:
        """Return the field."""
        return self._edit

    def state(self) -> dict[str, Any]:
        """Return the folder."""
        return {"folder": self._edit.text()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Fill in the folder of before."""
        if state.get("folder"):
            self._edit.setText(str(state["folder"]))

    def _look_again(self) -> None:
        self._field.set_error("")
        self._there.hide()
        self.changed.emit()
        self.touched.emit()

    def _choose(self) -> None:
        folder = self._files.folder(self, _("Folder of the vault"))
        if folder is not None:
            self.set_folder(folder)
            self._edit.setFocus()

    def _fits(self) -> None:
        self.changed.emit()
        self.finished.emit()

    def _refuse(self, error: BaseException) -> None:
        self._field.set_error(plain_sentence(error))
        self._there.setVisible(isinstance(error, VaultThere))
        self.changed.emit()
        self._edit.setFocus()
        self._edit.selectAll()


def require_usable(folder: Path, drives: RemovableDrives) -> None:
    """Refuse a folder in which no vault can be made.

    Raises:
        VaultThere: there is one.
        UserError: a share, a synced folder, not empty, no folder at all, or not writable.
    """
    if not folder.is_absolute():
        raise UserError(
            _("This is not the whole path of a folder."), "", _("Please choose the folder with the button beside it.")
        )
    if any((folder / name).exists() for name in FILE_NAMES):
        raise VaultThere(
            _("There is a vault in this folder already."),
            _("It was left as it is."),
            _("Open it, or choose another folder for a new one."),
        )
    require_fit(folder, drives)
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UserError(
                _("The folder for the new vault is not empty."),
                _("Nothing in it was touched."),
                _("Please choose an empty or a new folder."),
            )
    except OSError:
        raise _no_access() from None
    above = next(place for place in (folder, *folder.parents) if place.exists())
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise _no_access()


def _no_access() -> UserError:
    return UserError(
        _("Your account on this computer may not write into this folder."),
        _("Nothing was changed."),
        _("Please choose another folder, such as the one proposed."),
    )
