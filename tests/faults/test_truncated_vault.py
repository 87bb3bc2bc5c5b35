"""A vault cut off at any size: refused with a sentence, left as it is, and no empty vault is made in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from counselroom.vault.opening import DatabaseEmpty, DatabaseTruncated
from tests.vault.vaults import Place

pytestmark = pytest.mark.faults


@pytest.mark.parametrize(
    "size_of",
    [
        lambda whole: 0,
        lambda whole: 1,
        lambda whole: 100,
        lambda whole: 4095,
        lambda whole: 4096,
        lambda whole: 8192,
        lambda whole: whole // 8192 * 4096,
        lambda whole: whole - 8192,
        lambda whole: whole - 4096,
        lambda whole: whole - 1,
    ],
)
def test_a_cut_off_vault(tmp_path: Path, size_of) -> None:
    place = Place(tmp_path)
    with place.database.open("r+b") as stream:
        stream.truncate(size_of(place.database.stat().st_size))
    before = place.content()
    with pytest.raises((DatabaseEmpty, DatabaseTruncated)) as caught:
        place.unlock()
    assert caught.value.safe == "它没有被动过。"
    assert caught.value.next_step == "请恢复最新的一份备份。"
    assert place.content() == before
