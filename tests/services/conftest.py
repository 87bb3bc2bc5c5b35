"""The room of tests/services: a copy of one prepared vault for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import HandClock, MemoryAnchors
from tests.services.world import MORNING, World, opened_world


@pytest.fixture
def clock() -> HandClock:
    return HandClock(MORNING)


@pytest.fixture
def world(tmp_path: Path, clock: HandClock, anchors: MemoryAnchors) -> Iterator[World]:
    """A room of one's own."""
    with opened_world(tmp_path / "vault", clock, anchors) as world:
        yield world


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A room for all tests of a module that leave nothing behind, or nothing another of them would see."""
    with opened_world(tmp_path_factory.mktemp("shared") / "vault", HandClock(MORNING)) as world:
        yield world
