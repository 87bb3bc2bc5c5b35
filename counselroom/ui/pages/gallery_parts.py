"""Samples of colours, words, buttons, fields and chips for the gallery; all texts are invented."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.widgets import chip_face
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.chip import Chip
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.icon_button import IconButton
from counselroom.ui.widgets.key_cap import KeyCap
from counselroom.ui.widgets.label import ElidedLabel, Label
from counselroom.ui.widgets.pill import Pill
from counselroom.ui.widgets.segmented import Segmented

COLOURS = (
    ("bg", "rail", "surface", "sunk", "hover", "line", "line2", "ink", "ink2", "ink3"),
    ("accent", "accent_soft", "plum", "plum_soft", "amber", "amber_soft", "blue", "blue_soft", "brick", "slate"),
)


class Swatch(QWidget):
    """One colour of the theme."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._name = name
        self.setFixedHeight(18)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint it with a hairline around."""
        del event
        painter = QPainter(self)
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.setBrush(QColor(self._theme.colour(self._name)))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 4, 4)


def column(*widgets: QWidget) -> QWidget:
    """Return `widgets` one below the other."""
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(6)
    for widget in widgets:
        layout.addWidget(widget)
    return box


def line(*widgets: QWidget) -> QWidget:
    """Return `widgets` side by side, from the left."""
    box = QWidget()
    layout = QHBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
    layout.addStretch(1)
    return box


def colour_samples(theme: Theme) -> QWidget:
    """Return the colours with their names."""
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(2)
    for row, names in enumerate(COLOURS):
        for place, name in enumerate(names):
            grid.addWidget(Swatch(theme, name), row * 2, place)
            grid.addWidget(ElidedLabel(name.replace("_", " "), "caption"), row * 2 + 1, place)
    return box


def text_samples() -> QWidget:
    """Return the sizes of text."""
    return line(
        Label("28", "figure"),
        Label("页标题 22", "page_title"),
        Label("分区 15", "section"),
        Label("正文 14"),
        Label("记录 16", "note"),
        Label("辅助 13", "meta"),
        Label("说明 12", "caption"),
    )


@dataclass(frozen=True)
class ButtonSamples:
    """Buttons for the head and for the page."""

    header: tuple[Button, ...]
    page: QWidget


def button_samples(icons: Icons) -> ButtonSamples:
    """Return every kind of button."""
    disabled = Button("不可用")
    disabled.setEnabled(False)
    disabled_primary = Button("不可用", "primary")
    disabled_primary.setEnabled(False)
    header = (
        Button("新建预约", icon=icons.named("mdi6.calendar-plus")),
        Button("登记来访", "primary", icons.named("mdi6.door-open"), "Ctrl N"),
    )
    pills = [Pill(icons, "在访", 97), Pill(icons, "本周到期", 5, multi=True), Pill(icons, "有草稿", 2)]
    for pill in pills[:2]:
        pill.setChecked(True)
    page = column(
        Label("按钮", "caption"),
        line(
            Button("主要", "primary"),
            Button("次要"),
            Button("文字", "text"),
            Button("危险", "danger", icons.named("mdi6.trash-can-outline")),
            disabled,
            disabled_primary,
            Button("小", "primary", size="compact"),
            Button("小", size="compact"),
            Button("大", "primary", size="large"),
            IconButton(icons.named("mdi6.tune-variant"), "选择列"),
            KeyCap("Ctrl J"),
        ),
        line(Segmented((("day", "日"), ("week", "周"), ("month", "月"), ("duty", "值班表"))), *pills),
    )
    return ButtonSamples(header, page)


def field_samples(icons: Icons) -> QWidget:
    """Return fields: filled, with choices, wrong, read-only, long."""
    phone, number, locked = QLineEdit("137 0000 0003"), QLineEdit("2025031"), QLineEdit("20240119")
    locked.setReadOnly(True)
    room = QComboBox()
    room.addItems(["一号室", "接待区"])
    wrong = Field("学号", number, "八位数字", icons=icons)
    wrong.set_error("应为 8 位，现在 7 位")
    note = QPlainTextEdit()
    note.setPlaceholderText("被打断时先记一句，稍后归入")
    note.setFixedHeight(64)
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setSpacing(12)
    fields = (
        Field("联系电话", phone, "只在监护人卡片显示", icons=icons),
        Field("地点", room, "按 Tab 到下一项", icons=icons),
        wrong,
        Field("档案号", locked, "不能修改", icons=icons),
    )
    for place, field in enumerate(fields):
        grid.addWidget(field, 0, place, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(place, 1)
    grid.addWidget(Field("约定", note, required_when="签名前必填", icons=icons), 1, 0, 1, 4)
    return column(Label("字段：标签在上，错误在下", "caption"), box)


def chip_samples(icons: Icons) -> QWidget:
    """Return tiers, tiers by shape alone, and states."""
    tiers = (chip_face.focus_tier(), chip_face.watch_tier(), chip_face.group_tier())
    states = (
        chip_face.expected(),
        chip_face.under_way(),
        chip_face.draft(),
        chip_face.signed(),
        chip_face.finished(),
        chip_face.verified(),
        chip_face.near("剩 28 分"),
        chip_face.overdue("已过 1 天"),
        chip_face.not_to_be_used(),
        ChipFace("第 2 次"),
    )
    return column(
        Label("跟踪级别：形状 + 文字 + 颜色", "caption"),
        line(
            *(Chip(icons, face) for face in tiers),
            Label("遮名时只留形状", "caption"),
            *(Chip(icons, face.masked()) for face in tiers),
        ),
        Label("状态", "caption"),
        line(*(Chip(icons, face) for face in states)),
    )
