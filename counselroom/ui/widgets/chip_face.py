"""What a chip shows: the states and tiers of the design, by shape, word and colour."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from counselroom.i18n import pgettext

Tone = Literal["plain", "accent", "slate", "amber", "brick", "plum", "blue", "done"]


@dataclass(frozen=True)
class ChipFace:
    """A state in one word with an icon.

    Attributes:
        text: the word; also what a screen reader says.
        tone: which soft fill and border; `done` has neither.
        icon: `mdi6.` name, or empty.
        shape_only: show the icon alone, the word hidden (遮名).
    """

    text: str
    tone: Tone = "plain"
    icon: str = ""
    shape_only: bool = False

    def masked(self) -> ChipFace:
        """Return the face that shows its shape only."""
        return replace(self, shape_only=True)

    @property
    def ink(self) -> str:
        """The colour token of word and icon."""
        return {"plain": "ink2", "done": "accent"}.get(self.tone, self.tone)

    @property
    def fill(self) -> str:
        """The colour token of the ground; empty for none."""
        return "" if self.tone in ("plain", "done") or self.shape_only else f"{self.tone}_soft"

    @property
    def border(self) -> str:
        """The colour token of the border; empty for none."""
        if self.tone == "done" or self.shape_only:
            return ""
        return "line" if self.tone == "plain" else f"{self.tone}_line"


def focus_tier() -> ChipFace:
    """Return 重点干预: ◆ plum."""
    return ChipFace(pgettext("tier", "key intervention"), "plum", "mdi6.rhombus")


def watch_tier() -> ChipFace:
    """Return 重点关注: ▲ amber."""
    return ChipFace(pgettext("tier", "key attention"), "amber", "mdi6.triangle")


def group_tier() -> ChipFace:
    """Return 群体帮扶: ● blue."""
    return ChipFace(pgettext("tier", "group support"), "blue", "mdi6.circle")


def expected() -> ChipFace:
    """Return 待到."""
    return ChipFace(pgettext("state", "expected"), "plain", "mdi6.clock-outline")


def under_way() -> ChipFace:
    """Return 进行中."""
    return ChipFace(pgettext("state", "under way"), "accent", "mdi6.progress-clock")


def draft() -> ChipFace:
    """Return 草稿."""
    return ChipFace(pgettext("state", "draft"), "slate", "mdi6.pencil-outline")


def signed() -> ChipFace:
    """Return 已签名."""
    return ChipFace(pgettext("state", "signed"), "plain", "mdi6.file-lock-outline")


def finished() -> ChipFace:
    """Return 已完成: an icon only, in accent."""
    return ChipFace(pgettext("state", "finished"), "done", "mdi6.check-circle", shape_only=True)


def verified() -> ChipFace:
    """Return 已核验."""
    return ChipFace(pgettext("state", "verified"), "accent", "mdi6.shield-check-outline")


def not_to_be_used() -> ChipFace:
    """Return 不要使用."""
    return ChipFace(pgettext("state", "do not use"), "amber", "mdi6.alert-outline")


def near(text: str) -> ChipFace:
    """Return a clock near its end: amber. `text` as of `clock_text`."""
    return ChipFace(text, "amber", "mdi6.clock-alert-outline")


def overdue(text: str) -> ChipFace:
    """Return a clock past its end: brick. `text` as of `clock_text`."""
    return ChipFace(text, "brick", "mdi6.clock-alert-outline")
