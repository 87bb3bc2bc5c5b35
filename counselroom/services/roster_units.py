"""Finds the class a roster means among the units of the school, and adds what is missing above it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from counselroom.model.school import OrgUnit
from counselroom.rules.roster_classes import ClassPath
from counselroom.rules.school import UnitKind

AddUnit = Callable[[UnitKind, str, str | None, int | None], str]
"""Adds a unit of this kind, name, parent and year of entry, and returns its id."""


class Units:
    """The classes of the school and where they stand.

    Attributes:
        paths: id of a class to its path.
        created: ids of the units made by `class_id_of`.
    """

    def __init__(self, session: Session) -> None:
        self.created: list[str] = []
        rows = {
            row.id: row
            for row in session.execute(
                select(OrgUnit.id, OrgUnit.kind, OrgUnit.name, OrgUnit.parent_id).where(OrgUnit.voided_at.is_(None))
            )
        }
        self._ids: dict[tuple[str | None, UnitKind, str], str] = {
            (row.parent_id, row.kind, row.name): row.id for row in rows.values()
        }
        self.paths: dict[str, ClassPath] = {}
        for row in rows.values():
            if row.kind is UnitKind.CLASS:
                above = {above.kind: above.name for above in _upwards(row.parent_id, rows)}
                college, grade = above.get(UnitKind.COLLEGE, ""), above.get(UnitKind.GRADE, "")
                self.paths[row.id] = ClassPath(college, grade, row.name)
        self._by_path = {path: unit_id for unit_id, path in self.paths.items()}

    def class_id_of(self, path: ClassPath, add: AddUnit) -> str | None:
        """Return the id of a class; None when the path names none.

        A path told in part means the only class it fits, if there is just one; else units that are missing are added.
        """
        if not path.name:
            return None
        if path not in self._by_path:
            fitting = [unit_id for unit_id, known in self.paths.items() if path.fits(known)]
            self._by_path[path] = fitting[0] if len(fitting) == 1 else self._added(path, add)
        return self._by_path[path]

    def _added(self, path: ClassPath, add: AddUnit) -> str:
        parent: str | None = None
        for kind, name in ((UnitKind.COLLEGE, path.college), (UnitKind.GRADE, path.grade)):
            if name:
                parent = self._unit(parent, kind, name, None, add)
        unit_id = self._unit(parent, UnitKind.CLASS, path.name, path.entry_year, add)
        self.paths[unit_id] = path
        return unit_id

    def _unit(self, parent: str | None, kind: UnitKind, name: str, entry_year: int | None, add: AddUnit) -> str:
        key = (parent, kind, name)
        if key not in self._ids:
            self._ids[key] = add(kind, name, parent, entry_year)
            self.created.append(self._ids[key])
        return self._ids[key]


def _upwards(unit_id: str | None, rows: dict[str, Any]) -> Iterator[Any]:
    seen: set[str] = set()
    while unit_id in rows and unit_id not in seen:
        seen.add(unit_id)
        yield rows[unit_id]
        unit_id = rows[unit_id].parent_id
