"""The state file: strict, sealed field by field."""

from __future__ import annotations

import hmac
import json
from dataclasses import replace

import pytest

from counselroom.vault.keys.root import RootKey
from counselroom.vault.keys.slot_file import canonical
from counselroom.vault.state import StateUnreadable, VaultState, read_state, write_state

ROOT = RootKey(bytes(range(32)))
STATE = VaultState("0f" * 16, True, 7, 42, "ab" * 32, "sqlcipher-4")


def seal(values: dict) -> bytes:
    values = {name: value for name, value in values.items() if name != "mac"}
    mac = hmac.digest(ROOT.state_mac_key(), canonical(values), "sha256").hex()
    return canonical(values | {"mac": mac})


def test_round_trip(tmp_path):
    for state in (STATE, replace(STATE, is_open=False, generation=0)):
        write_state(tmp_path, state, ROOT)
        assert read_state(tmp_path, ROOT) == state
    assert [path.name for path in tmp_path.iterdir()] == ["vault.state"]


def test_content(tmp_path):
    write_state(tmp_path, STATE, ROOT)
    raw = (tmp_path / "vault.state").read_bytes()
    assert raw == seal(json.loads(raw))
    assert json.loads(raw) | {"mac": ""} == {
        "format": 1,
        "vault_id": "0f" * 16,
        "is_open": True,
        "generation": 7,
        "audit_seq": 42,
        "audit_hash": "ab" * 32,
        "cipher_profile": "sqlcipher-4",
        "mac": "",
    }


def test_missing(tmp_path):
    with pytest.raises(StateUnreadable):
        read_state(tmp_path, ROOT)


def test_another_root(tmp_path):
    write_state(tmp_path, STATE, ROOT)
    with pytest.raises(StateUnreadable):
        read_state(tmp_path, RootKey(b"x" * 32))


@pytest.mark.parametrize(
    "change",
    [
        {"is_open": False},
        {"generation": 8},
        {"audit_seq": 41},
        {"audit_hash": "ac" * 32},
        {"vault_id": "1f" * 16},
        {"cipher_profile": "x"},
        {"format": 2},
        {"mac": "00" * 32},
        {"mac": "no hex"},
        {"mac": None},
        {"more": 1},
    ],
)
def test_every_field_is_sealed(tmp_path, change):
    write_state(tmp_path, STATE, ROOT)
    path = tmp_path / "vault.state"
    path.write_bytes(canonical(json.loads(path.read_bytes()) | change))
    with pytest.raises(StateUnreadable):
        read_state(tmp_path, ROOT)


@pytest.mark.parametrize(
    "change",
    [{"format": 2}, {"generation": True}, {"generation": "7"}, {"is_open": 1}, {"more": 1}, {"vault_id": None}],
)
def test_sealed_content_of_another_shape_is_refused(tmp_path, change):
    write_state(tmp_path, STATE, ROOT)
    path = tmp_path / "vault.state"
    path.write_bytes(seal(json.loads(path.read_bytes()) | change))
    with pytest.raises(StateUnreadable):
        read_state(tmp_path, ROOT)


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"{}", b"\xff", b"[" * 4000, b'{"mac":"00"}', b'{"mac":1}'])
def test_noise_is_refused(tmp_path, raw):
    (tmp_path / "vault.state").write_bytes(raw)
    with pytest.raises(StateUnreadable):
        read_state(tmp_path, ROOT)


def test_a_large_file_is_refused(tmp_path):
    write_state(tmp_path, STATE, ROOT)
    path = tmp_path / "vault.state"
    path.write_bytes(path.read_bytes() + b" " * 5000)
    with pytest.raises(StateUnreadable):
        read_state(tmp_path, ROOT)
