"""A real window on a real vault in a process of its own, driven by lines on its standard input, for the fault tests.

It unlocks by itself with the passphrase that comes first, says `entered`, then obeys: `type TEXT` types into the search
field of the list, one key each tenth of a second, and says after each how many are in; `show` shows the names of the
list; `lock` locks. The fresh process that a lock starts is the program itself, without any of this.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from counselroom.ui import main_window
from counselroom.ui import program as programs

_EVERY = 100


def say(*words: object) -> None:
    print(*words, flush=True)


class Hands(QObject):
    """What types; lines come from a thread that reads standard input."""

    heard = Signal(str)

    def __init__(self, program: programs.Program) -> None:
        super().__init__(program)
        self._program = program
        self._text = ""
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self._key)
        self.heard.connect(self._obey)

    def listen(self) -> None:
        say("entered")
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in sys.stdin:
            self.heard.emit(line.rstrip("\n"))

    def field(self) -> QLineEdit:
        window = self._program.window
        assert isinstance(window, main_window.MainWindow)
        (field, *_rest) = window.page().findChildren(QLineEdit)
        return field

    def _obey(self, line: str) -> None:
        word, _space, text = line.partition(" ")
        if word == "type":
            self._text = text
            self._timer.start()
        elif word == "paste":
            self.field().insert(text)
            say("pasted")
        elif word == "show":
            window = self._program.window
            assert isinstance(window, main_window.MainWindow)
            window._mask()
            QTimer.singleShot(500, lambda: say("shown"))
        elif word == "read":
            say("text", self.field().text())
        elif word == "lock":
            self._program.lock()

    def _key(self) -> None:
        if self._text:
            key, self._text = self._text[0], self._text[1:]
            QTest.keyClicks(self.field(), key)
            say("typed", len(self.field().text()))


def main() -> int:
    """Run the program with hands on it."""
    passphrase = sys.stdin.readline().rstrip("\n")
    enter, show = programs.Program._enter, programs.Program.show

    def enter_and_listen(self: programs.Program, opened: Any) -> None:
        enter(self, opened)
        hands = Hands(self)
        QTimer.singleShot(300, hands.listen)

    def show_and_unlock(self: programs.Program) -> None:
        show(self)
        page = self.frame.stack.currentWidget()
        assert page is not None
        (field,) = page.findChildren(QLineEdit)
        field.setText(passphrase)
        QTimer.singleShot(0, field.returnPressed.emit)

    ours: Any = programs.Program
    ours._enter, ours.show = enter_and_listen, show_and_unlock
    start: Any = subprocess.Popen

    def start_and_tell(*words: Any, **named: Any) -> Any:
        process = start(*words, **named)
        say("fresh", process.pid)
        return process

    system: Any = subprocess
    system.Popen = start_and_tell
    from counselroom.__main__ import main as run

    code = run([])
    say("ended", code)
    return code


if __name__ == "__main__":
    sys.exit(main())
