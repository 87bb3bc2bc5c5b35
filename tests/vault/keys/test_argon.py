"""Cost of a passphrase: limits, a known answer, and the calibration with a measuring function of the test."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from counselroom.vault.keys import argon
from counselroom.vault.keys.argon import FLOOR, LADDER, KdfParameters, KdfRefused, calibrate, derive

MIB = 1024


def test_floor_and_ceiling():
    assert KdfParameters(64 * MIB, 3, 4) == FLOOR
    assert [(step.memory_kib, step.passes, step.lanes) for step in LADDER] == [
        (65536, 3, 4),
        (131072, 3, 4),
        (196608, 3, 4),
        (262144, 3, 4),
        (262144, 4, 4),
    ]


@pytest.mark.parametrize(
    "values",
    [
        (64 * MIB - 1, 3, 4),
        (1024 * MIB + 1, 3, 4),
        (64 * MIB, 2, 4),
        (64 * MIB, 11, 4),
        (64 * MIB, 3, 3),
        (64 * MIB, 3, 9),
        (2**40, 2**31, 2**20),
        (-1, 3, 4),
    ],
)
def test_outside_the_limits_is_refused(values):
    with pytest.raises(KdfRefused) as caught:
        KdfParameters(*values)
    assert caught.value.happened == "密钥文件里的加密参数不是本程序会使用的。"
    assert caught.value.safe == "没有打开任何内容，也没有改动任何内容。"
    assert caught.value.next_step == "请从资料库文件夹的副本中放回原来的密钥文件，或者恢复一份备份。"


@pytest.mark.parametrize("values", [(64 * MIB, 3, 4), (1024 * MIB, 10, 8)])
def test_the_limits_themselves_are_allowed(values):
    assert KdfParameters(*values).memory_kib == values[0]


def test_known_answer():
    assert derive(b"correct horse", bytes(range(16)), FLOOR).hex() == KNOWN


KNOWN = "577f1ff37e9a3e52c97d39f8e83891c1b73b0e87ffe0429cee8ede2fb005fe44"


@pytest.mark.parametrize(
    ("seconds", "chosen"),
    [
        ([0.1, 0.2, 0.3, 0.4, 0.45], 4),  # faster than the ceiling
        ([0.1, 0.2, 0.5, 0.7, 0.9], 2),  # the first that takes half a second
        ([0.1, 0.49, 1.01], 1),  # the next would take longer than a second
        ([0.1, 0.49, 1.0], 2),
        ([0.5], 0),
        ([3.0], 0),  # a slow machine gets the floor
        ([0.1, 2.0], 0),
        ([0.4999, 0.9], 1),
    ],
)
def test_calibration(seconds, chosen):
    asked = []

    def measure(parameters: KdfParameters) -> float:
        asked.append(parameters)
        return seconds[len(asked) - 1]

    assert calibrate(measure) == LADDER[chosen]
    assert asked == list(LADDER[: len(asked)])


def test_measures_a_real_derivation(monkeypatch):
    seen = []
    ticks = iter([100.0, 100.25])
    monkeypatch.setattr(argon.time, "perf_counter", lambda: next(ticks))
    monkeypatch.setattr(argon, "derive", lambda secret, salt, kdf: seen.append((len(salt), kdf)))
    assert argon.seconds_of(FLOOR) == 0.25
    assert seen == [(16, FLOOR)]


def test_two_threads_derive_without_waiting_for_each_other_for_ever() -> None:
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda _number: derive(b"passphrase", bytes(16), FLOOR), range(6), timeout=60))
    assert set(found) == {derive(b"passphrase", bytes(16), FLOOR)}
