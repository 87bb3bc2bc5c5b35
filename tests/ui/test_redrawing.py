"""What is hidden is not drawn anew, and is drawn before it is seen again."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from counselroom.ui.masking import Masking
from counselroom.ui.redrawing import Redrawing


def test_a_hidden_part_is_drawn_anew_when_it_is_shown(qtbot: QtBot) -> None:
    stack, masking, drawn = QStackedWidget(), Masking(), []
    qtbot.addWidget(stack)
    for name in ("front", "behind"):
        part = QWidget()
        stack.addWidget(part)
        Redrawing(part, masking, lambda name=name, part=part: drawn.append((name, part.isVisible())))
    stack.show()
    masking.toggle("front")
    assert [name for name, _shown in drawn] == ["front"]
    masking.toggle("front")
    stack.setCurrentIndex(1)
    assert [name for name, _shown in drawn] == ["front", "front", "behind"]
    stack.setCurrentIndex(0)
    stack.setCurrentIndex(1)
    assert len(drawn) == 3
    masking.toggle("front")
    assert drawn[3:] == [("behind", True)]
