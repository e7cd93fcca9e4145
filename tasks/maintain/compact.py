"""Many small files of a table become few of the target size, with the same rows: a commit without a change of data.

Readers go on with the files that they have: those stay until vacuum. Only files of one folder (a month, where a table
has months) are joined, so that look-ups by month still skip the others.
What does not belong here: removing files (vacuum.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

import duckdb

from schemas.table import polars_schema
from schemas.tables import SORTED_BY, TABLES
from tasks.errors import TableError
from tasks.io.commit import commit_lock
from tasks.io.decisions import command_id
from tasks.io.folder import DataFolder, disk_errors
from tasks.io.outfiles import OutFile, group_rows, out_folder, write_stream
from tasks.io.points import passed
from tasks.io.progress import advance
from tasks.io.recovery import hold_rewrite
from tasks.io.rewrite import Rewrite, carry_out_rewrite, finish_rewrite, write_rewrite
from tasks.io.staging import RunContext
from tasks.io.tables import COMPACTED, Snapshot, add_view, sql_text

# ruff: noqa: S608 - names of our own
OPERATION = "compact"
TARGET_BYTES = 128_000_000
LARGE = 0.5
"""A file of this share of the target is left alone, or it would be written again with every few nights."""
MEMORY = "1GB"
"""What sorting takes before it spills to the disk."""


@dataclass(frozen=True)
class Compacted:
    """What became of one table."""

    table: str
    files_before: int
    files_after: int


Group = tuple[str, ...]


def plan_groups(sizes: dict[str, int], target_bytes: int) -> list[Group]:
    """Which files are joined: of each folder, in the order of their names, up to the target. Pure.

    >>> plan_groups({"a/1": 40, "a/2": 40, "a/3": 40, "b/1": 1, "b/2": 90}, 100)
    [('a/1', 'a/2')]
    """
    folders: dict[str, list[str]] = {}
    for name in sorted(sizes):
        if sizes[name] < LARGE * target_bytes:
            folders.setdefault(str(PurePosixPath(name).parent), []).append(name)
    groups: list[Group] = []
    for names in folders.values():
        waiting: list[str] = []
        for name in names:
            if waiting and sum(sizes[each] for each in waiting) + sizes[name] > target_bytes:
                groups.append(tuple(waiting))
                waiting = []
            waiting.append(name)
        groups.append(tuple(waiting))
    return [group for group in groups if len(group) > 1]


def compact(folder: DataFolder, now: datetime, *, target_bytes: int = TARGET_BYTES) -> list[Compacted]:
    """Join the small files of every table; tables in which nothing is to be joined are not named.

    The caller holds the folder (`tasks.io.decisions.alone`). Killed at any point, all is as before, or the next run
    or command finishes it.

    Args:
        folder: Data folder.
        now: Time that counts as now.
        target_bytes: About the size of a file.

    Raises:
        TableError: a file cannot be read, or the new ones do not say what the old ones say; nothing is changed then.
        DiskError: the disk refused a write.
    """
    snapshot = Snapshot.open(folder)
    groups = {table: plan_groups(_sizes(snapshot, table), target_bytes) for table in TABLES}
    joined = {table: found for table, found in groups.items() if found}
    if not joined:
        return []
    run = RunContext(command_id(OPERATION, now), now, folder)
    with hold_rewrite(folder, run.run_id):
        advance("maintain", total=sum(len(found) for found in joined.values()))
        files = {
            table: tuple(_join(run, table, group, number) for number, group in enumerate(found))
            for table, found in joined.items()
        }
        removed = {table: tuple(name for group in found for name in group) for table, found in joined.items()}
        with commit_lock(folder, run.run_id):
            record = write_rewrite(folder, Rewrite(run.run_id, OPERATION, files, removed, changes_data=False))
            carry_out_rewrite(folder, record)
            finish_rewrite(folder, record)
    return [_told(snapshot, table, removed[table], files[table]) for table in joined]


def _sizes(snapshot: Snapshot, table: str) -> dict[str, int]:
    place = snapshot.folder.table(table)
    return {path.relative_to(place).as_posix(): path.stat().st_size for path in snapshot.files(table)}


def _told(snapshot: Snapshot, table: str, removed: Sequence[str], files: Sequence[OutFile]) -> Compacted:
    before = len(snapshot.files(table))
    return Compacted(table, before, before - len(removed) + len(files))


def _join(run: RunContext, table: str, group: Group, number: int) -> OutFile:
    """One sorted file with the rows of the group, in staging; held against them before anything is decided."""
    folder = PurePosixPath(group[0]).parent
    name = f"{COMPACTED}{run.run_id[-8:]}-{number:05d}.parquet"
    paths = [run.folder.table(table) / path for path in group]
    with _connect(run) as connection:
        add_view(connection, table, paths)
        old = _sum(connection, table)
        order = ", ".join(SORTED_BY[table])
        batches = connection.sql(f"FROM {table} ORDER BY {order}").to_arrow_reader(group_rows(table))
        made = write_stream(run, table, (folder / name).as_posix(), batches, old[0])
    with _connect(run) as connection:
        add_view(connection, table, [out_folder(run.folder, run.run_id, table) / made.path])
        new = _sum(connection, table)
    if new != old:
        raise TableError(
            f"Joining {len(group)} files of {table} gave other rows ({new[0]} for {old[0]}); none is used."
        )
    advance("maintain", done=1)
    passed(f"joined {table}")
    return made


def _connect(run: RunContext) -> duckdb.DuckDBPyConnection:
    spill = run.folder.run(run.run_id) / "spill"
    with disk_errors(spill):
        spill.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(":memory:")
    connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
    connection.execute(f"SET memory_limit = '{MEMORY}'; SET temp_directory = {sql_text(str(spill))}")
    return connection


def _sum(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[int, int, int]:
    """How many rows there are, and two sums over their hashes that no order changes."""
    columns = ", ".join(f'"{name}" := "{name}"' for name in polars_schema(TABLES[table]))
    row = connection.execute(
        f"SELECT count(*), coalesce(bit_xor(h), 0), coalesce(sum(h::HUGEINT), 0)"
        f" FROM (SELECT hash(struct_pack({columns})) AS h FROM {table})"
    ).fetchall()[0]
    return int(row[0]), int(row[1]), int(row[2])
