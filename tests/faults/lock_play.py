"""One process of many: unlocks, finds what the one before it typed, types somewhere else, locks for real.

`python -m tests.faults.lock_play FOLDER` begins; each lock starts the next by the program's own way of starting anew.
FOLDER holds `plan.json` (what is opened for what), `told.jsonl` (a line for each process) and `typed.json` (what the
process before typed and where). All pages are typed into before the first lock; then each dialog has its own lock.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from counselroom.__main__ import main
from counselroom.desktop import relauncher
from counselroom.ui import program as programs

_show, _enter = programs.Program.show, programs.Program._enter
_FOLDER = Path(sys.argv[1])
_LONGEST = 20_000


def _tell(**values: Any) -> None:
    with (_FOLDER / "told.jsonl").open("a", encoding="utf-8") as told:
        told.write(json.dumps({"process": os.getpid(), **values}, ensure_ascii=False) + "\n")


def _show_and_unlock(program: programs.Program) -> None:
    _show(program)
    (field,) = program.frame.stack.currentWidget().findChildren(QLineEdit)
    field.setText((_FOLDER / "passphrase.txt").read_text(encoding="utf-8"))
    QTimer.singleShot(0, field.returnPressed.emit)


def _enter_and_play(program: programs.Program, opened: Any) -> None:
    _enter(program, opened)
    QTimer.singleShot(0, lambda: _told_or_done(lambda: _play(program)))


def _told_or_done(work: Callable[[], None]) -> None:
    try:
        work()
    except BaseException:  # noqa: BLE001 - whatever it was, the test hears of it, and nothing goes on
        _tell(failed=traceback.format_exc())
        os._exit(1)


class _Looking:
    """The window, and how to wait for it."""

    def __init__(self, program: programs.Program) -> None:
        self.window: Any = program.window
        self.room: Any = program._room

    def rest(self) -> None:
        """Wait until what was asked for on both lanes, and what was asked for because of it, has arrived."""
        for _round in range(3):
            loop, owner, missing = QEventLoop(), QObject(), ["query", "job"]

            def arrived(_value: None, loop: QEventLoop = loop, missing: list[str] = missing) -> None:
                missing.pop()
                if not missing:
                    loop.quit()

            self.room.tasks.query(owner, lambda: None, arrived)
            self.room.tasks.job(lambda _job: None, arrived, reads=False)
            QTimer.singleShot(_LONGEST, owner, loop.quit)
            loop.exec()
            assert not missing, "what was asked for never came"
            QApplication.processEvents()

    def open(self, key: str, arguments: dict[str, Any], *, is_page: bool) -> QWidget:
        if is_page:
            self.window.go_to(key, arguments)
        else:
            self.window.dialogs.open(key, arguments)
        self.rest()
        return self.shown(is_page=is_page)

    def shown(self, *, is_page: bool) -> QWidget:
        shown: QWidget | None = self.window.page() if is_page else self.window.dialogs.dialog
        assert shown is not None, "the dialog is not there"
        return shown


def _play(program: programs.Program) -> None:
    from tests.ui.fields import fields_of, text_in, type_into

    plan = json.loads((_FOLDER / "plan.json").read_text(encoding="utf-8"))
    typed_file = _FOLDER / "typed.json"
    looking = _Looking(program)
    looking.rest()
    pages, dialogs = plan["pages"], plan["dialogs"]
    turn = 0
    if typed_file.exists():
        typed = json.loads(typed_file.read_text(encoding="utf-8"))
        turn = typed["turn"]
        found = {}
        if typed["is_page"]:
            here = looking.window.page().key
            for key in typed["texts"]:
                looking.window.go_to(key)
                looking.rest()
                if looking.window.page().face().masked:  # as everything is after a lock
                    looking.window._mask()
                    looking.rest()
                found[key] = [text_in(field) for field in fields_of(looking.shown(is_page=True))]
            looking.window.go_to(here)
        else:
            (key,) = typed["texts"]
            here = looking.window.dialogs.state()["dialog"] if looking.window.dialogs.dialog is not None else ""
            if here == key:
                found[key] = [text_in(field) for field in fields_of(looking.shown(is_page=False))]
                looking.window.dialogs.dialog.finish()
        _tell(here=here, typed=typed, found=found)
    if turn > len(dialogs):
        program.leave()
        return
    is_page = turn == 0
    texts = {}
    for key, arguments in pages.items() if is_page else [list(dialogs.items())[turn - 1]]:
        shown = looking.open(key, arguments, is_page=is_page)
        for place in [place for place, field in enumerate(fields_of(shown)) if not text_in(field)]:
            fields = fields_of(shown)
            if place < len(fields):
                type_into(fields[place])
                QApplication.processEvents()
        looking.rest()
        texts[key] = [text_in(field) for field in fields_of(shown)]
    typed = {"turn": turn + 1, "is_page": is_page, "here": key, "texts": texts}
    typed_file.write_text(json.dumps(typed, ensure_ascii=False), encoding="utf-8")
    program.lock()


if __name__ == "__main__":
    programs.Program.show = _show_and_unlock  # type: ignore[method-assign]
    programs.Program._enter = _enter_and_play  # type: ignore[method-assign]
    relauncher.own_command = lambda: [sys.executable, "-m", "tests.faults.lock_play", str(_FOLDER)]
    code = main(sys.argv[2:])
    _tell(ended=code)
