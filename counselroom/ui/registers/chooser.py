"""The registers of the room as a list, each with how many rows it has."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QWidget

from counselroom.i18n import pgettext
from counselroom.services.registers import RegisterCount
from counselroom.ui.theme.icons import Icons

_KEY = Qt.ItemDataRole.UserRole + 1
_ICON = _KEY + 1


class RegisterChooser(QListView):
    """The list at the left.

    Attributes:
        chosen: carries the key of the register somebody has gone to.
    """

    chosen = Signal(str)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._items = QStandardItemModel(self)
        self.setModel(self._items)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(pgettext("page", "Registers"))
        self.selectionModel().currentChanged.connect(self._choose)
        icons.theme.changed.connect(self._dress)

    def show_registers(self, found: Sequence[RegisterCount], current: str) -> None:
        """Show these, and stand on the one with the key `current`."""
        blocked = self.selectionModel().blockSignals(True)
        self._items.clear()
        for each in found:
            item = QStandardItem(f"{each.register.title}　{each.rows:,}")
            item.setData(each.register.key, _KEY)
            item.setData(each.register.icon, _ICON)
            item.setToolTip(f"{each.register.form_id}　{each.register.title}")
            self._items.appendRow(item)
            if each.register.key == current:
                self.setCurrentIndex(item.index())
        self.selectionModel().blockSignals(blocked)
        self._dress()

    def _dress(self) -> None:
        high = self._icons.theme.pixels("height.row")
        for number in range(self._items.rowCount()):
            item = self._items.item(number)
            item.setIcon(self._icons.icon(str(item.data(_ICON)), "ink2"))
            item.setSizeHint(QSize(0, high))

    def _choose(self, now: QModelIndex, _before: QModelIndex) -> None:
        if key := str(now.data(_KEY) or ""):
            self.chosen.emit(key)
