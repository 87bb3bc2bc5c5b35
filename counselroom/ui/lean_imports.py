"""Keeps PySide6 from reading the source of every module that is imported after it.

It looks for the word `PySide6` in each, to know where its optional names (`snake_case`, `true_property`) may be
switched on, and Python keeps all those lines: 35 MB and a quarter of the time of all imports. Nothing here switches
them on. A packed program has no sources and goes the same way.
"""

from __future__ import annotations

import sys

import PySide6.QtCore

_ASKED = "_mod_uses_pyside"


def _uses_no_features(module: object) -> bool:
    del module
    return False


def spare_sources() -> bool:
    """Answer the question whether a module uses the optional names, always with no.

    Returns:
        False for a PySide6 that asks in another way: imports are slower then, and nothing else.
    """
    assert PySide6.QtCore  # noqa: S101 - the asker comes with it
    asker = sys.modules.get("shibokensupport.feature")
    if asker is None or not hasattr(asker, _ASKED):
        return False
    setattr(asker, _ASKED, _uses_no_features)
    return True
