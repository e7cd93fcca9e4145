"""`copydesk forget`: shows what would go, asks, forgets, publishes, and says what is not ours to take away."""

import json
import sys
from functools import partial
from pathlib import Path

import typer

from copydesk.decisions import who
from copydesk.faces import err, out, progress
from copydesk.traces import remove_traces
from tasks.errors import UsageError
from tasks.io.bucket.share import refuse
from tasks.io.folder import DataFolder
from tasks.io.tables import Snapshot
from tasks.maintain.aim import Aim, aim_at_site, aim_at_url
from tasks.maintain.forget import AimAt, Concerned, forget, look
from tasks.publish.database import publish_tables

SHOWN = 20


def run_forget(
    data: Path, url: str | None, site: str | None, *, dry_run: bool, is_sure: bool, note: str | None, as_json: bool
) -> None:
    """Forget an article or a site, or show what that would take away.

    Raises:
        UsageError: neither or both were named, or nobody can be asked.
        CopydeskError: as `tasks.maintain.forget.forget`.
    """
    folder = DataFolder(data)
    refuse(folder, "Forgetting", "it rewrites captures, which copies on other machines would not learn of")
    folder.check()
    aim_at = _aim_at(url, site)
    if dry_run or not is_sure:
        with progress():
            found = look(folder, aim_at)
        _show(found, as_json=as_json and dry_run)
        if dry_run or not _is_wanted():
            return
    with progress(), forget(folder, aim_at, note=note, actor=who()) as found:
        publish_tables(folder)
        remove_traces(folder, found.aim, [title for _, title in found.rows.articles])
    _tell(found, as_json=as_json)


def _aim_at(url: str | None, site: str | None) -> AimAt:
    if (url is None) == (site is None):
        raise UsageError("Name what to forget: the URL of an article, or a site with --site.")
    if site is not None:
        aim = aim_at_site(site)
        return lambda _snapshot: aim
    return partial(_by_url, url=str(url))


def _by_url(snapshot: Snapshot, url: str) -> Aim:
    return aim_at_url(snapshot, url)


def _is_wanted() -> bool:
    if not sys.stdin.isatty():
        raise UsageError("Nothing was forgotten: say --yes, or --dry-run to look only.")
    return typer.confirm("Forget all of this? It cannot be brought back.")


def _facts(found: Concerned) -> dict[str, object]:
    return {
        "urls": list(found.aim.urls),
        "site": found.aim.site,
        "articles": [{"url": url, "title": title} for url, title in found.rows.articles],
        "rows": found.rows.counts,
        "captures": found.captures.record_count,
        "named_by": list(found.captures.naming),
        "elsewhere": list(found.captures.elsewhere),
    }


def _show(found: Concerned, *, as_json: bool) -> None:
    """What would go."""
    if as_json:
        out.print_json(json.dumps(_facts(found)))
        return
    for url, title in found.rows.articles[:SHOWN]:
        out.print(f"{title} ({url})", markup=False, highlight=False, soft_wrap=True)
    if len(found.rows.articles) > SHOWN:
        out.print(f"and {len(found.rows.articles) - SHOWN} more", highlight=False)
    counts = ", ".join(f"{count} of {table}" for table, count in found.rows.counts.items())
    what = f"{counts or 'no row'} and {found.captures.record_count} captures"
    out.print(f"Concerned: {what}." if found.is_known else "Nothing of it is kept; it would never be taken in.")
    _warn(found)


def _tell(found: Concerned, *, as_json: bool) -> None:
    """What went."""
    if as_json:
        out.print_json(json.dumps(_facts(found)))
        return
    counts = ", ".join(f"{count} of {table}" for table, count in found.rows.counts.items())
    out.print(f"Forgotten: {counts or 'no row'} and {found.captures.record_count} captures.", highlight=False)
    _warn(found)
    err.print("Backups and rebuilt folders keep what they have: forget it there too, or make them again.")


def _warn(found: Concerned) -> None:
    """What stays, because it is not ours or another document."""
    for uri in found.captures.elsewhere:
        out.print(f"An archive of your own holds it and is left alone: {uri}", style="yellow", markup=False)
    for url in found.captures.naming[:SHOWN]:
        out.print(f"Another page names it and stays: {url}", style="yellow", markup=False, soft_wrap=True)
