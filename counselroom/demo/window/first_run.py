"""The first run, played for its pictures, from an empty computer to the room; its vault is deleted afterwards."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from counselroom.app import entropy, new_id
from counselroom.demo.invented_school import roster_file
from counselroom.demo.stage import RememberedAnchors, Stage
from counselroom.demo.window import hands
from counselroom.demo.window.demo_window import DemoWindow, OneStick, demo_program
from counselroom.demo.window.screens import Screens, ways
from counselroom.desktop.machine_settings import SettingsFile
from counselroom.i18n import _
from counselroom.ui.beginning import Beginning, Begun, Tools
from counselroom.ui.file_chooser import FileKind
from counselroom.ui.first_run.first_run_window import FirstRunWindow
from counselroom.ui.first_run.new_vault import NewVaultWizard
from counselroom.ui.main_window import MainWindow
from counselroom.ui.program import Frame
from counselroom.vault.keys.slot_file import SlotFile


class _Chooser:
    """Chooses the roster, whatever is asked for."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def open_file(self, parent: QWidget, title: str, kinds: tuple[FileKind, ...]) -> Path | None:
        """Return the roster."""
        del parent, title, kinds
        return self._file

    def save_file(self, parent: QWidget, title: str, name: str, kind: FileKind) -> Path | None:
        """Save nothing."""
        del parent, title, name, kind
        return None

    def folder(self, parent: QWidget, title: str) -> Path | None:
        """Choose nothing."""
        del parent, title
        return None


def play_the_first_run(stage: Stage, shown: DemoWindow, screens: Screens) -> None:
    """Go through all six steps by keys and picture each.

    Raises:
        CheckFailed: a step does not come.
    """
    place = Path(tempfile.mkdtemp(prefix="counselroom-", dir=stage.out))
    try:
        _play(place, stage, shown, screens)
    finally:
        shutil.rmtree(place)


def _play(place: Path, stage: Stage, shown: DemoWindow, screens: Screens) -> None:
    roster = place / "名册.csv"
    roster.write_bytes(roster_file(stage.students))
    (place / "U 盘").mkdir()
    files, stick = _Chooser(roster), OneStick(place / "U 盘")
    settings = SettingsFile(place / "window.json")
    anchors = RememberedAnchors()
    tools = Tools(stage.clock, entropy, new_id, lambda: anchors, None, files, stick)
    frame = Frame(shown.theme)
    frame.resize(1440, 900)
    frame.show()
    frame.activateWindow()
    settled: list[Begun | None] = []
    beginning = Beginning(frame, shown.theme, settings, tools)
    beginning.settled.connect(settled.append)
    _picture(screens, shown, frame, "no_vault")
    hands.press(Qt.Key.Key_Return)
    wizard = cast("NewVaultWizard", beginning.page())
    hands.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hands.type_in(str(place / "vault"))
    _picture(screens, shown, frame, "wizard_place")
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: wizard.wizard.step() is wizard.passphrase, "passphrase")
    offered = wizard.passphrase.offered()
    _picture(screens, shown, frame, "wizard_passphrase", frozenset(offered.split()))
    hands.type_in(offered)
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: bool(settled), "new vault")
    begun = settled[0]
    assert begun is not None  # noqa: S101 - nobody gave up
    assert begun.opened is not None  # noqa: S101 - it was made just now
    program = demo_program(
        stage, shown.theme, settings, begun.folder, SlotFile.read(begun.folder).logins(), stick, files, frame=frame
    )
    program.begin(begun.opened, begun.login)
    window = cast("FirstRunWindow", program.window)
    _prove_sheets(screens, shown, frame, window)
    for text in ("青禾市示例中学", "QH"):
        hands.type_in(text)
        hands.press(Qt.Key.Key_Tab)
    hands.tab_to(_("Your name"))
    hands.type_in("林老师")
    _picture(screens, shown, frame, "wizard_school")
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: window.page() is window.roster, "roster")
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: window.roster.view.preview() is not None and not window.roster.view.is_busy(), "preview")
    _picture(screens, shown, frame, "wizard_roster")
    hands.tab_to(window.roster.skip_words())
    hands.press(Qt.Key.Key_Space)
    hands.until(lambda: window.page() is window.backup, "backup")
    _picture(screens, shown, frame, "wizard_backup")
    hands.tab_to(window.backup.skip_words())
    hands.press(Qt.Key.Key_Space)
    hands.until(lambda: isinstance(program.window, MainWindow), "room")
    finished: list[None] = []
    program.finished.connect(lambda: finished.append(None))
    program.leave()
    hands.until(lambda: bool(finished), "close")
    hands.put_away(frame)


def _prove_sheets(screens: Screens, shown: DemoWindow, frame: Frame, window: FirstRunWindow) -> None:
    step = window.sheets
    hands.until(lambda: step.sheets() is not None and not step.is_busy(), "sheets")
    sheets = step.sheets()
    assert sheets is not None  # noqa: S101 - waited for
    for number, ((which, group), edit) in enumerate(zip(step.check.places(), step.check.edits(), strict=True)):
        edit.setFocus()
        hands.type_in(sheets.digits("A" if which == "A" else "B").split("-")[group - 1])
        if number == 1:
            _picture(screens, shown, frame, "wizard")
    step.tick.box.setFocus()
    hands.press(Qt.Key.Key_Space)
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: window.page() is window.school, "school")


def _picture(screens: Screens, shown: DemoWindow, frame: Frame, name: str, latin: frozenset[str] = frozenset()) -> None:
    for mode, size in ways(shown.theme, few=screens.few):
        frame.resize(*size)
        QApplication.processEvents()
        page = frame.stack.currentWidget()
        assert page is not None  # noqa: S101 - the frame is shown
        screens.take(page, name, mode, size, latin=latin)
