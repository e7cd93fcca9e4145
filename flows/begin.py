"""How a run begins: its id, its time, and the record of both that a later run needs to finish it after a kill."""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from schemas.source import Source
from tasks.errors import DataFolderError
from tasks.io.access import Access
from tasks.io.folder import DataFolder, disk_errors, write_durably
from tasks.io.staging import RunContext

RECORD = "run.json"


@dataclass(frozen=True)
class Begun:
    """A run that has begun: its context, and what was asked of it."""

    context: RunContext
    flow: str
    sources: tuple[Source, ...]
    settings: str
    limit: int | None
    clock_shift_s: float = 0.0
    """Seconds from the clock's time to the time that counts as now, where a run only pretends."""
    access: Mapping[str, Access] = field(default_factory=dict, repr=False)
    """Source id to its access. Never recorded: a run that is finished after a kill asks nobody for anything."""


def begin_run(
    folder: DataFolder,
    flow: str,
    sources: list[Source],
    settings: str,
    *,
    limit: int | None = None,
    now: datetime | None = None,
    key: str | None = None,
    access: Mapping[str, Access] | None = None,
) -> Begun:
    """The run, recorded in staging before anything else is done.

    Args:
        folder: A prepared data folder.
        flow: Name of the flow.
        sources: What it reads, in order.
        settings: `Settings.recorded()`.
        limit: Most page URLs to fetch.
        now: The time that counts as now (None: the clock's).
        key: Text that stays the same over retries of the flow run: Prefect's flow run id. A run with this key
            that has begun already is taken up again, with its first time and sources.
        access: `flows.secrets.resolve_access` of the sources.

    Raises:
        DiskError: the record could not be written.
    """
    suffix = re.sub(r"[^0-9a-f]", "", key.lower())[:12] if key else secrets.token_hex(6)
    for earlier in sorted(folder.staging.glob(f"*-{suffix}")):
        if (earlier / RECORD).exists():
            return replace(load_run(folder, earlier.name), access=access or {})
    clock = datetime.now(UTC)
    moment = (now or clock).astimezone(UTC)
    context = RunContext(run_id=f"{moment:%Y%m%dT%H%M%SZ}-{suffix}", now=moment, folder=folder)
    begun = Begun(context=context, flow=flow, sources=tuple(sources), settings=settings, limit=limit)
    begun = replace(begun, clock_shift_s=(moment - clock).total_seconds())
    _record(begun)
    return replace(begun, access=access or {})


def load_run(folder: DataFolder, run_id: str) -> Begun:
    """The run as it was recorded when it began.

    Raises:
        DataFolderError: there is no such record, or it is damaged.
    """
    path = folder.run(run_id) / RECORD
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return Begun(
            context=RunContext(run_id=run_id, now=datetime.fromisoformat(record["now"]), folder=folder),
            flow=record["flow"],
            sources=tuple(Source.model_validate(source) for source in record["sources"]),
            settings=record["settings"],
            limit=record["limit"],
            clock_shift_s=record["clock_shift_s"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataFolderError(f"{path} cannot be read ({error!r}); the run {run_id} cannot be taken up.") from error


def _record(begun: Begun) -> None:
    path = begun.context.folder.run(begun.context.run_id) / RECORD
    record = {
        "now": begun.context.now.isoformat(),
        "flow": begun.flow,
        "sources": [source.model_dump(mode="json") for source in begun.sources],
        "settings": begun.settings,
        "limit": begun.limit,
        "clock_shift_s": begun.clock_shift_s,
    }
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, json.dumps(record, indent=1).encode())
