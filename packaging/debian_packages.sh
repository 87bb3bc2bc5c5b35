#!/bin/sh
# Installs the Debian packages that the window and the tests use, when run as root on Debian or Ubuntu; else names them.
set -eu
missing=""
need_command() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need_library() { python3 -c "import ctypes, sys; ctypes.CDLL('$1')" 2>/dev/null || missing="$missing $2"; }
need_command pdftotext poppler-utils
need_command strace strace
need_command cc "gcc libc6-dev"
need_command Xvfb xvfb
need_command openbox openbox
need_command xdotool xdotool
need_command dbus-daemon dbus-daemon
need_library libxcb-cursor.so.0 libxcb-cursor0
need_library libxcb-icccm.so.4 libxcb-icccm4
need_library libxcb-keysyms.so.1 libxcb-keysyms1
need_library libEGL.so.1 libegl1
need_library libGL.so.1 libgl1
need_library libxkbcommon.so.0 libxkbcommon0
need_library libdbus-1.so.3 libdbus-1-3
need_library libfontconfig.so.1 libfontconfig1
python3 -c 'import venv, ensurepip' 2>/dev/null || missing="$missing python3-venv"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086
    apt-get install -y -qq $missing >/dev/null
else
    echo "These Debian packages are missing; install them first: sudo apt-get install$missing" >&2
fi
