"""外观: colours, text size, language of this computer."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from counselroom.desktop.machine_settings import MachineSettings
from counselroom.i18n import _, pgettext
from counselroom.ui.room import Room
from counselroom.ui.settings.section import Section, row_of
from counselroom.ui.theme.tokens import Mode, TextScale
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.segmented import Segmented


class AppearanceSection(Section):
    """How the window looks here."""

    def __init__(self, room: Room, parent: QWidget | None = None) -> None:
        super().__init__(room, pgettext("settings", "Appearance"), parent)
        self.mode = Segmented(
            (
                (Mode.LIGHT, pgettext("settings", "Light")),
                (Mode.DARK, pgettext("settings", "Dark")),
                (Mode.SYSTEM, pgettext("settings", "As the system")),
            )
        )
        self.scale = Segmented(
            (
                (TextScale.STANDARD, pgettext("settings", "Standard")),
                (TextScale.LARGE, pgettext("settings", "Large")),
                (TextScale.LARGEST, pgettext("settings", "Largest")),
            )
        )
        self.language = Segmented((("zh_CN", "中文"), ("en", "English")))
        also = _("Also: {larger} and {smaller}").format(larger="Ctrl +", smaller="Ctrl −")
        look = self.group(pgettext("settings", "Appearance"))
        look.addWidget(Field(pgettext("settings", "Colours"), self.mode, icons=room.icons))
        look.addWidget(Field(pgettext("settings", "Text size"), self.scale, also, icons=room.icons))
        words = self.group(pgettext("settings", "Language"))
        words.addWidget(
            Field(
                pgettext("settings", "Language of the window"),
                self.language,
                _("In force after the next lock or start. Forms and checklists stay in Chinese."),
                icons=room.icons,
            )
        )
        words.addLayout(row_of())
        self._show(room.settings.current)
        self.mode.changed.connect(lambda mode: self._keep(replace(room.settings.current, mode=mode)))
        self.scale.changed.connect(lambda scale: self._keep(replace(room.settings.current, text_scale=scale)))
        self.language.changed.connect(lambda word: self._keep(replace(room.settings.current, language=word)))
        room.icons.theme.changed.connect(self._follow)

    def first(self) -> QWidget:
        """Return the colours."""
        return self.mode

    def _keep(self, settings: MachineSettings) -> None:
        self.remember(settings, self._apply)

    def _apply(self, settings: MachineSettings) -> None:
        theme = self.room.icons.theme
        theme.set_mode(Mode(settings.mode))
        theme.set_scale(TextScale(settings.text_scale))
        self._show(settings)

    def _follow(self) -> None:
        """The text size was changed by the keyboard."""
        theme = self.room.icons.theme
        self._show(replace(self.room.settings.current, mode=theme.mode, text_scale=theme.scale))

    def _show(self, settings: MachineSettings) -> None:
        self.mode.set_current(settings.mode)
        self.scale.set_current(settings.text_scale)
        self.language.set_current(settings.language)
