"""The banner under a page's head, for a state that lasts."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from counselroom.ui.theme.icons import Icons, icon_label
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.label import Label

BannerTone = Literal["amber", "accent", "slate", "brick"]


class Banner(QFrame):
    """Soft fill, icon, what lasts, and one button. It never covers content."""

    def __init__(
        self,
        icons: Icons,
        icon_name: str,
        text: str,
        tone: BannerTone = "amber",
        button: Button | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "banner")
        self.setProperty("tone", tone)
        self.button = button
        self._text = Label(text, "meta_strong", wrap=True)
        self.setAccessibleName(text)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(icon_label(icons.named(icon_name), tone, 20), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._text, 1, Qt.AlignmentFlag.AlignVCenter)
        if button is not None:
            row.addSpacing(4)
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_text(self, text: str) -> None:
        """Say what lasts now."""
        self._text.setText(text)
        self.setAccessibleName(text)
