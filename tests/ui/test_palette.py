"""The command palette."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QWidget
from pytestqt.qtbot import QtBot

from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import Mode, TextScale
from counselroom.ui.widgets import chip_face
from counselroom.ui.widgets.palette import Palette
from counselroom.ui.widgets.palette_entry import PaletteEntry, PaletteGroup, plain
from counselroom.ui.widgets.palette_model import ROW
from counselroom.ui.widgets.scrim import Scrim
from tests.ui.looks import colours_of, faults, settle
from tests.ui.stage import show

READING = (("z", True), ("hang ", False), ("x", True), ("iao ", False), ("m", True), ("ing", False))
GROUPS = (
    PaletteGroup(
        "学生 2",
        (
            PaletteEntry(
                "s1",
                (("张晓明", False),),
                READING,
                "高一(3)班",
                icon="mdi6.account-outline",
                chip=chip_face.watch_tier(),
            ),
            PaletteEntry("s2", (("赵小名", True),), detail="初二(6)班", strong=True),
        ),
    ),
    PaletteGroup("没有", ()),
    PaletteGroup("对张晓明", (PaletteEntry("a1", (("写辅导记录", False),), right="今天", keys="Ctrl E"),)),
)


@pytest.fixture
def stage(theme: Theme, icons: Icons, qtbot: QtBot) -> tuple[Palette, QWidget, QLineEdit]:
    edit = QLineEdit()
    window = show(qtbot, edit)
    window.resize(1000, 700)
    settle()
    edit.setFocus()
    palette = Palette(icons, window)
    palette.open_empty()
    palette.field.setText("zxm")
    palette.show_groups(GROUPS)
    settle()
    return palette, window, edit


Stage = tuple[Palette, QWidget, QLineEdit]


def key_of(palette: Palette) -> str:
    entry = palette.current()
    return entry.key if entry else ""


def test_the_first_entry_is_selected_and_arrows_pass_over_headings(stage: Stage, qtbot: QtBot) -> None:
    palette, _window, _edit = stage
    seen = [key_of(palette)]
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        qtbot.keyClick(palette.field, key)
        seen.append(key_of(palette))
    assert seen == ["s1", "s1", "s2", "a1", "a1", "s2"]
    assert palette.field.accessibleDescription() == "赵小名，初二(6)班"


def test_enter_chooses_and_the_keyboard_goes_back(stage: Stage, qtbot: QtBot) -> None:
    palette, _window, edit = stage
    chosen: list[str] = []
    palette.chosen.connect(chosen.append)
    with qtbot.waitSignal(palette.closed, timeout=500):
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert chosen == ["s1"]
    assert not palette.isVisible()
    assert edit.hasFocus()


def test_nothing_of_a_search_is_kept(stage: Stage, qtbot: QtBot) -> None:
    palette, _window, _edit = stage
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert palette.field.text() == ""
    assert palette.current() is None
    palette.open_empty()
    assert palette.field.text() == ""
    assert not palette.findChild(QListView).isVisible()
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()  # nothing to choose
    palette.open_empty()
    assert palette.field.hasFocus()
    palette.dismiss()
    palette.dismiss()


def test_a_click_on_an_entry_chooses_it_and_beside_the_palette_closes_it(stage: Stage, qtbot: QtBot) -> None:
    palette, window, _edit = stage
    found = palette.findChild(QListView)
    with qtbot.waitSignal(palette.chosen, timeout=500) as told:
        qtbot.mouseClick(
            found.viewport(), Qt.MouseButton.LeftButton, pos=found.visualRect(found.model().index(2, 0)).center()
        )
    assert told.args == ["s2"]
    palette.open_empty()
    scrims = [scrim for scrim in window.findChildren(Scrim) if scrim.isVisible()]
    with qtbot.waitSignal(palette.closed, timeout=500):
        qtbot.mouseClick(scrims[0], Qt.MouseButton.LeftButton)


def test_typing_asks_and_tab_stays(stage: Stage, qtbot: QtBot) -> None:
    palette, _window, _edit = stage
    with qtbot.waitSignal(palette.query_changed, timeout=500) as told:
        qtbot.keyClicks(palette.field, "q")
    assert told.args == ["zxmq"]
    qtbot.keyClick(palette.field, Qt.Key.Key_Tab)
    assert palette.field.hasFocus()
    palette.show_groups((), "没有找到“zxmq”。")
    settle()
    assert "没有找到“zxmq”。" in [label.text() for label in palette.findChildren(QLabel) if label.isVisible()]
    assert palette.field.accessibleDescription() == "没有找到“zxmq”。"


def test_keys_belong_to_the_input_method_while_it_composes(stage: Stage) -> None:
    palette, _window, _edit = stage
    QApplication.sendEvent(palette.field, QInputMethodEvent("xiao", []))
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Down):
        QApplication.sendEvent(palette.field, QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))
    assert palette.isVisible()
    assert key_of(palette) == "s1"


def test_the_palette_fits_in_every_look_and_window(stage: Stage, theme: Theme) -> None:
    palette, window, _edit = stage
    for mode in Mode:
        for scale in TextScale:
            theme.set_mode(mode)
            theme.set_scale(scale)
            for width, height in ((1440, 900), (1093, 550), (640, 420)):
                window.resize(width, height)
                settle()
                assert faults(palette) == []
                assert window.rect().contains(palette.geometry()), (width, height, scale)
    settle()


def test_matched_letters_are_in_accent_and_the_selected_row_is_soft(stage: Stage, theme: Theme) -> None:
    palette, _window, _edit = stage
    found = palette.findChild(QListView)
    for mode in Mode:
        theme.set_mode(mode)
        settle()
        seen = colours_of(found.viewport())
        assert seen[theme.colour("accent_soft").name()] > 3000
        assert seen[theme.colour("sunk").name()] > 3000
        assert seen[theme.colour("accent").name()] > 5


def test_rows_say_what_they_are(stage: Stage) -> None:
    palette, _window, _edit = stage
    model = palette.findChild(QListView).model()
    words = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert words == [
        "学生 2",
        "张晓明，高一(3)班，重点关注",
        "赵小名，初二(6)班",
        "对张晓明",
        "写辅导记录，今天，Ctrl E",
    ]
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.index(0, 0).data(Qt.ItemDataRole.DecorationRole) is None
    assert isinstance(model.index(1, 0).data(ROW), PaletteEntry)
    assert plain(READING) == "zhang xiao ming"
