"""`copydesk reprocess`: what today's rules would make of captures, and then exactly that."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from copydesk.faces import err, out, progress, show_funnel
from copydesk.history import around, diff
from copydesk.prefect_home import use_home
from copydesk.runs import check_rules, quiet_known_errors
from tasks.errors import UsageError
from tasks.io.folder import DataFolder

if TYPE_CHECKING:
    from flows.reprocess import Reprocessed
    from tasks.store.plan import Plan, Sample

MOST_CHANGES = 4
"""Stretches that are shown of one article."""


def run_reprocess(
    data: Path,
    sources_file: Path,
    site: str | None,
    since: str | None,
    *,
    quarantined: bool,
    dry_run: bool,
    plan: str | None,
    workers: int | None,
    as_json: bool,
) -> None:
    """Read captures again and print what changes, or what was changed. No server is asked, not even Prefect's.

    Raises:
        CopydeskError: as `flows.reprocess.reprocess`.
    """
    from tasks.discover.sources_file import load_sources

    moment = read_since(since)
    listed = load_sources(sources_file)
    check_rules(sources_file)
    folder = DataFolder(data)
    folder.check()
    use_home(data)
    from prefect.logging import disable_run_logger

    from flows.calls import directly
    from flows.reprocess import read_again
    from flows.settings import load_settings
    from tasks.fetch.again import Selection

    quiet_known_errors()
    settings = load_settings(data=data, sources_file=sources_file, workers=workers)
    chosen = Selection(site, moment, quarantined)
    with progress(), disable_run_logger():
        done = asyncio.run(read_again(folder, listed, settings, chosen, directly, dry_run=dry_run, token=plan))
    if as_json:
        out.print_json(json.dumps(_told(done), default=str))
        return
    words = _words(site, since, quarantined=quarantined)
    _show(done, words, dry_run=dry_run)


def read_since(text: str | None) -> datetime | None:
    """The moment that a day or time names, UTC where it names no zone.

    Raises:
        UsageError: it names none.
    """
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--since {text!r} is no day: write it as 2026-03-01.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _words(site: str | None, since: str | None, *, quarantined: bool) -> str:
    """The selection, as it is asked for again."""
    options = {"--site": site, "--since": since}
    named = [f"{name} {value}" for name, value in options.items() if value is not None]
    return " ".join(["copydesk reprocess", *named, *(["--quarantined"] if quarantined else [])])


def _told(done: "Reprocessed") -> dict[str, Any]:
    plan = None
    if done.plan is not None:
        plan = asdict(done.plan)
        for sample in plan["samples"]:
            del sample["text"]
    return {"run_id": done.summary.run_id if done.summary else None, "plan": plan, "missing": done.missing}


def _show(done: "Reprocessed", words: str, *, dry_run: bool) -> None:
    for uri, count in sorted(done.missing.items()):
        err.print(f"cannot be read any more: {uri}; {count} pages keep their text.", style="yellow", markup=False)
    if done.plan is not None:
        _show_plan(done.plan)
        if done.plan.is_empty:
            out.print("There is nothing to change.")
        elif dry_run:
            out.print(f"Plan {done.plan.token}: nothing was changed. This commits exactly it:", highlight=False)
            out.print(f"{words} --plan {done.plan.token}", markup=False, highlight=False, soft_wrap=True)
    if done.summary is not None:
        show_funnel(done.summary)


def _show_plan(plan: "Plan") -> None:
    line = f"{plan.page_count} captures were read again: {plan.article_count} articles change"
    line += f" ({plan.version_count} new versions), {plan.removed_chars} characters go and {plan.added_chars} come."
    out.print(line, markup=False, highlight=False, soft_wrap=True)
    if plan.closed:
        out.print(f"{len(plan.closed)} rows of the quarantine pass now and are closed.", highlight=False)
    if plan.sites:
        out.print(_counts("site", "articles", plan.sites))
        out.print(_counts("kind of change", "versions", plan.kinds))
    if plan.refused:
        out.print(_counts("rule that refuses pages now (they keep their text)", "pages", plan.refused))
    for sample in plan.samples:
        _show_sample(sample)


def _counts(name: str, of: str, counts: Mapping[str, int]) -> Table:
    table = Table(name, of)
    for value, count in counts.items():
        table.add_row(Text(value), str(count))
    return table


def _show_sample(sample: "Sample") -> None:
    head = Text(sample.url, style="bold").append(f"  {sample.kind}", style="cyan")
    if sample.change_share is not None:
        head.append(f"  {100 * sample.change_share:.1f} % of the words", style="dim")
    out.print(head, highlight=False, soft_wrap=True)
    for change in sample.changes[:MOST_CHANGES]:
        near = around(sample.text, change["place"], len(change["new"].split()))
        out.print(Text("    ") + diff({**change, "around": near}), highlight=False, soft_wrap=True)
    if len(sample.changes) > MOST_CHANGES:
        out.print(f"    and {len(sample.changes) - MOST_CHANGES} more", style="dim")
