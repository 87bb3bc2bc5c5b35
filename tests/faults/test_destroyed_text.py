"""Destroyed and redacted text is on no decrypted page of a vault that lived a while, whatever its length.

The life before matters: drafts are saved over and over, rows grow and move between pages, and every move could leave
a copy in free space.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from counselroom.model import Base
from counselroom.rules.secrecy import Secrecy
from counselroom.vault import deeds, search_index
from counselroom.vault.schema import create_schema
from tests.faults.scale import count
from tests.vault.pages import pages_with
from tests.vault.sample_rows import fill, row_of
from tests.vault.storage import KEY, audit_event, engine_over, open_raw, session_on

pytestmark = pytest.mark.faults

NOTE = Base.metadata.tables["session_record"]
DRAFT = Base.metadata.tables["draft"]
CHARACTERS = (
    "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于心学"
)


@dataclass
class Room:
    raw: Any
    engine: Engine
    folder: Path

    @contextmanager
    def change(self) -> Iterator[Session]:
        with session_on(self.engine) as session, session.begin():
            yield session

    def checkpoint(self) -> bool:
        return bool(self.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)


def write_note(session: Session, note_id: str, seq: int, words: str, chance: random.Random) -> None:
    """Type a note through a growing draft, sign it, and index it."""
    about = {"id": f"d-{note_id}", "place": note_id, "entity": "session_record", "entity_id": note_id}
    session.execute(insert(DRAFT).values(row_of(DRAFT) | about | {"state": {"a": ""}}))
    for _ in range(4):
        typed = words[: chance.randrange(len(words) + 1)]
        session.execute(DRAFT.update().where(DRAFT.c.id == f"d-{note_id}").values(state={"a": typed}))
    values = row_of(NOTE, note_id) | {
        "seq": seq,
        "appointment_id": None,
        "sections": {"a": words[:9]},
        "signed_at": None,
    }
    session.execute(insert(NOTE).values(values))
    session.execute(NOTE.update().where(NOTE.c.id == note_id).values(sections={"a": words}))
    session.execute(text("UPDATE session_record SET signed_at = 'x' WHERE id = :id"), {"id": note_id})
    if chance.random() < 0.5:
        session.execute(DRAFT.delete().where(DRAFT.c.id == f"d-{note_id}"))
    entry = search_index.IndexEntry(
        "session_record", note_id, None, None, Secrecy.S3, False, date(2026, 11, 2), words[:12]
    )
    search_index.index(session, entry, [words])


def test_no_destroyed_text_is_left(tmp_path: Path) -> None:
    chance = random.Random(20261122)
    numbers = itertools.count()
    for turn in range(count(ci=3, more=12, full=30)):
        folder = tmp_path / str(turn)
        folder.mkdir()
        raw = open_raw(folder / "records.db")
        room = Room(raw, engine_over(raw), folder)
        with room.engine.begin() as connection:
            create_schema(connection)
        with room.change() as session:
            log = fill(session)
        gone: dict[str, str] = {}
        for number in range(60):
            mark = chr(0x20000 + 61 * turn + number)
            words = "".join(chance.choices(CHARACTERS, k=chance.choice([3, 30, 300, 1500, 5000])))
            at = chance.randrange(len(words))
            words = words[:at] + mark * 2 + words[at:]
            with room.change() as session:
                write_note(session, f"n{number}", 100 + number, words, chance)
            if chance.random() < 0.5:
                gone[f"n{number}"] = mark
        for note_id, mark in gone.items():
            assert pages_with(folder / "records.db", KEY, mark) > 0
            deed = chance.choice([deeds.redact, deeds.destroy])
            with room.change() as session:
                event = audit_event(entity="session_record", entity_id=note_id)
                deed(session, log, event, new_id=lambda: f"x{next(numbers)}")
        assert deeds.scrub(room)
        pages = {mark: pages_with(folder / "records.db", KEY, mark) for mark in gone.values()}
        assert set(pages.values()) == {0}, f"turn {turn}: {sum(map(bool, pages.values()))} of {len(pages)} left"
        raw.close()
