"""The two kinds of failure the program knows.

`UserError` is the world's fault or the user's choice: it is shown as up to three plain sentences and never as a
traceback. `Bug` is ours. Nothing else may reach the command line or the window.
"""

from __future__ import annotations


class UserError(Exception):
    """A failure told in words: what happened, what is safe, what to do next.

    Attributes:
        happened: what happened, a translated sentence; never holds a name, a note or a key.
        safe: what is intact, a translated sentence, or empty.
        next_step: what the user can do now, a translated sentence, or empty.
    """

    def __init__(self, happened: str, safe: str = "", next_step: str = "") -> None:
        self.happened = happened
        self.safe = safe
        self.next_step = next_step
        super().__init__(self.sentence())

    def sentence(self) -> str:
        """Return the sentences that are not empty, joined to one paragraph."""
        return "".join(part for part in (self.happened, self.safe, self.next_step) if part)


class Bug(Exception):
    """A broken promise of our own code. Holds no user data."""
