"""The window's frame: rail, top bar, status bar, page header, panel."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QScrollArea
from pytestqt.qtbot import QtBot

from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import Mode, TextScale
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.icon_button import IconButton
from counselroom.ui.widgets.label import ElidedLabel, Label
from counselroom.ui.widgets.page_header import PageHeader
from counselroom.ui.widgets.panel import Panel
from counselroom.ui.widgets.rail import Rail, RailItem
from counselroom.ui.widgets.rail_button import RailButton
from counselroom.ui.widgets.search_button import SearchButton
from counselroom.ui.widgets.status_bar import StatusBar
from counselroom.ui.widgets.top_bar import TopBar
from tests.ui.looks import colour_at, colours_of, settle
from tests.ui.stage import show, without_focus

ITEMS = (
    RailItem("today", "今日", "mdi6.white-balance-sunny", "Alt 1"),
    RailItem("calendar", "日程", "mdi6.calendar-week"),
)
BOTTOM = (RailItem("settings", "设置", "mdi6.cog-outline"),)


def rail_on(qtbot: QtBot, icons: Icons) -> tuple[Rail, list[RailButton]]:
    rail = Rail(icons, ITEMS, BOTTOM)
    show(qtbot, rail).resize(120, 500)
    rail.set_current("today")
    without_focus()
    return rail, rail.findChildren(RailButton)


def test_the_current_page_has_bar_surface_border_and_bold(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    _rail, (today, calendar, _settings) = rail_on(qtbot, icons)
    for mode in Mode:
        theme.set_mode(mode)
        settle()
        middle = today.height() // 2
        bar = [colour_at(today, x, middle) for x in (6, 7, 8)]
        assert bar == [theme.colour("accent").name()] * 3
        assert colour_at(today, 9, middle) == theme.colour("surface").name()
        assert colour_at(today, 7, middle - 14) != theme.colour("accent").name()  # 26 high
        assert colour_at(today, 7, middle + 14) != theme.colour("accent").name()
        assert colour_at(today, 38, 1) == theme.colour("line").name()
        assert theme.colour("accent").name() not in colours_of(calendar)
        assert theme.colour("surface").name() not in colours_of(calendar)


def test_the_rail_has_the_measures_of_the_design(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    rail, buttons = rail_on(qtbot, icons)
    assert rail.width() == 76
    assert {button.height() for button in buttons} == {54}
    rail.set_compact(compact=False, low=True)
    assert {button.height() for button in buttons} == {49}
    rail.set_compact(compact=True)
    assert rail.width() == 52
    assert buttons[0].toolTip() == "今日　Alt 1"
    assert buttons[1].toolTip() == "日程"
    settle()
    theme.set_scale(TextScale.LARGEST)
    assert rail.width() == 52
    rail.set_compact(compact=False)
    assert rail.width() > 90
    assert buttons[1].toolTip() == ""
    assert buttons[1].sizeHint() == buttons[1].size()


def test_the_rail_by_mouse_and_keys(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    rail, (today, calendar, settings) = rail_on(qtbot, icons)
    chosen: list[str] = []
    rail.chosen.connect(chosen.append)
    qtbot.mouseClick(calendar, Qt.MouseButton.LeftButton)
    assert chosen == ["calendar"]
    assert rail.current() == "today"  # the window decides
    rail.set_current("calendar")
    assert calendar.accessibleDescription() != ""
    assert rail.current() == "calendar"
    today.setFocus()
    qtbot.keyClick(today, Qt.Key.Key_Up)
    assert today.hasFocus()
    for _press in range(2):
        qtbot.keyClick(rail.focusWidget(), Qt.Key.Key_Down)
    assert settings.hasFocus()
    settle()
    assert colour_at(settings, 38, 2) == theme.colour("accent").name()  # the ring
    qtbot.keyClick(settings, Qt.Key.Key_Space)
    qtbot.keyClick(settings, Qt.Key.Key_X)
    assert chosen == ["calendar", "settings"]
    rail.set_current("nowhere")
    assert rail.current() == ""


def test_the_top_bar_tells_what_is_wanted(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    bar = TopBar(icons)
    show(qtbot, bar).resize(1000, 80)
    settle()
    mask, lock, user = bar.findChildren(Button)
    for button, signal in ((bar.search_button(), bar.search_wanted), (mask, bar.mask_wanted), (lock, bar.lock_wanted)):
        with qtbot.waitSignal(signal, timeout=500):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    bar.set_user("林老师")
    assert user.accessibleName() == "林老师"
    assert user.menu() is bar.user_menu
    assert bar.height() == 52
    bar.set_compact(compact=True)
    assert bar.height() == 46
    menu = bar.findChild(IconButton)
    assert not menu.isVisible()
    bar.set_menu_shown(shown=True)
    with qtbot.waitSignal(bar.menu_wanted, timeout=500):
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton)


def test_the_mask_is_told_by_a_word_and_by_the_icon(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    bar = TopBar(icons)
    show(qtbot, bar).resize(1000, 80)
    mask = bar.findChildren(Button)[0]
    assert mask.accessibleName() == "遮名 已开"
    settle()
    assert colours_of(mask)[theme.colour("accent_soft").name()] > 500
    eye = mask.icon().cacheKey()
    bar.set_masked(masked=False)
    settle()
    assert mask.accessibleName() == "遮名 已关"
    assert colours_of(mask)[theme.colour("accent_soft").name()] == 0
    assert mask.icon().cacheKey() != eye


def test_the_search_field_is_a_button_that_elides(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    button = SearchButton(icons, "搜索姓名、拼音首字母、学号、档案号", "Ctrl K")
    window = show(qtbot, button)
    window.setFixedWidth(240)
    settle()
    words = button.findChild(ElidedLabel)
    assert words.shown_text() != words.text()
    assert words.toolTip() == words.text()
    with qtbot.waitSignal(button.clicked, timeout=500):
        qtbot.keyClick(button, Qt.Key.Key_Space)


def test_the_status_bar_states(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    bar = StatusBar(icons)
    show(qtbot, bar).resize(1000, 60)

    def words() -> list[str]:
        return [label.text() for label in bar.findChildren(QLabel) if label.text()]

    assert words()[:2] == ["已全部保存", "还没有备份"]
    bar.set_saved("14:06")
    bar.set_backup("昨天 17:40")
    assert words()[:2] == ["已保存 14:06", "上次备份 昨天 17:40，已核验"]
    assert bar.height() == 28
    with qtbot.waitSignal(bar.help_wanted, timeout=500):
        qtbot.mouseClick(bar.findChild(Button), Qt.MouseButton.LeftButton)


def test_a_page_header_has_its_primary_last_and_a_way_back(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    header = PageHeader(icons, "学生", "在册 1,248 人", back=True)
    first, last = Button("打印名单"), Button("添加学生", "primary")
    header.add_action(first)
    header.add_action(last)
    show(qtbot, header).resize(900, 120)
    settle()
    assert first.x() < last.x()
    assert header.height() == 72
    with qtbot.waitSignal(header.went_back, timeout=500):
        qtbot.mouseClick(header.findChild(IconButton), Qt.MouseButton.LeftButton)
    header.set_title("李同学")
    header.set_meta("高一(3)班")
    assert header.title() == "李同学"
    header.set_compact(compact=True)
    assert header.height() == 52
    assert PageHeader(icons, "今日").findChild(IconButton) is None


def test_a_panel_keeps_its_title_while_the_body_scrolls(theme: Theme, qtbot: QtBot) -> None:
    panel = Panel("待签记录", "3 份")
    window = show(qtbot, panel)
    window.resize(300, 200)
    body = Label("\n".join(["一行"] * 60))
    panel.set_body(body, scroll=True)
    panel.set_action(Button("查看", "text"))
    panel.set_action(Button("全部", "text"))
    settle()
    assert [button.text() for button in panel.findChildren(Button) if button.isVisible()] == ["全部"]
    assert panel.findChild(QScrollArea).verticalScrollBar().maximum() > 100
    assert body.height() > panel.height()
    assert colour_at(window, panel.x() + 60, panel.y()) == theme.colour("line").name()
    under = [colour_at(window, panel.x() + 200, panel.y() + y) for y in range(40, 50)]
    assert under.count(theme.colour("line").name()) == 1  # under the title
    panel.set_count("2 份")
    panel.set_title("随手记")
    assert panel.title() == panel.accessibleName() == "随手记"
    other = QPlainTextEdit()
    panel.set_body(other)
    settle()
    assert other.isVisible()
