"""Who may see what on paper: a ceiling that a form cannot exceed, not a black pen over a finished page.

R-02: what is given to a class teacher, a college or a peer holds no word of a session, no score, no illness and
nothing about other people, by the fields themselves and not by somebody's care.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from counselroom import resources
from counselroom.errors import Bug, UserError
from counselroom.i18n import _
from counselroom.printing.definitions import Audience, Form, Item, Signature
from counselroom.rules.disclosure import DisclosureClass

CEILINGS_FILE = "resources/audiences.toml"
OUTSIDERS = frozenset({Audience.CLASS_TEACHER, Audience.COLLEGE, Audience.PEER})
"""Readers whom R-02 names; no file can give them more."""
NEVER_FOR_OUTSIDERS = frozenset(
    {DisclosureClass.SESSION_TEXT, DisclosureClass.RAW_SCORE, DisclosureClass.ILLNESS, DisclosureClass.OTHERS}
)
NEVER_FOR_BUREAU = frozenset(DisclosureClass) - {DisclosureClass.ADMINISTRATIVE}
"""The education bureau gets anonymous figures only."""


class AudienceRefused(UserError):
    """The form is not made for the reader that was asked for."""


@dataclass(frozen=True)
class Ceiling:
    """The most that one audience may ever see.

    Attributes:
        name: the audience in Chinese.
        ever: classes that may stand on any sheet for it.
        on_tick: classes that may stand there only through an optional item ticked for that very print.
        director: those of `on_tick` for which the centre's director must agree.
    """

    name: str
    ever: frozenset[DisclosureClass]
    on_tick: frozenset[DisclosureClass] = frozenset()
    director: frozenset[DisclosureClass] = frozenset()

    def allows(self, kind: DisclosureClass, *, optional: bool) -> bool:
        """Tell whether an item of class `kind` may be made for this audience."""
        return kind in self.ever or (optional and kind in self.on_tick)


@dataclass(frozen=True)
class OptionalItem:
    """An item that can be ticked for a print.

    Attributes:
        link_id: its linkId.
        text: its label.
        director: whether the director must agree.
    """

    link_id: str
    text: str
    director: bool


@dataclass(frozen=True)
class Selection:
    """What of a form one audience gets; nothing else reaches the renderer.

    Attributes:
        form: the form.
        audience: the reader.
        items: the items that are printed, in the order of the form.
        signatures: the places to sign that are printed.
        director: linkIds of the items for which the director must agree.
    """

    form: Form
    audience: Audience
    items: tuple[Item, ...]
    signatures: tuple[Signature, ...]
    director: frozenset[str]

    @property
    def link_ids(self) -> frozenset[str]:
        """The linkIds of the items that are printed."""
        return frozenset(item.link_id for item in self.items)


def read_ceilings(source: str) -> Mapping[Audience, Ceiling]:
    """Read the ceilings from TOML.

    Raises:
        Bug: an audience or a class is missing or unknown, or a ceiling is above what R-02 allows.
    """
    raw = tomllib.loads(source)
    if set(raw) != set(Audience):
        message = "audiences.toml does not name exactly the known audiences"
        raise Bug(message)
    ceilings = {audience: _ceiling(raw[audience]) for audience in Audience}
    for audience, ceiling in ceilings.items():
        most = ceiling.ever | ceiling.on_tick
        above = (audience in OUTSIDERS and most & NEVER_FOR_OUTSIDERS) or (
            audience is Audience.BUREAU and most & NEVER_FOR_BUREAU
        )
        if above or not ceiling.director <= ceiling.on_tick or ceiling.ever & ceiling.on_tick:
            message = f"the ceiling of {audience} in audiences.toml is not lawful"
            raise Bug(message)
    return ceilings


def _ceiling(entry: Mapping[str, object]) -> Ceiling:
    if not set(entry) <= {"name", "ever", "on_tick", "director"}:
        message = "audiences.toml has an unknown entry"
        raise Bug(message)
    sets = {key: _classes(entry.get(key, [])) for key in ("ever", "on_tick", "director")}
    return Ceiling(str(entry["name"]), sets["ever"], sets["on_tick"], sets["director"])


def _classes(words: object) -> frozenset[DisclosureClass]:
    try:
        return frozenset(DisclosureClass(word) for word in words)  # type: ignore[attr-defined]  # TOML data
    except (TypeError, ValueError):
        message = "audiences.toml names an unknown class"
        raise Bug(message) from None


@cache
def ceilings() -> Mapping[Audience, Ceiling]:
    """Return the ceilings that come with the program."""
    return read_ceilings(resources.read_text(CEILINGS_FILE))


def audience_name(audience: Audience) -> str:
    """Return the Chinese name of `audience`."""
    return ceilings()[audience].name


def select(form: Form, audience: Audience, ticked_optionals: Collection[str] = frozenset()) -> Selection:
    """Choose what of `form` is printed for `audience`.

    Args:
        form: an accepted form.
        audience: the reader.
        ticked_optionals: linkIds of the optional items ticked for this print.

    Raises:
        AudienceRefused: the form is not made for this audience.
        Bug: a ticked linkId is not an optional item of this audience, or an item stands above the ceiling (which the
            loader refuses; asked again here because a leak cannot be taken back).
    """
    if audience not in form.definition.form.audiences:
        raise AudienceRefused(
            _("The form {form} is not made for this reader: {audience}.").format(
                form=form.title, audience=audience_name(audience)
            ),
            _("Nothing was printed."),
            _("Please choose another reader or another form."),
        )
    offered = {item.link_id: item for item in _of_audience(form, audience) if item.optional}
    if not set(ticked_optionals) <= set(offered):
        message = "an item was ticked that is not optional for this audience"
        raise Bug(message)
    ceiling = ceilings()[audience]
    items = []
    for item in _of_audience(form, audience):
        if item.optional and item.link_id not in ticked_optionals:
            continue
        kind = form.classes.get(item.link_id)
        if kind is not None and not ceiling.allows(kind, optional=item.optional):
            message = f"item {item.link_id} of {form.id} is above the ceiling of {audience}"
            raise Bug(message)
        items.append(item)
    signatures = tuple(
        signature
        for signature in form.definition.signature
        if not signature.audiences or audience in signature.audiences
    )
    director = frozenset(link_id for link_id in ticked_optionals if form.classes.get(link_id) in ceiling.director)
    return Selection(form, audience, tuple(items), signatures, director)


def optional_items(form: Form, audience: Audience) -> tuple[OptionalItem, ...]:
    """Return what can be ticked when `form` is printed for `audience`, in the order of the form."""
    director = ceilings()[audience].director
    return tuple(
        OptionalItem(item.link_id, item.text, form.classes.get(item.link_id) in director)
        for item in _of_audience(form, audience)
        if item.optional
    )


def _of_audience(form: Form, audience: Audience) -> Iterator[Item]:
    return (item for item in form.definition.item if audience in item.audiences)
