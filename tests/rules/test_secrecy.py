"""The four levels of secrecy."""

from __future__ import annotations

import pytest

from counselroom.rules.secrecy import Secrecy


@pytest.mark.parametrize(
    ("secrecy", "leaves_a_trace"),
    [(Secrecy.S0, False), (Secrecy.S1, False), (Secrecy.S2, True), (Secrecy.S3, True)],
)
def test_a_print_of_what_is_confidential_leaves_a_trace(secrecy: Secrecy, leaves_a_trace: bool) -> None:
    assert secrecy.leaves_a_trace is leaves_a_trace


def test_the_levels_sort_from_public_to_highest() -> None:
    assert sorted(Secrecy) == [Secrecy.S0, Secrecy.S1, Secrecy.S2, Secrecy.S3]
