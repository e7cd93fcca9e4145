"""The values behind the placeholders of sources.yaml: from the environment, else from Secret blocks of Prefect.

They live in memory only: what a run records of its sources are the placeholders.
"""

import os
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, cast
from urllib.parse import urlsplit

from schemas.access import PLACEHOLDER, VALUES
from schemas.source import Source
from tasks.errors import SourcesError
from tasks.io.access import Access

FIELDS = tuple(VALUES)
Blocks = Callable[[str], Awaitable[str]]


async def resolve_access(
    sources: Iterable[Source], environment: Mapping[str, str] | None = None, blocks: Blocks | None = None
) -> dict[str, Access]:
    """Source id to its access, for the sources that have one.

    All variables of the environment are looked at before the first block is asked for.

    Args:
        sources: what the run reads.
        environment: instead of the process's.
        blocks: gives the text of a Secret block; instead of Prefect's.

    Raises:
        SourcesError: a variable or block is missing or of no use; names source, field and variable, never a value.
    """
    wanted = [source for source in sources if source.has_access]
    known = os.environ if environment is None else environment
    check_environment(wanted, known)
    secrets = await _blocks_of(wanted, blocks or _from_prefect)
    return {source.id: _access(source, known, secrets) for source in wanted}


def check_environment(sources: Iterable[Source], environment: Mapping[str, str]) -> None:
    """See that the variables that the sources name are set.

    Raises:
        SourcesError: one is missing or empty; names source, field and variable.
    """
    for source in sources:
        for field, name, variable, _ in _placeholders(source):
            if variable and not environment.get(variable):
                raise SourcesError(f"{_where(source, field, name)}: the variable {variable} is not set.")


async def _blocks_of(sources: Iterable[Source], blocks: Blocks) -> dict[str, str]:
    """The text of each Secret block that is named, asked for once."""
    found: dict[str, str] = {}
    for source in sources:
        for field, name, _, block in _placeholders(source):
            if block and block not in found:
                try:
                    found[block] = await blocks(block)
                except Exception as error:  # noqa: BLE001 - any failure means the same; its text may quote a value
                    kind = type(error).__name__
                    text = f"{_where(source, field, name)}: the Secret block {block} cannot be read ({kind})."
                    raise SourcesError(text) from None
    return found


async def _from_prefect(block: str) -> str:
    from prefect.blocks.system import Secret  # late: `copydesk doctor` looks at variables without Prefect

    loaded = cast("Secret[Any]", await Secret.aload(block))
    value = loaded.get()
    if not isinstance(value, str) or not value:
        raise TypeError("not a text")
    return value


def _placeholders(source: Source) -> list[tuple[str, str, str | None, str | None]]:
    """(field, name in it, variable, block) of each placeholder; either of the last two is None."""
    return [
        (field, name, match.group(1), match.group(2))
        for field in FIELDS
        for name, value in getattr(source, field).items()
        for match in PLACEHOLDER.finditer(value)
    ]


def _access(source: Source, known: Mapping[str, str], secrets: Mapping[str, str]) -> Access:
    filled = {field: _filled(source, field, known, secrets) for field in FIELDS}
    credentials = filled["credentials"]
    return Access(
        sites=frozenset({source.own_site or ""}),
        headers=filled["headers"],
        cookies=filled["cookies"],
        user=credentials.get("user"),
        password=credentials.get("password"),
        plain_http=source.url is not None and urlsplit(source.url).scheme.lower() == "http",
    )


def _filled(source: Source, field: str, known: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, str]:
    filled: dict[str, str] = {}
    for name, value in getattr(source, field).items():
        filled[name] = PLACEHOLDER.sub(lambda at: known[at[1]] if at[1] else secrets[at[2]], value)
        if not VALUES[field].fullmatch(filled[name]):
            raise SourcesError(f"{_where(source, field, name)}: the value holds a character that cannot be sent.")
    return filled


def _where(source: Source, field: str, name: str) -> str:
    return f"source {source.id!r}: field {field!r}, {name!r}"
