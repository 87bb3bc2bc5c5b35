"""Full-text search over character bigrams, and people by name, pinyin, initials, number or code.

SQLite's `trigram` tokenizer finds nothing for a two-character word, which is the normal Chinese query, so the tokens
are made here: every two neighbouring characters are one token, a word's last character is one alone. A phrase of
bigrams then matches exactly where the query is a substring, and one character is a prefix query.

The index holds no text (`content=''`), but tokens of a removed text stay in it, marked as deleted, until they are
merged away: after a redaction or destruction `counselroom.vault.deeds.scrub` calls `merge_step` until nothing is left.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Final

from sqlalchemy import ColumnElement, column, delete, func, insert, select, table, text, update
from sqlalchemy.orm import Session

from counselroom.model.safekeeping import SearchEntry, SearchName
from counselroom.rules.secrecy import Secrecy
from counselroom.vault.name_readings import initials, readings, spell

CREATE_SEARCH_TEXT: Final = (
    "CREATE VIRTUAL TABLE search_text USING fts5(body, content='', contentless_delete=1, tokenize='ascii')"
)
"""`ascii` treats every character beyond ASCII as part of a token, also those newer than SQLite's own tables."""

_MERGE_PAGES: Final = 64
"""Pages merged in one step: under 20 ms on two slow cores with 50,000 notes, so that typing never waits."""

_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
# ASCII punctuation would separate tokens. Its full-width forms are free to stand for it: NFKC leaves none in the text.
_PUNCTUATION = {code: chr(code + 0xFEE0) for code in range(0x21, 0x7F) if not chr(code).isalnum()}

_search_text = table("search_text", column("rowid"), column("body"))


@dataclass(frozen=True)
class IndexEntry:
    """What a hit stands for, with all that the access rules need.

    Attributes:
        entity: table of the record.
        entity_id: its id.
        subject_person: id of the person it is about, or None.
        owner: id of the person who owns it (the counsellor), or None.
        secrecy: its secrecy.
        restricted: True when it belongs to a restricted case.
        occurred_on: day of the event; the newest hits come first.
        title: one line for the list of hits.
    """

    entity: str
    entity_id: str
    subject_person: str | None
    owner: str | None
    secrecy: Secrecy
    restricted: bool
    occurred_on: date | None
    title: str


@dataclass(frozen=True)
class SearchResult:
    """Hits the reader may see.

    Attributes:
        total: how many there are; hits the reader may not see are not counted.
        entries: the newest of them.
    """

    total: int
    entries: tuple[IndexEntry, ...]


