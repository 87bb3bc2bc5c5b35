"""Opens every page of the window several times: `python -m tests.bench.page_times VAULT TIMES` prints seconds as JSON.

A page is made anew each time, as when it is opened for the first time after the vault. It is open when both lanes have
done what it asked for, and what it asked for because of that, and it is painted.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject
from PySide6.QtWidgets import QApplication

from counselroom.demo.stage import FIRST_DAY, DemoClock, RememberedAnchors
from counselroom.desktop.machine_settings import SettingsFile
from counselroom.ui.main_window import MainWindow
from counselroom.ui.opening import open_vault_for_window, room_of
from counselroom.ui.pages.table import PAGES
from counselroom.ui.room import Room
from counselroom.ui.theme.theme import Theme
from counselroom.vault.keys.unlocking import Passphrase
from tests.bench.processes import answer_of
from tests.bench.rooms import LOGIN, PASSPHRASE

_ROUNDS = 4
"""As often as an answer may make a page ask for more."""
_YEAR_OF_ALL = {"period": "own", "first": "2025-09-01", "last": "2026-08-31"}
"""The school year in which all the sessions of these schools were held."""


class Pages:
    """The window on one vault."""

    def __init__(self, folder: Path, place: Path, application: QApplication) -> None:
        self._arguments = answer_of("page_arguments", folder)
        clock = DemoClock(FIRST_DAY + timedelta(days=2))
        opened = open_vault_for_window(
            folder, Passphrase(PASSPHRASE, LOGIN), anchors=RememberedAnchors(), clock=clock, new_id=_ids()
        )
        theme = Theme(parent=application)
        theme.apply(application)
        self.room: Room = room_of(
            opened,
            theme=theme,
            settings=SettingsFile(place / "window.json"),
            entropy=os.urandom,
            now=clock.now,
            set_idle_minutes=lambda _minutes: None,
        )
        self._window = MainWindow(self.room)
        theme.dress(self._window)
        self._window.resize(1440, 900)
        self._window.show()
        self.rest()

    def measure(self, times: int) -> dict[str, list[float]]:
        """Return the seconds of each opening by the key of the page."""
        taken: dict[str, list[float]] = {}
        for entry in PAGES:
            arguments = self._arguments[entry.key]
            self._open(entry.key, arguments)  # imports, and what is loaded once
            taken[entry.key] = [self._open(entry.key, arguments) for _turn in range(times)]
        year = [self._open("statistics", _YEAR_OF_ALL) for _turn in range(times)]
        return {**taken, "statistics of the whole year": year}

    def _open(self, key: str, arguments: dict[str, Any]) -> float:
        stack: Any = self._window._stack
        other = "settings" if key != "settings" else "backup"
        self._window.go_to(other)
        page = stack._pages.pop(key, None)
        if page is not None:
            stack.removeWidget(page)
            page.deleteLater()
        self.rest()
        begin = time.perf_counter()
        self._window.go_to(key, arguments)
        self.rest()
        return time.perf_counter() - begin

    def rest(self) -> None:
        """Wait until both lanes are done and everything is painted."""
        for _round in range(_ROUNDS):
            loop, owner = QEventLoop(), QObject()
            missing = ["query", "job"]

            def arrived(_value: None, loop: QEventLoop = loop, missing: list[str] = missing) -> None:
                missing.pop()
                if not missing:
                    loop.quit()

            self.room.tasks.query(owner, lambda: None, arrived)
            self.room.tasks.job(lambda _job: None, arrived, reads=False)
            loop.exec()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            QApplication.processEvents()

    def close(self) -> None:
        """Let the lanes go."""
        self._window.hide()
        self.room.tasks.close()
        self.room.desk.vault.close()


def _ids() -> Any:
    import uuid

    return lambda: uuid.uuid4().hex


def main() -> None:
    """Measure one vault."""
    application = cast("QApplication", QApplication.instance() or QApplication([]))
    with TemporaryDirectory() as place:
        pages = Pages(Path(sys.argv[1]), Path(place), application)
        taken = pages.measure(int(sys.argv[2]))
        print(json.dumps(taken), flush=True)
        with suppress(RuntimeError):  # Qt may have taken something down before us
            pages.close()
    os._exit(0)


if __name__ == "__main__":
    main()
