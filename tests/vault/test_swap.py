"""Putting a restored vault in the place of the present one: done whole, taken back whole, or completed at the start."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from counselroom.vault.swap import INCOMING, SwapFailed, finish_swap, swap_in

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def current(tmp_path: Path) -> Path:
    return _vault(tmp_path / "vault", "present")


@pytest.fixture
def restored(tmp_path: Path) -> Path:
    return _vault(tmp_path / "vault.restored-1", "restored")


def _vault(folder: Path, content: str) -> Path:
    folder.mkdir()
    (folder / "records.db").write_text(content, encoding="utf-8")
    return folder


def _content(folder: Path) -> str:
    return (folder / "records.db").read_text(encoding="utf-8")


def _fail(monkeypatch: pytest.MonkeyPatch, *which: int) -> None:
    """Let the renames with these numbers, from 1, fail."""
    count = 0
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        nonlocal count
        count += 1
        if count in which:
            raise PermissionError(13, "in use")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)


def test_the_present_vault_is_kept_with_the_day_in_its_name(current: Path, restored: Path) -> None:
    kept = swap_in(restored, current, NOW)
    assert kept == current.with_name("vault-before-restore-20261122-093000")
    assert (_content(current), _content(kept)) == ("restored", "present")
    assert not restored.exists()


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_what_fails_is_taken_back(current: Path, restored: Path, failing: int, monkeypatch: pytest.MonkeyPatch) -> None:
    _fail(monkeypatch, failing)
    with pytest.raises(SwapFailed) as caught:
        swap_in(restored, current, NOW)
    assert "两个资料库都没有变化" in caught.value.sentence()
    assert (_content(current), _content(restored)) == ("present", "restored")
    assert {path.name for path in current.parent.iterdir()} == {current.name, restored.name}


def test_what_cannot_be_taken_back_is_said_and_completed_at_the_next_start(
    current: Path, restored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        _fail(patch, 3, 4)
        with pytest.raises(SwapFailed) as caught:
            swap_in(restored, current, NOW)
    assert "vault-before-restore-20261122-093000" in caught.value.sentence()
    assert finish_swap(current)
    assert _content(current) == "restored"
    assert not current.with_name(current.name + INCOMING).exists()
    assert not finish_swap(current)
