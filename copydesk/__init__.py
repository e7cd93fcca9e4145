"""The command and the doors for notebooks: thin, with late imports."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from copydesk.connection import connect

__all__ = ["connect"]


def __getattr__(name: str) -> Any:
    """`connect`, imported when it is first used: DuckDB costs the command's other answers a tenth of a second."""
    if name == "connect":
        from copydesk.connection import connect

        return connect
    raise AttributeError(f"module 'copydesk' has no attribute {name!r}")
