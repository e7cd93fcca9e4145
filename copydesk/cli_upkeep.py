"""The commands that keep a data folder: they check it, copy it, make it again, or take something out of it."""

from pathlib import Path
from typing import Annotated

import typer

from copydesk.options import Data, Note, SourcesFile

upkeep = typer.Typer()


@upkeep.command()
def forget(
    url: Annotated[str | None, typer.Argument(help="URL of the article, or another name of it.")] = None,
    data: Data = Path("data"),
    site: Annotated[str | None, typer.Option(help="Forget all of a site instead.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Only show what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    note: Note = None,
    json: Annotated[bool, typer.Option("--json", help="What goes as one JSON object.")] = False,
) -> None:
    """Take an article or a site out of captures and tables for good; it is never fetched again."""
    from copydesk.forget import run_forget

    run_forget(data, url, site, dry_run=dry_run, is_sure=yes, note=note, as_json=json)


@upkeep.command()
def backup(
    to: Annotated[Path, typer.Argument(help="Where the copy lies or is to lie; on another disk, best.")],
    data: Data = Path("data"),
    json: Annotated[bool, typer.Option("--json", help="What was done as one JSON object.")] = False,
) -> None:
    """Copy what is committed to another place, also while a run writes; done again it copies what is new."""
    from copydesk.backup import run_backup

    run_backup(data, to, as_json=json)


@upkeep.command()
def maintain(
    data: Data = Path("data"),
    keep_captures: Annotated[
        int | None,
        typer.Option(envvar="COPYDESK_KEEP_CAPTURES_DAYS", min=1, help="Remove captures older than so many days."),
    ] = None,
    grace: Annotated[float, typer.Option(min=0, help="Days for which replaced files stay for their readers.")] = 7.0,
    json: Annotated[bool, typer.Option("--json", help="What was done as one JSON object.")] = False,
) -> None:
    """Join small files, remove what nobody reads any more, and forecast the disk's growth."""
    from copydesk.maintain import run_maintain

    run_maintain(data, keep_captures, grace, as_json=json)


@upkeep.command()
def verify(
    data: Data = Path("data"),
    deep: Annotated[bool, typer.Option("--deep", help="Read every page and record against its digest.")] = False,
    json: Annotated[bool, typer.Option("--json", help="The findings as one JSON object.")] = False,
) -> None:
    """Check files against log and digest, captures against their records, and the ledger's sums; exit 1 if wrong."""
    from copydesk.verify import run_verify

    if not run_verify(data, deep=deep, as_json=json):
        raise typer.Exit(1)


@upkeep.command()
def rebuild(
    into: Annotated[Path, typer.Option("--into", help="New data folder; the old one is only read.")],
    data: Data = Path("data"),
    sources: SourcesFile = Path("sources.yaml"),
    workers: Annotated[int | None, typer.Option(min=0, help="Processes that parse pages.")] = None,
    batch: Annotated[int, typer.Option(min=1, help="Pages in a batch; changes nothing but memory.")] = 300,
    json: Annotated[bool, typer.Option("--json", help="The hashes as one JSON object.")] = False,
) -> None:
    """Make all tables again from captures and decisions, in a new folder; exit 1 if the two differ."""
    from copydesk.rebuild import run_rebuild

    if not run_rebuild(data, into, sources, workers, batch, as_json=json):
        raise typer.Exit(1)


@upkeep.command()
def reprocess(
    data: Data = Path("data"),
    sources: SourcesFile = Path("sources.yaml"),
    site: Annotated[str | None, typer.Option(help="Only this site.")] = None,
    since: Annotated[str | None, typer.Option(help="Only what was captured since this day, as in 2026-03-01.")] = None,
    quarantined: Annotated[bool, typer.Option(help="Pages that were refused, instead of articles.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Only tell what would change.")] = False,
    plan: Annotated[str | None, typer.Option(help="Token of a dry run: commit exactly that, or nothing.")] = None,
    workers: Annotated[int | None, typer.Option(min=0, help="Processes that parse pages.")] = None,
    json: Annotated[bool, typer.Option("--json", help="The plan as one JSON object.")] = False,
) -> None:
    """Read captures again with today's rules and store what differs as new versions; nothing is fetched."""
    from copydesk.reprocess import run_reprocess

    run_reprocess(
        data, sources, site, since, quarantined=quarantined, dry_run=dry_run, plan=plan, workers=workers, as_json=json
    )
