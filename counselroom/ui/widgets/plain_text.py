"""Texts of people shown as they are: Qt takes a tooltip with angle brackets for a web page."""

from __future__ import annotations

import html


def tooltip(text: str) -> str:
    """Return `text` as a tooltip that shows every character as it is."""
    return html.escape(text) if "<" in text or "&" in text else text
