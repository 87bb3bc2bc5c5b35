"""Anchors and the machine secret in a keychain that may be in any state."""

from __future__ import annotations

import shutil

import pytest

from counselroom.desktop.keychain import KeychainUnavailable
from counselroom.services.anchor_store import KeychainAnchors
from counselroom.vault.state import Anchor, AnchorUnavailable
from counselroom.vault.vault import Banner, ReadOnlyReason, Sheet, unlock_vault
from tests.vault.vaults import Place

VAULT = "0f" * 16
ANCHOR = Anchor(7, 42, "ab" * 32)


class Keychain:
    """A keychain in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.fault = ""
        self.forgets = False

    def _answer(self) -> None:
        if self.fault:
            raise KeychainUnavailable(self.fault)

    def read(self, name: str) -> str | None:
        self._answer()
        return self.kept.get(name)

    def write(self, name: str, value: str) -> None:
        self._answer()
        if not self.forgets:
            self.kept[name] = value

    def remove(self, name: str) -> None:
        self._answer()
        self.kept.pop(name, None)


@pytest.fixture
def keychain():
    return Keychain()


def test_one_entry_for_each_vault(keychain):
    anchors = KeychainAnchors(keychain)
    assert anchors.load(VAULT) is None
    anchors.save(VAULT, ANCHOR)
    assert keychain.kept == {f"anchor-{VAULT}": f"7:42:{'ab' * 32}"}
    assert anchors.load(VAULT) == ANCHOR
    assert anchors.load("1" * 32) is None


@pytest.mark.parametrize(
    "value", ["", "x", "7:42", f"-7:42:{'ab' * 32}", f"7:42:{'AB' * 32}", f"7:42:{'ab' * 31}", f"7:42:{'ab' * 32}\n"]
)
def test_a_wrong_value_is_no_anchor(keychain, value):
    keychain.kept[f"anchor-{VAULT}"] = value
    assert KeychainAnchors(keychain).load(VAULT) is None


def test_an_unavailable_keychain(keychain):
    anchors = KeychainAnchors(keychain)
    keychain.fault = "KeyringLocked"
    for use in (
        lambda: anchors.load(VAULT),
        lambda: anchors.save(VAULT, ANCHOR),
        lambda: anchors.machine_secret(VAULT),
        lambda: anchors.new_machine_secret(VAULT, bytes),
        lambda: anchors.forget_machine_secret(VAULT),
    ):
        with pytest.raises(AnchorUnavailable, match="KeyringLocked"):
            use()


def test_the_machine_secret(keychain):
    anchors = KeychainAnchors(keychain)
    assert anchors.machine_secret(VAULT) is None
    asked = []

    def entropy(size: int) -> bytes:
        asked.append(size)
        return bytes(range(size))

    assert anchors.new_machine_secret(VAULT, entropy) == bytes(range(32))
    assert asked == [32]
    assert anchors.machine_secret(VAULT) == bytes(range(32))
    assert keychain.kept == {f"machine-secret-{VAULT}": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}
    anchors.forget_machine_secret(VAULT)
    assert anchors.machine_secret(VAULT) is None
    anchors.forget_machine_secret(VAULT)


@pytest.mark.parametrize("value", ["no base64!", "AAEC", "密", ""])
def test_a_wrong_machine_secret_is_none(keychain, value):
    keychain.kept[f"machine-secret-{VAULT}"] = value
    assert KeychainAnchors(keychain).machine_secret(VAULT) is None


def test_a_keychain_that_does_not_keep_gives_no_secret(keychain):
    keychain.forgets = True
    with pytest.raises(AnchorUnavailable, match="not kept"):
        KeychainAnchors(keychain).new_machine_secret(VAULT, lambda size: bytes(size))


STATES = ["none", "no prompt", "locked", "hanging", "wrong value", "lost"]


@pytest.mark.parametrize("state", STATES)
def test_a_vault_opens_in_every_state_of_the_keychain(tmp_path, keychain, state):
    place = Place(tmp_path)
    anchors = KeychainAnchors(keychain)

    def unlock():
        return unlock_vault(place.folder, Sheet(place.sheet_a), anchors=anchors, now=place.clock)

    unlock().close()
    (name,) = keychain.kept
    if state == "wrong value":
        keychain.kept[name] = "nonsense"
    elif state == "lost":
        keychain.kept.clear()
    else:
        keychain.fault = state
    vault = unlock()
    assert vault.read_only is None
    banner = Banner.ANCHOR_NEW if state in ("wrong value", "lost") else Banner.ANCHOR_UNAVAILABLE
    assert vault.banners == (banner,)
    vault.close()
    keychain.fault = ""
    vault = unlock()
    assert (vault.read_only, vault.banners) == (None, ())
    vault.close()


def test_an_older_vault_is_found_through_the_keychain(tmp_path, keychain):
    place = Place(tmp_path)
    anchors = KeychainAnchors(keychain)

    def unlock():
        return unlock_vault(place.folder, Sheet(place.sheet_a), anchors=anchors, now=place.clock)

    unlock().close()
    shutil.copytree(place.folder, tmp_path / "older")
    unlock().close()
    shutil.rmtree(place.folder)
    (tmp_path / "older").rename(place.folder)
    vault = unlock()
    assert vault.read_only is ReadOnlyReason.BEHIND_ANCHOR
    vault.close()
