"""What is hidden is not read anew, and is read before it is seen again."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from counselroom.services.changes import ChangeSet
from counselroom.ui.changes import ChangeBus
from counselroom.ui.reloading import Reloading


def test_a_hidden_part_is_read_anew_when_it_is_shown(qtbot: QtBot) -> None:
    stack, bus, read = QStackedWidget(), ChangeBus(), []
    qtbot.addWidget(stack)
    for name in ("front", "behind"):
        part = QWidget()
        stack.addWidget(part)
        Reloading(part, bus, ("student",), lambda name=name: read.append(name))
    stack.show()
    bus.publish(ChangeSet(frozenset({("student", "1")})))
    bus.publish(ChangeSet(frozenset({("person", "1")})))
    assert read == ["front"]
    stack.setCurrentIndex(1)
    assert read == ["front", "behind"]
    stack.setCurrentIndex(0)
    stack.setCurrentIndex(1)
    assert read == ["front", "behind"]
