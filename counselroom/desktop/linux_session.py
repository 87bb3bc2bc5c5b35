"""Session lock, user switch and sleep on Linux: logind on the system bus, screen savers on the session bus.

Each bus is listened to in a thread of its own, because connecting to one waits for an answer. Qt's own D-Bus module
would wait for it on the thread of the window.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, message_bus, new_method_call
from jeepney.fds import FileDescriptor
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import DBusErrorResponse, unwrap_msg

from counselroom import log
from counselroom.desktop.session import Cause, Leave

_log = log.get(__name__)

_MANAGER = DBusAddress("/org/freedesktop/login1", "org.freedesktop.login1", "org.freedesktop.login1.Manager")
_SESSION = "org.freedesktop.login1.Session"
_PROPERTIES = "org.freedesktop.DBus.Properties"
SCREEN_SAVERS = (
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
    "org.xfce.ScreenSaver",
)
"""Interfaces whose signal `ActiveChanged(true)` says that the screen was taken away from the user."""
ANSWER = 3.0
"""Seconds a bus or a service on it may take to answer; afterwards that bus is not listened to."""

System = tuple[Callable[[], DBusConnection], Callable[[], DBusConnection]]
"""How the system bus and the session bus are connected to."""


def cause_of_signal(interface: str, member: str, body: tuple[Any, ...]) -> Cause | None:
    """Return why a signal of logind or a screen saver wants the room locked, or None."""
    if interface == _MANAGER.interface and member == "PrepareForSleep":
        # Waking up says false: whoever slept without a word before is locked now.
        return Cause.SLEEP if body == (True,) else Cause.WOKE if body == (False,) else None
    if interface == _SESSION and member == "Lock":
        return Cause.SESSION_LOCKED
    if interface in SCREEN_SAVERS and member == "ActiveChanged":
        return Cause.SCREEN_SAVER if body[:1] == (True,) else None
    if interface == _PROPERTIES and member == "PropertiesChanged" and body[:1] == (_SESSION,) and len(body) > 1:
        return _cause_of_properties(body[1])
    return None


def _cause_of_properties(changed: Mapping[str, tuple[str, Any]]) -> Cause | None:
    if changed.get("LockedHint") == ("b", True):
        return Cause.SESSION_LOCKED
    if changed.get("Active") == ("b", False):
        return Cause.USER_SWITCHED
    return None


def connect_system_bus() -> DBusConnection:
    """Connect to the system bus; file descriptors are wanted because logind's delay of sleep is one."""
    return open_dbus_connection("SYSTEM", enable_fds=True, auth_timeout=ANSWER)


def connect_session_bus() -> DBusConnection:
    """Connect to the bus of the user's session."""
    return open_dbus_connection("SESSION", auth_timeout=ANSWER)


class LinuxSessionWatch:
    """Listens to both buses; a bus that is missing, refuses or hangs is left alone without a word."""

    def __init__(
        self,
        connect_system: Callable[[], DBusConnection] = connect_system_bus,
        connect_session: Callable[[], DBusConnection] = connect_session_bus,
    ) -> None:
        self._listen_to: tuple[tuple[Callable[[], DBusConnection], Callable[[DBusConnection], None]], ...] = (
            (connect_system, self._subscribe_to_logind),
            (connect_session, _subscribe_to_screen_savers),
        )
        self._guard = threading.Lock()
        self._connections: list[DBusConnection] = []
        self._delay: FileDescriptor | None = None
        self._leave: Leave | None = None

    def start(self, leave: Leave) -> None:
        """Watch from now on; returns at once, and is silent where the system tells nothing."""
        self._leave = leave
        for connect, subscribe in self._listen_to:
            threading.Thread(target=self._listen, args=(connect, subscribe), name="session", daemon=True).start()

    def stop(self) -> None:
        """Watch no more, and let the computer sleep."""
        with self._guard:
            self._leave = None
            connections, self._connections = self._connections, []
            delay, self._delay = self._delay, None
        if delay is not None:
            delay.close()
        for connection in connections:
            try:
                connection.sock.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads it, which then closes it
            except OSError:
                continue

    def _listen(self, connect: Callable[[], DBusConnection], subscribe: Callable[[DBusConnection], None]) -> None:
        try:
            connection = connect()
        except (OSError, KeyError, ValueError, RuntimeError, DBusErrorResponse):
            return  # no such bus here
        try:
            if self._keep(connection):
                subscribe(connection)
                while True:
                    self._hear(connection.receive())
        except (OSError, ValueError, RuntimeError, DBusErrorResponse):
            return  # the bus went away, or `stop` was called
        finally:
            connection.close()

    def _keep(self, connection: DBusConnection) -> bool:
        with self._guard:
            if self._leave is None:
                return False
            self._connections.append(connection)
            return True

    def _hear(self, message: Message) -> None:
        header = message.header
        if header.message_type is not MessageType.signal:
            return
        fields = header.fields
        cause = cause_of_signal(fields.get(HeaderFields.interface, ""), fields[HeaderFields.member], message.body)
        leave = self._leave
        if cause is not None and leave is not None:
            leave(cause)

    def _subscribe_to_logind(self, connection: DBusConnection) -> None:
        _want(connection, MatchRule(type="signal", interface=_MANAGER.interface, member="PrepareForSleep"))
        self._delay_sleep(connection)
        path = _path_of_session(connection)
        if path is not None:
            for interface, member in ((_SESSION, "Lock"), (_PROPERTIES, "PropertiesChanged")):
                _want(connection, MatchRule(type="signal", interface=interface, member=member, path=path))

    def _delay_sleep(self, connection: DBusConnection) -> None:
        """Ask logind to wait a moment before sleep; it does until the descriptor it gives is closed, 5 s at most."""
        what = ("sleep", "counselroom", "locks the room", "delay")
        delay = _ask(connection, new_method_call(_MANAGER, "Inhibit", "ssss", what))
        if delay is None or not isinstance(delay[0], FileDescriptor):
            return
        with self._guard:
            if self._leave is not None:
                self._delay = delay[0]
                return
        delay[0].close()


def _subscribe_to_screen_savers(connection: DBusConnection) -> None:
    for interface in SCREEN_SAVERS:
        _want(connection, MatchRule(type="signal", interface=interface, member="ActiveChanged"))


def _want(connection: DBusConnection, rule: MatchRule) -> None:
    unwrap_msg(connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=ANSWER))


def _ask(connection: DBusConnection, call: Message) -> tuple[Any, ...] | None:
    """Return what a service answers, or None when it is not there or refuses."""
    try:
        return tuple(unwrap_msg(connection.send_and_get_reply(call, timeout=ANSWER)))
    except (DBusErrorResponse, TimeoutError):
        return None


def _path_of_session(connection: DBusConnection) -> str | None:
    """Return the object of the session this process belongs to, or else of the one named in the environment."""
    answer = _ask(connection, new_method_call(_MANAGER, "GetSessionByPID", "u", (os.getpid(),)))
    if answer is None and os.environ.get("XDG_SESSION_ID"):
        answer = _ask(connection, new_method_call(_MANAGER, "GetSession", "s", (os.environ["XDG_SESSION_ID"],)))
    return str(answer[0]) if answer else None
