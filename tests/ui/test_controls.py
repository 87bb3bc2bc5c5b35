"""Buttons, pills, segments, chips, labels, fields."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import Mode, TextScale, contrast
from counselroom.ui.widgets import chip_face
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.chip import Chip
from counselroom.ui.widgets.chip_face import ChipFace
from counselroom.ui.widgets.field import Field
from counselroom.ui.widgets.icon_button import IconButton
from counselroom.ui.widgets.key_cap import KeyCap
from counselroom.ui.widgets.label import ElidedLabel, Label
from counselroom.ui.widgets.pill import Pill
from counselroom.ui.widgets.rail_button import RailButton
from counselroom.ui.widgets.search_button import SearchButton
from counselroom.ui.widgets.segmented import Segmented
from tests.ui.looks import colour_at, colours_of, settle
from tests.ui.stage import show, without_focus

MIDDLE = 17


@pytest.mark.parametrize(
    ("kind", "fill", "border"),
    [
        ("primary", "accent", "accent"),
        ("secondary", "surface", "line2"),
        ("danger", "surface", "brick"),
        ("text", "bg", "bg"),
    ],
)
@pytest.mark.parametrize("mode", Mode)
def test_buttons_have_fill_border_and_ring_of_their_kind(
    theme: Theme, qtbot: QtBot, kind: chip_face.Tone, fill: str, border: str, mode: Mode
) -> None:
    theme.set_mode(mode)
    button = Button("签名", kind)  # type: ignore[arg-type]
    window = show(qtbot, button)
    without_focus()

    def at(x: int) -> str:
        place = button.pos()
        return colour_at(window, place.x() + x, place.y() + MIDDLE)

    assert at(0) == theme.colour(border).name()
    assert at(5) == theme.colour(fill).name()
    assert button.height() == 34
    button.setFocus()
    settle()
    ring = {"primary": "ink", "danger": "brick"}.get(kind, "accent")
    assert [at(0), at(1)] == [theme.colour(ring).name()] * 2
    assert at(5) == theme.colour(fill).name()
    assert button.height() == 34


def test_the_border_of_a_control_is_seen_on_the_page(theme: Theme, qtbot: QtBot) -> None:
    edit, button = QLineEdit(), Button("次要")
    window = show(qtbot, button, edit)
    without_focus()
    for mode in Mode:
        theme.set_mode(mode)
        settle()
        ground = colour_at(window, 2, 2)
        for control in (edit, button):
            assert contrast(colour_at(window, control.x(), control.y() + MIDDLE), ground) >= 3


def test_a_disabled_button_looks_and_is_disabled(theme: Theme, qtbot: QtBot) -> None:
    button = Button("签名")
    show(qtbot, button)
    button.setEnabled(False)
    with qtbot.assertNotEmitted(button.clicked, wait=10):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.palette().color(button.foregroundRole()) == theme.colour("disabled")


def test_a_button_is_wide_enough_for_icon_words_and_key(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    plain, full = Button("登记来访", "primary"), Button("登记来访", "primary", icons.named("mdi6.plus"), "Ctrl N")
    show(qtbot, plain, full)
    cap = full.findChild(KeyCap)
    assert cap is not None
    assert cap.text() == "Ctrl N"
    assert full.rect().contains(cap.geometry())
    words = full.fontMetrics().horizontalAdvance("登记来访") + full.iconSize().width() + 4
    assert cap.x() > 14 + words
    assert full.width() > plain.width() + cap.width()
    theme.set_scale(TextScale.LARGEST)
    settle()
    assert full.rect().contains(cap.geometry())
    assert full.width() >= full.sizeHint().width()


def test_a_click_on_the_key_cap_presses_the_button(icons: Icons, theme: Theme, qtbot: QtBot) -> None:
    button = Button("登记来访", key="Ctrl N")
    window = show(qtbot, button)
    cap = button.findChild(KeyCap)
    assert cap is not None
    place = cap.mapTo(window, cap.rect().center())
    with qtbot.waitSignal(button.clicked, timeout=500):
        qtbot.mouseClick(window.childAt(place), Qt.MouseButton.LeftButton, pos=button.mapFrom(window, place))


def test_a_button_can_become_the_due_one(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    button = Button("写记录", icon=icons.named("mdi6.pencil-outline"))
    show(qtbot, button)
    button.set_kind("primary")
    settle()
    assert button.kind() == "primary"
    assert colours_of(button)["#206c5d"] > colours_of(button)["#ffffff"]
    button.setText("续写 & 存")
    assert button.accessibleName() == "续写 & 存"


def test_sizes_of_buttons(theme: Theme, qtbot: QtBot) -> None:
    normal, compact, large = Button("存"), Button("存", size="compact"), Button("存", size="large")
    show(qtbot, normal, compact, large)
    assert [button.height() for button in (normal, compact, large)] == [34, 28, 42]
    for button in (normal, compact, large):
        button.setFocus()
        settle()
    assert [button.height() for button in (normal, compact, large)] == [34, 28, 42]


def test_an_icon_button_has_a_name_a_tooltip_and_a_target(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    button = IconButton(icons.named("mdi6.tune-variant"), "选择列", "Alt C")
    window = show(qtbot, button)
    assert button.accessibleName() == "选择列"
    assert button.toolTip() == "选择列　Alt C"
    assert min(button.width(), button.height()) >= 32
    button.setFocus(Qt.FocusReason.TabFocusReason)
    settle()
    assert colour_at(window, button.x(), button.y() + button.height() // 2) == theme.colour("accent").name()


# ----- pills and segments -----


def test_tab_comes_to_the_view_that_is_shown(theme: Theme, qtbot: QtBot) -> None:
    before, segments, after = QLineEdit(), Segmented((("day", "日"), ("week", "周"), ("duty", "值班表"))), QLineEdit()
    segments.set_current("week")
    window = show(qtbot, before, segments, after)

    def tab_into() -> list[str]:
        before.setFocus()
        names = []
        while QApplication.focusWidget() is not after:
            qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
            names.append(str(getattr(QApplication.focusWidget(), "text", str)()))
        return names[:-1]

    assert tab_into() == ["周"]
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Right)
    assert segments.current() == "duty"
    assert tab_into() == ["值班表"]
    segments.set_current("day")
    assert tab_into() == ["日"]


def test_a_pill_toggles_by_mouse_and_space_and_shows_its_count(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    pill = Pill(icons, "在访", 1097)
    show(qtbot, pill)
    assert pill.text() == "在访 1,097"
    with qtbot.waitSignal(pill.toggled, timeout=500):
        qtbot.mouseClick(pill, Qt.MouseButton.LeftButton)
    assert colours_of(pill)[theme.colour("accent_soft").name()] > 300
    qtbot.keyClick(pill, Qt.Key.Key_Space)
    assert not pill.isChecked()
    pill.set_count(None)
    assert pill.accessibleName() == "在访"


def test_a_pill_among_several_has_a_check_mark(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    one, many = Pill(icons, "在访"), Pill(icons, "在访", multi=True)
    show(qtbot, one, many)
    width = many.sizeHint().width()
    for pill in (one, many):
        pill.setChecked(True)
    settle()
    assert one.icon().isNull()
    assert not many.icon().isNull()
    assert many.width() >= many.sizeHint().width() > width
    many.setChecked(False)
    assert many.sizeHint().width() == width


def test_segments_are_exclusive_and_tell_what_was_chosen(theme: Theme, qtbot: QtBot) -> None:
    segmented = Segmented((("day", "日"), ("week", "周"), ("month", "月")))
    show(qtbot, segmented)
    assert segmented.current() == "day"
    chosen: list[str] = []
    segmented.changed.connect(chosen.append)
    segmented.set_current("month")
    assert chosen == []
    assert segmented.current() == "month"
    week = segmented.layout().itemAt(1).widget()
    qtbot.mouseClick(week, Qt.MouseButton.LeftButton)
    week.setFocus()
    qtbot.keyClick(week, Qt.Key.Key_Left)
    assert chosen == ["week", "day"]
    assert segmented.current() == "day"


def test_segments_keep_their_width(theme: Theme, qtbot: QtBot) -> None:
    segmented = Segmented((("mine", "我的与团体"), ("all", "全部")))
    show(qtbot, segmented)
    before = segmented.sizeHint()
    segmented.set_current("all")
    settle()
    assert segmented.sizeHint() == before


# ----- chips -----


@pytest.mark.parametrize(
    "face",
    [
        chip_face.focus_tier(),
        chip_face.watch_tier(),
        chip_face.group_tier(),
        chip_face.under_way(),
        chip_face.draft(),
        chip_face.overdue("已过 2 小时"),
        chip_face.not_to_be_used(),
    ],
    ids=lambda face: face.text,
)
def test_a_chip_has_ground_border_and_ink_of_its_tone(theme: Theme, icons: Icons, qtbot: QtBot, face: ChipFace) -> None:
    chip = Chip(icons, face)
    window = show(qtbot, chip)
    for mode in Mode:
        theme.set_mode(mode)
        settle()
        seen = colours_of(chip)
        assert seen.most_common(1)[0][0] == theme.colour(face.fill).name()
        ground = theme.colour(face.fill).name()
        drawn = max(contrast(colour, ground) for colour in seen)  # thin strokes never reach the full ink
        assert 0.75 < drawn / contrast(theme.colour(face.ink).name(), ground) <= 1.0
        assert colour_at(window, chip.x(), chip.y() + chip.height() // 2) == theme.colour(face.border).name()
        assert chip.palette().color(chip.foregroundRole()) == theme.colour(face.ink)
    assert chip.accessibleName() == face.text


def test_a_masked_tier_shows_its_shape_and_nothing_to_read(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    chip = Chip(icons, chip_face.watch_tier().masked())
    show(qtbot, chip)
    assert chip.width() < 24
    assert chip.toolTip() == ""
    assert colours_of(chip)[theme.colour("amber_soft").name()] == 0
    chip.set_face(chip_face.watch_tier())
    settle()
    assert chip.sizeHint().width() > 60
    assert chip.text() == "重点关注"


def test_tokens_of_chips() -> None:
    def tokens(face: ChipFace) -> tuple[str, str, str]:
        return face.ink, face.fill, face.border

    assert tokens(chip_face.focus_tier()) == ("plum", "plum_soft", "plum_line")
    assert tokens(chip_face.under_way()) == ("accent", "accent_soft", "accent_line")
    assert tokens(chip_face.signed()) == ("ink2", "", "line")
    assert tokens(chip_face.finished()) == ("accent", "", "")
    assert tokens(chip_face.focus_tier().masked()) == ("plum", "", "")


def test_plain_and_finished_chips(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    plain, done = Chip(icons, chip_face.signed()), Chip(icons, chip_face.finished())
    show(qtbot, plain, done)
    assert done.toolTip() == "已完成"
    assert done.face().border == ""
    assert plain.face().fill == ""
    assert [chip_face.expected().ink, chip_face.verified().ink, chip_face.near("剩 28 分").ink] == [
        "ink2",
        "accent",
        "amber",
    ]


# ----- words -----


def test_names_are_shown_as_they_are_written(theme: Theme, qtbot: QtBot) -> None:
    label = ElidedLabel("<b>李</b> & 同学的一个很长很长的名字")
    window = show(qtbot, label)
    assert label.toolTip() == ""
    window.setFixedWidth(100)
    settle()
    assert label.shown_text().endswith("…")
    assert label.toolTip() == "&lt;b&gt;李&lt;/b&gt; &amp; 同学的一个很长很长的名字"
    label.setText("短")
    assert label.toolTip() == ""


def test_an_elided_label_follows_the_text_scale(theme: Theme, qtbot: QtBot) -> None:
    label = ElidedLabel("今日来访今日来访", "section")
    window = show(qtbot, label)
    window.setFixedWidth(label.sizeHint().width() + 24)
    settle()
    theme.set_scale(TextScale.LARGEST)
    settle()
    assert label.shown_text() != label.text()
    assert label.toolTip() == label.text()


def test_kinds_of_labels_have_size_and_ink(theme: Theme, qtbot: QtBot) -> None:
    title, hint = Label("今日", "page_title"), Label("说明", "hint")
    show(qtbot, title, hint)
    assert title.font().pixelSize() == 22
    assert title.font().bold()
    assert hint.font().pixelSize() == 12
    assert hint.palette().color(hint.foregroundRole()) == theme.colour("ink3")


# ----- fields -----


def test_an_error_takes_the_place_of_the_hint(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    edit = QLineEdit("2025031")
    field = Field("学号", edit, "八位数字", icons=icons)
    window = show(qtbot, field, QLineEdit())
    without_focus()
    height = field.height()
    field.set_error("应为 8 位，现在 7 位")
    settle()
    assert field.error() == "应为 8 位，现在 7 位"
    assert edit.accessibleDescription() == "应为 8 位，现在 7 位"
    brick = theme.colour("brick").name()
    place = edit.mapTo(window, edit.rect().topLeft())
    assert [colour_at(window, place.x() + x, place.y() + MIDDLE) for x in (0, 1)] == [brick, brick]
    assert colours_of(field)[brick] > 200
    assert abs(field.height() - height) <= 2
    field.set_error("")
    settle()
    assert colours_of(field)[brick] == 0
    assert edit.accessibleDescription() == "八位数字"
    field.set_hint("学籍号的后八位")
    assert edit.accessibleDescription() == "学籍号的后八位"


def test_a_field_is_named_by_its_label_and_says_when_it_must_be_filled(
    theme: Theme, icons: Icons, qtbot: QtBot
) -> None:
    edit = QPlainTextEdit()
    field = Field("约定", edit, required_when="签名前必填", icons=icons)
    show(qtbot, field)
    assert field.label.text() == "约定（签名前必填）"
    assert edit.accessibleName() == "约定（签名前必填）"
    assert field.label.buddy() is edit


def test_leaving_a_field_is_told_but_typing_and_menus_are_not(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    edit, other = QLineEdit(), QLineEdit()
    field = Field("学号", edit, icons=icons)
    show(qtbot, field, other)
    edit.setFocus()
    left: list[int] = []
    field.left.connect(lambda: left.append(1))
    qtbot.keyClicks(edit, "2025")
    QApplication.sendEvent(edit, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.PopupFocusReason))
    assert left == []
    other.setFocus()
    assert left == [1]


def test_fields_with_focus_have_a_ring_and_keep_their_height(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    edit, box, other = QLineEdit(), QComboBox(), QLineEdit()
    window = show(qtbot, edit, box, other)
    for control in (edit, box):
        control.setFocus()
        settle()
        found = [colour_at(window, control.x() + x, control.y() + MIDDLE) for x in (0, 1)]
        assert found == [theme.colour("accent").name()] * 2
        assert control.height() == other.height() == 34


MADE: dict[str, Callable[[Icons], QAbstractButton]] = {
    "words": lambda _icons: Button("立即备份", "primary"),
    "icon": lambda icons: IconButton(icons.named("mdi6.chevron-right"), "往后"),
    "rail": lambda icons: RailButton(icons, "今日", "mdi6.home-outline"),
    "search": lambda icons: SearchButton(icons, "搜索姓名", "Ctrl K"),
}


@pytest.mark.parametrize("kind", MADE)
def test_enter_presses_a_button_anywhere(theme: Theme, icons: Icons, qtbot: QtBot, kind: str) -> None:
    button = MADE[kind](icons)
    show(qtbot, button)
    button.setFocus()
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    qtbot.keyClick(button, Qt.Key.Key_Return)
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert pressed == [True, True]
