"""Small answers the page of a note is put together from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from counselroom.i18n import _, pgettext
from counselroom.rules.session import SignObstacle
from counselroom.services.note_files import OUTCOMES, Template, all_templates, template_for
from counselroom.services.note_pages import NotePage, NoteWanted
from counselroom.services.sessions import NoteDraft, SessionView
from counselroom.services.topics import topic_label
from counselroom.ui.masking import Face
from counselroom.ui.moments import day_and_time
from counselroom.ui.note.editor import Aside
from counselroom.ui.note.facts_form import FactsForm
from counselroom.ui.note.words import day_with_weekday, obstacle_word, risk_word, span_text
from counselroom.ui.room import Room

NAMES = ("session", "appointment", "case", "student")
"""What a note is opened for."""


def wanted_of(state: Mapping[str, Any]) -> NoteWanted:
    """Return what a page was opened for."""
    return NoteWanted(*(str(state.get(name) or "") for name in NAMES))


def named(wanted: NoteWanted) -> dict[str, Any]:
    """Return the same as JSON values, without what is empty."""
    return {name: value for name in NAMES if (value := getattr(wanted, name))}


def begun(page: NotePage, view: SessionView) -> NotePage:
    """Return a page whose note was stored just now."""
    return replace(page, session=view, draft=view.draft, case_id=view.case_id, seq=view.seq)


def differs(draft: NoteDraft, stored: NoteDraft) -> bool:
    """Tell whether something is written that is not stored; an empty section is as good as none."""

    def plain(note: NoteDraft) -> NoteDraft:
        return replace(note, sections={name: text for name, text in note.sections.items() if text.strip()})

    return plain(draft) != plain(stored)


def first_template(page: NotePage) -> Template:
    """Return the template a new note begins with: the one of a first session, else the standard one."""
    known = {template.key: template for template in all_templates()}
    wanted = known.get("first" if page.seq == 1 else "standard")
    return wanted or all_templates()[0]


def template_of(page: NotePage, key: str, sections: Mapping[str, str], *, begun: bool) -> Template:
    """Return the template a note is shown in: the one chosen, the one its text fits, or the one it begins with."""
    known = {template.key: template for template in all_templates()}
    return known.get(key) or (template_for(sections) if begun else first_template(page))


def facts_of(page: NotePage, face: Face, now: datetime) -> str:
    """Return what the head says beside the name: class, day, counsellor, case."""
    when = day_with_weekday(page.draft.starts_at.date(), now.date())
    parts = (face.class_name(page.class_name or ""), when, page.counsellor_name, page.case_code)
    return pgettext("list", ", ").join(part for part in parts if part)


def lock_line(page: NotePage, signed_at: datetime, now: datetime) -> str:
    """Return by whom and when a note was signed."""
    return _("Signed and locked by {name}, {when}").format(name=page.signed_by, when=day_and_time(signed_at, now))


def without_empty(template: Template, sections: Mapping[str, str], asides: tuple[Aside, ...]) -> Template:
    """Return a template without the headings below which nothing was written."""
    spoken = {aside.section for aside in asides}
    kept = tuple(
        heading
        for heading in template.headings
        if sections.get(heading.section, "").strip() or heading.section in spoken
    )
    return replace(template, headings=kept)


def asides_of(page: NotePage, template: Template, room: Room) -> tuple[Aside, ...]:
    """Return the corrections of a signed note, each below its section, numbered as they came."""
    view = page.session
    if view is None:
        return ()
    return tuple(
        Aside(
            amendment.section if amendment.section in template.sections() else "",
            _("Correction {number}, {when}, {name}").format(
                number=number, when=day_and_time(amendment.at, room.now()), name=page.people.get(amendment.by, "")
            ),
            amendment.text,
            _("Reason: {reason}").format(reason=amendment.reason),
        )
        for number, amendment in enumerate(view.amendments, start=1)
    )


def missing_of(page: NotePage, draft: NoteDraft, facts: FactsForm) -> list[tuple[str, str]]:
    """Return what is missing before the signature: the name of the field and a sentence."""
    missing = [("span", _("A time is not right yet."))] if facts.check() else []
    if not any(text.strip() for section, text in draft.sections.items() if section != OUTCOMES):
        missing.append(("text", obstacle_word(SignObstacle.EMPTY)))
    if draft.risk_level is None:
        missing.append(("risk", obstacle_word(SignObstacle.NO_SAFETY_ASSESSMENT)))
    if page.consent_on is None and not draft.consent_exception:
        missing.append(("exception", obstacle_word(SignObstacle.NO_CONSENT)))
    return missing


def summary_of(draft: NoteDraft, length: int, room: Room) -> list[tuple[str, str]]:
    """Return what is about to be signed, in a few lines."""
    day = day_with_weekday(draft.starts_at.date(), room.now().date())
    return [
        (pgettext("note", "Time"), f"{day} {span_text(draft.starts_at, draft.ends_at)}"),
        (pgettext("note", "Text"), _("{count} characters").format(count=f"{length:,}")),
        (pgettext("note", "Safety"), "" if draft.risk_level is None else risk_word(draft.risk_level)),
        (pgettext("note", "Topics"), pgettext("list", ", ").join(topic_label(key) for key in draft.topics)),
        (pgettext("note", "Next"), "" if draft.next_at is None else day_and_time(draft.next_at, room.now())),
    ]