def canonical(text: str) -> str:
    """Return the form in which texts and queries are compared: NFKC, case folded, blanks as one space."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _BLANK.sub(" ", folded).strip()


def contains(text: str, query: str) -> bool:
    """Return True when every word of `query` is a substring of `text`: what `search` finds, said plainly."""
    words = canonical(query).split()
    return bool(words) and all(word in canonical(text) for word in words)


def _tokens(text: str) -> Iterator[str]:
    for word in canonical(text).translate(_PUNCTUATION).split():
        for start in range(len(word)):
            yield word[start : start + 2]


def _expression(query: str) -> str | None:
    """Return the FTS5 expression of a query, or None when it holds nothing to look for."""
    phrases = []
    for word in canonical(query).translate(_PUNCTUATION).split():
        bigrams = [word[start : start + 2] for start in range(len(word) - 1)]
        phrases.append(f'"{" ".join(bigrams)}"' if bigrams else f'"{word}"*')
    return " AND ".join(phrases) or None


def index(session: Session, entry: IndexEntry, texts: Iterable[str]) -> None:
    """Make `texts` findable as `entry`, replacing what was indexed for the same record before."""
    values = {
        "entity": entry.entity,
        "entity_id": entry.entity_id,
        "subject_person": entry.subject_person,
        "owner": entry.owner,
        "secrecy": entry.secrecy,
        "restricted": entry.restricted,
        "occurred_on": None if entry.occurred_on is None else entry.occurred_on.isoformat(),
        "title": entry.title,
    }
    found = _row_of(session, entry.entity, entry.entity_id)
    if found is None:
        # Without RETURNING, which would make SQLite write out the index after every single text of a long change.
        found = session.connection().execute(insert(SearchEntry).values(values)).lastrowid
    else:
        session.execute(update(SearchEntry).where(SearchEntry.id == found).values(values))
        session.execute(delete(_search_text).where(_search_text.c.rowid == found))
    body = " ".join(token for part in texts for token in _tokens(part))
    session.execute(insert(_search_text).values(rowid=found, body=body))


def remove(session: Session, entity: str, entity_id: str) -> None:
    """Take a record out of the index. Its tokens are gone from the pages only after `merge_step` is through."""
    found = _row_of(session, entity, entity_id)
    if found is not None:
        session.execute(delete(_search_text).where(_search_text.c.rowid == found))
        session.execute(delete(SearchEntry).where(SearchEntry.id == found))


def _row_of(session: Session, entity: str, entity_id: str) -> int | None:
    return session.execute(
        select(SearchEntry.id).where(SearchEntry.entity == entity, SearchEntry.entity_id == entity_id)
    ).scalar_one_or_none()


def search(session: Session, query: str, allowed: ColumnElement[bool], limit: int = 200) -> SearchResult:
    """Return the records that contain every word of `query`, the newest first.

    Args:
        session: an open session.
        query: one or more words of any length, separated by blanks.
        allowed: condition on `SearchEntry` columns for what the reader may see; applied before counting.
        limit: greatest number of entries returned.
    """
    expression = _expression(query)
    if expression is None:
        return SearchResult(0, ())
    hits = (
        select(SearchEntry.id, SearchEntry.occurred_on)
        .join_from(_search_text, SearchEntry, SearchEntry.id == _search_text.c.rowid)
        .where(text("search_text MATCH :expression").bindparams(expression=expression), allowed)
    )
    total = session.execute(select(func.count()).select_from(hits.subquery())).scalar_one()
    # A common word has thousands of hits: they are sorted by day and id alone, and only the newest are read whole.
    newest = hits.order_by(SearchEntry.occurred_on.desc(), SearchEntry.id.desc()).limit(limit).subquery()
    entries = (
        select(SearchEntry)
        .join_from(newest, SearchEntry, SearchEntry.id == newest.c.id)
        .order_by(SearchEntry.occurred_on.desc(), SearchEntry.id.desc())
    )
    return SearchResult(total, tuple(_entry_of(row) for row in session.scalars(entries)))


def _entry_of(row: SearchEntry) -> IndexEntry:
    return IndexEntry(
        entity=row.entity,
        entity_id=row.entity_id,
        subject_person=row.subject_person,
        owner=row.owner,
        secrecy=row.secrecy,
        restricted=row.restricted,
        occurred_on=None if row.occurred_on is None else date.fromisoformat(row.occurred_on),
        title=row.title,
    )


def merge_step(session: Session, *, first: bool) -> bool:
    """Merge a part of the index, physically dropping tokens of removed texts.

    Args:
        session: a session in a change of its own; each step is short.
        first: True in the first step, which marks all of the index for merging.

    Returns:
        True while there is more to do.
    """
    pages = -_MERGE_PAGES if first else _MERGE_PAGES
    before = session.execute(text("SELECT total_changes()")).scalar_one()
    session.execute(text("INSERT INTO search_text (search_text, rank) VALUES ('merge', :pages)"), {"pages": pages})
    # FTS5's own rule: a step that changed less than two rows found nothing to merge.
    return bool(session.execute(text("SELECT total_changes()")).scalar_one() - before >= 2)


def index_person(session: Session, person_id: str, name: str, codes: Mapping[str, str]) -> None:
    """Make a person findable by name, pinyin, initials, and `codes` (kind to code, such as `student_no`).

    Every part of the name that runs to its end is kept, so that the given name alone is enough.
    """
    index_people(session, [(person_id, name, codes)])


def index_people(session: Session, people: Sequence[tuple[str, str, Mapping[str, str]]]) -> None:
    """Do what `index_person` does for many people at once: id, name and codes of each. One call for up to 1,000."""
    session.execute(delete(SearchName).where(SearchName.person_id.in_([person_id for person_id, _, _ in people])))
    rows = [
        {"person_id": person_id, "kind": kind, "reading": reading}
        for person_id, name, codes in people
        for kind, reading in _ways_to_find(name, codes)
    ]
    # In the order of the index on `reading`, so that neighbours go to the same page while it is in memory.
    rows.sort(key=itemgetter("reading"))
    if rows:
        session.execute(insert(SearchName.__table__), rows)  # type: ignore[arg-type]  # typed as FromClause, is a Table


def _ways_to_find(name: str, codes: Mapping[str, str]) -> set[tuple[str, str]]:
    wanted = {("name", part) for part in _endings(canonical(name).replace(" ", ""))}
    for reading in readings(name):
        for ending in (reading, reading[1:]):
            if ending:
                wanted |= {("pinyin", spell(ending)), ("initials", initials(ending))}
    return wanted | {(kind, canonical(code).replace(" ", "")) for kind, code in codes.items() if canonical(code)}


def _endings(name: str) -> list[str]:
    return [name[start:] for start in range(len(name))]


def remove_person(session: Session, person_id: str) -> None:
    """Take a person out of the name index."""
    session.execute(delete(SearchName).where(SearchName.person_id == person_id))


def find_people(session: Session, query: str, allowed: ColumnElement[bool], limit: int = 50) -> tuple[str, ...]:
    """Return ids of the people one of whose names, readings or codes begins with `query`, best match first.

    Args:
        session: an open session.
        query: `张晓明`, `晓明`, `zhangxiaoming`, `zxm`, a student number or a code; blanks and case don't matter.
        allowed: condition on `SearchName.person_id` for whom the reader may see.
        limit: greatest number of ids returned.
    """
    start = canonical(query).replace(" ", "").replace("ü", "v")
    if not start:
        return ()
    # A range instead of LIKE, so that the index on `reading` serves; U+10FFFF sorts behind every character.
    begins = SearchName.reading.between(start, start + "\U0010ffff")
    shortest = func.min(func.length(SearchName.reading))
    found = (
        select(SearchName.person_id)
        .where(begins, allowed)
        .group_by(SearchName.person_id)
        .order_by(shortest, SearchName.person_id)
        .limit(limit)
    )
    return tuple(session.scalars(found))
