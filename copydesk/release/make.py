"""Makes a release in a new folder: chooses rows, writes them, and then their papers."""

import platform
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from copydesk.release import papers, rows
from copydesk.release.files import FORMATS, STAGE, file_name
from copydesk.sandbox import committed_files, open_locked
from copydesk.statements import sentence_of
from schemas.published import PUBLISHED
from tasks.errors import CopydeskError, UsageError
from tasks.io.database import open_database
from tasks.io.folder import DataFolder, disk_errors, sync_file, sync_folder
from tasks.io.progress import advance
from tasks.publish.datasheet import Sheet, read_sheet

_RUNS = """
select run_id, run_seq, flow, status, started_at, ended_at, copydesk_version, parser_version, rules_version
from runs order by run_seq
"""
_PUBLISHED = "select run_count, last_run_id, last_run_seq, recorded_at from published"
_MADE_WITH = ("copydesk", "duckdb", "pyarrow")
_PAPERS = ("README.md", "COLUMNS.md", "CITATION.cff")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a release is to hold."""

    views: Sequence[str]
    where: str | None
    to: str
    title: str | None
    author: str
    now: datetime


def check_wanted(wanted: Wanted) -> None:
    """Raise unless it can be made.

    Raises:
        UsageError: unknown format or view, or a condition for several views.
    """
    if wanted.to not in FORMATS:
        raise UsageError(f"There is no format {wanted.to!r}: use one of {', '.join(FORMATS)}.")
    for view in wanted.views:
        if view not in PUBLISHED:
            raise UsageError(f"There is no view {view}: use one of {', '.join(PUBLISHED)}.")
    if len(set(wanted.views)) != len(wanted.views):
        raise UsageError("A view is named twice: name each once with --view.")
    if wanted.where is not None and len(wanted.views) != 1:
        raise UsageError("--where is a condition on the rows of one view: name one with --view.")


def make_release(folder: DataFolder, out: Path, wanted: Wanted) -> papers.Release:
    """The release, written into a folder that does not exist before.

    Raises:
        UsageError: the condition is no expression, or names what is not there.
        DiskError: the disk refused a write.
        CopydeskError: a published file cannot be read.
    """
    spill = out / ".spill"
    with disk_errors(out):
        spill.mkdir(parents=True)
        with open_database(folder) as reader:
            files = committed_files(reader)
        try:
            with open_locked(folder.database, files, memory=None, spill=spill) as connection:
                release = _write(connection, out, wanted)
        except duckdb.Error as error:
            raise _translated(error) from error
        finally:
            shutil.rmtree(spill, ignore_errors=True)
        for path in out.iterdir():
            sync_file(path)
        sync_folder(out)
    return release


def _write(connection: duckdb.DuckDBPyConnection, out: Path, wanted: Wanted) -> papers.Release:
    queries, counts, shares, sheet = {}, {}, {}, None
    for view in wanted.views:
        queries[view] = rows.choose(connection, view, wanted.where)
        advance(STAGE, total=connection.execute(f"select count(*) from {rows.NAME}").fetchall()[0][0])  # noqa: S608 - a name of our own
        counts[view] = FORMATS[wanted.to](connection, view, out / file_name(view, wanted.to))
        shares[view] = _runs_of(connection, view)
        if sheet is None and papers.has_sheet(view):
            sheet = read_sheet(connection, rows.NAME)
    hashes = {path.name: papers.digest(path) for path in sorted(out.iterdir()) if path.is_file()}
    release = papers.Release(
        title=wanted.title or _title(sheet),
        author=wanted.author,
        to=wanted.to,
        queries=queries,
        where=wanted.where,
        rows=counts,
        made_at=wanted.now,
        release_id=papers.release_id(hashes),
    )
    facts = {
        "published": _records(connection, _PUBLISHED)[0],
        "runs": _records(connection, _RUNS),
        "rows_of_runs": shares,
    }
    _write_papers(out, release, sheet, facts)
    return release


def _write_papers(out: Path, release: papers.Release, sheet: Sheet | None, facts: dict[str, Any]) -> None:
    texts = (papers.readme(release, sheet), papers.columns_page(list(release.rows)), papers.citation_file(release))
    data = {path.name for path in out.iterdir() if path.is_file()}
    for name, text in zip(_PAPERS, texts, strict=True):
        (out / name).write_text(text, encoding="utf-8")
    files = [
        {"name": path.name, "bytes": path.stat().st_size, "sha256": papers.digest(path), "is_data": path.name in data}
        for path in sorted(out.iterdir())
        if path.is_file()
    ]
    made_by = {name: version(name) for name in _MADE_WITH} | {"python": platform.python_version()}
    (out / papers.MANIFEST).write_text(papers.manifest(release, made_by, facts, files), encoding="utf-8")


def _title(sheet: Sheet | None) -> str:
    if sheet is None or not sheet.groups:
        return "Rows of a Copydesk dataset"
    first, last = sheet.extreme(min, "first_at"), sheet.extreme(max, "last_at")
    sites = len({group["site"] for group in sheet.groups})
    return f"Articles of {sites} news site{'' if sites == 1 else 's'}, read {first:%Y-%m-%d} to {last:%Y-%m-%d}"


def _runs_of(connection: duckdb.DuckDBPyConnection, view: str) -> dict[str, int]:
    """How many of the rows each run stored; empty where rows do not say."""
    if "run_id" not in PUBLISHED[view].to_schema().columns:
        return {}
    query = f"select run_id, count(*) from {rows.NAME} group by run_id order by run_id"  # noqa: S608 - a name of our own
    return dict(connection.execute(query).fetchall())


def _records(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    answer = connection.execute(query)
    names = [column[0] for column in answer.description or []]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _translated(error: duckdb.Error) -> CopydeskError:
    if isinstance(error, duckdb.IOException):
        return CopydeskError(
            f"A published file cannot be read ({str(error).splitlines()[0]}); `copydesk doctor` names it."
        )
    return UsageError(sentence_of(error, PUBLISHED))
