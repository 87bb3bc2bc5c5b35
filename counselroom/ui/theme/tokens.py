"""The design tokens of `resources/theme/tokens.toml`; no Qt here, so that they can be tested as numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from counselroom import resources
from counselroom.errors import Bug


class Mode(StrEnum):
    """浅色 or 深色, or what the desktop asks for."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"
    """跟随系统: light or dark, as `Theme.shown_mode` says at the moment."""


class TextScale(StrEnum):
    """字号: 标准, 大, 特大."""

    STANDARD = "standard"
    LARGE = "large"
    LARGEST = "largest"


@dataclass(frozen=True)
class Tokens:
    """The tokens of one mode at one text scale.

    Attributes:
        mode: light or dark.
        colours: name to `#RRGGBB`.
        sizes: name of a text size to pixels, scaled.
        spaces: distances in logical pixels.
        heights: heights of controls in logical pixels, scaled like the text they hold.
        radii: corner radii in logical pixels.
        families: font families, the first that exists is used per character.
    """

    mode: Mode
    colours: Mapping[str, str]
    sizes: Mapping[str, int]
    spaces: Mapping[str, int]
    heights: Mapping[str, int]
    radii: Mapping[str, int]
    families: tuple[str, ...]


@cache
def read_tokens(mode: Mode, scale: TextScale = TextScale.STANDARD) -> Tokens:
    """Return the tokens of a mode and a text scale; those of light where it is left to the desktop.

    Raises:
        Bug: the two modes do not name the same colours.
    """
    table = tomllib.loads(resources.read_text("resources/theme/tokens.toml"))
    if set(table[Mode.LIGHT]) != set(table[Mode.DARK]):
        message = "light and dark do not name the same colours"
        raise Bug(message)
    mode = Mode.DARK if mode is Mode.DARK else Mode.LIGHT
    factor = table["scale"][scale]
    return Tokens(
        mode=mode,
        colours=dict(table[mode]),
        sizes={name: round(size * factor) for name, size in table["size"].items()},
        spaces=dict(table["space"]),
        heights={name: round(height * factor) for name, height in table["height"].items()},
        radii=dict(table["radius"]),
        families=tuple(table["font"]["families"]),
    )


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours `#RRGGBB` after WCAG 2, from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
