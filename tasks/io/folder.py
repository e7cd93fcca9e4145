"""Where everything lies below one data folder, and which format it has.

What does not belong here: the contents of any of these files.
"""

import errno
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from tasks.errors import DataFolderError, DiskError, NewerFormatError

FORMAT = 1
"""The format of the folder that this version writes and reads."""

INTENT = "intent.json"
"""In a run's staging folder: what it is going to commit (tasks/io/commit.py)."""

REWRITE = "rewrite.json"
"""In a command's staging folder: what it is going to replace (tasks/io/rewrite.py)."""


_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]+):/")
"""An address of an object store or server; a Path has lost one of its slashes. Matches: s3:/bucket/x. Not: C:/data."""


@dataclass(frozen=True)
class DataFolder:
    """The paths below one data folder. Making one touches nothing; `prepare` does.

    Given the address of a bucket (`s3://bucket/prefix`), it is this machine's copy of what lies there: everything is
    read and made in the copy, and `check`, `prepare`, `capture` and the commit keep it in step (tasks/io/bucket).
    """

    root: Path
    address: str | None = None
    """Where the data lie, spelled as `s3://bucket/prefix`; None: in `root` itself."""

    def __post_init__(self) -> None:
        """Take the address apart, where one was given for the folder."""
        if self.address is None and _ADDRESS.match(str(self.root)):
            from tasks.io.bucket.address import copy_folder, parse, spelled  # only who has a bucket pays for it

            if (found := parse(str(self.root))) is not None:
                object.__setattr__(self, "address", spelled(*found))
                object.__setattr__(self, "root", copy_folder(*found))

    @property
    def name(self) -> str:
        """What users call it: its address, or its path."""
        return self.address or str(self.root)

    @property
    def captures(self) -> Path:
        """WARC files, one folder a run date."""
        return self.root / "captures"

    @property
    def staging(self) -> Path:
        """What runs have made and not committed, one folder a run."""
        return self.root / "staging"

    @property
    def leases(self) -> Path:
        """Lock files."""
        return self.root / "leases"

    @property
    def reports(self) -> Path:
        """One report a run."""
        return self.root / "reports"

    @property
    def database(self) -> Path:
        """The DuckDB file with the views."""
        return self.root / "articles.duckdb"

    @property
    def kept_queries(self) -> Path:
        """Queries that people keep under a name."""
        return self.root / "explore" / "queries.json"

    @property
    def format_file(self) -> Path:
        """The file that names the format."""
        return self.root / "format.json"

    def table(self, name: str) -> Path:
        """The folder of one table: Parquet files and a Delta log."""
        return self.root / name

    def run(self, run_id: str) -> Path:
        """The staging folder of one run."""
        return self.staging / run_id

    def decided(self) -> list[str]:
        """Keys of the runs and rewrites that are decided, and perhaps not carried out yet."""
        return sorted(path.parent.name for name in (INTENT, REWRITE) for path in self.staging.glob(f"*/{name}"))

    def staged(self, run_id: str, stage: str, table: str) -> Path:
        """The folder of Parquet parts of one table that one stage of one run has made."""
        return self.run(run_id) / stage / table

    def resolve(self, uri: str) -> Path:
        """The path of a capture URI: a path below the data folder, or a file: URI."""
        if uri.startswith("file:"):
            from urllib.request import url2pathname

            return Path(url2pathname(uri.removeprefix("file://")))
        return self.root / uri

    def capture(self, uri: str) -> Path:
        """The path of a capture URI that is going to be read; from a bucket it is fetched where it is not here yet.

        It need not be there.

        Raises:
            BucketError, BucketDownError: the bucket cannot be asked for it.
        """
        path = self.resolve(uri)
        if self.address is not None and not path.exists() and not uri.startswith("file:"):
            from tasks.io.bucket.copy import bring_capture

            bring_capture(self, uri)
        return path

    def relative(self, path: Path) -> str:
        """The capture URI of a path: relative below the data folder, else a file: URI."""
        absolute = path.resolve()
        root = self.root.resolve()
        if absolute.is_relative_to(root):
            return absolute.relative_to(root).as_posix()
        return absolute.as_uri()

    def check(self) -> None:
        """Raise unless the folder is new or of a format that this version reads.

        Raises:
            NewerFormatError: a newer Copydesk wrote it.
            DataFolderError: it is neither a folder of a file system nor in a bucket, or its format file is damaged.
            BucketError, BucketDownError: the bucket cannot be read, or does not answer.
        """
        if _ADDRESS.match(str(self.root)):
            scheme = str(self.root).partition(":")[0]
            raise DataFolderError(
                f"No data lie at this address of {scheme}: name a folder with --data, or s3://bucket/prefix "
                "without credentials, which come from the environment."
            )
        if self.address is not None:
            from tasks.io.bucket.copy import refresh

            refresh(self)
            return
        self.check_format()

    def check_format(self) -> None:
        """Raise unless the format file here is one that this version reads; as `check`, without a bucket."""
        if self.root.exists() and not self.root.is_dir():
            raise DataFolderError(f"{self.root} is a file; name a folder with --data.")
        if not self.format_file.exists():
            return
        try:
            found = int(json.loads(self.format_file.read_text(encoding="utf-8"))["format"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataFolderError(
                f'{self.format_file} is damaged ({error}); write {{"format": {FORMAT}}} into it '
                "if the folder was made by this version."
            ) from error
        if found > FORMAT:
            raise NewerFormatError(
                f"{self.name} has data format {found}, but this Copydesk knows only {FORMAT}: upgrade Copydesk."
            )

    def prepare(self) -> None:
        """Check the format and make the folders.

        Raises:
            NewerFormatError, DataFolderError: as `check`.
            DiskError: a folder could not be made.
        """
        if self.address is not None:
            from tasks.io.bucket.copy import found

            found(self)
        self.check()
        with disk_errors(self.root):
            for folder in (self.captures, self.staging, self.leases, self.reports):
                folder.mkdir(parents=True, exist_ok=True)
            if not self.format_file.exists():
                write_durably(self.format_file, json.dumps({"format": FORMAT}).encode())


class disk_errors:  # noqa: N801 - reads as a statement: with disk_errors(path)
    """Turn an OSError of a write into a DiskError that says what to do. Use as `with disk_errors(path):`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Translate."""
        if isinstance(error, OSError):
            raise DiskError(disk_message(error, self.path)) from error


def disk_message(error: OSError, path: Path) -> str:
    """One sentence on a failed write that says what to do."""
    where = error.filename or path
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"No space left for {where}: free some, then run again; what was committed is whole."
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return f"{where} cannot be written ({error.strerror}): make it writable or name another folder with --data."
    return f"{where} cannot be written: {error.strerror or error}."


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable (fsync of the folder)."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Make the contents of a file durable (fsync)."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_durably(path: Path, content: bytes) -> None:
    """Write a small file whole or not at all: temporary file beside it, fsync, rename, fsync of the folder."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    sync_folder(path.parent)
