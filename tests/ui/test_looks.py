"""The checks of the look find what they are made for."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLineEdit, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.icon_button import IconButton
from counselroom.ui.widgets.label import ElidedLabel, Label
from tests.ui import looks
from tests.ui.stage import show


def test_a_sound_page_has_no_fault(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    assert looks.faults(show(qtbot, Label("今日"), Button("签名", "primary"), QLineEdit("李同学"))) == []


def test_a_label_that_is_cut(theme: Theme, qtbot: QtBot) -> None:
    label, wrapped, button = Label("今日来访的人"), Label("今日来访的人" * 9, wrap=True), QPushButton("签名并锁定")
    window = show(qtbot, label, wrapped, button)
    label.setFixedSize(QSize(40, 20))
    wrapped.setFixedSize(QSize(100, 20))
    button.setFixedWidth(40)
    assert len(looks.cut_texts(window)) == 3


def test_a_widget_beyond_its_parent(theme: Theme, qtbot: QtBot) -> None:
    inner = QWidget()
    inner.setFixedSize(100, 50)
    label = Label("今日", parent=inner)
    window = show(qtbot, inner)
    assert looks.outside_parent(window) == []
    label.move(90, 0)
    assert len(looks.outside_parent(window)) == 1


def test_a_page_wider_than_what_scrolls_it(theme: Theme, qtbot: QtBot) -> None:
    area, page = QScrollArea(), QWidget()
    page.setFixedSize(100, 2000)
    area.setWidget(page)
    window = show(qtbot, area)
    assert looks.outside_parent(window) == []
    page.setFixedWidth(3000)
    looks.settle()
    assert len(looks.outside_parent(window)) == 1


def test_a_shortened_text_without_tooltip(theme: Theme, qtbot: QtBot) -> None:
    label = ElidedLabel("今日来访的人今日来访的人")
    window = show(qtbot, label)
    label.setFixedWidth(60)
    looks.settle()
    assert looks.elided_without_tooltip(window) == []
    label.setToolTip("")
    assert len(looks.elided_without_tooltip(window)) == 1


def test_words_left_untranslated(theme: Theme, qtbot: QtBot) -> None:
    edit = QLineEdit("zhang")
    edit.setPlaceholderText("Search names")
    window = show(qtbot, Label("按 Ctrl N"), Label("Case 个案"), edit)
    assert looks.latin_words(window) == ["Case in Case 个案", "Search in Search names", "names in Search names"]


def test_a_button_without_a_name(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    button = IconButton(icons.named("mdi6.plus"), "添加")
    window = show(qtbot, button)
    assert looks.unnamed_buttons(window) == []
    button.setAccessibleName("")
    assert len(looks.unnamed_buttons(window)) == 1


def test_a_pale_text(theme: Theme, qtbot: QtBot) -> None:
    pale, disabled = Label("看不清的字"), Button("不可用")
    disabled.setEnabled(False)
    window = show(qtbot, pale, disabled, Label("看得清的字"))
    assert looks.low_contrasts(window) == []
    palette = pale.palette()
    palette.setColor(pale.foregroundRole(), theme.colour("line2"))
    pale.setPalette(palette)
    looks.settle()
    (fault,) = looks.low_contrasts(window)
    assert "看不清的字" in fault
