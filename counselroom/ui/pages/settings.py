"""设置: a list at the left, the chosen section at the right. What a section shows is its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QScrollArea, QVBoxLayout, QWidget

from counselroom.i18n import pgettext
from counselroom.ui.page import Page
from counselroom.ui.room import Room
from counselroom.ui.settings.appearance import AppearanceSection
from counselroom.ui.settings.audit import AuditSection
from counselroom.ui.settings.backups import BackupsSection
from counselroom.ui.settings.calendar import CalendarSection
from counselroom.ui.settings.parameters import ParametersSection
from counselroom.ui.settings.personal import PersonalSection
from counselroom.ui.settings.privacy import PrivacySection
from counselroom.ui.settings.school import SchoolSection
from counselroom.ui.settings.section import Section
from counselroom.ui.settings.sheets import SheetsSection
from counselroom.ui.settings.units import UnitsSection
from counselroom.ui.settings.users import UsersSection
from counselroom.ui.size_class import SizeClass
from counselroom.ui.widgets.tall import Tall

SECTIONS: dict[str, Callable[[Room], Section]] = {
    "personal": PersonalSection,
    "sheets": SheetsSection,
    "school": SchoolSection,
    "units": UnitsSection,
    "calendar": CalendarSection,
    "privacy": PrivacySection,
    "appearance": AppearanceSection,
    "backups": BackupsSection,
    "users": UsersSection,
    "parameters": ParametersSection,
    "audit": AuditSection,
}
"""The sections in the order of the list."""
_ICONS = {
    "personal": "mdi6.account-outline",
    "sheets": "mdi6.file-key-outline",
    "school": "mdi6.school-outline",
    "units": "mdi6.account-group-outline",
    "calendar": "mdi6.calendar-month-outline",
    "privacy": "mdi6.eye-off-outline",
    "appearance": "mdi6.palette-outline",
    "backups": "mdi6.usb-flash-drive-outline",
    "users": "mdi6.account-multiple-outline",
    "parameters": "mdi6.tune-variant",
    "audit": "mdi6.clipboard-text-clock-outline",
}


def section_word(key: str) -> str:
    """Return what the list calls a section."""
    return {
        "personal": pgettext("settings", "Me and my passphrase"),
        "sheets": pgettext("settings", "Recovery sheets"),
        "school": pgettext("settings", "School and rooms"),
        "units": pgettext("settings", "Grades and classes"),
        "calendar": pgettext("settings", "Years and calendar"),
        "privacy": pgettext("settings", "Privacy"),
        "appearance": pgettext("settings", "Appearance"),
        "backups": pgettext("settings", "Backups"),
        "users": pgettext("settings", "Users"),
        "parameters": pgettext("settings", "Parameters"),
        "audit": pgettext("settings", "Audit log"),
    }[key]


class SettingsPage(Page):
    """Makes each section when it is first wanted."""

    def __init__(self, room: Room, key: str, parent: QWidget | None = None) -> None:
        super().__init__(room, key, pgettext("page", "Settings"), parent)
        self._made: dict[str, Section] = {}
        self._areas: dict[str, QScrollArea] = {}
        self._kept: dict[str, Any] = {}
        self._list = QListWidget()
        self._list.setAccessibleName(pgettext("settings", "Sections"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for each in SECTIONS:
            item = QListWidgetItem(section_word(each))
            item.setData(Qt.ItemDataRole.UserRole, each)
            self._list.addItem(item)
        self._side = QFrame()
        self._side.setProperty("kind", "panel")
        side = QVBoxLayout(self._side)
        side.setContentsMargins(4, 6, 4, 6)
        side.addWidget(self._list)
        self._right = QVBoxLayout()
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._side)
        row.addLayout(self._right, 1)
        self.body.addLayout(row)
        self._dress()
        self._list.currentRowChanged.connect(lambda _row: self._turned())
        room.icons.theme.changed.connect(self._dress)
        self._list.setCurrentRow(0)

    def section(self) -> Section:
        """Return the section that is shown."""
        return self._made[self._key()]

    def go_to(self, key: str) -> None:
        """Show a section."""
        if key in SECTIONS:
            self._list.setCurrentRow(list(SECTIONS).index(key))

    def panels(self) -> Sequence[QWidget]:
        """Return the list and the first field of the section."""
        return (self._list, self.section().first())

    def first(self) -> QWidget:
        """Return the list."""
        return self._list

    def state(self) -> dict[str, Any]:
        """Return the section that is shown and what is typed in each."""
        typed = {key: section.state() for key, section in self._made.items()}
        return {"section": self._key(), "typed": {**self._kept, **typed}}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go to the section of before; what was typed in the others comes back when they are opened."""
        self._kept = {key: kept for key, kept in dict(state.get("typed") or {}).items() if key in SECTIONS}
        for key, section in self._made.items():
            if key in self._kept:
                section.restore(self._kept.pop(key))
        self.go_to(str(state.get("section") or ""))

    def set_size_class(self, size: SizeClass, height: int) -> None:
        """Keep the list narrow in a small window."""
        super().set_size_class(size, height)
        if hasattr(self, "_side"):
            self._side.setVisible(size > SizeClass.MINI)

    def _key(self) -> str:
        item = self._list.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else next(iter(SECTIONS))

    def _turned(self) -> None:
        key = self._key()
        if key not in self._made:
            self._make(key)
        for other, area in self._areas.items():
            area.setVisible(other == key)
        self._made[key].see()
        self.touched.emit()

    def _make(self, key: str) -> None:
        section = SECTIONS[key](self.room)
        self._made[key] = section
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(Tall(section))
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._areas[key] = area
        self._right.addWidget(area)
        section.touched.connect(self.touched)
        if key in self._kept:
            section.restore(self._kept.pop(key))

    def _dress(self) -> None:
        theme = self.room.icons.theme
        self._side.setFixedWidth(round(188 * theme.pixels("size.base") / 14))
        for number in range(self._list.count()):
            item = self._list.item(number)
            item.setIcon(self.room.icons.icon(_ICONS[str(item.data(Qt.ItemDataRole.UserRole))]))
            item.setSizeHint(QSize(0, theme.pixels("height.control") + 4))
