"""统计 through the window: counted and drawn beside it, periods by keys, tables as the equal of charts, no names."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from python_calamine import CalamineWorkbook

from counselroom.services import sessions
from counselroom.ui.main_window import MainWindow
from counselroom.ui.pages.statistics import StatisticsPage
from counselroom.ui.room import Room
from counselroom.ui.theme.icons import Icons
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import Mode
from tests.conftest import HandClock
from tests.services.world import NAMES, World
from tests.ui import looks
from tests.ui.rooms import CHARTS, HandFiles, window_on
from tests.ui.statistics_support import fill

Opened = tuple[MainWindow, Room, World]


@pytest.fixture
def opened(tmp_path: Path, icons: Icons, qtbot: QtBot, clock: HandClock) -> Iterator[Opened]:
    with window_on(tmp_path, icons, qtbot, clock) as parts:
        parts[0].activateWindow()
        yield parts


def page_of(opened: Opened, qtbot: QtBot) -> StatisticsPage:
    window = opened[0]
    window.go_to("statistics")
    page = window.page()
    assert isinstance(page, StatisticsPage)
    qtbot.waitUntil(lambda: page._found is not None, timeout=20_000)
    return page


def drawn(page: StatisticsPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(
        lambda: all(panel.view.picture() is not None for panel in page._charts() if panel.view.isVisible()),
        timeout=20_000,
    )
    looks.settle()


def texts(table: object) -> list[list[str]]:
    model = table.model()  # type: ignore[attr-defined]  # any of the page's tables
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_figures_and_charts_of_the_term(opened: Opened, qtbot: QtBot) -> None:
    fill(opened[2])
    page = page_of(opened, qtbot)
    assert page._strip.names()[0] == "个别辅导 73 人次"
    drawn(page, qtbot)
    assert page.months.view.accessibleDescription() == "2026-09，60；2026-10，13"
    image = page.months.view.picture()
    assert image is not None
    accent = page.room.icons.theme.colour("accent").rgb()
    across = [image.pixel(x, image.height() // 2) for x in range(image.width())]
    assert accent in across


def test_alt_9_goes_there_and_keys_reach_every_part(opened: Opened, qtbot: QtBot) -> None:
    window, _room, world = opened
    fill(world)
    QTest.keyClick(window, Qt.Key.Key_9, Qt.KeyboardModifier.AltModifier)
    page = page_of(opened, qtbot)
    assert page.first().hasFocus()
    assert page.panels() == (
        page.choice.kind,
        page.months.view,
        page.topics.view,
        page.grades.view,
        page.tier_table,
    )


def test_every_chart_has_a_table_with_the_same_numbers(opened: Opened, qtbot: QtBot) -> None:
    fill(opened[2])
    page = page_of(opened, qtbot)
    for panel in page._charts():
        panel.button.setFocus()
        QTest.keyClick(panel.button, Qt.Key.Key_Space)
        assert panel.shows_table()
    assert texts(page.months.table) == [["2026-09", "60"], ["2026-10", "13"]]
    assert texts(page.topics.table)[0] == ["学业压力", "36", "49%"]
    assert [row[0] for row in texts(page.grades.table)][:2] == ["学业压力", "同伴交往"]
    assert page.panels()[1] is page.months.table
    state = page.state()
    assert state["tables"] == [0, 1, 2]
    page.restore({"period": "term"})
    assert not page.months.shows_table()
    page.restore(state)
    assert page.months.shows_table()


def test_other_periods(opened: Opened, qtbot: QtBot) -> None:
    fill(opened[2])
    page = page_of(opened, qtbot)
    page.choice.kind.setFocus()
    QTest.keyClick(page.choice.kind, Qt.Key.Key_Down)
    assert page.choice.kind.currentData() == "year"
    qtbot.waitUntil(lambda: page._found is not None and page._found.first.month == 9, timeout=20_000)
    QTest.keyClick(page.choice.kind, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: page._found is not None and page._found.sessions == 13, timeout=20_000)
    page.choice.first.setFocus()
    QTest.keyClick(page.choice.first, Qt.Key.Key_Down)
    assert page.choice.kind.currentData() == "own"
    state = page.state()
    assert state["period"] == "own"
    again = type(page)(page.room, "statistics")
    qtbot.addWidget(again)
    again.restore(state)
    qtbot.waitUntil(lambda: again.choice.period() == page.choice.period(), timeout=20_000)


def test_a_period_without_sessions_says_so(opened: Opened, qtbot: QtBot) -> None:
    page = page_of(opened, qtbot)
    assert page._strip.names()[0] == "个别辅导 0 人次"
    assert not page.months.button.isEnabled()
    assert page.months._empty.text() == "这个时段还没有已签名的辅导记录。"


def test_r_04_few_are_hidden_on_the_page(opened: Opened, qtbot: QtBot) -> None:
    world = opened[2]
    world.note("一")
    page = page_of(opened, qtbot)
    assert page._strip.names()[:1] == ["个别辅导 <5 人次"]
    cells = {cell for panel in page._charts() for row in texts(panel.table) for cell in row[1:]}
    assert cells <= {"<5", ""}


def test_a_signature_is_counted_at_once(opened: Opened, qtbot: QtBot) -> None:
    _window, room, world = opened
    fill(world)
    page = page_of(opened, qtbot)
    draft = world.draft("二", consent_exception="危机例外")
    case = world.case(student=1)
    row = sessions.start_note(world.me, world.desk, case, draft).value
    room.tasks.change(lambda: sessions.sign_note(world.me, world.desk, row.id))
    qtbot.waitUntil(lambda: page._found is not None and page._found.sessions == 74, timeout=20_000)


def test_the_theme_recolours_the_charts(opened: Opened, theme: Theme, qtbot: QtBot) -> None:
    fill(opened[2])
    page = page_of(opened, qtbot)
    drawn(page, qtbot)
    theme.set_mode(Mode.DARK)
    drawn(page, qtbot)
    image = page.topics.view.picture()
    assert image is not None
    colours = {image.pixel(image.width() // 2, y) for y in range(image.height())}
    assert theme.colour("accent").rgb() in colours
    theme.set_mode(Mode.LIGHT)


def test_the_window_never_imports_matplotlib(opened: Opened, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has 60 MB and stops the window for a tenth of a second; only the child that draws may have it."""
    for heavy in ("matplotlib", "numpy"):
        monkeypatch.setitem(sys.modules, heavy, None)  # from here on importing it fails
    monkeypatch.delitem(sys.modules, "counselroom.printing.charts", raising=False)
    fill(opened[2])
    page = page_of(opened, qtbot)
    drawn(page, qtbot)
    assert "counselroom.printing.charts" not in sys.modules


