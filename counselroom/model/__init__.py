"""SQLAlchemy mapped classes, by area."""
