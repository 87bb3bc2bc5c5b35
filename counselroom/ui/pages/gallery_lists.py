"""Samples of clocks, tables and the palette for the gallery; all names are invented."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from counselroom.ui.pages.gallery_parts import column
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets import chip_face
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.clock_row import ClockFace, ClockRow
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.list_roles import ListRole
from counselroom.ui.widgets.list_table import ListTable
from counselroom.ui.widgets.palette import Palette
from counselroom.ui.widgets.palette_entry import PaletteEntry, PaletteGroup
from counselroom.ui.widgets.panel import Panel

DAY = timedelta(hours=24)
CLOCKS = (
    ClockFace("复学两周回访", "个案 2026-001", timedelta(hours=-21), DAY, "昨天 17:00 前"),
    ClockFace(
        "书面告知监护人并签收", "专案 Z2026-003", timedelta(hours=2, minutes=14), timedelta(hours=6), "今天 16:20 前"
    ),
    ClockFace("陪护记录交接", "专案 Z2026-003", timedelta(minutes=28), timedelta(hours=4), "今天 14:34 前"),
)


def clock_samples(icons: Icons) -> QWidget:
    """Return clocks: late, with time, near the end."""
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(12)
    for face in CLOCKS:
        row.addWidget(ClockRow(icons, face), 1, Qt.AlignmentFlag.AlignTop)
    return column(Label("计时：条的长度是还剩的时间", "caption"), box)


def _item(text: str = "", **roles: object) -> QStandardItem:
    item = QStandardItem(text)
    for name, value in roles.items():
        item.setData(value, ListRole[name])
    return item


def table_sample(icons: Icons) -> QWidget:
    """Return a table in a panel: chips, an action, the due one."""
    model = QStandardItemModel()
    model.setHorizontalHeaderLabels(["来访", "班级", "类型", "状态", ""])
    rows: tuple[tuple[str, str, str, ChipFace, str, bool], ...] = (
        ("李样本", "高一(3)班", "第 4 次", chip_face.signed(), "查看", False),
        ("张晓明", "高一(3)班", "首次", chip_face.draft(), "续写", False),
        ("孙试填", "高一(6)班", "第 2 次", chip_face.under_way(), "写记录", True),
        ("吴演示", "初三(2)班", "母亲", chip_face.expected(), "登记到达", False),
    )
    for name, class_, after, face, action, due in rows:
        model.appendRow(
            [
                _item(name, BOLD=due),
                _item(class_, TONE="ink2"),
                _item("个别辅导", AFTER=after),
                _item(face.text, CHIP=face),
                _item("", ACTION=action, DUE=due),
            ]
        )
    table = ListTable(icons, "今日来访")
    model.setParent(table)
    table.setModel(model)
    table.resizeColumnsToContents()
    table.selectRow(2)
    panel = Panel("今日来访", "7 项，已完成 3")
    panel.set_action(Button("全部", "text", size="compact"))
    panel.set_body(table)
    panel.setMinimumHeight(260)
    return column(Label("表格行", "caption"), panel)


def _read(*syllables: str) -> tuple[tuple[str, bool], ...]:
    return tuple(piece for syllable in syllables for piece in ((syllable[0], True), (f"{syllable[1:]} ", False)))


SAMPLES = (
    PaletteGroup(
        "学生 3",
        (
            PaletteEntry(
                "s1",
                (("张晓明", False),),
                _read("zhang", "xiao", "ming"),
                "高一(3)班",
                icon="mdi6.account-outline",
                chip=chip_face.ChipFace("重点关注", "amber", "mdi6.triangle"),
            ),
            PaletteEntry(
                "s2", (("赵小名", False),), _read("zhao", "xiao", "ming"), "初二(6)班", icon="mdi6.account-outline"
            ),
            PaletteEntry(
                "s3",
                (("郑虚名", False),),
                _read("zheng", "xu", "ming"),
                "高三(4)班，已毕业归档",
                icon="mdi6.account-outline",
            ),
        ),
    ),
    PaletteGroup(
        "张晓明的记录与文书 1",
        (PaletteEntry("r1", (("个别辅导，第 4 次", False),), right="3月5日，已签名", icon="mdi6.file-lock-outline"),),
    ),
    PaletteGroup(
        "对张晓明",
        (PaletteEntry("a1", (("写辅导记录", False),), keys="Ctrl E", icon="mdi6.pencil-outline"),),
    ),
)


class _PalettePlace(QFrame):
    """A piece of window under the palette."""

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.setProperty("kind", "panel")
        self.setFixedHeight(520)
        self.palette_box = Palette(icons, self)
        self.palette_box.open_empty()
        self.palette_box.field.setText("zxm")
        self.palette_box.show_groups(SAMPLES)


def palette_sample(icons: Icons) -> QWidget:
    """Return the palette over a page."""
    return column(Label("命令面板", "caption"), _PalettePlace(icons))
