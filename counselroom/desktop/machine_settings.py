"""What this computer remembers of the window outside the vault: where the vault is, and how the window looks.

It must be known before the vault is open, so it stands in clear and says nothing about a person.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

IDLE_MINUTES = (1, 30)
"""Smallest and largest time without a key after which the room locks itself."""
_LARGEST = 64 * 1024


@dataclass(frozen=True)
class MachineSettings:
    """The settings of the window on this computer.

    Attributes:
        vault: folder of the vault that was opened last; empty for none.
        new_vault: folder chosen for a vault that was not made yet; empty for none.
        mode: `light`, `dark` or `system`.
        text_scale: `standard`, `large` or `largest`.
        idle_minutes: minutes without a key or the mouse after which the room locks itself, 1 to 30.
        language: `zh_CN` or `en`, from the next start or lock on.
        backup_place: folder that is offered for backups beside the sticks; empty for none.
        mask_style: `surname` (张同学) or `code` (the end of the student number).
        mask_class: `shown` or `covered`: the class beside a masked name.
        capture: `blocked` keeps the window out of screen sharing and screenshots where the system can; `allowed`.
    """

    vault: str = ""
    new_vault: str = ""
    mode: str = "light"
    text_scale: str = "standard"
    idle_minutes: int = 5
    language: str = "zh_CN"
    backup_place: str = ""
    mask_style: str = "surname"
    mask_class: str = "shown"
    capture: str = "blocked"


_CHOICES = {
    "mode": ("light", "dark", "system"),
    "text_scale": ("standard", "large", "largest"),
    "language": ("zh_CN", "en"),
    "mask_style": ("surname", "code"),
    "mask_class": ("shown", "covered"),
    "capture": ("blocked", "allowed"),
}


class SettingsFile:
    """Keeps the settings in one file; what is not readable in it is the default again.

    Attributes:
        current: the settings in force.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.current = self._read()

    def change(self, settings: MachineSettings) -> None:
        """Keep other settings from here on.

        A file that cannot be written loses them at the next start, which hinders nobody.
        """
        self.current = settings
        text = json.dumps(asdict(self.current), ensure_ascii=False, indent=1)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._path.with_suffix(".new")
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(self._path)
        except OSError:
            return

    def _read(self) -> MachineSettings:
        try:
            with self._path.open("rb") as stream:
                values = json.loads(stream.read(_LARGEST))
        except (OSError, ValueError, RecursionError):
            return MachineSettings()
        if not isinstance(values, dict):
            return MachineSettings()
        known = {field.name: values[field.name] for field in fields(MachineSettings) if field.name in values}
        return MachineSettings(**{name: value for name, value in known.items() if _fits(name, value)})


def _fits(name: str, value: object) -> bool:
    if name == "idle_minutes":
        return type(value) is int and IDLE_MINUTES[0] <= value <= IDLE_MINUTES[1]
    return isinstance(value, str) and ("\0" not in value) and (name not in _CHOICES or value in _CHOICES[name])
