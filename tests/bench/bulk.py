"""Thousands of signed notes in a vault, made fast.

The services would take several minutes (a transaction and a flush for each), so cases, consents and notes are inserted
through Core in transactions of 10,000 notes. Every row stands as the services leave it: common columns, number series,
the hash of what was signed, the audit rows of writing and signing in the HMAC chain, entry and tokens of the search
index. What is skipped: the draft before the signature (a note is inserted signed) and the step of a case from open to
active. `require_as_services_write` compares an inserted note with one that the services wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert, select, text

from counselroom.demo.stage import FIRST_DAY
from counselroom.model.counselling import CaseFile, Consent, SessionRecord
from counselroom.model.office import NumberSeries
from counselroom.model.safekeeping import AuditRow as StoredAuditRow
from counselroom.model.safekeeping import SearchEntry
from counselroom.rules.access import Action
from counselroom.rules.counselling import CaseStatus, ConsentKind, Mode, RiskLevel
from counselroom.rules.numbering import Series, code
from counselroom.rules.secrecy import Secrecy
from counselroom.rules.session import content_hash
from counselroom.services import forms, sessions
from counselroom.services.desk import Work
from counselroom.services.topics import all_topics
from counselroom.vault import audit, search_index
from counselroom.vault.opening import guard, unguard
from tests.bench.note_texts import session_notes
from tests.bench.rooms import FIRST_YEAR, Room

NOTES_EACH = 12
"""Sessions of a student; a larger school has more students, not longer cases."""
_AT_ONCE = 10_000 // NOTES_EACH * NOTES_EACH  # whole cases
_TOPICS = all_topics()
_FIRST_SESSION = FIRST_DAY.replace(year=FIRST_YEAR, month=9, day=8)


def students_for(notes: int) -> int:
    """Return how many students a school with this many notes needs."""
    return max(2, -(-notes // NOTES_EACH))


def write_notes(room: Room, notes: int) -> None:
    """Write `notes` signed and indexed notes, twelve to a student, and check what was written."""
    texts = session_notes(notes)
    _hurry(room)
    for start in range(0, notes, _AT_ONCE):
        with room.desk.change() as work:
            _Batch(work, room).write(range(start, min(notes, start + _AT_ONCE)), texts)
    require_as_services_write(room)
    require_whole_chain(room)


def _hurry(room: Room) -> None:
    """Let the connection keep pages in memory and not wait for the disk, until the vault is opened anew."""
    connection = room.desk.vault._connection
    unguard(connection)
    connection.execute("PRAGMA cache_size = -300000")
    connection.execute("PRAGMA synchronous = OFF")
    guard(connection)


class _Batch:
    """One transaction of notes with everything that belongs to them."""

    def __init__(self, work: Work, room: Room) -> None:
        self._work = work
        self._room = room
        self._actor = room.actor
        self._form_hash = forms.remember(work, sessions.FORM)
        self._rows: dict[Table, list[dict[str, Any]]] = {}
        self._events: list[audit.AuditEvent] = []
        self._places: dict[date, Any] = {}

    def write(self, numbers: range, texts: Iterator[dict[str, str]]) -> None:
        """Write the notes of these numbers, counted from 0."""
        entry_id = (self._work.session.scalar(text("SELECT max(id) FROM search_entry")) or 0) + 1
        tokens = []
        case: dict[str, Any] = {}
        for number in numbers:
            if number % NOTES_EACH == 0:
                case = self._open_case(number // NOTES_EACH)
            row = self._note(case, number, next(texts))
            self._add(SearchEntry, self._entry(entry_id, case, row))
            body = " ".join(token for part in row["sections"].values() for token in search_index._tokens(part))
            tokens.append({"rowid": entry_id, "body": body})
            entry_id += 1
        for table, rows in self._rows.items():
            self._work.session.execute(insert(table), rows)
        self._work.session.execute(text("INSERT INTO search_text (rowid, body) VALUES (:rowid, :body)"), tokens)
        last = -(-numbers.stop // NOTES_EACH)
        self._work.session.merge(NumberSeries(series=f"{Series.CASE}-{FIRST_YEAR}", branch=0, last_number=last))
        self._append_to_chain()

    def _add(self, kind: type, row: dict[str, Any]) -> None:
        self._rows.setdefault(kind.__table__, []).append(row)  # type: ignore[attr-defined]

    def _common(self, secrecy: Secrecy, on: date) -> dict[str, Any]:
        if on not in self._places:
            common = self._work.common(self._actor, secrecy, on)
            self._places[on] = (common["academic_year"], common["term"])
        year, term = self._places[on]
        now, who = self._work.now, self._actor.account_id
        stamps = {"created_at": now, "created_by": who, "updated_at": now, "updated_by": who}
        return {"id": self._work.new_id(), **stamps, "academic_year": year, "term": term, "secrecy": secrecy}

    def _audit(self, action: Action, entity: str, entity_id: str, digest: str = "") -> None:
        self._events.append(self._work.event(self._actor, action, entity, entity_id, digest=digest))

    def _open_case(self, index: int) -> dict[str, Any]:
        client, held = self._room.students[index], _held(index * NOTES_EACH)
        case = {
            **self._common(Secrecy.S3, held.date()),
            "code": code(Series.CASE, FIRST_YEAR, 0, index + 1),
            "client_id": client,
            "counsellor_id": self._actor.person_id,
            "opened_on": held.date(),
            "status": CaseStatus.ACTIVE,
            "goals": ["规律作息"],
            "restricted": False,
        }
        self._audit(Action.WRITE, "case_file", case["id"])
        self._add(CaseFile, case)
        consent = {
            **self._common(Secrecy.S2, held.date()),
            "client_id": client,
            "kind": ConsentKind.SERVICE,
            "text_version": "F-08/1",
            "signed_by": "本人",
            "signer_relation": "本人",
            "signed_at": held,
        }
        self._audit(Action.WRITE, "consent", "")
        self._add(Consent, consent)
        return case

    def _note(self, case: dict[str, Any], number: int, sections: dict[str, str]) -> dict[str, Any]:
        held = _held(number)
        signed = {
            "case_id": case["id"],
            "client_id": case["client_id"],
            "seq": number % NOTES_EACH + 1,
            "starts_at": held,
            "ends_at": held + timedelta(minutes=50),
            "mode": Mode.FACE,
            "place": "咨询一室",
            "form_hash": self._form_hash,
            "sections": sections,
            "topics": [_TOPICS[number % len(_TOPICS)].key],
            "risk_level": RiskLevel.NONE,
            "consent_exception": None,
            "next_at": held + timedelta(days=7),
        }
        digest = content_hash(signed)
        row = {
            **self._common(Secrecy.S3, held.date()),
            **signed,
            "counsellor_id": self._actor.person_id,
            "held_on": held.date(),
            "form_id": sessions.FORM,
            "signed_at": self._work.now,
            "signed_by": self._actor.account_id,
            "content_hash": digest,
        }
        self._audit(Action.WRITE, "session_record", row["id"])
        self._audit(Action.SIGN, "session_record", row["id"], self._work.keyed(digest))
        self._add(SessionRecord, row)
        return row

    def _entry(self, entry_id: int, case: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": entry_id,
            "entity": "session_record",
            "entity_id": row["id"],
            "subject_person": row["client_id"],
            "owner": row["counsellor_id"],
            "secrecy": Secrecy.S3,
            "restricted": False,
            "occurred_on": row["held_on"].isoformat(),
            "title": f"{case['code']} #{row['seq']}",
        }

    def _append_to_chain(self) -> None:
        """Append all events as `AuditLog.append` does one, without asking for the head each time."""
        log = self._work.vault.audit
        head = log.head(self._work.session)
        before = bytes.fromhex(head.audit_hash)
        rows = []
        for seq, event in enumerate(self._events, start=head.audit_seq + 1):
            fields = {**vars(event), "seq": seq, "roles": " ".join(sorted(event.roles))}
            fields |= {"generation": log.generation, "epoch": log.epoch, "prev_hash": before, "hash": b""}
            stored = fields | {"at": audit.moment_text(event.at)}
            before = audit._mac(log._key, audit.AuditRow(**stored))
            rows.append(fields | {"hash": before})
        self._work.session.execute(insert(StoredAuditRow.__table__), rows)


def _held(number: int) -> datetime:
    """Return when a session was held: of one student weekly, of all over a school year."""
    student, seq = divmod(number, NOTES_EACH)
    return _FIRST_SESSION + timedelta(days=student % 280 + 7 * seq, hours=student % 8)


def require_whole_chain(room: Room) -> None:
    """Verify the audit log from its first row."""
    with room.desk.vault.reading() as session:
        verdict = audit.verify_chain(session, audit.audit_keys(session, room.desk.vault.root))
    assert verdict.ok, f"the audit chain is broken: {verdict.fault}"


def require_as_services_write(room: Room) -> None:
    """Let the services write the note that was inserted first once more, and compare all that they leave."""
    actor, desk = room.actor, room.desk
    with desk.vault.reading() as session:
        first = session.scalar(select(SearchEntry.entity_id).order_by(SearchEntry.id).limit(1))
    copied = sessions.session(actor, desk, first)
    assert copied.content_hash is not None
    written = sessions.start_note(actor, desk, copied.case_id, copied.draft).value
    signed = sessions.sign_note(actor, desk, written.id).value
    for name, inserted in _traces(room, first).items():
        assert inserted == _traces(room, signed.id)[name], f"the services leave other {name}"


def _traces(room: Room, session_id: str) -> dict[str, Any]:
    """Return what one note left: columns that are filled, its text, its audit rows, its entry in the index."""
    log = StoredAuditRow.__table__.c
    with room.desk.look() as work:
        session = work.session
        row = session.execute(select(SessionRecord.__table__).where(SessionRecord.id == session_id)).mappings().one()
        events = session.execute(
            select(log.action, log.roles, log.reason, log.deed_id, log.digest == work.keyed(row["content_hash"]))
            .where(log.entity_id == session_id, log.action != Action.READ)
            .order_by(log.seq)
        ).all()
        entry = session.execute(select(SearchEntry.__table__).where(SearchEntry.entity_id == session_id)).mappings()
        found = entry.one()
    return {
        "columns": sorted(name for name, value in row.items() if value is not None),
        "text": row["sections"],
        "audit rows": [tuple(event) for event in events],
        "entry": {name: found[name] for name in ("entity", "subject_person", "owner", "secrecy", "restricted")},
    }
