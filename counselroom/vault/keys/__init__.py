"""Keys, slots and recovery codes: all that a locked window needs, and nothing of the database."""
