"""A wish to stop (SIGTERM, Ctrl-C), told once and heard in every thread and event loop of the process.

The first signal asks: what is under way is finished, the rest is left to the next run. The second stops at once;
captures are durable record by record, so nothing that was counted is lost by it.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stop:
    """Whether this process was asked to stop. Safe to use from any thread, and from a signal handler."""

    def __init__(self) -> None:
        self._is_asked = False
        self._heard_by: list[Callable[[], None]] = []

    @property
    def is_asked(self) -> bool:
        """Whether the wish was told."""
        return self._is_asked

    def ask(self) -> None:
        """Tell the wish; telling it again changes nothing."""
        self._is_asked = True
        for call in list(self._heard_by):
            call()

    @contextmanager
    def heard(self, call: Callable[[], None]) -> Iterator[None]:
        """Call the function in the running event loop once the wish is told, at once if it was before.

        Must be entered inside of that loop.
        """
        loop = asyncio.get_running_loop()

        def tell() -> None:
            # A loop that has just been closed has nothing left to stop, and must not keep the others from hearing.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(call)

        self._heard_by.append(tell)
        try:
            if self._is_asked:
                call()
            yield
        finally:
            self._heard_by.remove(tell)


STOP = Stop()
"""The wish of this process."""


@contextmanager
def stop_on_signals(stop: Stop = STOP) -> Iterator[None]:
    """Turn the first SIGTERM or SIGINT into a wish; the second does what it would have done without us.

    Does nothing outside of the main thread, where Python lets nobody set a handler.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def handle(number: int, _frame: FrameType | None) -> None:
        if stop.is_asked:
            signal.signal(number, before[signal.Signals(number)] or signal.SIG_DFL)
            os.kill(os.getpid(), number)
        stop.ask()

    for number in SIGNALS:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old or signal.SIG_DFL)
