"""What a computer remembers of the window: kept in one file, and what is not readable in it is the default."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from counselroom.desktop.machine_settings import MachineSettings, SettingsFile

OTHER = MachineSettings(vault="/vault", mode="dark", text_scale="large", idle_minutes=30, capture="allowed")


def test_settings_are_kept(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "deep" / "window.json")
    assert file.current == MachineSettings()
    file.change(OTHER)
    assert file.current == OTHER
    assert SettingsFile(tmp_path / "deep" / "window.json").current == OTHER


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 70_000, b'{"mode": "dark"'])
def test_a_broken_file_is_no_hindrance(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "window.json").write_bytes(raw)
    assert SettingsFile(tmp_path / "window.json").current == MachineSettings()


@pytest.mark.parametrize(
    "values",
    [{"mode": "pink"}, {"text_scale": 3}, {"idle_minutes": 0}, {"idle_minutes": 31}, {"idle_minutes": True}, {"x": 1}],
)
def test_a_value_that_does_not_fit_is_left_out(tmp_path: Path, values: dict[str, object]) -> None:
    (tmp_path / "window.json").write_text(json.dumps(values | {"vault": "/v"}), encoding="utf-8")
    assert SettingsFile(tmp_path / "window.json").current == MachineSettings(vault="/v")


def test_a_place_that_cannot_be_written_to_loses_nothing_now(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    file = SettingsFile(tmp_path / "file" / "window.json")
    file.change(OTHER)
    assert file.current == OTHER
