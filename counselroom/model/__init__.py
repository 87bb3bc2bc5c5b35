"""SQLAlchemy mapped classes, by area. Importing this package maps them all."""

from counselroom.model import (
    archive,
    care,
    counselling,
    crisis,
    crisis_events,
    day,
    office,
    people,
    registers,
    safekeeping,
    school,
)
from counselroom.model.base import Base

__all__ = [
    "Base",
    "archive",
    "care",
    "counselling",
    "crisis",
    "crisis_events",
    "day",
    "office",
    "people",
    "registers",
    "safekeeping",
    "school",
]
