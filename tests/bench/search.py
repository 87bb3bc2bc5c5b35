"""Two-character search over encrypted notes, against LIKE and against the same index without encryption."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import Text, select, text, true, type_coerce
from sqlalchemy.orm import Session

from counselroom.model.counselling import SessionRecord
from counselroom.services.search import search_text
from counselroom.vault import search_index
from tests.bench.measuring import Result, at_most, faster, interleaved, seconds, timed
from tests.bench.note_texts import FREQUENT, LESS_RARE, LESS_RARE_EVERY, RARE, RARE_EVERY, planted
from tests.bench.processes import start
from tests.bench.rooms import Room
from tests.bench.setting import Setting

NOTES = 50_000
SCHOOLS = (NOTES,)
_WORDS = ((RARE, RARE_EVERY), (LESS_RARE, LESS_RARE_EVERY), (FREQUENT, None))


def run(setting: Setting) -> list[Result]:
    """Compare what each word finds, then how long it takes."""
    notes = setting.notes(NOTES)
    results = []
    with setting.school(NOTES) as room, _PlainCopy(room, setting) as plain, room.vault.job_reader() as reader:
        for word, every in _WORDS:
            hits = _require_full_recall(room, word)
            if every is not None:
                assert hits == planted(notes, every), f"{word} was planted in another number of notes"
            assert plain.ask(word)["total"] == hits, "the index without encryption finds something else"
            compare = partial(_compare, setting, room, plain, reader, word)
            results += compare(f"search {word} in {hits:,} of {notes:,} notes", has_target=every is not None)
    return results


def _compare(
    setting: Setting, room: Room, plain: _PlainCopy, reader: Session, word: str, what: str, *, has_target: bool
) -> list[Result]:
    (like,) = interleaved(setting.times(7), lambda: _by_like(reader, word))
    ours, bare, page = interleaved(
        setting.times(31),
        lambda: _by_index(room, word),
        lambda: plain.ask(word)["seconds"],
        lambda: timed(lambda: search_text(room.actor, room.desk, word)),
    )
    against_like = faster(50, f"{what}, against LIKE", ours, like)
    as_service = Result(
        f"{what}, as a page asks: access checked, owners filtered", seconds(page), seconds(like), like / page
    )
    return [
        against_like if has_target else replace(against_like, target=""),
        as_service,
        at_most(3, f"{what}, against the same index unencrypted", ours, bare),
    ]


def _require_full_recall(room: Room, word: str) -> int:
    """Compare the ids found by the index, by the service and by LIKE; return how many there are."""
    with room.vault.reading() as session:
        by_like = set(session.scalars(_like(word)))
        found = search_index.search(session, word, true(), limit=len(by_like) + 1)
    ids = {entry.entity_id for entry in found.entries}
    assert ids == by_like, f"{word}: the index and LIKE find different notes"
    assert found.total == len(by_like)
    hits = search_text(room.actor, room.desk, word, limit=len(by_like) + 1)
    assert {hit.entity_id for hit in hits.hits} == by_like, f"{word}: the service finds other notes"
    return len(by_like)


def _like(word: str) -> Any:
    return select(SessionRecord.id).where(type_coerce(SessionRecord.sections, Text).like(f"%{word}%"))


def _by_like(reader: Session, word: str) -> float:
    # On a connection of its own: a scan of all notes would drive out of the cache what searches have put there.
    return timed(lambda: reader.scalars(_like(word)).all())


def _by_index(room: Room, word: str) -> float:
    with room.vault.reading() as session:
        return timed(lambda: ask_index(session, word))


def ask_index(session: Session, word: str) -> int:
    """Search as a page does, without the questions of access; return how many notes hold the word."""
    return search_index.search(session, word, true(), limit=50).total


class _PlainCopy:
    """The same database without encryption, asked in a process of its own.

    In this process SQLCipher wipes and locks all memory of SQLite, also for a database without a key: a baseline here
    would pay for what it does not have.
    """

    def __init__(self, room: Room, setting: Setting) -> None:
        self._process = start("plain_index", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        source, target = room.vault.database_file, setting.folder / "plain.db"
        room.vault.checkpoint()
        self._target = target
        with room.vault.reading() as session:
            cache_size = session.scalar(text("PRAGMA cache_size"))
        order = {"source": str(source), "target": str(target), "cache_size": cache_size}
        self._say({"key": room.vault.root.database_key(), **order})

    def __enter__(self) -> _PlainCopy:
        return self

    def __exit__(self, *failure: object) -> None:
        self._process.communicate()
        self._target.unlink(missing_ok=True)

    def ask(self, word: str) -> Any:
        """Return the seconds and the number of hits of one search."""
        return self._say(word)

    def _say(self, value: object) -> Any:
        pipe, answers = self._process.stdin, self._process.stdout
        assert pipe is not None
        assert answers is not None
        pipe.write(json.dumps(value).encode() + b"\n")
        pipe.flush()
        return json.loads(answers.readline())
