"""Session lock, user switch and sleep: a real bus with a logind of the test on it, and messages of Windows by hand."""

from __future__ import annotations

import ctypes
import os
import queue
import select
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jeepney import DBusAddress, HeaderFields, MessageType, new_error, new_method_return, new_signal
from jeepney.io.blocking import DBusConnection, open_dbus_connection

from counselroom.desktop.linux_session import LinuxSessionWatch, cause_of_signal
from counselroom.desktop.qt_session import LinuxSession, NoSessionWatch, session_watch_of_this_machine
from counselroom.desktop.qt_windows_session import (
    WM_POWERBROADCAST,
    WM_WTSSESSION_CHANGE,
    NativeMessage,
    WindowsSessionWatch,
    cause_of_message,
)
from counselroom.desktop.session import Cause

MANAGER = DBusAddress("/org/freedesktop/login1", "org.freedesktop.login1", "org.freedesktop.login1.Manager")
SESSION = DBusAddress("/org/freedesktop/login1/session/c7", interface="org.freedesktop.login1.Session")
OTHER = DBusAddress("/org/freedesktop/login1/session/c8", interface="org.freedesktop.login1.Session")
PROPERTIES = DBusAddress(SESSION.object_path, interface="org.freedesktop.DBus.Properties")
CHANGED = "PropertiesChanged"
SAVER = DBusAddress("/ScreenSaver", interface="org.freedesktop.ScreenSaver")
CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default">
<allow user="*"/><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>"""


class Logind(threading.Thread):
    """What logind answers: the session of the caller, and a descriptor that holds up sleep."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self._connection = open_dbus_connection(address, enable_fds=True)
        self._connection.bus_proxy.RequestName("org.freedesktop.login1", 0)
        self.reading, self._writing = os.pipe()
        self.asked: list[tuple[Any, ...]] = []

    def run(self) -> None:
        with self._connection:
            while True:
                try:
                    call = self._connection.receive()
                except (OSError, ValueError):
                    return
                if call.header.message_type is not MessageType.method_call:
                    continue
                member = call.header.fields[HeaderFields.member]
                self.asked.append((member, *call.body))
                if member == "Inhibit":
                    self._connection.send(new_method_return(call, "h", (self._writing,)))
                    os.close(self._writing)
                elif member == "GetSessionByPID" and call.body == (os.getpid(),):
                    self._connection.send(new_method_return(call, "o", (SESSION.object_path,)))
                else:
                    self._connection.send(new_error(call, "org.freedesktop.DBus.Error.UnknownMethod"))

    def holds_up_sleep(self) -> bool:
        """Tell whether somebody still has the descriptor."""
        ready, _writing, _error = select.select([self.reading], [], [], 0)
        return not ready

    def end(self) -> None:
        self._connection.sock.shutdown(socket.SHUT_RDWR)
        self.join()
        os.close(self.reading)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    if shutil.which("dbus-daemon") is None:
        pytest.skip("needs dbus-daemon")
    path = tmp_path / "bus"
    (tmp_path / "bus.conf").write_text(CONFIG.format(path=path), encoding="utf-8")
    command = ["dbus-daemon", f"--config-file={tmp_path / 'bus.conf'}", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as daemon:
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()
        daemon.terminate()


@pytest.fixture
def logind(address: str) -> Iterator[Logind]:
    logind = Logind(address)
    logind.start()
    yield logind
    logind.end()


class Heard:
    """A watch on the bus of the test that has subscribed, and what it says."""

    def __init__(self, address: str) -> None:
        self.causes: queue.Queue[Cause] = queue.Queue()
        connected = threading.Semaphore(0)

        def connect() -> DBusConnection:
            connection = open_dbus_connection(address, enable_fds=True)
            connected.release()
            return connection

        self.watch = LinuxSessionWatch(connect, connect)
        self.watch.start(self.causes.put)
        for _bus in range(2):
            assert connected.acquire(timeout=5)
        self._sender = open_dbus_connection(address)
        self._pings = 0

    def hear(self, source: DBusAddress, member: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> Cause:
        """Send a signal and return what the watch makes of it."""
        self._sender.send(new_signal(source, member, signature, body))
        return self.causes.get(timeout=5)

    def until_subscribed(self) -> None:
        """Wait for the first signal to come through; both buses are one here, so it comes twice at most."""
        for source, member, body in ((SAVER, "ActiveChanged", ("b", (True,))), (SESSION, "Lock", (None, ()))):
            for _try in range(500):
                self._sender.send(new_signal(source, member, *body))
                try:
                    self.causes.get(timeout=0.02)
                except queue.Empty:
                    continue
                break
            else:
                pytest.fail("the watch never listened")
        self.drain()

    def drain(self) -> None:
        while True:
            try:
                self.causes.get(timeout=0.2)
            except queue.Empty:
                return

    def end(self) -> None:
        self.watch.stop()
        self._sender.close()


@pytest.fixture
def heard(address: str, logind: Logind) -> Iterator[Heard]:
    heard = Heard(address)
    heard.until_subscribed()
    yield heard
    heard.end()


def test_logind_and_screen_savers_are_heard(heard: Heard) -> None:
    assert heard.hear(MANAGER, "PrepareForSleep", "b", (True,)) is Cause.SLEEP
    heard.drain()
    assert heard.hear(SESSION, "Lock") is Cause.SESSION_LOCKED
    heard.drain()
    away: tuple[Any, ...] = (SESSION.interface, {"Active": ("b", False)}, [])
    assert heard.hear(PROPERTIES, "PropertiesChanged", "sa{sv}as", away) is Cause.USER_SWITCHED
    heard.drain()
    assert heard.hear(SAVER, "ActiveChanged", "b", (True,)) is Cause.SCREEN_SAVER


def test_what_concerns_others_is_not_heard(heard: Heard) -> None:
    heard._sender.send(new_signal(SAVER, "ActiveChanged", "b", (False,)))
    heard._sender.send(new_signal(OTHER, "Lock"))
    with pytest.raises(queue.Empty):
        heard.causes.get(timeout=0.3)


def test_sleep_is_held_up_until_the_watch_stops(heard: Heard, logind: Logind) -> None:
    assert ("Inhibit", "sleep", "counselroom", "locks the room", "delay") in logind.asked
    assert logind.holds_up_sleep()
    heard.watch.stop()
    ready, _writing, _error = select.select([logind.reading], [], [], 5)
    assert ready, "stopping lets the computer sleep"


def test_nothing_is_said_after_the_stop(heard: Heard) -> None:
    heard.watch.stop()
    heard._sender.send(new_signal(SESSION, "Lock"))
    with pytest.raises(queue.Empty):
        heard.causes.get(timeout=0.3)


def test_a_bus_without_logind_is_silent(address: str) -> None:
    heard = Heard(address)
    assert heard.causes.empty()
    heard.end()


def test_no_bus_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path / 'none'}")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    watch = LinuxSessionWatch()
    before = set(threading.enumerate())
    watch.start(lambda _cause: pytest.fail("nobody is there"))
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
        assert not thread.is_alive()
    watch.stop()


def test_stopping_before_the_bus_answers_leaves_nothing(address: str) -> None:
    gate, closed = threading.Event(), threading.Event()

    def connect() -> DBusConnection:
        assert gate.wait(5)
        connection = open_dbus_connection(address)
        close = connection.close

        def close_and_tell() -> None:
            close()
            closed.set()

        connection.close = close_and_tell
        return connection

    watch = LinuxSessionWatch(connect, connect)
    watch.start(lambda _cause: None)
    watch.stop()
    gate.set()
    assert closed.wait(5)


@pytest.mark.parametrize(
    ("interface", "member", "body", "cause"),
    [
        (MANAGER.interface, "PrepareForSleep", (True,), Cause.SLEEP),
        (MANAGER.interface, "PrepareForSleep", (False,), Cause.WOKE),
        (MANAGER.interface, "PrepareForSleep", (), None),
        (MANAGER.interface, "PrepareForShutdown", (True,), None),
        (SESSION.interface, "Lock", (), Cause.SESSION_LOCKED),
        (SESSION.interface, "Unlock", (), None),
        ("org.gnome.ScreenSaver", "ActiveChanged", (True,), Cause.SCREEN_SAVER),
        ("org.gnome.ScreenSaver", "ActiveChanged", (False,), None),
        ("com.example.Other", "ActiveChanged", (True,), None),
        (PROPERTIES.interface, CHANGED, (SESSION.interface, {"LockedHint": ("b", True)}, []), Cause.SESSION_LOCKED),
        (PROPERTIES.interface, CHANGED, (SESSION.interface, {"LockedHint": ("b", False)}, []), None),
        (PROPERTIES.interface, CHANGED, (SESSION.interface, {"Active": ("b", True)}, []), None),
        (PROPERTIES.interface, CHANGED, ("other", {"Active": ("b", False)}, []), None),
        (PROPERTIES.interface, CHANGED, (SESSION.interface,), None),
    ],
)
def test_what_a_signal_means(interface: str, member: str, body: tuple[Any, ...], cause: Cause | None) -> None:
    assert cause_of_signal(interface, member, body) is cause


@pytest.mark.parametrize(
    ("message", "wparam", "cause"),
    [
        (WM_POWERBROADCAST, 0x04, Cause.SLEEP),
        (WM_POWERBROADCAST, 0x07, Cause.WOKE),
        (WM_POWERBROADCAST, 0x12, Cause.WOKE),
        (WM_POWERBROADCAST, 0x0A, None),  # the battery's state changed
        (WM_WTSSESSION_CHANGE, 0x2, Cause.USER_SWITCHED),
        (WM_WTSSESSION_CHANGE, 0x4, Cause.USER_SWITCHED),
        (WM_WTSSESSION_CHANGE, 0x6, Cause.USER_SWITCHED),
        (WM_WTSSESSION_CHANGE, 0x7, Cause.SESSION_LOCKED),
        (WM_WTSSESSION_CHANGE, 0x8, None),  # unlocked
        (0x0400, 0x7, None),
    ],
)
def test_what_a_message_of_windows_means(message: int, wparam: int, cause: Cause | None) -> None:
    assert cause_of_message(message, wparam) is cause


class Wtsapi:
    """Windows' library, as far as it is asked."""

    def __init__(self) -> None:
        self.registered: list[int | None] = []

    def WTSRegisterSessionNotification(self, handle: ctypes.c_void_p, _flags: int) -> int:
        self.registered.append(handle.value)
        return 1

    def WTSUnRegisterSessionNotification(self, handle: ctypes.c_void_p) -> int:
        self.registered.remove(handle.value)
        return 1


def test_the_watch_of_windows_reads_messages_and_lets_them_go_on() -> None:
    wtsapi, causes = Wtsapi(), list[Cause]()
    watch = WindowsSessionWatch(lambda: 4711, wtsapi)
    watch.start(causes.append)
    assert wtsapi.registered == [4711]
    for wparam in (0x8, 0x7):
        message = NativeMessage(4711, WM_WTSSESSION_CHANGE, wparam)
        assert watch.nativeEventFilter(b"windows_generic_MSG", ctypes.addressof(message)) == (False, 0)
    assert watch.nativeEventFilter(b"xcb_generic_event_t", 0) == (False, 0)
    assert causes == [Cause.SESSION_LOCKED]
    watch.stop()
    assert wtsapi.registered == []
    assert watch.nativeEventFilter(b"windows_generic_MSG", ctypes.addressof(message)) == (False, 0)
    assert causes == [Cause.SESSION_LOCKED]


def test_each_system_has_its_watch() -> None:
    assert isinstance(session_watch_of_this_machine(lambda: 0, "linux"), LinuxSession)
    assert isinstance(session_watch_of_this_machine(lambda: 0, "freebsd14"), NoSessionWatch)
