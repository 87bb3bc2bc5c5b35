"""The line at the bottom: saved, backed up, offline, help. States, never alarms."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.ui.theme.icons import Icons, icon_label
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.label import ElidedLabel


class StatusBar(QFrame):
    """Time of the last save, last verified backup, offline, F1.

    Attributes:
        help_wanted: show the keys of this page.
    """

    help_wanted = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "status_bar")
        self._theme = icons.theme
        self._saved = ElidedLabel("", "status")
        self._backup = ElidedLabel("", "status")
        offline = ElidedLabel(_("Offline; data stay in the encrypted vault on this computer"), "status")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 1, 8, 0)
        row.setSpacing(6)
        for icon, colour, label in (
            ("mdi6.content-save-check-outline", "accent", self._saved),
            ("mdi6.shield-check-outline", "accent", self._backup),
            ("mdi6.cloud-off-outline", "ink2", offline),
        ):
            row.addWidget(icon_label(icons.named(icon), colour, 14))
            row.addWidget(label)
            row.addSpacing(14)
        row.addStretch(1)
        self._help = Button(pgettext("window", "F1 keys"), "status")
        self._help.clicked.connect(self.help_wanted)
        row.addWidget(self._help)
        self.set_saved("")
        self.set_backup("")
        self._theme.changed.connect(self._fit)
        self._fit()

    def set_saved(self, time: str) -> None:
        """Show when everything was last saved (`14:06`)."""
        words = pgettext("window", "Saved {time}").format(time=time) if time else pgettext("window", "All saved")
        self._saved.setText(words)

    def set_backup(self, when: str) -> None:
        """Show when the last verified backup was made (`昨天 17:40`); empty: none yet."""
        words = _("Last backup {when}, verified").format(when=when) if when else pgettext("window", "No backup yet")
        self._backup.setText(words)

    def _fit(self) -> None:
        self.setFixedHeight(self._theme.pixels("height.status_bar"))
