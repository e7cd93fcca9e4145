"""A copy of a data folder in another place, as of one moment, while runs go on; done again it copies what is new.

    what is committed at one moment -> captures and table files -> logs, the ledger's last -> what is no longer named

Captures only grow, table files never change, and log entries are numbered, so a backup that is broken off leaves the
copy as it was before, or with more files than its logs name. Staging is not copied: a run that is under way is in the
next backup. Neither is Prefect's own database.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from schemas.tables import TABLES
from tasks.errors import DataFolderError, UsageError
from tasks.io.commit import carry_out, commit_lock, intents
from tasks.io.delta import LOG
from tasks.io.expired import expired_captures
from tasks.io.folder import DataFolder, disk_errors, sync_folder, write_durably
from tasks.io.leases import hold, hold_maintain
from tasks.io.progress import advance
from tasks.io.tables import Snapshot, committed_files

MANIFEST = "backup.json"
CHECKPOINT = "_last_checkpoint"
CHUNK = 4_000_000
SAVE_EVERY = 200
"""Files after which the manifest is saved, so that a backup that is broken off need not read them again."""
WAIT_S = 60.0
"""A maintenance of the folder, or another backup to the same place, may end within this time."""


@dataclass(frozen=True)
class Copied:
    """What a backup did."""

    files: int
    """Files that were copied."""
    bytes: int
    same: int
    """Files that were there already."""
    removed: int
    """Files of the copy that the folder no longer has by its own doing (compaction, retention, forgetting)."""
    lost: tuple[str, ...]
    """Capture files that the folder lacks, and nobody said why: the copy keeps them."""


@dataclass
class _Files:
    """The manifest: of each file its size, its time when it was copied, and the digest of what was copied."""

    path: Path
    known: dict[str, tuple[int, int, str]] = field(default_factory=dict)
    copied: int = 0
    bytes: int = 0
    same: int = 0

    def save(self) -> None:
        with disk_errors(self.path):
            write_durably(self.path, json.dumps({"format": 1, "files": self.known}).encode())


@dataclass(frozen=True)
class _Moment:
    """What is committed at one moment: paths below the folder, each with how many of its bytes count."""

    captures: dict[str, int]
    tables: dict[str, int]
    logs: dict[str, int]
    pointers: dict[str, bytes]
    """Contents of the one kind of file that is written over: which checkpoint is the last."""


def back_up(folder: DataFolder, to: DataFolder) -> Copied:
    """Bring the copy up to what is committed now.

    Args:
        folder: Data folder; runs may be at work in it.
        to: The copy: a new or empty folder, or an earlier backup of this one.

    Raises:
        UsageError: the two lie in each other, or the copy is something else than a backup.
        DataFolderError: runs were committed to the copy that the folder does not know.
        FolderBusyError: the folder is being rewritten, or backed up to the same place by another process.
        DiskError: the disk refused a write; doing it again goes on.
    """
    folder.check()
    _check_place(folder, to)
    to.prepare()
    with hold_maintain(folder, exclusive=False, wait_s=WAIT_S), _alone(to):
        files = _load(to)
        files.save()  # from now on it is a backup, and may be taken up again
        now = _moment(folder)
        _check_history(folder, to, now)
        _copy_all(folder, to, now, files)
        removed, lost = _remove_old(to, now, files)
        files.save()
    return Copied(files.copied, files.bytes, files.same, removed, lost)


def _check_place(folder: DataFolder, to: DataFolder) -> None:
    one, other = folder.root.resolve(), to.root.resolve()
    if one.is_relative_to(other) or other.is_relative_to(one):
        raise UsageError(f"{to.root} and {folder.root} lie in each other: name a folder elsewhere.")
    if to.root.exists() and not to.root.is_dir():
        raise UsageError(f"{to.root} is a file: name a folder.")
    if to.root.exists() and any(to.root.iterdir()) and not (to.root / MANIFEST).exists():
        raise UsageError(f"{to.root} is no backup ({MANIFEST} is missing), and not empty: name another folder.")


@contextmanager
def _alone(to: DataFolder) -> Iterator[None]:
    with hold(to.leases / "maintain.lock", owner="backup", wait_s=WAIT_S):
        yield


def _load(to: DataFolder) -> _Files:
    path = to.root / MANIFEST
    if not path.exists():
        return _Files(path)
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))["files"]
        return _Files(path, {name: (int(size), int(time), str(digest)) for name, (size, time, digest) in raw.items()})
    except (OSError, ValueError, KeyError, TypeError):
        return _Files(path)  # without it files are compared byte by byte


def _moment(folder: DataFolder) -> _Moment:
    """Under the commit lock no run is half committed; captures are noted after, so they hold all that tables name."""
    tables: dict[str, int] = {}
    logs: dict[str, int] = {}
    pointers: dict[str, bytes] = {}
    with commit_lock(folder, "backup"):
        for intent in intents(folder):
            carry_out(folder, intent)
        for table in TABLES:
            tables |= {_name(folder, path): path.stat().st_size for path in committed_files(folder, table)}
            for path in sorted((folder.table(table) / LOG).glob("0*")):
                if path.suffix in (".json", ".parquet"):
                    logs[_name(folder, path)] = path.stat().st_size
            last = folder.table(table) / LOG / CHECKPOINT
            if last.exists():
                pointers[_name(folder, last)] = last.read_bytes()
    if folder.kept_queries.exists():
        pointers[_name(folder, folder.kept_queries)] = folder.kept_queries.read_bytes()
    captures = {_name(folder, path): path.stat().st_size for path in sorted(folder.captures.rglob("*.warc.gz"))}
    reports = {_name(folder, path): path.stat().st_size for path in sorted(folder.reports.rglob("*")) if path.is_file()}
    return _Moment(captures | reports, tables, logs, pointers)


def _name(folder: DataFolder, path: Path) -> str:
    return path.relative_to(folder.root).as_posix()


def _check_history(folder: DataFolder, to: DataFolder, now: _Moment) -> None:
    """The newest entry of each of the copy's logs must be one of ours."""
    for table in TABLES:
        entries = sorted((to.table(table) / LOG).glob("0*.json"))
        if not entries:
            continue
        name = _name(to, entries[-1])
        if name not in now.logs or entries[-1].read_bytes() != (folder.root / name).read_bytes():
            raise DataFolderError(
                f"{to.root} holds commits that {folder.root} does not know ({name}): it is no older copy of it."
            )


