"""`copydesk doctor`: is this machine, this data folder, this sources file fit for a nightly run?

Each finding is one row: what was looked at, how it is, and what to do. Only a `bad` one makes the exit code 1.
"""

import importlib.metadata
import locale
import os
import resource
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from copydesk.faces import out
from tasks.errors import CopydeskError
from tasks.report.alarms import LEAST_FREE_BYTES

LEAST_OPEN_FILES = 512
PACKAGES = ("prefect", "pandera", "pyarrow", "duckdb", "polars", "deltalake", "aiohttp", "fastwarc", "lxml")
TOO_NEW = {"fastapi": ((0, 151), "Prefect 3.8's server fails"), "sqlalchemy": ((2, 1), "schedules make no runs")}


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `level` is good, note or bad."""

    what: str
    level: str
    text: str


def run_doctor(data: Path, sources_file: Path) -> None:
    """Print all findings.

    Raises:
        CopydeskError: at least one of them is bad.
    """
    findings = list(examine(data, sources_file))
    table = Table(show_header=False)
    style = {"good": "green", "note": "yellow", "bad": "red"}
    for finding in findings:
        table.add_row(f"[{style[finding.level]}]{finding.level}", finding.what, escape(finding.text))
    out.print(table)
    bad = [finding.what for finding in findings if finding.level == "bad"]
    if bad:
        raise CopydeskError(f"Not fit for a run yet: {', '.join(bad)}.")


def examine(data: Path, sources_file: Path) -> Iterator[Finding]:
    """All findings, in the order in which a run would stumble over them."""
    yield Finding("python", "good", ".".join(map(str, sys.version_info[:3])))
    yield from _packages()
    yield _open_files()
    yield _text_encoding()
    yield from _folder(data)
    yield _sources(sources_file)
    yield from _alarms(data)
    yield _alarm_to()
    yield _contact()
    yield from _proxy()


def _packages() -> Iterator[Finding]:
    for name in PACKAGES:
        try:
            yield Finding(name, "good", importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            yield Finding(name, "bad", "not installed: run `make setup`.")
    for name, (limit, trouble) in TOO_NEW.items():
        version = importlib.metadata.version(name)
        if tuple(int(part) for part in version.split(".")[:2]) >= limit:
            yield Finding(name, "bad", f"{version}: {trouble}; install what requirements.lock pins.")


def _open_files() -> Finding:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < LEAST_OPEN_FILES:
        return Finding("open files", "bad", f"limit {soft}: raise it (ulimit -n 1024).")
    return Finding("open files", "good", f"limit {soft}")


def _text_encoding() -> Finding:
    encoding = locale.getpreferredencoding(False)
    if encoding.lower().replace("-", "") != "utf8":
        return Finding("locale", "note", f"{encoding}: set LC_ALL=C.UTF-8 to see names of other scripts.")
    return Finding("locale", "good", encoding)


def _folder(data: Path) -> Iterator[Finding]:
    from tasks.io.folder import DataFolder

    try:
        DataFolder(data).check()
    except CopydeskError as error:
        yield Finding("data folder", "bad", str(error))
        return
    here = DataFolder(data).root.resolve()
    there = next(parent for parent in (here, *here.parents) if parent.exists())
    if not os.access(there, os.W_OK):
        yield Finding("data folder", "bad", f"{there} cannot be written: name another with --data.")
    else:
        yield Finding("data folder", "good", DataFolder(data).name)
    free = shutil.disk_usage(there).free
    level = "note" if free < LEAST_FREE_BYTES else "good"
    yield Finding("disk", level, f"{free / 1e9:.1f} GB free")


def _sources(sources_file: Path) -> Finding:
    from flows.secrets import check_environment
    from tasks.discover.sources_file import load_sources

    try:
        sources = load_sources(sources_file)
        check_environment([source for source in sources if source.enabled], os.environ)
    except CopydeskError as error:
        return Finding("sources", "bad", str(error))
    return Finding("sources", "good", f"{len(sources)} in {sources_file}")


def _alarms(data: Path) -> Iterator[Finding]:
    """What the last runs found that a person should look at; a folder that cannot be read is told already."""
    from copydesk.status import alarm_text, read_alarms
    from tasks.io.folder import DataFolder

    try:
        found = read_alarms(DataFolder(data))
    except CopydeskError as error:
        yield Finding("alarms", "bad", str(error))
        return
    for alarm in found:
        yield Finding(str(alarm["kind"]), "note", alarm_text(alarm))


def _alarm_to() -> Finding:
    """Whether alarms reach anybody; never the whole address, which holds secrets."""
    from copydesk.alarm_to import VARIABLE, read_destination
    from flows.settings import load_settings

    try:
        destination = read_destination(load_settings().alarm_to)
    except CopydeskError as error:
        return Finding("alarms go to", "bad", str(error))
    if destination is None:
        return Finding("alarms go to", "note", f"nobody: set {VARIABLE} to a webhook, a mail address or a block.")
    return Finding("alarms go to", "good", destination.shown)


def _contact() -> Finding:
    from flows.settings import load_settings

    try:
        contact = load_settings().contact
    except CopydeskError as error:
        return Finding("settings", "bad", str(error))
    if not contact:
        return Finding("contact", "note", "none: set COPYDESK_CONTACT to an address that publishers can write to.")
    return Finding("contact", "good", contact)


def _proxy() -> Iterator[Finding]:
    from flows.settings import load_settings
    from tasks.io.exchange import HttpSettings

    try:
        name = HttpSettings(proxy=load_settings().proxy).proxy_name
    except CopydeskError:
        return  # told with the contact already
    if name:
        yield Finding("proxy", "note", f"{name}: names are looked up there, so private addresses are its to refuse.")
