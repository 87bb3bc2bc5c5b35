"""Folders a vault must not live in."""

from __future__ import annotations

from pathlib import Path

import pytest

from counselroom.desktop.drives import Drive
from counselroom.desktop.places import PlaceUnfit, require_fit, synced_by


class OneDisk:
    """A computer on which everything lies on one file system."""

    def __init__(self, file_system: str = "ext4") -> None:
        self._drive = Drive(Path("/"), file_system, 10**9, removable=False, writable=True)

    def removable(self) -> tuple[Drive, ...]:
        return ()

    def holding(self, path: Path) -> Drive | None:
        return self._drive


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("OneDrive", "OneDrive"),
        ("OneDrive - 青禾市示例中学", "OneDrive"),
        ("坚果云", "坚果云"),
        ("我的坚果云", "坚果云"),
        ("Nutstore Files", "坚果云"),
        ("百度网盘同步空间", "百度网盘"),
        ("BaiduNetdiskWorkspace", "百度网盘"),
        ("BaiduSyncdisk", "百度网盘"),
        ("iCloudDrive", "iCloud"),
        ("Mobile Documents", "iCloud"),
        ("Dropbox", "Dropbox"),
        ("Dropbox (Personal)", "Dropbox"),
        ("WPS云盘", "WPS 云盘"),
        ("WPS Cloud Files", "WPS 云盘"),
        ("WPSDrive", "WPS 云盘"),
    ],
)
def test_synced_folders_are_refused_by_name(tmp_path: Path, name: str, service: str) -> None:
    with pytest.raises(PlaceUnfit) as caught:
        require_fit(tmp_path / name / "资料" / "vault", OneDisk(), {})
    assert service in caught.value.happened
    assert "不被任何程序同步" in caught.value.next_step


@pytest.mark.parametrize("name", ["资料", "onedriveless", "wps", "辅导室", "AppData"])
def test_ordinary_folders_are_fit(tmp_path: Path, name: str) -> None:
    require_fit(tmp_path / name / "vault", OneDisk(), {})


def test_a_mark_of_the_service_is_enough(tmp_path: Path) -> None:
    (tmp_path / "Sync").mkdir()
    (tmp_path / "Sync/.stfolder").mkdir()
    assert synced_by(tmp_path / "Sync/vault", {}) == "Syncthing"
    (tmp_path / ".dropbox").write_bytes(b"")
    assert synced_by(tmp_path / "other", {}) == "Dropbox"


def test_onedrive_says_where_it_is(tmp_path: Path) -> None:
    assert synced_by(tmp_path / "Documents/vault", {"OneDriveCommercial": str(tmp_path / "Documents")}) == "OneDrive"
    assert synced_by(tmp_path / "vault", {"OneDriveCommercial": str(tmp_path / "Documents"), "OneDrive": ""}) == ""


@pytest.mark.parametrize("file_system", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_share_is_refused(tmp_path: Path, file_system: str) -> None:
    with pytest.raises(PlaceUnfit) as caught:
        require_fit(tmp_path, OneDisk(file_system), {})
    assert "网络" in caught.value.happened


def test_shares_of_windows_are_refused() -> None:
    for folder in (Path("//server/share/vault"), Path("\\\\server\\share\\vault")):
        with pytest.raises(PlaceUnfit):
            require_fit(folder, OneDisk(), {})
    with pytest.raises(PlaceUnfit):
        require_fit(Path("Z:\\vault"), OneDisk(), {}, is_remote=lambda root: root == "Z:\\")
    require_fit(Path("C:\\vault"), OneDisk(), {}, is_remote=lambda root: root == "Z:\\")
