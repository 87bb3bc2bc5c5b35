"""Durable writing: in this order, and the old content stays when anything fails."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from counselroom.vault.keys import durable
from counselroom.vault.keys.durable import sync_folder, write_durably


def test_replaces_the_content_and_leaves_nothing_beside(tmp_path):
    path = tmp_path / "file"
    (tmp_path / "file.part").write_bytes(b"left behind by a crash, and longer than the new content")
    for content in (b"one", b"", b"three"):
        write_durably(path, content)
        assert path.read_bytes() == content
        assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_order_of_the_steps(tmp_path, monkeypatch):
    steps = []
    real_fsync, real_replace = os.fsync, Path.replace

    def fsync(handle):
        name = str(Path(f"/proc/self/fd/{handle}").readlink())
        steps.append(("fsync", name, Path(name).read_bytes() if Path(name).is_file() else None))
        real_fsync(handle)

    def replace(path, target):
        steps.append(("replace", str(path), str(target)))
        return real_replace(path, target)

    monkeypatch.setattr(durable.os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    path = tmp_path / "file"
    write_durably(path, b"new")
    part = str(tmp_path / "file.part")
    assert steps == [("fsync", part, b"new"), ("replace", part, str(path)), ("fsync", str(tmp_path), None)]


def test_a_failed_sync_leaves_the_old_content(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_durably(path, b"old")

    def failing(handle):
        raise OSError(28, "full")

    monkeypatch.setattr(durable.os, "fsync", failing)
    with pytest.raises(OSError, match="full"):
        write_durably(path, b"new")
    assert path.read_bytes() == b"old"


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        sync_folder(tmp_path / "none")


def test_syncing_a_folder_lets_the_handle_go(tmp_path, monkeypatch):
    closed = []
    real = os.close
    monkeypatch.setattr(durable.os, "close", lambda handle: closed.append(handle) or real(handle))
    sync_folder(tmp_path)
    assert len(closed) == 1
