"""The one style sheet of the window, made from the tokens."""

from __future__ import annotations

import re

from counselroom import resources
from counselroom.errors import Bug
from counselroom.ui.theme.tokens import Mode, Tokens

_NAME = re.compile(r"@([a-z_0-9]+)")


def style_sheet(tokens: Tokens) -> str:
    """Return `resources/theme/style.qss` with every `@name` replaced. Raises Bug for a name that is no token."""
    values = dict(tokens.colours)
    values |= {f"size_{name}": f"{size}px" for name, size in tokens.sizes.items()}
    values |= {f"radius_{name}": f"{radius}px" for name, radius in tokens.radii.items()}
    # Qt's min-height leaves the border out: the inner height keeps a control at its height with 1 px and 2 px borders.
    for short, name in (("h", "control"), ("h_compact", "compact_control"), ("h_large", "large_control")):
        values[f"{short}_inner"] = f"{tokens.heights[name] - 2}px"
        values[f"{short}_{'inner_focus' if short == 'h' else 'focus'}"] = f"{tokens.heights[name] - 4}px"
    # Qt paints marks in a style sheet from files only, and their colour is in the file.
    mode = Mode.DARK if tokens.mode is Mode.DARK else Mode.LIGHT
    for name in ("check", "chevron"):
        picture = resources.path_of(f"resources/theme/{name}-{mode.value}.svg")
        values[f"picture_{name}"] = f'url("{picture.as_posix()}")'
    values["h_panel_title"] = f"{tokens.heights['panel_title']}px"

    def value(match: re.Match[str]) -> str:
        try:
            return values[match[1]]
        except KeyError:
            message = f"the style sheet names no token: {match[1]}"
            raise Bug(message) from None

    return _NAME.sub(value, resources.read_text("resources/theme/style.qss"))
