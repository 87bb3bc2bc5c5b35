"""The six states a keychain can be in: none, no prompt, locked, hanging, wrong value, lost."""

from __future__ import annotations

import threading
import time

import keyring
import pytest
from keyring import errors
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from counselroom.desktop import keychain
from counselroom.desktop.keychain import SERVICE, TIMEOUT, KeychainUnavailable, SystemKeychain


class Backend(KeyringBackend):
    """A keychain in memory that a test can put into any state."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.fault: BaseException | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.calls = 0

    def _answer(self) -> None:
        self.calls += 1
        self.gate.wait()
        if self.fault is not None:
            raise self.fault

    def get_password(self, service: str, username: str) -> str | None:
        self._answer()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._answer()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._answer()
        if (service, username) not in self.kept:
            raise errors.PasswordDeleteError
        del self.kept[service, username]


@pytest.fixture
def backend():
    before = keyring.get_keyring()
    fake = Backend()
    keyring.set_keyring(fake)
    yield fake
    fake.gate.set()
    keyring.set_keyring(before)


def test_keeps_reads_and_removes(backend):
    chain = SystemKeychain()
    assert chain.read("a") is None
    chain.write("a", "one")
    chain.write("a", "two")
    assert chain.read("a") == "two"
    assert backend.kept == {(SERVICE, "a"): "two"}
    chain.remove("a")
    assert chain.read("a") is None
    chain.remove("a")  # nothing there is fine


def test_none():
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    try:
        for use in (lambda c: c.read("a"), lambda c: c.write("a", "b"), lambda c: c.remove("a")):
            with pytest.raises(KeychainUnavailable, match="NoKeyringError"):
                use(SystemKeychain())
    finally:
        keyring.set_keyring(before)


@pytest.mark.parametrize(
    "fault",
    [
        errors.InitError("secret words of a backend"),
        errors.KeyringLocked("secret words of a backend"),
        errors.PasswordSetError("secret words of a backend"),
        RuntimeError("secret words of a backend"),
        OSError("secret words of a backend"),
        SystemExit("secret words of a backend"),
    ],
)
def test_no_prompt_locked_and_whatever_a_backend_raises(backend, fault):
    backend.fault = fault
    chain = SystemKeychain()
    for use in (lambda: chain.read("a"), lambda: chain.write("a", "b"), lambda: chain.remove("a")):
        with pytest.raises(KeychainUnavailable) as caught:
            use()
        assert str(caught.value) == type(fault).__name__
    backend.fault = None
    assert chain.read("a") is None  # unlocked meanwhile: it works again


def test_hanging_is_given_up_and_not_asked_again(backend):
    backend.gate.clear()
    chain = SystemKeychain(timeout=0.05)
    started = time.monotonic()
    with pytest.raises(KeychainUnavailable, match="hangs"):
        chain.read("a")
    assert 0.05 <= time.monotonic() - started < 2
    for use in (lambda: chain.read("a"), lambda: chain.write("a", "b"), lambda: chain.remove("a")):
        with pytest.raises(KeychainUnavailable, match="hangs"):
            use()
    assert backend.calls == 1


def test_five_seconds():
    assert TIMEOUT == 5.0
    assert SystemKeychain()._timeout == 5.0


def test_the_worker_can_not_keep_the_process_alive(backend, monkeypatch):
    seen = []
    real = threading.Thread

    def spy(*arguments, **named):
        seen.append(named["daemon"])
        return real(*arguments, **named)

    monkeypatch.setattr(keychain.threading, "Thread", spy)
    SystemKeychain().read("a")
    assert seen == [True]


def test_entries_stay_on_this_computer(backend):
    """Windows calls it persistence; the library's default may roam in a domain."""
    backend.persist = "enterprise"
    SystemKeychain().read("a")
    assert backend.persist == "local machine"
    inner = Backend()
    inner.persist = "enterprise"
    del backend.persist
    backend.backends = [inner]
    SystemKeychain().read("a")
    assert inner.persist == "local machine"
    assert not hasattr(backend, "persist")
