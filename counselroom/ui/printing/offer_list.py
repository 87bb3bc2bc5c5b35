"""The left side of the print preview: the sheets that can be made from this subject."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from counselroom.i18n import _, pgettext
from counselroom.services.print_offers import Offer
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.label import Label

_OFFER = Qt.ItemDataRole.UserRole + 1


class OfferList(QFrame):
    """Sheets to choose from; a tick for those that were printed before.

    Attributes:
        chosen: carries the `Offer` chosen by the user.
    """

    chosen = Signal(object)

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self.setProperty("kind", "panel")
        self.setFixedWidth(216)
        self._title = Label("", "meta")
        self._title.setContentsMargins(14, 0, 14, 0)
        self._hint = Label(_("A tick: printed before."), "hint", wrap=True)
        self._hint.setContentsMargins(14, 0, 14, 0)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Forms for this subject"))
        self.list.setIconSize(QSize(20, 20))
        self.list.setSpacing(1)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setWordWrap(True)
        self.list.currentItemChanged.connect(self._choose)
        icons.theme.changed.connect(self._dress)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 10, 1, 10)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self.list, 1)
        column.addWidget(self._hint)

    def show_offers(self, title: str, offers: Sequence[Offer], current: Offer | None) -> None:
        """Show other sheets, without telling anybody of a choice."""
        self._title.setText(title)
        self._hint.setVisible(any(offer.entity_id for offer in offers))
        self.list.blockSignals(True)
        self.list.clear()
        for offer in offers:
            item = QListWidgetItem(f"{offer.title}\n{offer.form_id}　{offer.number}".rstrip("　"))
            item.setData(_OFFER, offer)
            said = f"{offer.title} {offer.number}".strip()
            before = pgettext("print", "printed before")
            item.setToolTip(f"{said}　{before}" if offer.is_printed else said)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, item.toolTip())
            self.list.addItem(item)
            if offer == current:
                self.list.setCurrentItem(item)
        self._dress()
        self.list.blockSignals(False)

    def _dress(self) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            offer: Offer = item.data(_OFFER)
            name, colour = ("mdi6.file-check-outline", "accent") if offer.is_printed else ("mdi6.file-outline", "ink2")
            item.setIcon(self._icons.icon(name, colour))

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_OFFER))
