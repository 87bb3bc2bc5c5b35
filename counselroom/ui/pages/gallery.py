"""Every component in every state on one page, for whoever changes the look. Reached by a developer's option only."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from counselroom.ui.pages.gallery_lists import clock_samples, palette_sample, table_sample
from counselroom.ui.pages.gallery_notices import notice_samples, question_sample
from counselroom.ui.pages.gallery_parts import (
    button_samples,
    chip_samples,
    colour_samples,
    field_samples,
    text_samples,
)
from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.widgets.page_header import PageHeader
from counselroom.ui.widgets.rail import Rail, RailItem
from counselroom.ui.widgets.status_bar import StatusBar
from counselroom.ui.widgets.top_bar import TopBar

ITEMS = (
    RailItem("today", "今日", "mdi6.white-balance-sunny", "Alt 1"),
    RailItem("calendar", "日程", "mdi6.calendar-week", "Alt 2"),
    RailItem("students", "学生", "mdi6.account-school-outline", "Alt 3"),
    RailItem("cases", "个案", "mdi6.folder-heart-outline", "Alt 4"),
)
BOTTOM = (
    RailItem("backup", "备份", "mdi6.usb-flash-drive-outline", "Alt 0"),
    RailItem("settings", "设置", "mdi6.cog-outline"),
)

COMPACT_WIDTH, COMPACT_HEIGHT, LOW = 1200, 640, 760
"""Sizes of the client area below which the frame takes less room, in pixels."""


class Gallery(QWidget):
    """The window's frame around all components. Names and numbers are invented."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gallery")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.theme = theme
        self.rail = Rail(icons, ITEMS, BOTTOM)
        self.rail.set_current("today")
        self.rail.chosen.connect(self.rail.set_current)
        self.top_bar = TopBar(icons)
        self.top_bar.set_user("林老师")
        self.header = PageHeader(icons, "设计元件", "数值见设计文件", back=True)
        for button in button_samples(icons).header:
            self.header.add_action(button)
        self.status_bar = StatusBar(icons)
        self.status_bar.set_saved("14:06")
        self.status_bar.set_backup("昨天 17:40")
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setWidget(self._page(icons))
        right = QVBoxLayout()
        right.setSpacing(0)
        for widget in (self.top_bar, self.header):
            right.addWidget(widget)
        right.addWidget(self.area, 1)
        top = QHBoxLayout()
        top.setSpacing(0)
        top.addWidget(self.rail)
        top.addLayout(right, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top, 1)
        whole.addWidget(self.status_bar)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Show the components as they are in a small window, when it is one."""
        super().resizeEvent(event)
        compact = self.width() < COMPACT_WIDTH or self.height() < COMPACT_HEIGHT
        self.rail.set_compact(compact, low=self.height() < LOW)
        self.top_bar.set_compact(compact)
        self.header.set_compact(compact)

    def _page(self, icons: Icons) -> QWidget:
        page = QFrame()
        page.setProperty("kind", "scrolled")
        grid = QGridLayout(page)
        grid.setContentsMargins(24, 0, 24, 24)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        samples = button_samples(icons)
        rows: tuple[tuple[QWidget, ...], ...] = (
            (colour_samples(self.theme),),
            (text_samples(),),
            (samples.page,),
            (field_samples(icons),),
            (chip_samples(icons),),
            (clock_samples(icons),),
            (table_sample(icons), question_sample(icons)),
            (notice_samples(icons),),
            (palette_sample(icons),),
        )
        for number, row in enumerate(rows):
            for column, widget in enumerate(row):
                span = 2 if len(row) == 1 else 1
                grid.addWidget(widget, number, column, 1, span)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(rows), 1)
        return page