def test_without_its_child_the_page_shows_tables(opened: Opened, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    window, _room, world = opened
    CHARTS.end()
    monkeypatch.setattr(CHARTS, "_command", lambda: ["/nowhere/at/all"])
    fill(world)
    page = page_of(opened, qtbot)
    qtbot.waitUntil(lambda: all(panel.is_undrawn() for panel in page._charts()), timeout=20_000)
    looks.settle()
    assert [panel._undrawn.isVisible() for panel in page._charts()] == [True] * 3
    assert page.months._undrawn.text() == "图没有画出来，这里是同样的数字。"
    assert texts(page.months.table) == [["2026-09", "60"], ["2026-10", "13"]]
    assert not looks.faults(window)
    assert page.state()["tables"] == []
    monkeypatch.undo()
    page.months.button.setFocus()
    QTest.keyClick(page.months.button, Qt.Key.Key_Space)
    drawn(page, qtbot)
    assert not page.months._undrawn.isVisible()
    assert page.topics.is_undrawn()
    page._count()  # new numbers are a new try
    qtbot.waitUntil(lambda: not page.topics.is_undrawn(), timeout=20_000)
    drawn(page, qtbot)


def test_the_child_ends_a_while_after_the_page_was_left(opened: Opened, qtbot: QtBot) -> None:
    window, room, world = opened
    fill(world)
    page = page_of(opened, qtbot)
    drawn(page, qtbot)
    assert room.charts._child is not None
    assert not page._end_later.isActive()
    window.go_to("students")
    assert page._end_later.interval() == 30_000
    window.go_to("statistics")
    assert not page._end_later.isActive()
    window.go_to("students")
    page._end_later.setInterval(1)
    page._end_later.start()
    qtbot.waitUntil(lambda: room.charts._child is None, timeout=20_000)


def test_masked_a_tier_is_a_shape(opened: Opened, qtbot: QtBot) -> None:
    window = opened[0]
    page = page_of(opened, qtbot)
    model = page.tier_table.model()
    from counselroom.ui.widgets.list_roles import ListRole

    def only_shapes() -> set[bool]:
        return {model.index(row, 0).data(ListRole.CHIP).shape_only for row in range(3)}

    assert only_shapes() == {True}
    QTest.keyClick(window, Qt.Key.Key_F8)
    assert only_shapes() == {False}
    assert [row[0] for row in texts(page.tier_table)] == ["重点干预", "重点关注", "群体帮扶"]


def test_a_low_window_shows_one_row_of_panels(opened: Opened, qtbot: QtBot) -> None:
    window = opened[0]
    window.resize(1366, 688)
    page = page_of(opened, qtbot)
    assert page.months.isVisible()
    assert not page.grades.isVisible()
    page._view._segments["groups"].click()
    assert page.grades.isVisible()
    assert not page.months.isVisible()
    window.resize(1440, 900)
    looks.settle()
    assert page.grades.isVisible()
    assert page.months.isVisible()


def test_stopped_counting_can_be_begun_again(opened: Opened, qtbot: QtBot) -> None:
    page = page_of(opened, qtbot)
    page._count()
    page._tell()
    page._stop()
    qtbot.waitUntil(lambda: page._job is None, timeout=20_000)
    if page._state_place.count():  # it was stopped before it was done
        page._state_place.itemAt(0).widget().findChild(type(page.export_button)).click()
        qtbot.waitUntil(lambda: page._job is None, timeout=20_000)
    assert page._state_place.count() == 0


def test_the_table_is_exported_for_a_reason(opened: Opened, qtbot: QtBot, tmp_path: Path) -> None:
    window, room, world = opened
    fill(world)
    page = page_of(opened, qtbot)
    assert isinstance(room.files, HandFiles)
    target = tmp_path / "统计.xlsx"
    room.files.answers.append(target)
    page.export_button.click()
    dialog = window.dialogs.dialog
    assert dialog is not None
    qtbot.waitUntil(dialog.isActiveWindow)
    QTest.keyClick(dialog.first(), Qt.Key.Key_Return)
    assert not target.exists()
    QTest.keyClicks(dialog.first(), "bureau")
    QTest.keyClick(dialog.first(), Qt.Key.Key_Return)
    qtbot.waitUntil(target.exists, timeout=20_000)
    rows = CalamineWorkbook.from_path(str(target)).get_sheet_by_index(0).to_python()
    assert ["个别辅导人次", "合计", 73.0] in [row[:3] for row in rows]
    assert not any(name in str(rows) for name in NAMES)
    qtbot.waitUntil(lambda: window.dialogs.dialog is None, timeout=20_000)
    assert [line.action for line in world.audit() if line.entity == "statistics"].count("export") == 1


def test_the_report_is_printed_for_the_chosen_days(opened: Opened, qtbot: QtBot) -> None:
    window, room, _world = opened
    page = page_of(opened, qtbot)
    wanted: list[tuple[str, dict[str, str]]] = []
    room.ways.page_wanted.connect(lambda key, arguments: wanted.append((key, arguments)))
    page.print_button.click()
    first, last = page.choice.period() or (None, None)
    assert wanted == [
        (
            "print_preview",
            {"form": "F-71", "entity": "statistics", "entity_id": f"{first}_{last}", "audience": "room"},
        )
    ]
    assert window.page().key == "print_preview"
