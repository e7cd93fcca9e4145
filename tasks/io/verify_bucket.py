"""Whether a bucket holds what the logs name, and nothing unknown. The copy here was looked at by the others."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from schemas.tables import TABLES
from tasks.io.bucket.copy import bucket_of
from tasks.io.bucket.share import INTENTS
from tasks.io.bucket.store import Bucket
from tasks.io.delta import LOG, logged_files, open_log
from tasks.io.findings import Finding, fault, note
from tasks.io.folder import DataFolder


def check_bucket(folder: DataFolder, *, deep: bool) -> Iterator[Finding]:
    """What of the tables in the bucket is missing, or of another size than the log says; deep reads each file again.

    Raises:
        BucketError, BucketDownError: the bucket cannot be asked.
    """
    if folder.address is None:
        return
    bucket = bucket_of(folder)
    for table in TABLES:
        log = open_log(folder.table(table))
        files = {} if log is None else {name: size for name, (size, _) in logged_files(log).items()}
        yield from _check_table(bucket, folder, table, files, deep=deep)
    for key, size in bucket.sizes(INTENTS).items():
        if size:
            yield note("waiting", f"{folder.name}/{key}", "a commit was decided and not carried out; the next run does")


def _check_table(
    bucket: Bucket, folder: DataFolder, table: str, files: dict[str, int], *, deep: bool
) -> Iterator[Finding]:
    there = {key.removeprefix(f"{table}/"): size for key, size in bucket.sizes(table).items()}
    for name, size in sorted(files.items()):
        where = f"{folder.name}/{table}/{name}"
        if name not in there:
            yield fault("file", where, "the log names it, and the bucket does not have it")
        elif there[name] != size:
            yield fault("file", where, f"it has {there[name]} bytes, and the log says {size}")
        elif deep and not _is_same(bucket, f"{table}/{name}", folder.table(table) / name):
            yield fault("file", where, "it is not the file that lies in the copy, which was committed")
    for name in sorted(set(there) - set(files)):
        if not name.startswith(f"{LOG}/"):
            yield note("stray", f"{folder.name}/{table}/{name}", "no log names it; readers do not see it")


def _is_same(bucket: Bucket, key: str, path: Path) -> bool:
    """Whether object and file have one digest; a file that is missing was told of already."""
    found = bucket.get(key)
    if found is None or not path.is_file():
        return found is not None
    with path.open("rb") as file:
        return hashlib.sha256(found.content).digest() == hashlib.file_digest(file, "sha256").digest()
