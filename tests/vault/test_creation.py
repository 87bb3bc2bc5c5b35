"""Making a vault: whole or not at all, and never over something that exists."""

from __future__ import annotations

import itertools
import random
import secrets

import pytest
from sqlalchemy import text

from counselroom.vault import creation
from counselroom.vault.admission import read_meta
from counselroom.vault.creation import FolderNotEmpty, create_vault
from counselroom.vault.engine import NotSaved
from counselroom.vault.keys.argon import FLOOR, KdfParameters
from counselroom.vault.keys.passphrase import PassphraseTooWeak
from counselroom.vault.keys.recovery_code import decode
from counselroom.vault.keys.slots import SlotKind, UnusableLogin
from counselroom.vault.keys.unlocking import Passphrase, Sheet
from counselroom.vault.vault import unlock_vault
from tests.vault.vaults import LOGIN, PASSPHRASE, Anchors, Clock, audit_actions, new_id, require_sound


def make(folder, **changes):
    values = {
        "logins": [(LOGIN, PASSPHRASE)],
        "entropy": secrets.token_bytes,
        "now": Clock(),
        "new_id": new_id,
        "anchors": Anchors(),
        "kdf": FLOOR,
    }
    return create_vault(folder, **(values | changes))


def test_a_new_vault(tmp_path):
    anchors, clock = Anchors(), Clock()
    made = make(
        tmp_path / "deep" / "vault",
        logins=[(LOGIN, PASSPHRASE), ("用户 2", "longzhou denglong huangdou gangqin")],
        anchors=anchors,
        now=clock,
        new_id=lambda: "0f" * 16,
    )
    vault = made.vault
    assert (vault.vault_id, vault.generation, vault.read_only, vault.banners) == ("0f" * 16, 1, None, ())
    assert (vault.slot.kind, vault.slot.login) == (SlotKind.PASSPHRASE, LOGIN)
    assert audit_actions(vault) == ["audit_begin", "vault_opened"]
    with vault.reading() as session:
        meta = read_meta(session.connection())
        first = session.execute(text("SELECT * FROM audit_log WHERE seq = 1")).one()
        assert session.execute(text("PRAGMA page_count")).scalar_one() > 2
    assert set(meta) == {"vault_id", "generation", "created_at", "max_seen_utc"}
    assert meta["created_at"] == "2026-11-22T05:07:01.000000Z+08:00"
    assert (first.actor_id, first.entity, first.entity_id, first.generation) == (
        vault.slots().slots[0].slot_id,
        "vault",
        "0f" * 16,
        0,
    )
    assert [slot.kind for slot in vault.slots().slots] == [
        SlotKind.PASSPHRASE,
        SlotKind.PASSPHRASE,
        SlotKind.SHEET_A,
        SlotKind.SHEET_B,
    ]
    assert decode(made.sheet_a) != decode(made.sheet_b)
    assert made.sheet_a not in repr(made)
    assert anchors.kept["0f" * 16].generation == 1
    require_sound(vault)
    vault.close()
    for credential in (
        Passphrase(PASSPHRASE, LOGIN),
        Passphrase("longzhou denglong huangdou gangqin", "用户 2"),
        Sheet(made.sheet_a),
        Sheet(made.sheet_b),
    ):
        unlock_vault(tmp_path / "deep" / "vault", credential, anchors=anchors, now=clock).close()
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["vault"]


def test_the_folder_is_private(tmp_path):
    make(tmp_path / "vault").vault.close()
    assert (tmp_path / "vault").stat().st_mode & 0o077 == 0


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "vault").mkdir()
    make(tmp_path / "vault").vault.close()


def test_what_is_not_empty_is_left_alone(tmp_path):
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "note.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for folder in (tmp_path / "vault", tmp_path / "file"):
        with pytest.raises(FolderNotEmpty) as caught:
            make(folder)
        assert caught.value.happened == "新资料库所选的文件夹不是空的。"
    assert (tmp_path / "vault" / "note.txt").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "vault"]


@pytest.mark.parametrize(
    ("logins", "kind"),
    [
        ([("", PASSPHRASE)], UnusableLogin),
        ([(LOGIN, PASSPHRASE), (LOGIN, PASSPHRASE)], UnusableLogin),
        ([(LOGIN, "short")], PassphraseTooWeak),
        ([(LOGIN, PASSPHRASE), ("xinlizhongxin2026", "xinlizhongxin2026")], PassphraseTooWeak),
    ],
)
def test_bad_logins_make_nothing(tmp_path, logins, kind):
    with pytest.raises(kind):
        make(tmp_path / "vault", logins=logins)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("step", ["create_schema", "write_state", "checkpoint", "sync_folder"])
def test_a_failing_disk_leaves_nothing_half_done(tmp_path, monkeypatch, step):
    def failing(*_arguments):
        raise OSError(28, "full")

    monkeypatch.setattr(creation, step, failing)
    with pytest.raises(NotSaved):
        make(tmp_path / "vault")
    names = [path.name for path in tmp_path.iterdir()]
    assert names == ([] if step != "sync_folder" else ["vault"])


def test_the_cost_is_calibrated_when_none_is_given(tmp_path, monkeypatch):
    chosen = KdfParameters(passes=4)
    monkeypatch.setattr(creation, "calibrate", lambda: chosen)
    made = make(tmp_path / "vault", kdf=None)
    assert made.vault.slot.kdf == chosen
    made.vault.close()


def test_same_entropy_same_keys(tmp_path):
    digits = []
    for name in ("one", "two"):
        numbers = itertools.count(1)
        made = make(
            tmp_path / name, entropy=random.Random(3).randbytes, new_id=lambda numbers=numbers: f"{next(numbers):032x}"
        )
        digits.append((made.sheet_a, made.sheet_b, made.vault.root.fingerprint()))
        made.vault.close()
    assert digits[0] == digits[1]
