"""What each person has done in a school year of what the year asks for (SYS-39): computed from the rows alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from counselroom.rules.registers import RegisterState
from counselroom.services.register_definitions import Register, counts_instead
from counselroom.services.register_rows import RowView


@dataclass(frozen=True)
class Progress:
    """One person in one school year.

    Attributes:
        person: the name as it stands in the rows.
        group: what the person is, in words, by the newest row.
        done: the sum.
        required: what the year asks for, or None when it asks nothing of this group.
        missing: what is still to be done; 0 when enough is done, or something that counts instead.
        instead: what counts in its place, in words; empty for nothing.
        unit: stands after the numbers.
    """

    person: str
    group: str
    done: int
    required: int | None
    missing: int
    instead: str = ""
    unit: str = ""


def progress_of(register: Register, rows: Sequence[RowView]) -> tuple[Progress, ...]:
    """Return the persons of one school year by name; nothing for a register that asks for nothing by the year."""
    target = register.target
    if target is None:
        return ()
    people: dict[str, list[RowView]] = {}
    for row in sorted(rows, key=lambda row: row.occurred_on):
        name = row.texts.get(register.person, "")
        if name and row.state is RegisterState.FILED and row.void_reason is None:
            people.setdefault(name, []).append(row)
    found = []
    for name in sorted(people):
        own = people[name]
        code, group = str(own[-1].data.get(target.by, "")), own[-1].texts.get(target.by, "")
        done = sum(value for row in own if isinstance(value := row.data.get(target.field), int))
        required = target.required.get(code)
        missing = max(0, (required or 0) - done)
        instead = ""
        if missing and code in target.instead_for:
            times = sum(counts_instead(register.key, row.data) for row in own)
            if times >= target.instead_count:
                missing, instead = 0, target.instead_text
        found.append(Progress(name, group, done, required, missing, instead, register.field(target.field).unit))
    return tuple(found)
