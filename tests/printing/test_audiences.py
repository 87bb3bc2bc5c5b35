from __future__ import annotations

import re
from dataclasses import replace

import pytest

from counselroom import resources
from counselroom.errors import Bug
from counselroom.printing import audiences
from counselroom.printing.audiences import AudienceRefused, optional_items, read_ceilings, select
from counselroom.printing.definitions import Audience, Form
from counselroom.printing.form_files import FormRefused, read_form
from counselroom.printing.form_values import FormValue
from counselroom.printing.head import Head
from counselroom.printing.renderer import file_name, render
from counselroom.rules.disclosure import DisclosureClass as Kind
from tests.printing.columns import COLUMNS
from tests.printing.pdf import bare, properties_of, text_of

# Written by hand from the table of roles, so that the shipped file is held against something else than itself.
NEVER: dict[Audience, set[Kind]] = {
    Audience.CLIENT: {Kind.SESSION_TEXT, Kind.RAW_SCORE, Kind.OTHERS},
    Audience.GUARDIAN: {Kind.SESSION_TEXT, Kind.RAW_SCORE, Kind.OTHERS},
    Audience.CLASS_TEACHER: {Kind.SESSION_TEXT, Kind.RAW_SCORE, Kind.ILLNESS, Kind.OTHERS, Kind.EVENT_FACT},
    Audience.COLLEGE: {Kind.SESSION_TEXT, Kind.RAW_SCORE, Kind.ILLNESS, Kind.OTHERS, Kind.EVENT_FACT},
    Audience.PEER: {Kind.SESSION_TEXT, Kind.RAW_SCORE, Kind.ILLNESS, Kind.OTHERS, Kind.EVENT_FACT, Kind.CONTACT},
    Audience.HOSPITAL: {Kind.OTHERS},
    Audience.POLICE: {Kind.SESSION_TEXT, Kind.RAW_SCORE, Kind.ILLNESS, Kind.OTHERS},
    Audience.LEADING_GROUP: {Kind.SESSION_TEXT, Kind.RAW_SCORE, Kind.OTHERS},
    Audience.BUREAU: set(Kind) - {Kind.ADMINISTRATIVE},
    Audience.SUPERVISOR: {Kind.IDENTITY, Kind.CONTACT, Kind.OTHERS},
}


def marker(kind: Kind) -> str:
    return f"MARK{kind.value.replace('_', '').upper()}END"


def marked_values(form: Form) -> dict[str, FormValue]:
    """Give every answer of the form the marker of its class, whoever the reader is."""
    values: dict[str, FormValue] = {}
    for item in form.definition.item:
        kind = form.classes.get(item.link_id)
        if kind is None:
            continue
        word = marker(kind)
        values[item.link_id] = [{column.link_id: word for column in item.columns}] if item.columns else word
    return values


def test_the_shipped_ceilings_keep_what_must_never_be_seen() -> None:
    for audience, never in NEVER.items():
        ceiling = audiences.ceilings()[audience]
        assert not (ceiling.ever | ceiling.on_tick) & never, audience


def test_session_text_leaves_the_room_only_with_the_director() -> None:
    for audience, ceiling in audiences.ceilings().items():
        if audience not in (Audience.ROOM, Audience.ARCHIVE, Audience.SUPERVISOR):
            assert Kind.SESSION_TEXT not in ceiling.ever
            assert Kind.RAW_SCORE not in ceiling.ever
        if Kind.SESSION_TEXT in ceiling.on_tick:
            assert Kind.SESSION_TEXT in ceiling.director


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "班主任或辅导员"\never = [', 'name = "班主任或辅导员"\never = ["session_text", '),
        ('name = "同伴"\n', 'name = "同伴"\non_tick = ["illness"]\n'),
        ('name = "教育主管部门"\never = [', 'name = "教育主管部门"\never = ["identity", '),
        ('director = ["session_text"]', 'director = ["others"]'),
        ('on_tick = ["illness", "raw_score", "session_text"]', 'on_tick = ["identity", "session_text"]'),
        ("[peer]", "[friend]"),
        ("care_point", "care"),
        ("on_tick = [", "on_click = ["),
    ],
)
def test_unlawful_ceilings_are_a_bug(old: str, new: str) -> None:
    source = resources.read_text(audiences.CEILINGS_FILE)
    assert old in source
    with pytest.raises(Bug):
        read_ceilings(source.replace(old, new, 1))


def every_print(forms: dict[str, Form]) -> list[tuple[Form, Audience, frozenset[str]]]:
    prints = []
    for form in forms.values():
        for audience in form.definition.form.audiences:
            optional = frozenset(item.link_id for item in optional_items(form, audience))
            prints += [(form, audience, ticked) for ticked in {frozenset[str](), optional}]
    return prints


