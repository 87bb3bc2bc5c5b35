"""Whom one reaches, as a table reads it: guardians in the order they are called, leaders, hospital, hotlines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from counselroom.i18n import pgettext
from counselroom.rules.crisis_words import ContactRole
from counselroom.services.crisis_page import CrisisPage
from counselroom.ui.crisis.words import contact_word, outcome_word
from counselroom.ui.masking import Face
from counselroom.ui.models.plain import Cell
from counselroom.ui.record.words import relation_word


@dataclass(frozen=True)
class ContactFace:
    """Somebody one can reach.

    Attributes:
        role: what they are.
        name: who.
        phone: the number.
        person_id: the person, or empty.
        last: what came of the last attempt, or empty.
        relation: of a guardian to the student, or empty.
    """

    role: ContactRole
    name: str
    phone: str
    person_id: str
    last: str
    relation: str = ""


def contact_faces(page: CrisisPage, now: datetime) -> list[ContactFace]:
    """Return everybody one reaches in a 专案; the numbers everybody may call come last."""
    relations = {guardian.person_id: relation_word(guardian.relation) for guardian in page.guardians}
    found = [
        ContactFace(
            line.role,
            line.name,
            line.phone,
            line.person_id or "",
            ""
            if line.last_at is None or line.last_outcome is None
            else f"{line.last_at.astimezone(now.tzinfo):%H:%M} {outcome_word(line.last_outcome)}",
            relations.get(line.person_id or "", ""),
        )
        for line in page.contacts
    ]
    known = {face.phone for face in found}
    return found + [face for face in _public() if face.phone not in known]


def contact_cells(face_of: ContactFace, face: Face) -> tuple[Cell, ...]:
    """Return the cells of a contact as it may be shown now."""
    name = face.guardian(face_of.name) if face_of.role is ContactRole.GUARDIAN else face_of.name
    role = face_of.relation or contact_word(face_of.role)
    number = face.number(face_of.phone) if face_of.role is ContactRole.GUARDIAN else face_of.phone
    return (
        Cell(role, tone="ink2"),
        Cell("—" if name == role else name),
        Cell(number or "—", bold=True, right=True),
        Cell(face_of.last or pgettext("contact", "not reached yet"), tone="ink2" if face_of.last else "ink3"),
    )


def _public() -> tuple[ContactFace, ...]:
    """Return the national numbers, the same for every school."""
    return (
        ContactFace(ContactRole.HOSPITAL, pgettext("contact", "Emergency doctor"), "120", "", ""),
        ContactFace(ContactRole.POLICE, pgettext("contact", "Police"), "110", "", ""),
        ContactFace(ContactRole.HOTLINE, pgettext("contact", "National helpline"), "12356", "", ""),
    )
