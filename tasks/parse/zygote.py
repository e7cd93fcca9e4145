"""The process that makes parsing children: it loads the parser once, then forks at a word, and buries its dead.

Started as `python -c "from tasks.parse.zygote import main; main()"` with a Unix socket as standard input. It runs one
thread and holds nothing of the pipeline, so forking it is safe whatever threads and event loops the parent has, and no
child ever imports the parent's main module. One question is open at a time:

    F + a descriptor -> pid              fork a child that serves the descriptor
    E + pid          -> wait status      end that child (SIGKILL if need be) and tell how it died
    end of file                          the parent is gone: kill all children, exit

A child reads pickled jobs and writes pickled results until its pipe closes: it outlives no parent by more than a page.
"""

import gc
import os
import resource
import signal
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tasks.parse.model import Listed, ParsedPage, Refusal
from tasks.parse.page import parse_page
from tasks.parse.site_rules.model import SiteRule

NUMBER = struct.Struct("!q")


@dataclass(frozen=True)
class Job:
    """One page to parse; the arguments of `parse_page`."""

    payload: bytes
    url: str
    content_type: str | None
    listed: Listed
    captured_at: datetime
    rules: tuple[SiteRule, ...] = ()


@dataclass(frozen=True)
class ChildLimits:
    """What one page may cost. `hook` is for tests: `module:function`, called with each payload before it is parsed."""

    cpu_s: float = 20.0
    memory_bytes: int = 1_500_000_000
    hook: str | None = None


def parse_job(job: Job) -> ParsedPage | Refusal:
    """The job's page."""
    return parse_page(
        job.payload,
        url=job.url,
        content_type=job.content_type,
        listed=job.listed,
        captured_at=job.captured_at,
        rules=job.rules,
    )


def main() -> None:
    """Serve until the parent closes the socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    door = socket.socket(fileno=os.dup(0))
    _warm_up()
    door.send(b"ready")
    children: set[int] = set()
    while True:
        message, descriptors, _, _ = socket.recv_fds(door, 64, 1)
        if not message:
            break
        if message[:1] == b"F":
            pid = _fork(door, descriptors[0])
            children.add(pid)
            door.send(NUMBER.pack(pid))
        else:
            (pid,) = NUMBER.unpack(message[1:])
            door.send(NUMBER.pack(_end(pid)))
            children.discard(pid)
    for pid in children:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


WARM = (
    "<html lang='en'><head><title>A title of a page</title></head><body><article><h1>A title of a page</h1>"
    f"<p>By Ann Lee, 5 May 2020</p>{'<p>The mayor opened the new bridge over the river on Monday morning.</p>' * 12}"
    "</article></body></html>"
)


def _warm_up() -> None:
    """Load what the parser loads at first use (the extraction model, months), then keep it out of collections."""
    for markup in (WARM, WARM.replace(" lang='en'", "")):
        parse_page(
            markup.encode(),
            url="https://warm.example/a",
            content_type="text/html",
            listed=Listed(),
            captured_at=datetime.fromisoformat("2020-06-01T00:00:00+00:00"),
        )
    gc.collect()
    gc.freeze()


def _fork(door: socket.socket, descriptor: int) -> int:
    pid = os.fork()
    if pid:
        os.close(descriptor)
        return pid
    try:
        door.close()
        os.close(0)
        _serve(Connection(descriptor))
    finally:
        os._exit(0)  # never back into the zygote's loop, whatever happened


def _end(pid: int) -> int:
    """Kill the child if it still lives, and give its wait status: a death before our signal keeps its own."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


def _serve(pipe: Connection) -> None:
    """Read limits, then jobs; answer each with its result, or with the exception's text where memory ran out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what native code says when it dies is in the reason already
    try:
        limits: ChildLimits = pipe.recv()
        hook = _load(limits.hook)
        _limit_memory(limits.memory_bytes)
        while True:
            job: Job = pipe.recv()
            _limit_cpu(limits.cpu_s)
            if hook is not None:
                hook(job.payload)
            try:
                pipe.send(parse_job(job))
            except MemoryError:
                pipe.send("memory")
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the parent closed the pipe: there is nothing more to do


def _load(hook: str | None) -> Callable[[bytes], Any] | None:
    if hook is None:
        return None
    module, _, name = hook.partition(":")
    found: Callable[[bytes], Any] = getattr(import_module(module), name)
    return found


def _limit_memory(more: int) -> None:
    """Private memory may grow by `more` bytes. Not RLIMIT_AS: native libraries reserve address space they never use."""
    now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_DATA, (now + more, now + more))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_cpu(seconds: float) -> None:
    """So many seconds of CPU from now on; then SIGXCPU ends the process, also when the parent is gone."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(usage.ru_utime + usage.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))
