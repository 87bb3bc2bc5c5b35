"""Answers searches over an unencrypted copy of a vault's database, in a process in which nothing is ever wiped.

The first line on standard input is a JSON object with the key and the paths; every further line is a JSON string, the
word to search. Each answer is one JSON value a line.
"""

from __future__ import annotations

import json
import sys
from contextlib import closing
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from sqlcipher3 import dbapi2

from counselroom.vault.engine import BEGIN_TO_READ, engine_over
from tests.bench.measuring import timed
from tests.bench.search import ask_index


def _copy(source: str, target: str, key: str) -> None:
    with closing(dbapi2.connect(source, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA key = \"x'{key}'\"")
        connection.execute("ATTACH DATABASE ? AS plain KEY ''", (target,))
        connection.execute("PRAGMA plain.synchronous = OFF")
        connection.execute("SELECT sqlcipher_export('plain')")


def _answer(engine: Engine, word: str) -> dict[str, Any]:
    with Session(engine) as session:
        found: list[int] = []
        session.connection()
        seconds = timed(lambda: found.append(ask_index(session, word)))
        return {"seconds": seconds, "total": found[0]}


def main() -> None:
    """Copy, then answer until standard input ends."""
    order = json.loads(sys.stdin.readline())
    _copy(order["source"], order["target"], order["key"])
    print(json.dumps("ready"), flush=True)
    connection = dbapi2.connect(order["target"], isolation_level=None, cached_statements=512)
    connection.execute(f"PRAGMA cache_size = {order['cache_size']}")  # of the vault: encryption alone shall differ
    engine = engine_over(connection, BEGIN_TO_READ)  # one for all, so that statements are compiled once as in the vault
    for line in sys.stdin:
        print(json.dumps(_answer(engine, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
