"""The operating system's keychain (Windows vault, Secret Service, KWallet) behind a Protocol.

It is a convenience and never load-bearing: there may be none, it may be locked, it may hang on a prompt nobody sees.
Every call runs in a thread of its own for at most five seconds, and every failure is one: `KeychainUnavailable`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NoAnswer
from typing import Any, Final, Protocol

SERVICE: Final = "counselroom"
"""Name under which our entries stand in the keychain."""
TIMEOUT: Final = 5.0
"""Seconds a call may take."""


class KeychainUnavailable(Exception):
    """There is no keychain, or it is locked, fails or does not answer."""


class Keychain(Protocol):
    """A place for short texts that belongs to the user's account on this computer."""

    def read(self, name: str) -> str | None:
        """Return the text kept under `name`, or None. Raises KeychainUnavailable."""
        ...

    def write(self, name: str, value: str) -> None:
        """Keep a text of at most 1,000 characters under `name`. Raises KeychainUnavailable."""
        ...

    def remove(self, name: str) -> None:
        """Remove what is kept under `name`; nothing there is fine too. Raises KeychainUnavailable."""
        ...


class NoKeychain:
    """A computer without a keychain."""

    def read(self, name: str) -> str | None:
        """Raise KeychainUnavailable."""
        del name
        raise KeychainUnavailable("none")

    def write(self, name: str, value: str) -> None:
        """Raise KeychainUnavailable."""
        del name, value
        raise KeychainUnavailable("none")

    def remove(self, name: str) -> None:
        """Raise KeychainUnavailable."""
        del name
        raise KeychainUnavailable("none")


class SystemKeychain:
    """The keychain of this computer, through the `keyring` library."""

    def __init__(self, timeout: float = TIMEOUT) -> None:
        self._timeout = timeout
        self._hangs = False

    def read(self, name: str) -> str | None:
        """Return the text kept under `name`, or None. Raises KeychainUnavailable."""
        found = self._ask(lambda backend: backend.get_password(SERVICE, name))
        return None if found is None else str(found)

    def write(self, name: str, value: str) -> None:
        """Keep a text under `name`. Raises KeychainUnavailable."""
        self._ask(lambda backend: backend.set_password(SERVICE, name, value))

    def remove(self, name: str) -> None:
        """Remove what is kept under `name`. Raises KeychainUnavailable."""

        def remove_if_there(backend: Any) -> None:
            if backend.get_password(SERVICE, name) is not None:
                backend.delete_password(SERVICE, name)

        self._ask(remove_if_there)

    def _ask(self, question: Callable[[Any], Any]) -> Any:
        """Put a question to the backend. One that hung once is not asked again by this process."""
        if self._hangs:
            raise KeychainUnavailable("hangs")
        answer: Future[Any] = Future()
        # A daemon thread, so that a hanging keychain can't keep the process alive either.
        threading.Thread(target=_answer, args=(answer, question), name="keychain", daemon=True).start()
        try:
            failure = answer.exception(self._timeout)
        except NoAnswer:
            self._hangs = True
            raise KeychainUnavailable("hangs") from None
        if failure is not None:
            raise KeychainUnavailable(type(failure).__name__) from None
        return answer.result()


def _answer(answer: Future[Any], question: Callable[[Any], Any]) -> None:
    try:
        import keyring  # late: finding the backend takes a while and may itself hang

        backend = keyring.get_keyring()
        for one in (backend, *getattr(backend, "backends", ())):
            if hasattr(one, "persist"):
                one.persist = "local machine"  # the library's default may roam in a Windows domain
        answer.set_result(question(backend))
    except BaseException as failure:  # noqa: BLE001 - backends raise what their desktop raises; none of it may hinder
        answer.set_exception(failure)
