"""Saving and signing a note, with audit, access and index, against a commit of the same text in a default SQLite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

from counselroom.rules.counselling import ConsentKind, RiskLevel
from counselroom.services import cases, consents, search, sessions, students
from counselroom.services.consents import ConsentData
from counselroom.services.sessions import NoteDraft
from counselroom.services.students import StudentData
from tests.bench.measuring import Result, at_most, interleaved, timed
from tests.bench.note_texts import LESS_RARE, RARE, session_notes
from tests.bench.rooms import Room
from tests.bench.setting import Setting

NOTES = 50_000
SCHOOLS = (NOTES,)


def run(setting: Setting) -> list[Result]:
    """Write notes of one new case in a school that has many already."""
    with setting.school(NOTES) as room, closing(sqlite3.connect(setting.folder / "plain-notes.db")) as plain:
        plain.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        writer = _Writer(room, plain)
        saved, committed, signed = interleaved(setting.times(150), writer.save, writer.commit, writer.sign)
        writer.require_all_written()
    among = f"among {setting.notes(NOTES):,} notes"
    return [
        at_most(
            5, f"save the draft of a note {among}: access, audit, WAL+FULL; against a plain commit", saved, committed
        ),
        at_most(
            5, f"sign a note {among}: access, audit, hash, search index; against a plain commit", signed, committed
        ),
    ]


class _Writer:
    """Writes one note after the other, each text once in the vault and once in the plain database."""

    def __init__(self, room: Room, plain: sqlite3.Connection) -> None:
        self._room = room
        self._plain = plain
        self._texts = _texts_without_planted_words()
        self._case = self._open_case()
        self._started = room.clock.now()
        self._count = 0
        self._waiting: list[str] = []
        self._signed: list[str] = []

    def save(self) -> float:
        """Measure saving the text of a note that was begun."""
        actor, desk = self._room.actor, self._room.desk
        begun = sessions.start_note(actor, desk, self._case, self._draft({"content": "。"})).value
        draft = self._draft(next(self._texts))
        taken = timed(lambda: sessions.save_note(actor, desk, begun.id, draft))
        self._waiting.append(begun.id)
        return taken

    def sign(self) -> float:
        """Measure signing a note whose text is saved."""
        if not self._waiting:
            self.save()
        session_id = self._waiting.pop()
        taken = timed(lambda: sessions.sign_note(self._room.actor, self._room.desk, session_id))
        self._signed.append(session_id)
        return taken

    def commit(self) -> float:
        """Measure a commit of a note's text in the plain database: rollback journal, synchronous FULL."""
        text = json.dumps(next(self._texts), ensure_ascii=False)

        def work() -> None:
            with self._plain:
                self._plain.execute("INSERT INTO note (text) VALUES (?)", (text,))

        return timed(work)

    def require_all_written(self) -> None:
        """See every signed note stored as signed, and the last one found by search."""
        stored = {each.id: each for each in sessions.list_sessions(self._room.actor, self._room.desk, self._case)}
        assert all(stored[each].signed_at and stored[each].content_hash for each in self._signed)
        words = stored[self._signed[-1]].draft.sections["content"][:12]
        hits = search.search_text(self._room.actor, self._room.desk, words, limit=100_000)
        assert self._signed[-1] in {hit.entity_id for hit in hits.hits}, "a signed note is not found"

    def _draft(self, sections: dict[str, str]) -> NoteDraft:
        self._count += 1
        starts = self._started + timedelta(minutes=self._count)
        return NoteDraft(starts, starts + timedelta(minutes=50), sections, place="咨询一室", risk_level=RiskLevel.NONE)

    def _open_case(self) -> str:
        actor, desk = self._room.actor, self._room.desk
        client = students.add_student(actor, desk, StudentData("周清和")).value.id
        data = ConsentData(client, ConsentKind.SERVICE, "F-08/1", "本人", "本人", self._room.clock.now())
        consents.record_consent(actor, desk, data)
        return cases.open_case(actor, desk, client).value.id


def _texts_without_planted_words() -> Iterator[dict[str, str]]:
    """Yield notes that don't change how many hold the words that the search benchmark counts."""
    for sections in session_notes(10_000, seed=3):
        if not any(word in text for text in sections.values() for word in (RARE, LESS_RARE)):
            yield sections
