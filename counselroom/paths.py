"""Where the program keeps its own files on this machine (never the vault's content)."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

APP_NAME = "counselroom"


def default_vault_folder() -> Path:
    """Return the folder proposed for a new vault: local application data, never a synced folder."""
    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False, roaming=False)) / "vault"


def log_folder() -> Path:
    """Return the folder of the privacy-filtered log."""
    return Path(platformdirs.user_log_dir(APP_NAME, appauthor=False))


def cache_folder() -> Path:
    """Return the folder of what can be made again at any time; nothing of the vault is in it."""
    return Path(platformdirs.user_cache_dir(APP_NAME, appauthor=False))


def restrict_new_files() -> None:
    """Make every file created from here on readable by this account only (no effect on Windows)."""
    os.umask(0o077)


def settings_file() -> Path:
    """Return the file with what the window remembers on this computer; it names no person."""
    return Path(platformdirs.user_config_dir(APP_NAME, appauthor=False, roaming=False)) / "window.json"
