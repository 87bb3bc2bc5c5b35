"""What is hidden is not drawn anew, and is drawn before it is seen again."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget
from pytestqt.qtbot import QtBot

from counselroom.ui.masking import DrawnFaces, Masking
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


def test_what_was_drawn_with_the_present_face_only_is_left_as_it_is(qtbot: QtBot) -> None:
    stack, masking, drawn = QStackedWidget(), Masking(), []
    qtbot.addWidget(stack)
    behind = QWidget()
    stack.addWidget(QWidget())
    stack.addWidget(behind)
    faces = DrawnFaces(masking, "behind")
    Redrawing(behind, masking, lambda: drawn.append(faces.face()), faces)
    stack.show()
    faces.face()
    masking.show_on_purpose("behind")
    masking.toggle("behind")
    stack.setCurrentIndex(1)
    assert drawn == [], "masked when it was drawn, and masked now"
    masking.toggle("behind")
    assert [face.masked for face in drawn] == [False]
    masking.show_on_purpose("front")
    assert len(drawn) == 1, "another place is none of its business"
    masking.toggle("behind")
    assert [face.masked for face in drawn] == [False, True]


def test_a_hidden_part_that_was_drawn_in_between_is_drawn_anew(qtbot: QtBot) -> None:
    stack, masking, drawn = QStackedWidget(), Masking(), []
    qtbot.addWidget(stack)
    behind = QWidget()
    stack.addWidget(QWidget())
    stack.addWidget(behind)
    faces = DrawnFaces(masking, "behind")
    Redrawing(behind, masking, lambda: drawn.append(faces.face()), faces)
    stack.show()
    faces.face()
    masking.show_on_purpose("behind")
    assert not faces.face().masked  # an answer of the vault came late and was shown with names
    masking.toggle("behind")
    stack.setCurrentIndex(1)
    assert [face.masked for face in drawn] == [True]
    faces.begin()
    masking.toggle("behind")
    assert [face.masked for face in drawn] == [True, False], "nothing is known of what was drawn"
