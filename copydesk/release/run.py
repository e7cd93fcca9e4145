"""The command's side of a release: where it goes, what it replaces, and whether it is still whole."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from copydesk.connection import open_settled
from copydesk.faces import out as screen
from copydesk.faces import progress
from copydesk.release import papers
from copydesk.release.make import Wanted, check_wanted, make_release
from tasks.errors import UsageError
from tasks.io.folder import DataFolder, disk_errors, sync_folder

FILE_ENDINGS = frozenset({".parquet", ".csv", ".json", ".jsonl", ".duckdb"})


def run_export(data: Path, target: Path, wanted: Wanted, *, force: bool) -> papers.Release:
    """Make the release and put it in place of the target, whole or not at all; an older one goes by force only.

    Raises:
        UsageError: the wish cannot be met, or the target holds something.
        DataFolderError: nothing was published yet.
        DiskError, CopydeskError: as `make_release`.
    """
    check_wanted(wanted)
    if target.suffix in FILE_ENDINGS:
        raise UsageError(f"{target} is named like a file: name a folder; `copydesk sql --output` writes single files.")
    aside, old = (target.with_name(f".{target.name}.{word}") for word in ("new", "old"))
    with disk_errors(target):
        if old.exists() and not target.exists():
            old.rename(target)  # of an export that was killed between its two renames
        _check_target(target, force=force)
        folder = DataFolder(data)
        open_settled(folder).close()
        _remove(aside)
        try:
            with progress():
                release = make_release(folder, aside, wanted)
            _remove(old)
            if target.exists():
                target.rename(old)
            aside.rename(target)
            sync_folder(target.absolute().parent)
        finally:
            _remove(aside)
        _remove(old)
    return release


def _check_target(target: Path, *, force: bool) -> None:
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        return
    if not target.is_dir():
        raise UsageError(f"{target} is a file: name a new folder.")
    if any(target.iterdir()) and not (target / papers.MANIFEST).is_file():
        raise UsageError(f"{target} holds something that is no release: name a new folder.")
    if any(target.iterdir()) and not force:
        raise UsageError(f"{target} holds a release already: name another folder, or replace it with --force.")


def _remove(path: Path) -> None:
    if path.exists():
        shutil.rmtree(path)


def show_release(release: papers.Release, target: Path) -> None:
    """Say what was written."""
    for view, count in release.rows.items():
        screen.print(f"{count} rows of {view} were written to {target} as {release.to}.", markup=False, highlight=False)
    screen.print(
        f"Release {release.release_id}. Cite as: {release.citation}", markup=False, highlight=False, soft_wrap=True
    )


def run_check(target: Path) -> bool:
    """Compare each file of a release with its hash, print what is wrong, and return whether it is whole.

    Raises:
        UsageError: it is no release.
    """
    manifest = read_manifest(target)
    wrong = list(differences(target, manifest))
    for sentence in wrong:
        screen.print(sentence, markup=False, highlight=False, style="red", soft_wrap=True)
    if not wrong:
        count = len(manifest["files"])
        screen.print(f"Release {manifest['release']} is whole: {count} files have their hashes.", highlight=False)
    return not wrong


def read_manifest(target: Path) -> dict[str, Any]:
    """The manifest of a release.

    Raises:
        UsageError: there is none that this version understands.
    """
    path = target / papers.MANIFEST
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        for file in manifest["files"]:
            if Path(file["name"]).name != file["name"] or not {"bytes", "sha256", "is_data"} <= set(file):
                raise ValueError(f"it names {file['name']}")
        made, known = int(manifest["format"]), str(manifest["release"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{target} is no release that can be checked: {papers.MANIFEST} is missing or damaged."
        ) from error
    if made > papers.FORMAT:
        raise UsageError(f"{path} of release {known} has format {made}: upgrade Copydesk to check it.")
    return manifest


def differences(target: Path, manifest: dict[str, Any]) -> Iterator[str]:
    """A sentence for each file that is missing, changed or strange, and for an id that the hashes do not give."""
    named = {file["name"]: file for file in manifest["files"]}
    for name, file in named.items():
        path = target / name
        if not path.is_file():
            yield f"{name} is missing."
        elif path.stat().st_size != file["bytes"] or papers.digest(path) != file["sha256"]:
            yield f"{name} is not what it was when the release was made."
    for path in sorted(target.iterdir()):
        if path.name not in {*named, papers.MANIFEST}:
            yield f"{path.name} does not belong to the release."
    data = {name: file["sha256"] for name, file in named.items() if file["is_data"]}
    if papers.release_id(data) != manifest["release"]:
        yield f"The hashes in {papers.MANIFEST} are not those of release {manifest['release']}."


def wish(views: list[str] | None, where: str | None, to: str, title: str | None, author: str) -> Wanted:
    """What the command was asked for, at this moment."""
    return Wanted(views or ["articles"], where, to, title, author, datetime.now(UTC))
