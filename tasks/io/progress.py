"""How far a run is, for whoever watches: stages call `advance`, a face (the command line) calls `listen`.

Nobody listens by default, and then it costs nothing. It never carries page content.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[str, int, int], None]
"""Called with (stage, done more, total more)."""

_listeners: list[Listener] = []


def advance(stage: str, *, done: int = 0, total: int = 0) -> None:
    """Tell the listeners that `done` more URLs of the stage are finished, or that `total` more were found."""
    for listener in _listeners:
        listener(stage, done, total)


@contextmanager
def listen(listener: Listener) -> Iterator[None]:
    """Send all progress of this process to the listener while the block runs; it must be safe to call from threads."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
