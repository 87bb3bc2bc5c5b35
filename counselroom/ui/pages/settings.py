"""设置: how the window looks on this computer, and when it locks itself. Saved at once, with undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from counselroom.desktop.machine_settings import MachineSettings
from counselroom.i18n import _, pgettext
from counselroom.ui.page import Page
from counselroom.ui.room import Room
from counselroom.ui.theme.tokens import Mode, TextScale
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.panel import Panel
from counselroom.ui.widgets.segmented import Segmented

_MINUTES = (1, 2, 3, 5, 10, 15, 20, 30)


class SettingsPage(Page):
    """Appearance and privacy of this computer."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Settings"), parent)
        current = room.settings.current
        self._mode = Segmented(((Mode.LIGHT, pgettext("settings", "Light")), (Mode.DARK, pgettext("settings", "Dark"))))
        self._scale = Segmented(
            (
                (TextScale.STANDARD, pgettext("settings", "Standard")),
                (TextScale.LARGE, pgettext("settings", "Large")),
                (TextScale.LARGEST, pgettext("settings", "Largest")),
            )
        )
        self._idle = QComboBox()
        for minutes in sorted({*_MINUTES, current.idle_minutes}):
            self._idle.addItem(pgettext("settings", "{minutes} min").format(minutes=minutes), minutes)
        self._idle.setFixedWidth(160)
        self._idle.view().setAccessibleName(_("Lock after so many minutes without a key or the mouse"))
        self._show(current)
        icons = room.icons
        also = _("Also: {larger} and {smaller}").format(larger="Ctrl +", smaller="Ctrl −")
        look = QVBoxLayout()
        look.addWidget(Field(pgettext("settings", "Colours"), self._mode, icons=icons))
        look.addSpacing(16)
        look.addWidget(Field(pgettext("settings", "Text size"), self._scale, also, icons=icons))
        privacy = QVBoxLayout()
        privacy.addWidget(
            Field(
                _("Lock after so many minutes without a key or the mouse"),
                self._idle,
                _("F12 locks at once. The room is also locked when the computer wakes up."),
                icons=icons,
            )
        )
        whole = self.scroll_body()
        for title, layout in (
            (pgettext("settings", "Appearance"), look),
            (pgettext("settings", "Privacy"), privacy),
        ):
            panel = Panel(title)
            inner = QWidget()
            layout.setContentsMargins(16, 12, 16, 16)
            inner.setLayout(layout)
            panel.set_body(inner)
            panel.setMaximumWidth(720)
            whole.addWidget(panel)
            whole.addSpacing(16)
        whole.addStretch(1)
        self._mode.changed.connect(lambda mode: self._change(replace(room.settings.current, mode=mode)))
        self._scale.changed.connect(lambda scale: self._change(replace(room.settings.current, text_scale=scale)))
        self._idle.currentIndexChanged.connect(
            lambda: self._change(replace(room.settings.current, idle_minutes=self._idle.currentData()))
        )
        room.icons.theme.changed.connect(self._follow)

    def panels(self) -> Sequence[QWidget]:
        """Return the three settings."""
        return (self._mode, self._scale, self._idle)

    def _change(self, settings: MachineSettings) -> None:
        self.room.settings.change(settings)
        theme = self.room.icons.theme
        theme.set_mode(Mode(settings.mode))
        theme.set_scale(TextScale(settings.text_scale))
        self.room.set_idle_minutes(settings.idle_minutes)
        self.room.messages.say(_("The setting was saved."))

    def _follow(self) -> None:
        """The text size was changed by the keyboard."""
        theme = self.room.icons.theme
        self._show(replace(self.room.settings.current, mode=theme.mode, text_scale=theme.scale))

    def _show(self, settings: MachineSettings) -> None:
        for widget in (self._mode, self._scale, self._idle):
            widget.blockSignals(True)
        self._mode.set_current(settings.mode)
        self._scale.set_current(settings.text_scale)
        self._idle.setCurrentIndex(self._idle.findData(settings.idle_minutes))
        for widget in (self._mode, self._scale, self._idle):
            widget.blockSignals(False)
