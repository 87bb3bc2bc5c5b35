"""How long the window's event loop does not come round, and what its thread does meanwhile."""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer

BEAT = 5
"""Milliseconds between two beats of the event loop."""
_LOOK = 0.004
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Gap:
    """One time the event loop did not come round.

    Attributes:
        step: what the play was doing.
        milliseconds: how long, without the interval of the beat, as far as this process was at work: what others on
            the same computer took from it is not the program's.
        waited: how long it was by the clock.
        work: where the thread was seen most often, innermost call of ours first, and what the collector took.
    """

    step: str
    milliseconds: float
    waited: float
    work: str


class GapMeter(QObject):
    """A beat in the event loop and a thread that looks at the stack when the beat stays away."""

    def __init__(self, least: float, parent: QObject | None = None) -> None:
        """Measure gaps of more than `least` milliseconds, from `start` to `stop`."""
        super().__init__(parent)
        self._least = least
        self._main = threading.get_ident()
        self._beat_at, self._worked = time.perf_counter(), time.process_time()
        self._seen: Counter[str] = Counter()
        self._collected = 0.0
        self._collecting_since = 0.0
        self._is_running = False
        self.step = ""
        self.gaps: list[Gap] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Measure from now on."""
        self._is_running = True
        self._beat_at, self._worked = time.perf_counter(), time.process_time()
        gc.callbacks.append(self._note_collection)
        self._timer.start()
        threading.Thread(target=self._watch, daemon=True).start()

    def stop(self) -> None:
        """Measure no more."""
        self._beat()
        self._is_running = False
        self._timer.stop()
        gc.callbacks.remove(self._note_collection)

    def forgive(self) -> None:
        """Leave out what was since the last beat: work of the play itself."""
        self._beat_at, self._worked = time.perf_counter(), time.process_time()
        self._seen.clear()
        self._collected = 0.0

    def _beat(self) -> None:
        now, worked = time.perf_counter(), time.process_time()
        waited = (now - self._beat_at) * 1000 - BEAT
        late = min(waited, (worked - self._worked) * 1000)
        if late > self._least:
            work = "; ".join(f"{count}× {place}" for place, count in self._seen.most_common(2)) or "Qt itself"
            if self._collected > 0.001:
                work += f"; garbage collection {self._collected * 1000:.0f} ms"
            self.gaps.append(Gap(self.step, round(late, 1), round(waited, 1), work))
        self._beat_at, self._worked = now, worked
        self._seen.clear()
        self._collected = 0.0

    def _note_collection(self, phase: str, _info: dict[str, Any]) -> None:
        if phase == "start":
            self._collecting_since = time.perf_counter()
        else:
            self._collected += time.perf_counter() - self._collecting_since

    def _watch(self) -> None:
        while self._is_running:
            time.sleep(_LOOK)
            if time.perf_counter() - self._beat_at > 0.012:
                self._seen[_place(sys._current_frames().get(self._main))] += 1


def _place(frame: FrameType | None) -> str:
    """Name the innermost call and the innermost call of ours above it."""
    named: list[str] = []
    while frame is not None and len(named) < 4:
        path = Path(frame.f_code.co_filename)
        ours = path.is_relative_to(_ROOT / "counselroom")
        if ours or not named:
            named.append(f"{path.name}:{frame.f_lineno} {frame.f_code.co_name}")
        frame = frame.f_back
    return " ← ".join(named)
