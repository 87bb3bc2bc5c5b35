"""Plays through every page and dialog of the real window and prints what it measured as JSON.

`python -m tests.bench.window_play VAULT [--least MS]`: without a screen; the vault is that of `tests.bench.build`.
Only what is between the first page and the lock is measured for gaps. Theme and size of letters are not changed.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time
import traceback
import uuid
from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

import counselroom.ui  # first, as the program does: what is imported after it costs less  # noqa: F401
from counselroom.demo.stage import FIRST_DAY, DemoClock, RememberedAnchors
from counselroom.desktop.allocator import keep_little
from counselroom.desktop.machine_settings import SettingsFile
from counselroom.ui.program import Program
from counselroom.ui.theme.theme import Theme
from counselroom.vault.keys.slot_file import SlotFile
from counselroom.vault.keys.unlocking import Credential, Passphrase
from tests.bench.gap_meter import GapMeter
from tests.bench.processes import answer_of
from tests.bench.secret import LOGIN, PASSPHRASE

LONGEST_OPENING = 120.0
"""Seconds the vault may take to open until the play gives up."""
PAUSE = 150
"""Milliseconds of rest after each step, as between two keys of a teacher."""


class NoRelauncher:
    """Starts nothing: the play ends with the lock."""

    def start(self, handover: object) -> bool:
        del handover
        return True


class NoIdle:
    """Never idle."""

    def start(self, minutes: int, leave: Callable[[], None]) -> None: ...

    def set_minutes(self, minutes: int) -> None: ...

    def stop(self) -> None: ...


class Play(QObject):
    """One session from the passphrase to the lock."""

    def __init__(self, folder: Path, place: Path, least: float, *, short: bool) -> None:
        super().__init__()
        self._is_short = short
        self._application = cast("QApplication", QApplication.instance())
        self._folder = folder
        self.meter = GapMeter(least, self)
        self.measured: dict[str, Any] = {}
        self._derived_at = 0.0
        self._clock = DemoClock(FIRST_DAY + timedelta(days=2))
        theme = Theme(parent=self._application)
        theme.apply(self._application)
        settings = SettingsFile(place / "window.json")
        # Made before the window is there: what the tests of all pages import is no part of its memory.
        self._arguments: dict[str, dict[str, Any]] = answer_of("page_arguments", folder)

        def open_room(credential: Credential) -> Any:
            from counselroom.ui import opening

            vault: Any = importlib.import_module("counselroom.vault.vault")

            derive = vault.unlock

            def timed(*words: Any, **named: Any) -> Any:
                done = derive(*words, **named)
                self._derived_at = time.perf_counter()
                return done

            vault.unlock = timed
            return opening.open_vault_for_window(
                folder, credential, anchors=RememberedAnchors(), clock=self._clock, new_id=lambda: uuid.uuid4().hex
            )

        def make_room(opened: Any) -> Any:
            from counselroom.ui.opening import room_of

            return room_of(
                opened,
                theme=theme,
                settings=settings,
                entropy=os.urandom,
                now=self._clock.now,
                set_idle_minutes=lambda _minutes: None,
                block_capture=lambda *, blocked: not blocked,
            )

        self._program = Program(
            theme,
            folder,
            SlotFile.read(folder).logins(),
            open_room=open_room,
            make_room=make_room,
            settings=settings,
            relauncher=NoRelauncher(),
            idle=NoIdle(),
            now=self._clock.now,
        )

    def run(self) -> None:
        """Unlock, go everywhere, lock."""
        program = self._program
        program.finished.connect(self._application.quit)
        program.show()
        QTimer.singleShot(0, self._play_or_end)
        self._application.exec()

    def _play_or_end(self) -> None:
        try:
            self._play()
        except BaseException:  # noqa: BLE001 - told and ended, whatever it was
            traceback.print_exc()
            os._exit(1)  # the lanes of a window that was not locked would go on

    def _play(self) -> None:
        program = self._program
        self.rest(300)
        program.unlocker.attempt(Passphrase(PASSPHRASE, LOGIN))
        end = time.perf_counter() + LONGEST_OPENING
        while program.window is None:
            assert time.perf_counter() < end, "the vault was not opened"
            self.rest(1)
        room = program._room
        assert room is not None
        entered = time.perf_counter()
        self._wait_for_lanes()
        QApplication.processEvents()
        self.measured["accepted_to_first_page"] = entered - self._derived_at
        self.measured["accepted_to_list"] = time.perf_counter() - self._derived_at
        self.measured["peak_rss_with_derivation_mb"] = _resident("VmHWM:")
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is counted from here
        self.rest(500)
        self.meter.start()
        self._go_everywhere()
        if not self._is_short:
            self._go_everywhere(again=True)
        self._search()
        self.measured["idle_rss_mb"] = _resident()
        self.meter.step = "lock"
        begin = time.perf_counter()
        QTest.keyClick(program.frame.windowHandle(), Qt.Key.Key_F12)
        self.measured["cover"] = time.perf_counter() - begin
        self.meter.stop()

    def _go_everywhere(self, *, again: bool = False) -> None:
        from counselroom.ui.dialogs.table import DIALOGS
        from counselroom.ui.pages.table import PAGES

        window: Any = self._program.window
        begun = "again" if again else "first"
        for page in PAGES:
            self._step(f"{begun}: {page.key}", partial(window.go_to, page.key, self._arguments[page.key]))
            self._use(page.key, window.page())
        window.go_to(PAGES[0].key)
        for dialog in DIALOGS:
            self._step(
                f"{begun}: dialog {dialog.key}",
                partial(window.dialogs.open, dialog.key, self._arguments[dialog.key]),
            )
            if window.dialogs.dialog is None:
                continue
            self._use(f"dialog {dialog.key}", window.dialogs.dialog)
            if window.dialogs.dialog is not None:
                self._step(f"close dialog {dialog.key}", lambda: window.dialogs.dialog.reject())

    def _use(self, name: str, shown: QWidget) -> None:
        window: Any = self._program.window
        for field in [f for f in shown.findChildren(QWidget) if isinstance(f, QLineEdit | QTextEdit | QPlainTextEdit)][
            :4
        ]:
            if not field.isVisible() or not field.isEnabled() or field.isReadOnly():
                continue
            field.setFocus()
            for letter in "zxm":
                self._step(f"type on {name}", partial(QTest.keyClicks, field, letter), PAUSE)
            for _letter in "zxm":
                QTest.keyClick(field, Qt.Key.Key_Backspace)
            self.rest(PAUSE)
            self._wait_for_lanes()
        for view in [view for view in shown.findChildren(QAbstractItemView) if view.isVisible()][:4]:
            view.setFocus()
            for key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_Down):
                self._step(f"scroll on {name}", partial(QTest.keyClick, view, key), 40)
        if shown is window.page():
            self._step(f"mask {name}", window._mask)
            self._step(f"mask {name}", window._mask)
            self._step(f"next panel on {name}", lambda: window._next_panel(1), 20)

    def _search(self) -> None:
        window: Any = self._program.window
        self._step("open search", window._open_search)
        (field,) = window._search.palette.findChildren(QLineEdit)
        for letter in "zhangxm":
            self._step("type into search", partial(QTest.keyClicks, field, letter), 100)
        field.clear()
        for letter in "失眠":
            self._step("search texts", partial(field.insert, letter))
        self._step("close search", lambda: QTest.keyClick(field, Qt.Key.Key_Escape))

    def _step(self, name: str, act: Callable[[], object], pause: int = PAUSE) -> None:
        self.meter.step = name
        act()
        self._wait_for_lanes()
        self.rest(pause)

    def _wait_for_lanes(self) -> None:
        """Wait until both lanes have done what they were asked before, through the event loop."""
        room = self._program._room
        assert room is not None
        waiting = {"query", "job"}
        owner = QObject()
        room.tasks.query(owner, lambda: None, lambda _none: waiting.discard("query"))
        room.tasks.job(lambda _job: None, lambda _none: waiting.discard("job"), reads=False)
        end = time.perf_counter() + 20
        while waiting and time.perf_counter() < end:
            self.rest(4)

    def rest(self, milliseconds: int) -> None:
        """Let the event loop run; a short play waits for answers only."""
        milliseconds = min(milliseconds, 4) if self._is_short else milliseconds
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()
        # The play runs inside one event of the program: what was closed in it would stay until its end.
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _resident(what: str = "VmRSS:") -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(what):
            return int(line.split()[1]) / 1024
    return 0.0


def main() -> int:
    """Play once."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.window_play")
    parser.add_argument("vault", type=Path)
    parser.add_argument(
        "--least", type=float, default=16.0, help="gaps shorter than this many milliseconds are left out"
    )
    parser.add_argument(
        "--short", action="store_true", help="everything once and without rest; no figure means anything"
    )
    options = parser.parse_args()
    keep_little()  # as the program does
    QApplication([])
    with TemporaryDirectory() as place:
        play = Play(options.vault, Path(place), options.least, short=options.short)
        play.run()
    measured = play.measured
    measured["peak_rss_mb"] = _resident("VmHWM:")
    measured["gaps"] = [asdict(gap) for gap in play.meter.gaps]
    print(json.dumps(measured, ensure_ascii=False, indent=1))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
