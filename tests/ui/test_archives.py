"""The list of archives: by year, class, what is missing, and search; masked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from counselroom.rules.archive import OpenReason
from counselroom.services import archives
from counselroom.services.archive_lists import Listed
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.archives import ArchivesPage
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from counselroom.ui.widgets.button import Button
from tests.conftest import HandClock
from tests.services.world import World
from tests.ui.rooms import alone, window_on

Opened = tuple[MainWindow, Room, World]


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Opened]:
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        parts[0].activateWindow()
        yield parts


def page_of(opened: Opened, qtbot: QtBot, rows: int) -> ArchivesPage:
    window, _room, _world = opened
    QTest.keyClick(window, Qt.Key.Key_8, Qt.KeyboardModifier.AltModifier)
    page = window.page()
    assert isinstance(page, ArchivesPage)
    qtbot.waitUntil(lambda: page._model.rowCount() == rows and "份档案" in page.header._meta.text())
    return page


def names(page: ArchivesPage) -> list[str]:
    return [str(page._model.index(row, 1).data()) for row in range(page._model.rowCount())]


def begin(opened: Opened) -> None:
    _window, room, world = opened

    def work() -> None:
        world.card()
        archives.open_archive(world.me, world.desk, world.students[1], OpenReason.CENSUS)

    alone(room, work)


def test_it_is_masked_and_filtered(opened: Opened, qtbot: QtBot) -> None:
    _window, room, _world = opened
    begin(opened)
    page = page_of(opened, qtbot, 2)
    assert names(page) == ["欧阳同学", "单于同学"]
    assert page._model.index(0, 0).data() == "…001"
    room.masking.toggle(page.key)
    assert names(page) == ["欧阳若曦", "单于青禾"]
    for listed, found in (
        (Listed.NO_CARD, ["单于青禾"]),
        (Listed.TO_FILE, ["欧阳若曦"]),
        (Listed.NOT_OPENED, ["张晓明"]),
    ):
        page._pills[listed].click()
        qtbot.waitUntil(lambda found=found: names(page) == found)
    page._pills[Listed.ALL].click()
    page._search.setText("syq")
    qtbot.waitUntil(lambda: names(page) == ["单于青禾"])


def test_the_tree_narrows_and_the_place_is_kept(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    begin(opened)
    page = page_of(opened, qtbot, 2)
    tree = page._tree_model
    words = [tree.item(1).child(0).text(), tree.item(2).child(0).text()]
    assert words == ["2026-2027　2", "初二（3）班　2"]
    page._tree.setCurrentIndex(tree.item(2).child(0).index())
    qtbot.waitUntil(lambda: page._branch == f"class:{world.people.class_id}")
    qtbot.waitUntil(lambda: page._model.rowCount() == 2)
    page._table.setCurrentIndex(page._model.index(1, 0))
    kept = page.state()
    again = ArchivesPage(room, "again")
    qtbot.addWidget(again)
    again.restore(kept)
    qtbot.waitUntil(lambda: again.state() == kept)


def test_enter_opens_and_blank_cards_are_printed(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    begin(opened)
    page = page_of(opened, qtbot, 2)
    found: list[tuple[str, dict[str, str]]] = []
    room.ways.page_wanted.disconnect(window.go_to)
    room.ways.page_wanted.connect(lambda key, arguments: found.append((key, arguments)))
    page._table.setFocus()
    QTest.keyClick(page._table, Qt.Key.Key_Return)
    page._branch = f"class:{world.people.class_id}"
    for button in page.header.findChildren(Button):
        button.click()
    assert found[0] == ("archive", {"student": world.students[0]})
    assert found[1] == ("print_preview", {"form": "F-19"})
    assert found[2] == ("forms", {"view": "batch", "form": "F-19", "unit": world.people.class_id})


def test_without_archives_it_says_how_to_begin(opened: Opened, qtbot: QtBot) -> None:
    page = page_of(opened, qtbot, 0)
    qtbot.waitUntil(page._empty.isVisible)
    page._pills[Listed.NOT_OPENED].click()
    qtbot.waitUntil(lambda: page._model.rowCount() == 3)
    assert page._model.index(0, 8).data() == "建档"
