"""Checkpoints of the tables' logs, so that opening a table reads one file and not every entry since the beginning."""

from deltalake.exceptions import DeltaError

from schemas.tables import TABLES
from tasks.errors import DiskError
from tasks.io.commit import commit_lock
from tasks.io.delta import LOG, open_log, sync_log
from tasks.io.folder import DataFolder

ENTRIES = 20
"""A log gets a checkpoint when it has so many entries since the last one. delta-rs writes one in a hundred."""


def checkpoint_logs(folder: DataFolder) -> int:
    """Write a checkpoint for each log that has grown, durably; gives how many. Old entries stay: they are small.

    Raises:
        TableError: a log cannot be read.
        DiskError: the disk refused it.
    """
    made = 0
    with commit_lock(folder, "checkpoint"):
        for table in TABLES:
            place = folder.table(table)
            log = open_log(place)
            last = max((int(path.name[:20]) for path in (place / LOG).glob("0*.checkpoint*.parquet")), default=-1)
            if log is None or log.version() - last < ENTRIES:
                continue
            try:
                log.create_checkpoint()
            except (DeltaError, OSError) as error:
                raise DiskError(f"The log of {place} cannot be written ({error}); what it says is whole.") from error
            sync_log(place)
            made += 1
    return made
