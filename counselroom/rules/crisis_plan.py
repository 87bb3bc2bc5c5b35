"""Checklists, the plan of a 专案: items with their words, owners, limits and order (SYS-27).

The words come from `resources/checklists/` or a school's copy; what must never be missing is said here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from counselroom.rules.crisis_words import CrisisKind, Duty, Ideation

GENERAL = "CK-E"
"""The checklist that every 专案 has."""


class StepOwner(StrEnum):
    """Who does an item."""

    COUNSELLOR = "counsellor"
    CLASS_TEACHER = "class_teacher"
    LEADER = "leader"
    TEAM = "team"
    SECURITY = "security"
    CLINIC = "clinic"


class ClockStart(StrEnum):
    """From when an item's limit counts."""

    FOUND = "found"
    READY = "ready"
    """From when the items it waits for are settled."""


@dataclass(frozen=True)
class PlanItem:
    """One item of a checklist.

    Attributes:
        key: unlike that of any other item, `CK-E-04`.
        stage: heading under which it stands.
        title: what to do, in one line.
        detail: how, in a sentence or two; may be empty.
        owner: who does it.
        duty: which of the seven it serves, or None.
        within: key of the parameter with its limit, in the unit that parameter has; empty for none.
        minutes: its limit where no parameter gives it; None for none.
        clock: from when the limit counts.
        waits_for: keys of the items of this list that must be settled before it can start.
        document: the form it needs, `F-46`; empty for none.
        evidence: whether a paper belongs to it.
        fixed: whether a school's copy must keep it.
    """

    key: str
    stage: str
    title: str
    detail: str
    owner: StepOwner
    duty: Duty | None = None
    within: str = ""
    minutes: int | None = None
    clock: ClockStart = ClockStart.FOUND
    waits_for: tuple[str, ...] = ()
    document: str = ""
    evidence: bool = False
    fixed: bool = False


@dataclass(frozen=True)
class Checklist:
    """A checklist as it was read.

    Attributes:
        key: `CK-E`.
        title: in Chinese.
        version: counted up by whoever changes it.
        items: in the order of the plan.
        sha256: of its source.
        source: its TOML text.
        is_own: whether it is the school's copy.
    """

    key: str
    title: str
    version: int
    items: tuple[PlanItem, ...]
    sha256: str
    source: str
    is_own: bool = False


class FaultKind(StrEnum):
    """Why a checklist cannot be used."""

    NO_ITEMS = "no_items"
    TWICE = "twice"
    UNKNOWN_ITEM = "unknown_item"
    CIRCLE = "circle"
    TWO_LIMITS = "two_limits"
    READY_WITHOUT_WAITING = "ready_without_waiting"
    DUTY_MISSING = "duty_missing"
    FIXED_MISSING = "fixed_missing"
    LIMIT_LENGTHENED = "limit_lengthened"


@dataclass(frozen=True)
class PlanFault:
    """What is wrong with a checklist: the index of the item (-1 for the list), the entry, and the kind of fault."""

    item: int
    entry: str
    kind: FaultKind


def plan_fault(key: str, items: Sequence[PlanItem]) -> PlanFault | None:
    """Return what is wrong with the items of the checklist `key`, or None.

    Every item must be able to start some day: what it waits for stands in the same list, and nothing waits in a
    circle; else the 专案 could not be finished. The general list must serve all seven duties (R-05).
    """
    if not items:
        return PlanFault(-1, "item", FaultKind.NO_ITEMS)
    keys = [item.key for item in items]
    for number, item in enumerate(items):
        if item.key in keys[:number] or not item.key.startswith(f"{key}-"):
            return PlanFault(number, "key", FaultKind.TWICE)
        if any(other not in keys for other in item.waits_for):
            return PlanFault(number, "waits_for", FaultKind.UNKNOWN_ITEM)
        if item.within and item.minutes is not None:
            return PlanFault(number, "minutes", FaultKind.TWO_LIMITS)
        if item.clock is ClockStart.READY and not item.waits_for:
            return PlanFault(number, "clock", FaultKind.READY_WITHOUT_WAITING)
    stuck = _stuck(items)
    if stuck is not None:
        return PlanFault(stuck, "waits_for", FaultKind.CIRCLE)
    if key == GENERAL and set(Duty) - {item.duty for item in items}:
        return PlanFault(-1, "item", FaultKind.DUTY_MISSING)
    return None


def copy_fault(original: Sequence[PlanItem], copy: Sequence[PlanItem]) -> PlanFault | None:
    """Return why a school's copy may not take the place of the shipped list, or None.

    A fixed item stays, with its duty, its paper and a limit that is not longer: the rules know no way around them.
    """
    kept = {item.key: (number, item) for number, item in enumerate(copy)}
    for item in original:
        if not item.fixed:
            continue
        if item.key not in kept:
            return PlanFault(-1, "item", FaultKind.FIXED_MISSING)
        number, now = kept[item.key]
        if now.duty is not item.duty:
            return PlanFault(number, "duty", FaultKind.DUTY_MISSING)
        if (now.within, now.minutes, now.clock) != (item.within, item.minutes, item.clock):
            return PlanFault(number, "within", FaultKind.LIMIT_LENGTHENED)
    return None


def _stuck(items: Sequence[PlanItem]) -> int | None:
    """Return the index of an item that waits in a circle, or None."""
    left = {item.key: set(item.waits_for) for item in items}
    while left:
        ready = [key for key, waits in left.items() if not waits & set(left)]
        if not ready:
            return next(number for number, item in enumerate(items) if item.key in left)
        for key in ready:
            del left[key]
    return None


def checklists_for(kind: CrisisKind, ideation: Ideation) -> tuple[str, ...]:
    """Return which checklists a 专案 of this kind hangs on, the general one first (triggers §3.G)."""
    found = [GENERAL]
    if kind in (CrisisKind.SELF_HARM, CrisisKind.ATTEMPT, CrisisKind.COMPLETED) or ideation is Ideation.ATTEMPT:
        found.append("CK-B")
    elif kind is CrisisKind.IDEATION or ideation is not Ideation.NONE:
        found.append("CK-A")
    if kind is CrisisKind.HARM_OTHERS:
        found.append("CK-C")
    if kind is CrisisKind.STRESS:
        found.append("CK-G")
    if kind in (CrisisKind.ATTEMPT, CrisisKind.HARM_OTHERS):
        found.append("CK-F")
    if kind in AFFECTS_OTHERS:
        found += ["CK-F", "CK-D"]
    return tuple(dict.fromkeys(found))


AFFECTS_OTHERS = frozenset({CrisisKind.COMPLETED, CrisisKind.ATTEMPT, CrisisKind.GROUP})
"""Kinds after which the people around need care at once (triggers §3.G)."""
