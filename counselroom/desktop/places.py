"""Places a vault must not live in: network shares, and folders that a program copies to a cloud.

A synced folder is copied file by file while the vault is written, so that copies are torn and two computers overwrite
each other; and it hands the encrypted records to a company. A share loses the locks a database needs.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path, PureWindowsPath

from counselroom.desktop.drives import RemovableDrives
from counselroom.errors import UserError
from counselroom.i18n import _

_NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "smb2", "ncpfs", "afs", "9p", "ceph", "glusterfs", "lustre", "davfs"}
    | {"fuse.sshfs", "fuse.rclone", "fuse.davfs2", "fuse.gvfsd-fuse", "fuse.s3fs", "fuse.curlftpfs", "fuse.smbnetfs"}
)
"""File systems of other computers, as Linux names them."""
_SYNCED = (
    (re.compile(r"onedrive( ?-.*)?"), "OneDrive"),
    (re.compile(r"(我的)?坚果云.*|nutstore( files)?|\.nutstore.*"), "坚果云"),
    (re.compile(r"百度(网盘|云).*|baidunetdisk.*|baiduyun.*|baidusync.*"), "百度网盘"),
    (re.compile(r"icloud ?drive|icloud|mobile documents|com~apple~clouddocs"), "iCloud"),
    (re.compile(r"dropbox( \(.*\))?"), "Dropbox"),
    (re.compile(r"wps ?(云盘|云文档|网盘|cloud files|drive).*|wpsdrive.*|wps cloud.*"), "WPS 云盘"),
    (re.compile(r"google ?drive|googledrive|我的云端硬盘"), "Google Drive"),
    (re.compile(r"阿里云盘.*|aliyundrive.*|adrive"), "阿里云盘"),
    (re.compile(r"(腾讯)?微云.*|weiyun.*"), "腾讯微云"),
    (re.compile(r"天翼云盘.*|ecloud"), "天翼云盘"),
    (re.compile(r"nextcloud.*|owncloud.*|seafile.*|syncthing|synologydrive.*"), "Nextcloud"),
)
"""Names of folders, in lower case, and the service that copies them."""
_MARKS = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".stfolder": "Syncthing",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
}
"""Files that such a program leaves at the top of its folder."""
_VARIABLES = ("OneDrive", "OneDriveCommercial", "OneDriveConsumer")
_REMOTE_DRIVE = 4  # DRIVE_REMOTE of GetDriveTypeW


class PlaceUnfit(UserError):
    """A vault must not live in this folder."""


def require_fit(
    folder: Path,
    drives: RemovableDrives,
    environment: Mapping[str, str] | None = None,
    is_remote: Callable[[str], bool] | None = None,
) -> None:
    """Refuse a folder on another computer or one that is copied to a cloud.

    Args:
        folder: where the vault shall be; need not exist.
        drives: tells the file system.
        environment: variables of the account (default: the real ones); OneDrive names its folders there.
        is_remote: tells whether a Windows drive such as `Z:` plus backslash is a share (default: asks Windows).

    Raises:
        PlaceUnfit: with a sentence that says why, and where to put it instead.
    """
    if _is_on_the_network(folder, drives, is_remote or _windows_share):
        raise PlaceUnfit(
            _("This folder lies on another computer in the network."),
            _("There a vault can be damaged when the connection breaks, and others can reach its files."),
            _("Please choose a folder on the disk of this computer."),
        )
    service = synced_by(folder, os.environ if environment is None else environment)
    if service:
        raise PlaceUnfit(
            _("This folder is copied to the cloud by {service}.").format(service=service),
            _("Copying while the program writes damages a vault, and the records would leave this computer."),
            _("Please choose a folder that no program copies, such as the one proposed."),
        )


def synced_by(folder: Path, environment: Mapping[str, str]) -> str:
    """Return the name of the service that copies this folder; empty when none is known to."""
    for place in (folder.absolute(), *folder.absolute().parents):
        name = place.name.casefold()
        for pattern, service in _SYNCED:
            if pattern.fullmatch(name):
                return service
        for mark, service in _MARKS.items():
            if _exists(place / mark):
                return service
    for variable in _VARIABLES:
        top = environment.get(variable, "")
        if top and folder.absolute().is_relative_to(Path(top)):
            return "OneDrive"
    return ""


def _is_on_the_network(folder: Path, drives: RemovableDrives, is_remote: Callable[[str], bool]) -> bool:
    root = PureWindowsPath(str(folder)).anchor
    if root.startswith("\\\\") or str(folder).startswith("//"):
        return True
    if root[1:2] == ":" and is_remote(root):
        return True
    drive = drives.holding(folder)
    return drive is not None and drive.file_system in _NETWORK


def _windows_share(root: str) -> bool:
    if sys.platform != "win32":
        return False
    import ctypes

    return bool(ctypes.WinDLL("kernel32").GetDriveTypeW(root) == _REMOTE_DRIVE)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False
