"""SQLAlchemy mapped classes, by area. Importing this package maps them all."""

from counselroom.model import archive, counselling, crisis, office, people, registers, safekeeping, school
from counselroom.model.base import Base

__all__ = ["Base", "archive", "counselling", "crisis", "office", "people", "registers", "safekeeping", "school"]
