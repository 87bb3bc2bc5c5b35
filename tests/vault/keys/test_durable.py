"""Durable writing: in this order, and the old content stays when anything fails."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from counselroom.vault.keys import durable
from counselroom.vault.keys.durable import flushing, sync_folder, write_durably


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


def test_a_large_file_is_durable_piece_by_piece_and_whole_at_the_end(tmp_path, monkeypatch):
    synced, dropped = [], []
    real = os.fsync

    def fsync(handle):
        synced.append(os.fstat(handle).st_size)
        real(handle)

    monkeypatch.setattr(durable.os, "fsync", fsync)
    monkeypatch.setattr(durable.os, "posix_fadvise", lambda *told: dropped.append((len(synced), told[1:])))
    with (tmp_path / "file").open("xb") as stream, flushing(stream) as flush:
        for _number in range(2):
            stream.write(b"abc")
            flush()
        flush()  # waits for the one before
        assert len(synced) >= 2
        stream.write(b"tail")
    assert synced[0] in {3, 6}  # begun at three bytes, beside the writing of the next three
    assert synced[-1] == 10
    assert dropped == [(4, (0, 0, os.POSIX_FADV_DONTNEED))]


@pytest.mark.parametrize("bad", [1, 2, 3])
def test_no_failed_piece_is_lost(tmp_path, monkeypatch, bad):
    """A system tells each failure once: what an early call was told must not pass for a later success."""
    calls, dropped = [], []

    def fsync(handle):
        calls.append(handle)
        if len(calls) == bad:
            raise OSError(5, "told once")

    monkeypatch.setattr(durable.os, "fsync", fsync)
    monkeypatch.setattr(durable.os, "posix_fadvise", lambda *told: dropped.append(told))
    with (  # noqa: PT012 - whichever call it is
        (tmp_path / "file").open("xb") as stream,
        pytest.raises(OSError, match="told once"),
        flushing(stream) as flush,
    ):
        flush()
        flush()
    assert dropped == []


def test_a_writer_that_fails_does_not_wait_for_the_rest(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(durable.os, "fsync", calls.append)
    with (tmp_path / "file").open("xb") as stream, pytest.raises(ValueError, match="mine"), flushing(stream):
        raise ValueError("mine")
    assert calls == []
