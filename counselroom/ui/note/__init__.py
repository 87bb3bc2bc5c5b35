"""Parts of the note editor."""
