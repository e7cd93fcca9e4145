"""A child process whose changes to one folder are counted, and which dies or is refused at the n-th of them.

A seccomp filter stops the child, and any thread of it, before each call that writes, syncs, renames, links or
removes; ptrace tells us which. So the counting sees DuckDB, delta-rs and pyarrow as it sees Python, and one
count goes over all threads (strace's injection counts each thread for itself).
Linux on x86-64 only: `is_supported`. Writes through mmap are not seen.
"""

import ctypes
import errno
import os
import platform
import signal
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_LONGEST_PATH = 4096
"""PATH_MAX of Linux."""
CALLS: dict[int, str] = {
    1: "write", 18: "pwrite64", 20: "writev", 296: "pwritev", 328: "pwritev2", 40: "sendfile", 326: "copy_file_range",
    77: "ftruncate", 285: "fallocate", 74: "fsync", 75: "fdatasync", 82: "rename", 264: "renameat", 316: "renameat2",
    86: "link", 265: "linkat", 87: "unlink", 263: "unlinkat", 83: "mkdir", 258: "mkdirat", 84: "rmdir",
}  # fmt: skip
"""System calls of x86-64 that change a folder (asm/unistd_64.h)."""

SYNCS = ("fsync", "fdatasync")
BY_HANDLE = ("write", "pwrite64", "writev", "pwritev", "pwritev2", "ftruncate", "fallocate", *SYNCS)
"""Calls whose first argument is the open file; the others name paths."""
OUT_HANDLE = {"sendfile": 0, "copy_file_range": 2}
"""Calls that write to the open file of another argument."""

_TRACEME, _CONT, _GETREGS, _SETREGS, _SETOPTIONS, _SYSCALL_INFO = 0, 7, 12, 13, 0x4200, 0x420E
_OPTIONS = 0x2 | 0x4 | 0x8 | 0x80 | 0x100000
"""Trace forks, vforks and threads, seccomp's stops, and kill the child when we die (linux/ptrace.h)."""
_SECCOMP_EVENT = 7
_WALL = 0x40000000
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2
_RET_TRACE, _RET_ALLOW = 0x7FF00000, 0x7FFF0000
_ORIG_RAX, _RAX, _REGISTERS = 15, 10, 27

CRASHED = 70
"""Exit status of a child that ended with an error which is none of ours."""


@dataclass(frozen=True)
class Fault:
    """What happens at the n-th change (from 1): the process dies, or this call and all later ones are refused."""

    number: int
    refusal: int | None = None
    """An errno such as ENOSPC; None kills."""


@dataclass
class Traced:
    """What was seen of a child."""

    calls: list[str] = field(default_factory=list)
    """Names of the calls that changed the folder, in order; the one that was cut off is the last."""
    unsynced: set[tuple[int, int]] = field(default_factory=set)
    """Device and inode of the files that were written and not fsynced since."""
    status: int = 0
    """Exit status; negative: the signal that ended it."""


