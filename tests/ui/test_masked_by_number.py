"""遮名 by number: no page shows a surname, and what shows a student shows the end of the number instead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLabel, QTableView, QWidget
from pytestqt.qtbot import QtBot

from counselroom.services.students import list_students
from counselroom.ui.masking import CODE, SHOWN
from counselroom.ui.pages.table import PAGES
from counselroom.ui.theme.icons import Icons
from tests.conftest import HandClock
from tests.ui.rooms import alone, window_on
from tests.ui.test_every_page import Opened, go, rest

WITH_STUDENTS = {"students", "student_record"}
ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Opened]:
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        parts[1].masking.set_style(CODE, SHOWN)
        yield parts


def words(root: QWidget) -> Iterator[str]:
    """Return every word that is shown, read out or kept in a model below `root`."""
    for widget in (root, *root.findChildren(QWidget)):
        yield from (widget.accessibleName(), widget.toolTip())
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            model = widget.model()
            for row in range(model.rowCount()):
                for column in range(model.columnCount() if isinstance(widget, QTableView) else 1):
                    for role in ROLES:
                        yield str(model.index(row, column, QModelIndex()).data(role) or "")


@pytest.mark.parametrize("key", [page.key for page in PAGES])
def test_no_surname_is_shown(opened: Opened, key: str, qtbot: QtBot) -> None:
    window, room, world = opened
    page = go(opened, key, qtbot)
    if not page.face().masked:  # type: ignore[attr-defined] - a page
        window._mask()
        rest(room, qtbot)
    students = alone(room, lambda: list_students(world.me, world.desk))
    shown = [text for text in words(page) if text]
    for student in students:
        name = student.data.name
        for text in shown:
            assert name not in text
            assert f"{name[0]}同学" not in text
            assert f"{name[:2]}同学" not in text
    if key in WITH_STUDENTS:
        assert any("学生 …" in text for text in shown)
        ends = [student.data.student_no[-3:] for student in students if student.data.student_no]
        assert any(f"学生 …{end}" in text for text in shown for end in ends)


def test_the_palette_shows_numbers(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    go(opened, "students", qtbot)
    window._search.open("students")
    window._search.palette.query_changed.emit("zxm")
    rest(room, qtbot)
    shown = [text for text in words(window._search.palette) if text]
    assert any("学生 …" in text for text in shown)
    assert not any("张同学" in text or "张晓明" in text for text in shown)
