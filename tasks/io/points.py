"""Named points between two writes that a kill must not be able to spoil. Nobody watches them but tests.

A test watches with a function that kills its own process at the point of its choice (tests/store/child.py).
"""

from collections.abc import Callable

Watcher = Callable[[str], None]

_watchers: list[Watcher] = []


def passed(point: str) -> None:
    """Tell the watchers that the point is reached; the name says what is done by then."""
    for watcher in _watchers:
        watcher(point)


def watch(watcher: Watcher) -> None:
    """Call the watcher at every point of this process from now on."""
    _watchers.append(watcher)


def unwatch(watcher: Watcher) -> None:
    """Stop calling the watcher."""
    _watchers.remove(watcher)
