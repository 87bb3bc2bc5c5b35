"""Dialogs: the question, the sheet, the cover behind, and input methods."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import Mode, TextScale
from counselroom.ui.widgets.button import Button
from counselroom.ui.widgets.composition import Composition
from counselroom.ui.widgets.dialog import Dialog
from counselroom.ui.widgets.label import Label
from counselroom.ui.widgets.question import Question
from counselroom.ui.widgets.scrim import Scrim
from tests.ui.looks import colour_at, faults, settle
from tests.ui.stage import show

TITLE = "签名并锁定这份记录？"
BODY = "签名后正文不能再改，只能追加“更正”。"


def question_over(qtbot: QtBot, icons: Icons, *, danger: bool = False) -> tuple[Question, QWidget, QLineEdit]:
    edit = QLineEdit()
    window = show(qtbot, edit)
    window.resize(900, 500)
    edit.setFocus()
    question = Question(icons, TITLE, BODY, "签名并锁定", "再看看", danger=danger, parent=window)
    question.show()
    question.activateWindow()
    qtbot.waitUntil(question.isActiveWindow)
    settle()
    return question, window, edit


def test_the_safe_answer_has_the_keyboard_and_esc_is_safe(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    question, window, edit = question_over(qtbot, icons)
    assert question.keep_button.hasFocus()
    with qtbot.waitSignal(question.rejected, timeout=500):
        qtbot.keyClick(question, Qt.Key.Key_Escape)
    window.activateWindow()
    qtbot.waitUntil(edit.hasFocus)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_presses_what_has_the_keyboard(theme: Theme, icons: Icons, qtbot: QtBot, key: Qt.Key) -> None:
    question, _window, _edit = question_over(qtbot, icons)
    with qtbot.waitSignal(question.rejected, timeout=500):
        qtbot.keyClick(question.keep_button, key)
    question.show()
    question.act_button.setFocus()
    with qtbot.waitSignal(question.accepted, timeout=500):
        qtbot.keyClick(question.act_button, key)


def test_enter_in_a_field_presses_nothing(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    window = show(qtbot, QLineEdit())
    dialog = Dialog(icons, "登记来访", window)
    edit = QLineEdit()
    dialog.content.addWidget(edit)
    button = dialog.add_button(Button("登记", "primary"))
    dialog.add_note(Label("可以以后补", "hint"))
    dialog.show()
    edit.setFocus()
    with qtbot.assertNotEmitted(button.clicked, wait=20):
        qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.reject()


@pytest.mark.parametrize("answer", [True, False])
def test_asking_answers(theme: Theme, icons: Icons, qtbot: QtBot, answer: bool) -> None:
    window = show(qtbot, QLineEdit())
    question = Question(icons, TITLE, BODY, "签名并锁定", "再看看", parent=window)
    QTimer.singleShot(0, (question.act_button if answer else question.keep_button).click)
    assert question.ask() is answer


def test_the_window_behind_is_covered_and_uncovered(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    question, window, _edit = question_over(qtbot, icons)
    ground = theme.colour("bg").name()
    assert colour_at(window, 5, -5) != ground
    window.resize(950, 520)
    settle()
    assert window.findChild(Scrim).size() == window.size()
    question.reject()
    settle()
    assert colour_at(window, 5, -5) == ground
    question.show()
    assert abs(question.geometry().center().x() - window.geometry().center().x()) <= 1


def test_the_sheet_has_a_border_and_fits_in_every_look(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    question, window, _edit = question_over(qtbot, icons)
    for mode in Mode:
        for scale in TextScale:
            theme.set_mode(mode)
            theme.set_scale(scale)
            settle()
            question.adjustSize()
            assert faults(question) == []
            assert question.width() <= 640
            assert colour_at(question, 0, question.height() // 2) == theme.colour("line2").name()
            assert colour_at(question, 10, question.height() // 2) == theme.colour("surface").name()
    question.reject()
    assert window.isVisible()


def test_a_dangerous_answer_is_not_filled(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    question, _window, _edit = question_over(qtbot, icons, danger=True)
    assert question.act_button.kind() == "danger"
    question.reject()


def test_a_dialog_without_a_window_opens_too(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    dialog = Dialog(icons, "键盘")
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.windowTitle() == "键盘"
    dialog.reject()


# ----- input methods -----


def press(edit: QLineEdit, key: Qt.Key) -> None:
    QApplication.sendEvent(edit, QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))


def test_esc_and_enter_belong_to_the_input_method_while_it_composes(theme: Theme, icons: Icons, qtbot: QtBot) -> None:
    window = show(qtbot, QLineEdit())
    dialog = Dialog(icons, "登记来访", window)
    edit, other = QLineEdit(), QLineEdit()
    composition = Composition(edit)
    dialog.content.addWidget(edit)
    dialog.content.addWidget(other)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    edit.setFocus()
    entered: list[int] = []
    edit.returnPressed.connect(lambda: entered.append(1))
    QApplication.sendEvent(edit, QInputMethodEvent("zhang", []))
    assert composition.is_active()
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Down):
        press(edit, key)
    assert dialog.isVisible()
    assert entered == []
    done = QInputMethodEvent()
    done.setCommitString("张")
    QApplication.sendEvent(edit, done)
    assert not composition.is_active()
    assert edit.text() == "张"
    press(edit, Qt.Key.Key_Return)
    assert entered == [1]
    QApplication.sendEvent(edit, QInputMethodEvent("xiao", []))
    other.setFocus()
    assert not composition.is_active()
    press(other, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