@cache
def is_supported() -> bool:
    """Whether this machine can trace: Linux on x86-64, and a child may be traced here."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return False
    try:
        return run_traced(_do_nothing, Path("/nowhere"), None).status == 0
    except OSError:
        return False


def _do_nothing() -> None:
    """The work of a child that only shows whether it may be traced."""


def run_traced(work: Callable[[], None], folder: Path, fault: Fault | None) -> Traced:
    """What became of `work`, run in a forked child, with the fault at its n-th change of the folder.

    The caller must not have started threads of native libraries: a forked child has none of them.

    Args:
        work: What the child does; it ends with status 0, or `CRASHED` and its traceback on standard error.
        folder: Absolute path; changes elsewhere are not counted, nor spoilt.
        fault: None only counts.

    Raises:
        OSError: this machine does not let a process trace its child.
    """
    pid = os.fork()
    if pid == 0:
        _be_child(work)
    _, status = os.waitpid(pid, _WALL)
    if not os.WIFSTOPPED(status):
        raise OSError(errno.EPERM, "a child process may not be traced here")
    _ptrace(_SETOPTIONS, pid, _OPTIONS)
    _ptrace(_CONT, pid, 0)
    return _watch(pid, folder, fault)


def _be_child(work: Callable[[], None]) -> None:
    status = CRASHED
    try:
        _ptrace(_TRACEME, 0, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        _set_filter()
        work()
        status = 0
    except SystemExit as error:
        status = int(error.code or 0)
    except BaseException:  # noqa: BLE001 - the end of a process: whatever it was goes to standard error
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(status)


def _set_filter() -> None:
    """Stop before each of CALLS, let all others pass at full speed."""
    lines = [(0x20, 0, 0, 0)]
    for number in CALLS:
        lines += [(0x15, 0, 1, number), (0x06, 0, 0, _RET_TRACE)]
    lines.append((0x06, 0, 0, _RET_ALLOW))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in lines))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(lines), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        _PR_SET_SECCOMP, _FILTER, ctypes.addressof(program), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "the kernel takes no seccomp filter")


def _watch(main: int, folder: Path, fault: Fault | None) -> Traced:
    seen = Traced()
    while True:
        pid, status = os.waitpid(-1, _WALL)
        if os.WIFEXITED(status) or os.WIFSIGNALED(status):
            if pid == main:
                seen.status = os.waitstatus_to_exitcode(status)
                return seen
            continue
        passed_on = 0
        if status >> 16 == _SECCOMP_EVENT:
            _take(pid, main, folder, fault, seen)
        elif status >> 16 == 0 and os.WSTOPSIG(status) not in (signal.SIGSTOP, signal.SIGTRAP):
            passed_on = os.WSTOPSIG(status)
        _ptrace(_CONT, pid, passed_on, may_be_gone=True)


def _take(pid: int, main: int, folder: Path, fault: Fault | None, seen: Traced) -> None:
    """Count one call, if it changes the folder, and spoil it if its turn has come."""
    name, arguments = _call(pid)
    if name is None or not _concerns(pid, name, arguments, folder):
        return
    seen.calls.append(name)
    if fault is not None and len(seen.calls) >= fault.number:
        if fault.refusal is None:
            os.kill(main, signal.SIGKILL)
            return
        if name not in SYNCS and not name.startswith(("unlink", "rmdir")):
            _refuse(pid, fault.refusal)
            return
    _note(pid, name, arguments, seen)


def _call(pid: int) -> tuple[str | None, tuple[int, ...]]:
    buffer = ctypes.create_string_buffer(128)
    if _ptrace(_SYSCALL_INFO, pid, ctypes.addressof(buffer), address=128, may_be_gone=True) < 0:
        return None, ()
    (number,) = struct.unpack_from("Q", buffer.raw, 24)
    return CALLS.get(number), struct.unpack_from("6Q", buffer.raw, 32)


def _handle(name: str, arguments: tuple[int, ...]) -> int | None:
    if name in BY_HANDLE:
        return arguments[0]
    return arguments[OUT_HANDLE[name]] if name in OUT_HANDLE else None


def _concerns(pid: int, name: str, arguments: tuple[int, ...], folder: Path) -> bool:
    handle = _handle(name, arguments)
    if handle is None:
        place = 1 if name.endswith(("at", "at2")) else 0
        return _text(pid, arguments[place]).startswith(str(folder))
    try:
        return str(Path(f"/proc/{pid}/fd/{handle}").readlink()).startswith(str(folder))
    except OSError:
        return False


def _text(pid: int, address: int) -> str:
    """The path at an address of the child."""
    try:
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            memory.seek(address)
            found = memory.read(4096 - address % 4096)
            while b"\0" not in found and len(found) < _LONGEST_PATH:  # a path may go on in the next page of memory
                found += memory.read(4096)
            return os.fsdecode(found.split(b"\0")[0])
    except OSError:
        return ""


def _note(pid: int, name: str, arguments: tuple[int, ...], seen: Traced) -> None:
    """Keep the books of what a power cut would tear."""
    handle = _handle(name, arguments)
    if handle is None:
        return
    try:
        state = Path(f"/proc/{pid}/fd/{handle}").stat()
    except OSError:
        return
    key = (state.st_dev, state.st_ino)
    if name in SYNCS:
        seen.unsynced.discard(key)
    else:
        seen.unsynced.add(key)


def _refuse(pid: int, number: int) -> None:
    """Let the call fail with this errno, without being done."""
    buffer = ctypes.create_string_buffer(_REGISTERS * 8)
    _ptrace(_GETREGS, pid, ctypes.addressof(buffer))
    registers = list(struct.unpack(f"{_REGISTERS}Q", buffer.raw))
    registers[_ORIG_RAX], registers[_RAX] = 2**64 - 1, 2**64 - number
    changed = ctypes.create_string_buffer(struct.pack(f"{_REGISTERS}Q", *registers))
    _ptrace(_SETREGS, pid, ctypes.addressof(changed))


def _ptrace(request: int, pid: int, data: int, *, address: int = 0, may_be_gone: bool = False) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.restype = ctypes.c_long
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    done = int(libc.ptrace(request, pid, address, data))
    if done < 0 and not (may_be_gone and ctypes.get_errno() == errno.ESRCH):
        raise OSError(ctypes.get_errno(), f"ptrace {request:#x}: {os.strerror(ctypes.get_errno())}")
    return done
