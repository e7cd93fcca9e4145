"""Faults for `ObjectStore.doing`: what goes wrong, when, and how often."""

from itertools import count

from tests.bucket.server import Fault, Request


def always(wrong: str, method: str = "", path: str = "") -> Fault:
    """Every request of that method, below that path."""

    def fault(request: Request) -> str | None:
        return wrong if request.method.startswith(method) and path in request.path else None

    return fault


def once(wrong: str, number: int = 0, method: str = "PUT", path: str = "") -> Fault:
    """The request of that method and number (from 0) below that path, and no other."""
    numbers = count()

    def fault(request: Request) -> str | None:
        is_of = request.method == method and path in request.path
        return wrong if is_of and next(numbers) == number else None

    return fault


def from_on(wrong: str, number: int, method: str = "PUT") -> Fault:
    """The request of that method and number, and every request after it."""
    numbers, broken = count(), []

    def fault(request: Request) -> str | None:
        if request.method == method and next(numbers) == number:
            broken.append(request)
        return wrong if broken else None

    return fault
