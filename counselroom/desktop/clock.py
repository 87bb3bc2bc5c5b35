"""The machine's clocks: the wall clock, and the one that counts on in sleep (R-20)."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """Return the wall clock, aware, with the local offset."""
        ...

    def since_boot(self) -> float:
        """Return seconds since the machine started, sleep included; never goes back while `boot_id` stays."""
        ...

    def boot_id(self) -> str:
        """Return a word that changes when the machine starts anew."""
        ...


class SystemClock:
    """The clocks of this machine."""

    def now(self) -> datetime:
        """Return the wall clock with the local offset."""
        return datetime.now(UTC).astimezone()

    def since_boot(self) -> float:
        """Return CLOCK_BOOTTIME where it exists (Linux); elsewhere the monotonic clock, which Windows runs in sleep."""
        if hasattr(time, "CLOCK_BOOTTIME"):
            return time.clock_gettime(time.CLOCK_BOOTTIME)
        return time.monotonic()

    def boot_id(self) -> str:
        """Return the kernel's boot id, or the moment of the start in minutes where there is none."""
        source = Path("/proc/sys/kernel/random/boot_id")
        if source.exists():
            return source.read_text(encoding="ascii").strip()
        return str(round((self.now().timestamp() - self.since_boot()) / 60))
