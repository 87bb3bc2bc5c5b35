"""导入名册 in the running room: preview, corrections, one question before rows that are there already are changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from counselroom.services.student_lists import student_rows
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.roster_import import RosterImportPage
from counselroom.ui.room import Room
from counselroom.ui.roster.preview_view import LINES
from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.tokens import Mode
from counselroom.ui.widgets.question import Question
from tests.conftest import HandClock
from tests.rosters import xlsx
from tests.services.world import MORNING, NAMES, World
from tests.ui.looks import KNOWN_LATIN, SIZES, faults
from tests.ui.rooms import window_on

LONG = 60_000
HEADS = ("学号", "姓名", "班级", "联络", "家长", "家长电话")
Open = tuple[MainWindow, Room, World, RosterImportPage]


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot) -> Iterator[Open]:
    with window_on(tmp_path, icons, qtbot, HandClock(MORNING)) as (window, room, world):
        room.ways.open_page("roster_import")
        page = window.page()
        assert isinstance(page, RosterImportPage)
        yield window, room, world, page


def load(page: RosterImportPage, qtbot: QtBot, file: Path, *rows: tuple[str, ...]) -> None:
    file.write_bytes(xlsx((HEADS, *rows)))
    page.view.load(file)
    wait(page, qtbot)


def wait(page: RosterImportPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page.view.is_busy(), timeout=LONG)


def answer(*, yes: bool) -> list[str]:
    """Answer the next question and note what was asked."""
    asked: list[str] = []

    def press() -> None:
        questions = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, Question)]
        for question in questions:
            if question.isVisible():
                asked.append(question.windowTitle())
                (question.act_button if yes else question.keep_button).click()

    QTimer.singleShot(300, press)
    return asked


def test_nothing_is_written_before_it_is_asked_for_and_updates_ask_once(
    opened: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    _window, room, _world, page = opened
    rows = (
        ("20250301", NAMES[0], "初二（3）班", "", "欧阳建国", "13900009999"),
        ("20250309", "新同学", "初二（3）班", "", "", ""),
    )
    load(page, qtbot, tmp_path / "r.xlsx", *rows)
    assert "新增 1 人，更新 1 人" in page.view.counts()
    asked = answer(yes=False)
    page.view.start_import()
    assert "1 名学生" in asked[0]
    assert page.view.result() is None
    assert student_rows(room.actor, room.desk).total == 3
    asked = answer(yes=True)
    page.view.start_import()
    assert len(asked) == 1
    qtbot.waitUntil(lambda: page.view.result() is not None, timeout=LONG)
    assert student_rows(room.actor, room.desk).total == 4
    load(page, qtbot, tmp_path / "r.xlsx", *rows)
    assert "没有变化 2 人" in page.view.counts()
    assert not page.view.can_import()


def test_a_column_can_be_given_another_meaning(opened: Open, qtbot: QtBot, tmp_path: Path) -> None:
    _window, _room, _world, page = opened
    load(page, qtbot, tmp_path / "r.xlsx", ("20250309", "新同学", "初二（3）班", "13700001234", "", ""))
    preview = page.view.preview()
    assert preview is not None
    assert preview.plan.new[0].phone is None
    page.view.preview_view.form.set_meaning(3, "phone")
    assert page.view.is_busy()
    wait(page, qtbot)
    preview = page.view.preview()
    assert preview is not None
    assert preview.plan.new[0].phone == "13700001234"
    kept = page.state()
    page.view.preview_view.form.set_meaning(1, "")
    wait(page, qtbot)
    assert "姓名" in page.view.sentence()
    page.restore(kept)
    wait(page, qtbot)
    preview = page.view.preview()
    assert preview is not None
    assert preview.plan.new[0].phone == "13700001234"
    assert page.state() == kept


def test_names_are_masked_until_f8(opened: Open, qtbot: QtBot, tmp_path: Path) -> None:
    window, _room, _world, page = opened
    load(page, qtbot, tmp_path / "r.xlsx", ("20250309", "赵小川", "初二（3）班", "", "王建国", "13700001234"))
    view = page.view.preview_view
    view.turn_to(LINES)

    def words() -> list[str]:
        model = view.table(LINES).model()
        return [model.index(0, column).data() for column in range(model.columnCount())]

    assert words() == ["2", "…309", "赵同学", "初二（3）班", "", "监护人", "…234"]
    window._mask()
    assert "王建国" in words()
    assert "13700001234" in words()


def test_a_file_that_is_no_roster_is_told(opened: Open, qtbot: QtBot, tmp_path: Path) -> None:
    _window, _room, _world, page = opened
    (tmp_path / "letter.xlsx").write_bytes(b"%PDF-1.4 no table")
    page.view.load(tmp_path / "letter.xlsx")
    wait(page, qtbot)
    assert page.view.sentence()
    assert page.view.preview() is None
    assert not page.view.can_import()


def test_it_looks_right_with_a_preview(opened: Open, qtbot: QtBot, tmp_path: Path) -> None:
    window, room, _world, page = opened
    load(page, qtbot, tmp_path / "名册.xlsx", *(("20250309", "新同学", "初二（3）班", "", "", "") for _row in range(2)))
    for mode in (Mode.LIGHT, Mode.DARK):
        room.icons.theme.set_mode(mode)
        for size in SIZES:
            window.resize(*size)
            for key in page.view.preview_view.keys():  # noqa: SIM118 - not a dict
                page.view.preview_view.turn_to(key)
                assert faults(page, KNOWN_LATIN) == [], f"{key} {mode} {size}"
