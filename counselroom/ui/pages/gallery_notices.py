"""Samples of what the program says: a question, a toast, progress, an empty list, banners; all texts are invented."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from counselroom.ui.pages.gallery_parts import column
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.banner import Banner
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.empty_state import EmptyState
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.progress_row import ProgressRow
from counselroom.ui.widgets.toast import Toast


def question_sample(icons: Icons) -> QWidget:
    """Return what a question looks like, without asking one."""
    sheet = QFrame()
    sheet.setProperty("kind", "palette")
    layout = QVBoxLayout(sheet)
    layout.setContentsMargins(24, 20, 24, 20)
    layout.addWidget(Label("签名并锁定这份记录？", "dialog_title", wrap=True))
    layout.addWidget(Label("签名后正文不能再改，只能追加“更正”。签名人：林老师。", "body", wrap=True))
    layout.addStretch(1)
    buttons = QHBoxLayout()
    buttons.addStretch(1)
    for button in (Button("再看看"), Button("签名并锁定", "primary", icons.named("mdi6.file-sign"))):
        buttons.addWidget(button)
    layout.addLayout(buttons)
    return column(Label("确认，只用于不能撤销的事", "caption"), sheet)


def notice_samples(icons: Icons) -> QWidget:
    """Return toast, progress, empty state and banners."""
    place = QFrame()
    place.setFixedHeight(84)
    toast = Toast(icons, place)
    toast.say("预约已改到周五 14:00", lambda: None)
    seconds = iter((0.0, 12.0, 12.0))
    progress = ProgressRow(icons, "mdi6.file-import-outline", "导入名册", lambda: next(seconds, 12.0))
    progress.set_progress(812, 1248)
    empty = EmptyState(
        icons,
        "mdi6.calendar-blank-outline",
        "今天还没有预约",
        "有人来访，按 Ctrl N",
        Button("新建预约", icon=icons.named("mdi6.calendar-plus")),
    )
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.addWidget(column(place, progress), 0, 0)
    grid.addWidget(empty, 0, 1)
    for place_number in (0, 1):
        grid.setColumnStretch(place_number, 1)
    sentence = "U 盘在写到 62% 时被拔出，这份备份不能用。本机资料和昨天的备份都在。请插回 U 盘后点“重新备份”。"
    return column(
        box,
        Banner(icons, "mdi6.usb-flash-drive-outline", sentence, button=Button("重新备份")),
        Banner(icons, "mdi6.information-outline", "现在取消，只会删除 U 盘上这份未完成的文件。", "accent"),
        Banner(icons, "mdi6.eye-outline", "这个资料库以只读方式打开。", "slate"),
        Banner(icons, "mdi6.alert-circle-outline", "已有 2 项过了时间。", "brick"),
    )
