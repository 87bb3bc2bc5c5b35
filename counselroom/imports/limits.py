"""What one roster file may cost, and how the child process is held to it.

Measured with 50,000 students in 20 columns, the most the program promises to read: .xlsx 6 MB packed and 60 MB
unpacked (ratio 10, 11 MB of shared strings), .xls 21 MB, .csv 12 MB; reading takes one second and 170 MB of memory.
The limits leave about half as much again on top, and no more.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Limits of one roster file.

    Attributes:
        file_bytes: size of the file.
        unpacked_bytes: sum of the unpacked parts of an .xlsx package.
        shared_strings_bytes: unpacked size of its string table.
        ratio: unpacked by packed size, of any part beyond `ratio_from_bytes` and of the whole.
        ratio_from_bytes: below this unpacked size the ratio says nothing.
        parts: entries in the package.
        rows: lines that are not blank: 50,000 students and what stands above and below them.
        columns: columns of the widest line.
        cell_characters: a longer cell is cut to one more than this, so that the reader sees that it is too long.
        text_characters: characters of all cells together.
        merges: merged areas of the sheet.
        memory_bytes: address space of the child process.
        cpu_seconds: processor time of the child process.
        wall_seconds: time by the clock, kept by the parent.
    """

    file_bytes: int = 32 * MIB
    unpacked_bytes: int = 100 * MIB
    shared_strings_bytes: int = 20 * MIB
    ratio: int = 100
    ratio_from_bytes: int = MIB
    parts: int = 200
    rows: int = 50_100
    columns: int = 100
    cell_characters: int = 2_000
    text_characters: int = 30_000_000
    merges: int = 20_000
    memory_bytes: int = 1024 * MIB
    cpu_seconds: int = 20
    wall_seconds: float = 30.0


LIMITS = Limits()

if sys.platform == "win32":  # pragma: no cover - the Windows branch cannot run where coverage is measured

    def confine(limits: Limits) -> None:
        """Hold this process to its memory and processor time, for good; it can't start another process.

        Puts itself into a Windows Job Object with these limits that dies with its handle; if Windows refuses (a job
        that allows no nesting), raises OSError and nothing is read.
        """
        import ctypes
        from ctypes import wintypes

        class BasicLimits(ctypes.Structure):
            _fields_ = [
                ("PerProcessUserTimeLimit", ctypes.c_int64),
                ("PerJobUserTimeLimit", ctypes.c_int64),
                ("LimitFlags", wintypes.DWORD),
                ("MinimumWorkingSetSize", ctypes.c_size_t),
                ("MaximumWorkingSetSize", ctypes.c_size_t),
                ("ActiveProcessLimit", wintypes.DWORD),
                ("Affinity", ctypes.c_size_t),
                ("PriorityClass", wintypes.DWORD),
                ("SchedulingClass", wintypes.DWORD),
            ]

        class ExtendedLimits(ctypes.Structure):
            _fields_ = [
                ("BasicLimitInformation", BasicLimits),
                ("IoInfo", ctypes.c_uint64 * 6),
                ("ProcessMemoryLimit", ctypes.c_size_t),
                ("JobMemoryLimit", ctypes.c_size_t),
                ("PeakProcessMemoryUsed", ctypes.c_size_t),
                ("PeakJobMemoryUsed", ctypes.c_size_t),
            ]

        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        job = wintypes.HANDLE(kernel.CreateJobObjectW(None, None))
        wanted = ExtendedLimits()
        # PROCESS_TIME | ACTIVE_PROCESS | PROCESS_MEMORY | DIE_ON_UNHANDLED_EXCEPTION | KILL_ON_JOB_CLOSE
        wanted.BasicLimitInformation.LimitFlags = 0x2 | 0x8 | 0x100 | 0x400 | 0x2000
        wanted.BasicLimitInformation.PerProcessUserTimeLimit = limits.cpu_seconds * 10_000_000
        wanted.BasicLimitInformation.ActiveProcessLimit = 1
        wanted.ProcessMemoryLimit = limits.memory_bytes
        extended_limit_information = 9
        if not (
            job
            and kernel.SetInformationJobObject(
                job, extended_limit_information, ctypes.byref(wanted), ctypes.sizeof(wanted)
            )
            and kernel.AssignProcessToJobObject(job, wintypes.HANDLE(kernel.GetCurrentProcess()))
        ):
            raise ctypes.WinError(ctypes.get_last_error())

else:

    def confine(limits: Limits) -> None:
        """Hold this process to its memory and processor time, for good; it can write no file and leaves no core dump.

        Raises OSError when the system refuses; then nothing is read.
        """
        import resource

        for what, most in (
            (resource.RLIMIT_AS, limits.memory_bytes),
            (resource.RLIMIT_CPU, limits.cpu_seconds),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, 0),
        ):
            hard = resource.getrlimit(what)[1]
            allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(what, (allowed, allowed))
