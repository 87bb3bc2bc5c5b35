"""Where the program keeps its own files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest
from platformdirs import windows

from counselroom import paths

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: the XDG folders")


@LINUX
def test_a_new_vault_is_proposed_in_the_local_application_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert paths.default_vault_folder() == tmp_path / "data" / "counselroom" / "vault"


@LINUX
def test_the_log_lies_apart_from_the_vault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = paths.log_folder()
    assert folder == tmp_path / "state" / "counselroom" / "log"
    assert not folder.is_relative_to(paths.default_vault_folder())


def test_on_windows_the_vault_never_roams_and_no_company_stands_in_its_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(platformdirs, "PlatformDirs", windows.Windows)
    monkeypatch.setattr(windows, "get_win_folder", windows.get_win_folder_from_env_vars)
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    proposed, journal = paths.default_vault_folder(), paths.log_folder()
    for folder, last in ((proposed, "vault"), (journal, "Logs")):
        parts = str(folder).replace("\\", "/").removeprefix(str(tmp_path)).split("/")
        assert parts == ["", "Local", "counselroom", last]


def test_proposing_a_folder_creates_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    paths.default_vault_folder()
    paths.log_folder()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs Linux: Windows has no umask to speak of")
def test_new_files_are_for_this_account_only(tmp_path: Path) -> None:
    """In a process of its own, because the umask is the whole process's."""
    work = (
        "import os, pathlib, sys; from counselroom import paths; os.umask(0);"
        "folder = pathlib.Path(sys.argv[1]);"
        "(folder / 'before').touch(); paths.restrict_new_files(); (folder / 'after').touch();"
        "(folder / 'inner').mkdir()"
    )
    subprocess.run([sys.executable, "-c", work, str(tmp_path)], check=True, timeout=60)
    mode = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert mode == {"before": 0o666, "after": 0o600, "inner": 0o700}