def _copy_all(folder: DataFolder, to: DataFolder, now: _Moment, files: _Files) -> None:
    ledger = {name: size for name, size in now.logs.items() if name.startswith("ledger/")}
    others = {name: size for name, size in now.logs.items() if name not in ledger}
    advance("backup", total=sum(len(part) for part in (now.captures, now.tables, now.logs)))
    for part in (now.captures, now.tables, others, ledger):
        for name, size in part.items():
            _copy(folder.root / name, to.root / name, name, size, files)
            advance("backup", done=1)
    for name, content in now.pointers.items():
        with disk_errors(to.root / name):
            (to.root / name).parent.mkdir(parents=True, exist_ok=True)
            write_durably(to.root / name, content)


def _copy(source: Path, target: Path, name: str, size: int, files: _Files) -> None:
    """Copy the first `size` bytes, unless the copy has them already."""
    changed = source.stat().st_mtime_ns
    is_there = target.is_file() and target.stat().st_size == size
    if is_there and name in files.known and files.known[name][:2] == (size, changed):
        files.same += 1
        return
    if is_there and (digest := _digest(source, size)) == _digest(target, size):
        files.same += 1
    else:
        digest = _write(source, target, size)
        files.copied += 1
        files.bytes += size
    files.known[name] = (size, changed, digest)
    if files.copied % SAVE_EVERY == SAVE_EVERY - 1:
        files.save()


def _chunks(path: Path, size: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        left = size
        while left > 0 and (data := file.read(min(CHUNK, left))):
            yield data
            left -= len(data)


def _digest(path: Path, size: int) -> str:
    state = hashlib.sha256()
    for data in _chunks(path, size):
        state.update(data)
    return state.hexdigest()


def _write(source: Path, target: Path, size: int) -> str:
    """Write the copy whole or not at all, and give its digest."""
    state = hashlib.sha256()
    with disk_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name(f".{target.name}.tmp")
        with aside.open("wb") as file:
            for data in _chunks(source, size):
                state.update(data)
                file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
        sync_folder(target.parent)
    return state.hexdigest()


def _remove_old(to: DataFolder, now: _Moment, files: _Files) -> tuple[int, tuple[str, ...]]:
    """Remove replaced table files, expired captures and reports that are gone; name other captures that are."""
    expired = expired_captures(Snapshot.open(to))
    wanted = now.captures.keys() | now.tables.keys() | now.logs.keys()
    gone = [name for name in files.known if name not in wanted]
    lost = [name for name in gone if name.startswith("captures/") and name not in expired]
    removed = [name for name in gone if name not in lost]
    for name in removed:
        with disk_errors(to.root / name):
            (to.root / name).unlink(missing_ok=True)
        del files.known[name]
    return len(removed), tuple(sorted(lost))
