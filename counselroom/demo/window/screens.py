"""The screenshots: every page and dialog, light and dark, at three sizes, each looked at by the machine checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication, QWidget

from counselroom.demo.stage import Stage
from counselroom.demo.window import hands
from counselroom.demo.window.demo_window import DemoWindow
from counselroom.demo.window.looks import KNOWN_LATIN, SIZES, faults
from counselroom.ui.dialogs.table import DIALOGS
from counselroom.ui.pages.table import PAGES
from counselroom.ui.theme.theme import Theme
from counselroom.ui.theme.tokens import Mode

NAMES = {"student_record": "record", "print_preview": "print"}
"""The short names of pages in the names of files."""
SUBJECTS: dict[str, Callable[[Stage], dict[str, Any]]] = {
    "student_record": lambda stage: {"student": stage.ids["student"]},
    "student_form": lambda stage: {"student": stage.ids["student"]},
    "student_status": lambda stage: {"student": stage.ids["student"]},
    "guardians": lambda stage: {"student": stage.ids["student"]},
    "print_preview": lambda stage: _referral(stage),
    "save_pdf": lambda stage: _referral(stage),
    "registers": lambda stage: {"register": "F-61", "row": stage.ids["register_row"]},
    "register_entry": lambda _stage: {"register": "F-29"},
    "register_void": lambda stage: {"register": "F-61", "row": stage.ids["register_row"]},
    "register_export": lambda stage: {"register": "F-61", "row": stage.ids["register_row"]},
}
"""What a page or dialog is opened for, by its key."""
_KNOWN_LATIN = KNOWN_LATIN | {"usb"}
"""The name of the stick is the user's."""
ENGLISH = ("students", "backup", "settings")
"""Pages that are shown in English too."""


class Screens:
    """Takes the pictures of one window.

    Attributes:
        count: pictures taken.
        faults: what the machine checks found, each with the picture's name.
    """

    def __init__(self, stage: Stage, folder: Path) -> None:
        self._stage = stage
        self._folder = folder
        self.count = 0
        self.faults: list[str] = []
        folder.mkdir(exist_ok=True)

    def take(
        self,
        root: QWidget,
        name: str,
        mode: Mode,
        size: tuple[int, int],
        *,
        chinese: bool = True,
        latin: frozenset[str] = frozenset(),
    ) -> None:
        """Save what `root` shows and note what is wrong with it; `latin` are words that belong there."""
        QApplication.processEvents()
        file = f"{name}-{mode.value}-{size[0]}x{size[1]}.png"
        root.grab().save(str(self._folder / file))
        self.count += 1
        found = faults(root, _KNOWN_LATIN | latin) if chinese else []
        self.faults += [f"{file}: {fault}" for fault in found]

    def locked(self, shown: DemoWindow, name: str) -> None:
        """Take the locked page in both modes and all sizes."""
        for mode, size in ways(shown.theme):
            shown.program.frame.resize(*size)
            QApplication.processEvents()
            page = shown.program.frame.stack.currentWidget()
            assert page is not None  # noqa: S101 - the frame is shown
            self.take(page, name, mode, size)

    def all_pages(self, shown: DemoWindow) -> None:
        """Take every page of the table of pages and every dialog of the table of dialogs."""
        for mode, size in ways(shown.theme):
            shown.program.frame.resize(*size)
            for page in PAGES:
                shown.window.go_to(page.key, self._subject(page.key))
                hands.rest(shown.room)
                self.take(shown.window, NAMES.get(page.key, page.key), mode, size)
            shown.window.go_to(PAGES[0].key)
            for dialog in DIALOGS:
                shown.window.dialogs.open(dialog.key, self._subject(dialog.key))
                hands.rest(shown.room)
                opened = shown.window.dialogs.dialog
                assert opened is not None, dialog.key  # noqa: S101 - just opened
                self.take(opened, f"dialog_{dialog.key}", mode, size)
                opened.finish()
            hands.rest(shown.room)

    def in_english(self, shown: DemoWindow) -> None:
        """Take a few pages of a window that speaks English."""
        for page in ENGLISH:
            shown.window.go_to(page)
            hands.rest(shown.room)
            self.take(shown.window, f"{page}_english", Mode.LIGHT, SIZES[0], chinese=False)

    def _subject(self, key: str) -> dict[str, Any]:
        return SUBJECTS[key](self._stage) if key in SUBJECTS else {}


def _referral(stage: Stage) -> dict[str, Any]:
    return {"form": "F-50", "entity": "referral", "entity_id": stage.ids["referral"], "audience": "hospital"}


def ways(theme: Theme) -> Iterator[tuple[Mode, tuple[int, int]]]:
    """Yield modes and sizes; the window is left light and large."""
    for mode in (Mode.DARK, Mode.LIGHT):
        theme.set_mode(mode)
        for size in (*SIZES[1:], SIZES[0]):
            yield mode, size
