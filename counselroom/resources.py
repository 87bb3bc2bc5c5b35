"""The only reader of files shipped with the program (`forms/`, `resources/`).

In a checkout or an editable install they lie beside the package; in a wheel or a frozen build they are mapped to
`counselroom/_data/`. Callers name a path below that root and never see where it is.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path, PurePosixPath

from counselroom.errors import Bug

_PACKAGE = Path(__file__).resolve().parent


@cache
def _root() -> Path:
    for candidate in (_PACKAGE / "_data", _PACKAGE.parent):
        if (candidate / "forms").is_dir() and (candidate / "resources").is_dir():
            return candidate
    message = "the program's forms and resources are missing"
    raise Bug(message)


def path_of(name: str) -> Path:
    """Return the absolute path of the shipped file or folder `name`, such as `resources/parameters.toml`.

    Raises:
        Bug: `name` is absolute, climbs out of the root, or does not exist.
    """
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts or "\\" in name:
        message = f"not a name of a shipped file: {name}"
        raise Bug(message)
    path = _root() / relative
    if not path.exists():
        message = f"a shipped file is missing: {name}"
        raise Bug(message)
    return path


def read_text(name: str) -> str:
    """Return the UTF-8 text of a shipped file. Raises Bug when it is missing."""
    return path_of(name).read_text(encoding="utf-8")


def names(folder: str, suffix: str) -> list[str]:
    """Return the sorted names (relative to the root) of the shipped files in `folder` that end in `suffix`."""
    return sorted(f"{folder}/{path.name}" for path in path_of(folder).iterdir() if path.name.endswith(suffix))
