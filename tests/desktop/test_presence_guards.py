"""Clipboard, screen recordings and memory dumps: nothing of the room stays where others look."""

from __future__ import annotations

import ast
import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from counselroom.desktop.capture import NoCaptureBlock, WindowsCaptureBlock, capture_block_of_this_machine
from counselroom.desktop.qt_clipboard import private_formats

needs_screen = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb: the clipboard is that of a screen")


@pytest.fixture
def display() -> Iterator[str]:
    reading, writing = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "640x480x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    ) as server:
        os.close(writing)
        with os.fdopen(reading) as stream:
            yield f":{stream.readline().strip()}"
        server.terminate()


OURS = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication, QLineEdit
from counselroom.desktop.qt_clipboard import ClipboardGuard
application = QApplication([])
guard = ClipboardGuard(application.clipboard(), application, kept_for=KEPT)
field = QLineEdit("张晓明的电话")
field.show()
field.selectAll()
field.copy()
application.clipboard().setText(field.text(), QClipboard.Mode.Selection)
def listen():
    print("copied", flush=True)
    for line in sys.stdin:
        {"clear\\n": guard.clear, "take\\n": lambda: None}[line]()
        break
    QTimer.singleShot(WAIT, lambda: print("done", flush=True) or QTimer.singleShot(20_000, application.quit))
QTimer.singleShot(50, listen)
application.exec()
"""

THEIRS = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import QApplication, QWidget
application = QApplication([])
window = QWidget()
window.show()
clipboard = application.clipboard()
def tell():
    data = clipboard.mimeData()
    mark = bytes(data.data("x-kde-passwordManagerHint").data())
    print(repr((data.text(), mark, clipboard.text(QClipboard.Mode.Selection))))
    if "take" in sys.argv:
        clipboard.setText("of somebody else")
        QTimer.singleShot(1500, lambda: print(clipboard.text()) or application.quit())
    else:
        application.quit()
QTimer.singleShot(200, tell)
application.exec()
"""


def python(code: str, display: str, *words: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def seen(display: str) -> tuple[object, ...]:
    """Return what another program can paste, how it is marked, and what it can paste with the middle button."""
    with python(THEIRS, display) as other:
        output, _errors = other.communicate(timeout=30)
    return tuple(ast.literal_eval(output))


@needs_screen
def test_a_copy_is_marked_and_cleared_at_once_by_a_lock(display: str) -> None:
    with python(OURS.replace("KEPT", "30_000").replace("WAIT", "0"), display) as ours:
        assert ours.stdin is not None
        assert ours.stdout is not None
        assert ours.stdout.readline() == "copied\n"
        ours.stdin.write("take\n")
        ours.stdin.flush()
        assert ours.stdout.readline() == "done\n"
        assert seen(display) == ("张晓明的电话", b"secret", "张晓明的电话")
        ours.kill()
    with python(OURS.replace("KEPT", "30_000").replace("WAIT", "0"), display) as ours:
        assert ours.stdin is not None
        assert ours.stdout is not None
        assert ours.stdout.readline() == "copied\n"
        ours.stdin.write("clear\n")
        ours.stdin.flush()
        assert ours.stdout.readline() == "done\n"
        assert seen(display) == ("", b"", "")
        ours.kill()


@needs_screen
def test_a_copy_is_gone_after_its_time_and_that_of_others_stays(display: str) -> None:
    with python(OURS.replace("KEPT", "300").replace("WAIT", "600"), display) as ours:
        assert ours.stdin is not None
        assert ours.stdout is not None
        assert ours.stdout.readline() == "copied\n"
        ours.stdin.write("take\n")
        ours.stdin.flush()
        assert ours.stdout.readline() == "done\n"
        assert seen(display)[:2] == ("", b"")
        ours.kill()
    with python(OURS.replace("KEPT", "1200").replace("WAIT", "0"), display) as ours:
        assert ours.stdin is not None
        assert ours.stdout is not None
        assert ours.stdout.readline() == "copied\n"
        ours.stdin.write("take\n")
        ours.stdin.flush()
        assert ours.stdout.readline() == "done\n"
        with python(THEIRS, display, "take") as other:
            output, _errors = other.communicate(timeout=30)
        assert output.splitlines()[-1] == "of somebody else"
        ours.kill()


def test_windows_is_told_by_names_it_knows() -> None:
    formats = private_formats()
    for name in (
        "ExcludeClipboardContentFromMonitorProcessing",
        "CanIncludeInClipboardHistory",
        "CanUploadToCloudClipboard",
    ):
        assert formats[f'application/x-qt-windows-mime;value="{name}"'] == b"\0\0\0\0"


class User32:
    """Windows' library, as far as it is asked."""

    def __init__(self) -> None:
        self.told: list[tuple[int | None, int]] = []

    def SetWindowDisplayAffinity(self, window: ctypes.c_void_p, affinity: int) -> int:
        self.told.append((window.value, affinity))
        return int(window.value != 13)


def test_recordings_are_blocked_and_allowed_on_windows() -> None:
    user32 = User32()
    block = WindowsCaptureBlock(user32)
    assert block.set_blocked(4711, blocked=True)
    assert block.set_blocked(4711, blocked=False)
    assert not block.set_blocked(13, blocked=True)
    assert user32.told == [(4711, 0x11), (4711, 0), (13, 0x11)]


def test_elsewhere_nothing_can_be_blocked() -> None:
    block = capture_block_of_this_machine("linux")
    assert isinstance(block, NoCaptureBlock)
    assert not block.set_blocked(1, blocked=True)


DUMPED = """
import ctypes, resource
from counselroom.__main__ import main
main(["forms"])
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux")
def test_the_program_leaves_no_dump() -> None:
    done = subprocess.run([sys.executable, "-c", DUMPED], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "(0, 0) 0"
