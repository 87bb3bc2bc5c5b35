"""Typing a secret once more: the passphrase, or the digits of a recovery sheet."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.passphrase_edit import PassphraseEdit
from counselroom.ui.widgets.segmented import Segmented
from counselroom.vault.keys.unlocking import Credential, Passphrase, Sheet

PASSPHRASE, SHEET = "passphrase", "sheet"


class SecretField(QWidget):
    """A hidden line, and where `sheets` are taken too the choice between the two. It is never part of a draft.

    Attributes:
        changed: something was typed.
        submitted: Enter was pressed.
    """

    changed = Signal()
    submitted = Signal()

    def __init__(
        self, icons: Icons, label: str, hint: str = "", *, sheets: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._kind = Segmented(
            ((PASSPHRASE, pgettext("secret", "Passphrase")), (SHEET, pgettext("secret", "Recovery sheet")))
        )
        self._edit = PassphraseEdit(icons.theme, "key-outline")
        self._show = Button(pgettext("secret", "Show"), "text")
        self._shown = False
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._edit, 1)
        row.addWidget(self._show)
        self._hint = hint
        self._field = Field(label, line, hint, icons=icons)
        self._edit.setAccessibleName(label)
        self._edit.setMinimumSize(QSize(180, 0))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        row_of_kinds = QHBoxLayout()
        row_of_kinds.addWidget(self._kind)
        row_of_kinds.addStretch(1)
        column.addLayout(row_of_kinds)
        if not sheets:  # showing it before it has a parent would open a window
            self._kind.hide()
        column.addWidget(self._field)
        self._show.clicked.connect(self._toggle)
        self._kind.changed.connect(self._kind_changed)
        self._edit.textChanged.connect(self._typed)
        self._edit.returnPressed.connect(self.submitted)
        self._edit.caps_lock_seen.connect(self._warn)

    def begin(self) -> None:
        """Give the keyboard to the line. Not a focus proxy: with one, Tab never leaves a composed widget."""
        self._edit.setFocus()

    def text(self) -> str:
        """Return what was typed."""
        return self._edit.text()

    def setText(self, text: str) -> None:  # noqa: N802 - as Qt's own fields
        """Put a text in, as an offered phrase."""
        self._edit.setText(text)

    def credential(self, login: str | None) -> Credential:
        """Return what was typed, as the passphrase of `login` or as a sheet."""
        if self._kind.current() == SHEET:
            return Sheet(self.text())
        return Passphrase(self.text(), login)

    def clear(self) -> None:
        """Forget what was typed."""
        self._edit.clear()
        self._set_shown(shown=False)
        self.set_error("")

    def set_error(self, text: str) -> None:
        """Show an error in the place of the hint."""
        self._field.set_error(text)

    def error(self) -> str:
        """Return the error that is shown."""
        return self._field.error()

    def set_hint(self, text: str) -> None:
        """Change the line below."""
        self._hint = text
        self._field.set_hint(text)

    def show_text(self, *, shown: bool) -> None:
        """Show or hide what is typed."""
        self._set_shown(shown=shown)

    def _toggle(self) -> None:
        self._set_shown(shown=not self._shown)

    def _set_shown(self, *, shown: bool) -> None:
        self._shown = shown
        self._edit.show_text(shown=shown)
        self._show.setText(pgettext("secret", "Hide") if shown else pgettext("secret", "Show"))
        self._show.updateGeometry()

    def _kind_changed(self) -> None:
        self._edit.clear()
        self._edit.setFocus()

    def _typed(self) -> None:
        if self._field.error():
            self._field.set_error("")
        self.changed.emit()

    def _warn(self, caps: bool) -> None:
        self._field.set_hint(_("Caps lock is on.") if caps else self._hint)
