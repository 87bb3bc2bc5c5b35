"""Build hook of the wheel and of the editable install: compiles the gettext catalogues."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a script by `make catalogues`
    BuildHookInterface = object  # type: ignore[assignment,misc]


def compile_catalogues(root: Path) -> list[Path]:
    """Compile every `.po` below `root`/resources/locale and return the `.mo` files written."""
    written = []
    for source in sorted((root / "resources" / "locale").glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as stream:
            catalogue = read_po(stream)
        target = source.with_suffix(".mo")
        with target.open("wb") as stream:
            write_mo(stream, catalogue)
        written.append(target)
    return written


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg,misc]
    """Compiles the catalogues before hatchling collects the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; the wheel takes the results although git ignores them. `version` is not used."""
        del version
        for path in compile_catalogues(Path(self.root)):
            build_data["artifacts"].append(str(path.relative_to(self.root)))


if __name__ == "__main__":
    compile_catalogues(Path(__file__).resolve().parent.parent)
