"""The machine's clocks (R-20)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from counselroom.desktop.clock import Clock, SystemClock

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
LINUX = pytest.mark.skipif(not BOOT_ID.exists(), reason="needs Linux: the kernel's boot id")


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    yield monkeypatch
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows sets no time zone for one process")
@pytest.mark.parametrize(
    ("name", "offset"),
    [
        ("CST-8", timedelta(hours=8)),
        ("NST3:30", -timedelta(hours=3, minutes=30)),
        ("UTC0", timedelta(0)),
    ],
)
def test_the_wall_clock_shows_the_true_moment_and_the_hour_of_the_place(
    name: str, offset: timedelta, zone: pytest.MonkeyPatch
) -> None:
    zone.setenv("TZ", name)
    time.tzset()
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == offset


def test_the_system_clock_is_a_clock() -> None:
    clock: Clock = SystemClock()
    assert clock.now().tzinfo is not None


def test_the_time_since_boot_never_goes_back() -> None:
    clock = SystemClock()
    readings = [clock.since_boot() for _ in range(1000)]
    assert readings == sorted(readings)
    assert readings[0] > 0


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="needs Linux, which counts the time asleep")
def test_the_time_asleep_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def reading(which: int) -> float:
        asked.append(which)
        return 1234.5

    monkeypatch.setattr(time, "clock_gettime", reading)
    assert SystemClock().since_boot() == 1234.5
    assert asked == [time.CLOCK_BOOTTIME]


def test_elsewhere_the_monotonic_clock_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(time, "CLOCK_BOOTTIME", raising=False)
    monkeypatch.setattr(time, "monotonic", lambda: 77.25)
    assert SystemClock().since_boot() == 77.25


@LINUX
def test_the_boot_is_known_by_the_kernels_word() -> None:
    assert SystemClock().boot_id() == BOOT_ID.read_text(encoding="ascii").strip()
    assert SystemClock().boot_id() == SystemClock().boot_id()


class StoppedClock(SystemClock):
    """A machine without a boot id, started at a known moment."""

    def __init__(self, started: datetime, seconds: float) -> None:
        self.started, self.seconds = started, seconds

    def now(self) -> datetime:
        return self.started + timedelta(seconds=self.seconds)

    def since_boot(self) -> float:
        return self.seconds


def test_elsewhere_the_boot_is_known_by_the_minute_it_began(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "exists", lambda _path: False)
    began = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    word = StoppedClock(began, 10.0).boot_id()
    assert word == str(round(began.timestamp() / 60))
    assert StoppedClock(began, 90_000.0).boot_id() == word
    assert StoppedClock(began + timedelta(minutes=3), 10.0).boot_id() != word
