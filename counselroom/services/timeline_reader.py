"""Who reads a student's timeline, what was granted, and what turned out to be readable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from counselroom.rules.access import Action, Actor, Grant, Subject, decide
from counselroom.rules.secrecy import Secrecy
from counselroom.services.desk import Work


@dataclass
class Reader:
    """Who looks, what was granted, and what turned out to be readable.

    Attributes:
        seen: (table, id) of each record met, to whether its content may be shown.
        cases: id of each case to what the rules need of it: counsellor and whether it is restricted.
    """

    work: Work
    actor: Actor
    grants: tuple[Grant, ...]
    names: Mapping[str, str]
    seen: dict[tuple[str, str], bool] = field(default_factory=dict)
    cases: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def may(self, subject: Subject) -> bool:
        """Tell whether the reader may read this."""
        return decide(self.actor, Action.READ, subject, self.grants, self.work.now).allowed

    def of_case(self, entity: str, entity_id: str, case_id: str | None, owner: str) -> bool | None:
        """Tell whether a record of a case may be read; None when not even its existence is told."""
        counsellor, restricted = self.cases.get(case_id or "", (owner, False))
        subject = Subject(entity, entity_id, Secrecy.S3, counsellor, restricted=restricted, case_id=case_id)
        allowed = self.may(subject)
        if allowed or not restricted:
            self.seen[entity, entity_id] = allowed
        return None if restricted and not allowed else allowed
