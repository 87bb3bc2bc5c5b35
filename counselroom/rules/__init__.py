"""Enums, frozen dataclasses and pure functions: the law of the counselling room. Standard library only."""
