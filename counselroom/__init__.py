"""counselroom: an offline, encrypted desktop application for a school counselling room."""

__version__ = "0.1.0"
