"""Gives out the numbers of records, without a gap inside a transaction and never twice, even after a restore."""

from __future__ import annotations

from sqlalchemy import select

from counselroom.model.office import NumberSeries
from counselroom.model.safekeeping import VaultMeta
from counselroom.model.school import School
from counselroom.rules.numbering import Series, archive_number, code
from counselroom.services.desk import Work

BRANCH_KEY = "series_branch"
"""Key of `vault_meta`: 0, or the generation at which this vault was restored."""


def _branch(work: Work) -> int:
    value = work.session.scalar(select(VaultMeta.value).where(VaultMeta.key == BRANCH_KEY))
    return int(value or 0)


def _next(work: Work, series: str, branch: int) -> int:
    row = work.session.get(NumberSeries, (series, branch))
    if row is None:
        row = NumberSeries(series=series, branch=branch, last_number=0)
        work.session.add(row)
    row.last_number += 1
    work.session.flush()
    return row.last_number


def next_code(work: Work, series: Series, year: int) -> str:
    """Return the next code of `series` in the calendar year `year`, such as `ZJ-2026-007`."""
    branch = _branch(work)
    return code(series, year, branch, _next(work, f"{series}-{year}", branch))


def next_archive_number(work: Work, academic_year: str) -> str:
    """Return the next archive number of the school in an academic year."""
    branch = _branch(work)
    school_code = work.session.scalar(select(School.code)) or "X"
    return archive_number(school_code, academic_year, branch, _next(work, f"{Series.ARCHIVE}-{academic_year}", branch))
