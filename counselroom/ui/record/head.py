"""The head of the record: the line of facts and the chips behind the name."""

from __future__ import annotations

from datetime import date

from counselroom.i18n import _
from counselroom.services.student_care import StudentCare
from counselroom.services.students import StudentView
from counselroom.ui.care.words import tier_face
from counselroom.ui.models.students import status_word
from counselroom.ui.record.words import gender_word, group_word, years_between
from counselroom.ui.widgets.chip_face import ChipFace


def meta(view: StudentView, number: str, today: date) -> list[str]:
    """Return class, gender, age and number in words; `number` as it may be shown."""
    parts = [view.class_name or "", gender_word(view.data.gender)]
    if view.data.birth_date is not None:
        parts.append(_("{years} years old").format(years=years_between(view.data.birth_date, today)))
    if number:
        parts.append(_("number {number}").format(number=number))
    return [part for part in parts if part]


def chips(view: StudentView, care: StudentCare | None, *, masked: bool) -> list[ChipFace]:
    """Return tier, state and special groups; of a masked student the shape of the tier and the state."""
    found = []
    if care is not None and care.tier is not None:
        tier = tier_face(care.tier.data.tier)
        found.append(tier.masked() if masked else tier)
    if view.status.value != "enrolled":
        found.append(ChipFace(status_word(view.status), "slate"))
    if not masked:
        found += [ChipFace(group_word(group), "plain") for group in sorted(view.special_groups)[:2]]
        more = len(view.special_groups) - 2
        if more > 0:
            found.append(ChipFace(f"+{more}", "plain"))
    return found