def test_markers_above_the_ceiling_never_reach_a_page(forms: dict[str, Form], head: Head) -> None:
    shown: set[Kind] = set()
    for form, audience, ticked in every_print(forms):
        rendered = render(form, audience, marked_values(form), head, ticked=ticked)
        everything = bare(text_of(rendered.pdf) + properties_of(rendered.pdf) + file_name(form, head))
        selected = select(form, audience, ticked).link_ids
        wanted = {form.classes[link_id] for link_id in selected if link_id in form.classes}
        for kind in Kind:
            assert (marker(kind) in everything) == (kind in wanted), (form.id, audience, kind, ticked)
            assert not (kind in NEVER.get(audience, set()) and marker(kind) in everything)
        if Kind.SESSION_TEXT in wanted and audience in (Audience.HOSPITAL, Audience.GUARDIAN):
            assert ticked
        shown |= wanted
    # The scan sees what it looks for: all classes that any form binds were on some page.
    assert shown == {kind for form in forms.values() for kind in form.classes.values()}


def mutated(form: Form, audience: Audience, *link_ids: str) -> str:
    """Return the form's source with the audience added to the form and to some items."""
    head, form_line, rest = form.source.partition("audiences = [")
    assert form_line
    source = f'{head}{form_line}"{audience}", {rest}'
    for link_id in link_ids:
        before, start, rest = source.partition(f'linkId = "{link_id}"')
        block, line, after = rest.partition("audiences = [")
        assert "[[item]]" not in block
        assert line
        source = f'{before}{start}{block}{line}"{audience}", {after}'
    return source


def test_a_form_bound_above_a_ceiling_is_refused(forms: dict[str, Form]) -> None:
    refused = accepted = 0
    for form in forms.values():
        for item in form.definition.item:
            for audience in set(NEVER) - set(form.definition.form.audiences):
                # Who sees an item must see the one it hangs on; otherwise the form is refused for that.
                hangs_on = (*item.enable_when.all, *item.enable_when.any) if item.enable_when else ()
                questions = dict.fromkeys(comparison.question for comparison in hangs_on)
                source = mutated(form, audience, item.link_id, *questions)
                kind = form.classes.get(item.link_id)
                if kind in NEVER[audience]:
                    with pytest.raises(FormRefused) as caught:
                        read_form(source, f"{form.id}.toml", COLUMNS)
                    assert item.link_id in caught.value.reason
                    line = source.split("\n")[caught.value.line - 1]
                    assert line.startswith("audiences")
                    assert audience in line
                    refused += 1
                elif kind in (None, Kind.ADMINISTRATIVE):
                    read_form(source, f"{form.id}.toml", COLUMNS)
                    accepted += 1
    assert refused > 100
    assert accepted > 50


def test_session_text_for_a_hospital_must_be_optional(forms: dict[str, Form]) -> None:
    source = forms["F-50"].source.replace("optional = true\n", "")
    with pytest.raises(FormRefused) as caught:
        read_form(source, "F-50.toml", COLUMNS)
    assert "session_excerpt" in caught.value.reason


def test_the_excerpt_needs_its_tick_and_the_director(forms: dict[str, Form]) -> None:
    form = forms["F-50"]
    offered = optional_items(form, Audience.HOSPITAL)
    assert [(item.link_id, item.director) for item in offered] == [("session_excerpt", True)]
    assert optional_items(form, Audience.ROOM) == ()
    assert "session_excerpt" not in select(form, Audience.HOSPITAL).link_ids
    ticked = select(form, Audience.HOSPITAL, {"session_excerpt"})
    assert "session_excerpt" in ticked.link_ids
    assert ticked.director == {"session_excerpt"}


def test_a_tick_for_another_reader_is_a_bug(forms: dict[str, Form]) -> None:
    for audience, ticked in ((Audience.GUARDIAN, "session_excerpt"), (Audience.HOSPITAL, "name")):
        with pytest.raises(Bug):
            select(forms["F-50"], audience, {ticked})


def test_a_form_is_not_printed_for_a_reader_it_does_not_name(forms: dict[str, Form]) -> None:
    with pytest.raises(AudienceRefused) as caught:
        select(forms["F-11"], Audience.CLASS_TEACHER)
    assert "班主任" in caught.value.happened


def test_a_form_that_went_round_the_loader_is_stopped(forms: dict[str, Form]) -> None:
    form = forms["F-50"]
    for kind in (Kind.OTHERS, Kind.SESSION_TEXT):
        with pytest.raises(Bug):
            select(replace(form, classes={**form.classes, "reason": kind}), Audience.GUARDIAN)


def test_the_opinion_of_the_supervisor_stays_in_the_room(forms: dict[str, Form]) -> None:
    assert "supervisor_opinion" in select(forms["F-50"], Audience.ROOM).link_ids
    for audience in (Audience.HOSPITAL, Audience.GUARDIAN):
        assert "supervisor_opinion" not in select(forms["F-50"], audience).link_ids


def test_signatures_may_be_for_some_readers_only(forms: dict[str, Form]) -> None:
    form = forms["F-50"]
    source = re.sub(r'(role = "guardian"\n)', r'\1audiences = ["room"]\n', form.source)
    changed = read_form(source, "F-50.toml", COLUMNS)
    assert {entry.role for entry in select(changed, Audience.ROOM).signatures} == {"guardian", "issuer", "institution"}
    assert {entry.role for entry in select(changed, Audience.HOSPITAL).signatures} == {"issuer", "institution"}
