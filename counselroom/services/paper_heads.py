"""What the school has printed on every paper beside its name: set once, for filled and blank forms (SYS-03)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Final

from counselroom.errors import UserError
from counselroom.i18n import _
from counselroom.model.office import Parameter
from counselroom.rules.access import Action, Actor, Subject
from counselroom.services import access
from counselroom.services.changes import Done, Undo
from counselroom.services.desk import Desk, Work
from counselroom.services.rows import moved_on

_PREFIX: Final = "paper."
LONGEST: Final = {"line": 40, "logo": 8, "prefix": 16, "seal": 16}
"""Characters that fit, by field."""


@dataclass(frozen=True)
class PaperHead:
    """The school's words on paper; what is empty is printed as the program does it.

    Attributes:
        line: in place of the school's name with the room's.
        logo: a short word in bold before it.
        prefix: before every number, such as `青中心辅〔2026〕`.
        seal: where the school's own seal is set.
    """

    line: str = ""
    logo: str = ""
    prefix: str = ""
    seal: str = ""


def head_words(work: Work) -> PaperHead:
    """Return the words that hold now, within an allowed piece of work."""
    rows = {each.name: work.session.get(Parameter, _PREFIX + each.name) for each in fields(PaperHead)}
    return PaperHead(**{name: str(row.value) for name, row in rows.items() if row is not None})


def paper_head(actor: Actor, desk: Desk) -> PaperHead:
    """Return what the school has printed on its papers."""
    with desk.look() as work:
        access.allow(actor, Action.READ, Subject("school"), work)
        return head_words(work)


def set_paper_head(actor: Actor, desk: Desk, head: PaperHead, seen: PaperHead | None = None) -> Done[PaperHead]:
    """Set the words for everything that is printed from now on; an empty one returns to the program's own.

    Args:
        actor: who sets them.
        desk: the open vault.
        head: the words.
        seen: for an undo, the words that must still hold.

    Raises:
        UserError: one is too long, or they are no longer those that were `seen`.
        AccessDenied: the actor does not direct the room.
    """
    wanted = PaperHead(**{name: " ".join(words.split()) for name, words in asdict(head).items()})
    for name, most in LONGEST.items():
        if len(getattr(wanted, name)) > most:
            raise UserError(
                _("This is too long for the head of a paper: {count} characters fit.").format(count=most),
                _("The old value still holds."),
            )
    with desk.change() as work:
        access.allow(actor, Action.MANAGE_SCHOOL, Subject("parameter", _PREFIX + "head"), work)
        before = head_words(work)
        if seen is not None and before != seen:
            raise moved_on()
        for name, words in asdict(wanted).items():
            _set(work, actor, _PREFIX + name, words)
        work.changed("parameter", _PREFIX + "head")
        undo = Undo(_("The head of the papers was changed."), "set_paper_head", {"head": before, "seen": wanted})
        return Done(wanted, work.changes(undo))


def _set(work: Work, actor: Actor, key: str, words: str) -> None:
    row = work.session.get(Parameter, key)
    if not words:
        if row is not None:
            work.session.delete(row)
    elif row is None:
        work.session.add(Parameter(key=key, value=words, changed_at=work.now, changed_by=actor.account_id))
    elif row.value != words:
        row.value, row.changed_at, row.changed_by = words, work.now, actor.account_id
