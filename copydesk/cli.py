"""The `copydesk` command. Thin: each command checks its words, calls one function and shows what came back.

Imports of Prefect, DuckDB and the stages are inside the commands, so that `copydesk --help` answers at once.
"""

import atexit
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from copydesk.cli_reviews import quarantine, rules
from copydesk.cli_upkeep import upkeep
from copydesk.options import Data, Note, SourcesFile
from tasks.errors import CopydeskError

app = typer.Typer(
    help="A newsroom's copy desk as a data pipeline: articles in, trustworthy Parquet and SQL out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(rules, name="rules")
app.add_typer(quarantine, name="quarantine")
app.add_typer(upkeep)

Limit = Annotated[int | None, typer.Option(min=0, help="Fetch at most so many pages; the rest is deferred.")]


@app.command()
def demo(
    data: Data = Path("data/demo"),
    nights: Annotated[int, typer.Option(min=1, max=3, help="How many nights to run.")] = 3,
) -> None:
    """Run three nights of three small newspapers on this machine, then answer four questions in SQL."""
    from copydesk.demo.run import run_demo

    run_demo(data, nights)


@app.command()
def run(
    data: Data = Path("data"),
    sources: SourcesFile = Path("sources.yaml"),
    source: Annotated[list[str] | None, typer.Option("--source", help="Only this source; may be repeated.")] = None,
    limit: Limit = None,
    dry_run: Annotated[bool, typer.Option(help="List what is due, fetch no page, keep nothing.")] = False,
) -> None:
    """Run the nightly flow now: read the sources, fetch what is new or due, and publish it."""
    from copydesk.runs import run_nightly

    run_nightly(data, sources, source, limit, dry_run=dry_run)


@app.command()
def backfill(
    paths: Annotated[list[Path], typer.Argument(help="Folders, pages, texts, lists of URLs or WARC files.")],
    data: Data = Path("data"),
    site: Annotated[str | None, typer.Option(help="Site of local documents (default: their folder's name).")] = None,
    limit: Limit = None,
) -> None:
    """Take in what lies on this machine: folders, documents, lists of URLs, web archives."""
    from copydesk.runs import run_backfill

    run_backfill(data, paths, site, limit)


@app.command(context_settings={"ignore_unknown_options": True})  # a query may begin with a comment: -- articles
def sql(
    query: Annotated[str, typer.Argument(help="One SELECT; - reads it from standard input.")],
    data: Data = Path("data"),
    format: Annotated[str, typer.Option(help="table, csv, json or parquet.")] = "table",  # noqa: A002 - the option's name
    output: Annotated[Path | None, typer.Option(help="Write to this file instead of standard output.")] = None,
) -> None:
    """Answer one SQL query over the published dataset."""
    from copydesk.query import run_query

    run_query(data, sys.stdin.read() if query == "-" else query, format, output=output)


@app.command(context_settings={"ignore_unknown_options": True})  # a query may begin with a word that must not be there
def search(
    query: Annotated[
        str, typer.Argument(help='As in: piracy AND "joint exercises" site:paper.example since:2026-03-01')
    ],
    data: Data = Path("data"),
    most: Annotated[int, typer.Option(min=1, max=10_000, help="Most hits.")] = 10,
    format: Annotated[str, typer.Option(help="table, csv, json or parquet.")] = "table",  # noqa: A002 - the option's name
) -> None:
    """Search the current articles by words, the best hits first."""
    from copydesk.search import run_search

    run_search(data, query, most, format)


@app.command()
def status(
    data: Data = Path("data"),
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of tables.")] = False,
) -> None:
    """Show what the dataset holds, the last runs and what is due."""
    from copydesk.status import show_status

    show_status(data, as_json=json)


@app.command()
def report(
    run_id: Annotated[str | None, typer.Argument(metavar="[RUN]", help="Run; the last one by default.")] = None,
    data: Data = Path("data"),
    open_it: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write the page of a run and say where it is: funnel, volumes, refusals, cuts, edits, trends."""
    from copydesk.report import run_report

    run_report(data, run_id, open_it=open_it)


@app.command()
def why(
    url: Annotated[str, typer.Argument(help="URL of an article.")],
    data: Data = Path("data"),
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of colours.")] = False,
) -> None:
    """Show an article as it was extracted beside what was published, each cut with its rule and why."""
    from copydesk.why import show_why

    show_why(data, url, as_json=json)


@app.command()
def history(
    url: Annotated[str, typer.Argument(help="URL of the article, or another name of it.")],
    data: Data = Path("data"),
    json: Annotated[bool, typer.Option("--json", help="The versions as a JSON list.")] = False,
) -> None:
    """Show every version of an article, and word by word what each changed."""
    from copydesk.history import show_history

    show_history(data, url, as_json=json)


@app.command("rollback")
def roll_back(
    data: Data = Path("data"),
    to: Annotated[str | None, typer.Option("--to", help="Run to go back to: later ones are taken back.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last rollback back.")] = False,
    note: Annotated[str | None, typer.Option(help="Why; kept with the decision.")] = None,
) -> None:
    """Show the dataset as an earlier run left it; no file is touched, and --undo takes it back."""
    from copydesk.decisions import run_rollback

    run_rollback(data, to, undo=undo, note=note)


HeldSource = Annotated[str | None, typer.Argument(help="Source whose held pages are meant.")]
HeldRun = Annotated[str | None, typer.Option("--run", help="Only those of this run (its id, or the beginning of it).")]


@app.command()
def release(
    source: HeldSource = None,
    data: Data = Path("data"),
    run: HeldRun = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last release back.")] = False,
    note: Note = None,
) -> None:
    """Publish pages that were held, and teach the radar that they are right; alone it lists what waits."""
    from copydesk.held import run_settle
    from schemas.reasons import DecisionKind

    run_settle(data, DecisionKind.RELEASE, source, run, undo=undo, note=note)


@app.command()
def drop(
    source: HeldSource = None,
    data: Data = Path("data"),
    run: HeldRun = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last drop back.")] = False,
    note: Note = None,
) -> None:
    """Leave pages unpublished that were held; alone it lists what waits."""
    from copydesk.held import run_settle
    from schemas.reasons import DecisionKind

    run_settle(data, DecisionKind.DROP, source, run, undo=undo, note=note)


@app.command()
def up(
    data: Data = Path("data"),
    sources: SourcesFile = Path("sources.yaml"),
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the Prefect UI and API.")] = 4200,
    cron: Annotated[str, typer.Option(help="When the nightly run starts.")] = "15 2 * * *",
    time_zone: Annotated[str, typer.Option(help="Time zone of --cron.")] = "UTC",
) -> None:
    """Start the Prefect server, its UI, the nightly schedule and a runner; Ctrl-C stops all of it."""
    from copydesk.up import run_up

    run_up(data, sources, host=host, port=port, cron=cron, time_zone=time_zone)


@app.command()
def alarm(
    data: Data = Path("data"),
    test: Annotated[bool, typer.Option("--test", help="Send a trial and say whether it arrived.")] = False,
    deploy: Annotated[bool, typer.Option("--deploy", help="Set the alarms up on the server PREFECT_API_URL.")] = False,
    cron: Annotated[str, typer.Option(help="When its nightly run starts, for --deploy.")] = "15 2 * * *",
    time_zone: Annotated[str, typer.Option(help="Time zone of --cron.")] = "UTC",
) -> None:
    """Say where alarms go (COPYDESK_ALARM_TO) and which are set up; send a trial."""
    from copydesk.alarm import run_alarm

    run_alarm(data, test=test, deploy=deploy, cron=cron, time_zone=time_zone)


@app.command()
def probe(
    url: Annotated[str, typer.Argument(help="Site, page, feed or sitemap.")],
    append: Annotated[Path | None, typer.Option(help="Add the entry to this sources file.")] = None,
) -> None:
    """Look at a site and write its entry for sources.yaml: feeds, sitemaps, robots.txt, volume, three articles."""
    from copydesk.probe import run_probe

    run_probe(url, append=append)


@app.command("import")
def import_opml(
    opml: Annotated[Path, typer.Argument(help="OPML file of a feed reader.")],
    append: Annotated[Path, typer.Option(help="Sources file that takes the entries.")] = Path("sources.yaml"),
) -> None:
    """Add the feeds of an OPML file to a sources file."""
    from copydesk.faces import out
    from copydesk.opml import run_import

    ids = run_import(opml, append)
    out.print(f"{len(ids)} sources were added to {append}.", markup=False, highlight=False)


@app.command("export")
def export(
    target: Annotated[Path, typer.Argument(help="Folder for the dataset; a name in .opml takes the feeds instead.")],
    data: Data = Path("data"),
    to: Annotated[str, typer.Option(help="parquet, csv, jsonl or duckdb.")] = "parquet",
    view: Annotated[list[str] | None, typer.Option(help="View to hand over; may be repeated (articles).")] = None,
    where: Annotated[str | None, typer.Option(help="Only rows for which this SQL condition holds.")] = None,
    title: Annotated[str | None, typer.Option(help="Title of the release.")] = None,
    author: Annotated[str, typer.Option(help="Who is cited as its maker.")] = "Copydesk",
    force: Annotated[bool, typer.Option("--force", help="Replace the release that is there.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Compare a release with its hashes; exit 1 if wrong.")] = False,
    sources: SourcesFile = Path("sources.yaml"),
) -> None:
    """Hand the dataset over as a folder with datasheet, columns, hashes and citation; or the feeds as OPML."""
    if target.suffix == ".opml":
        from copydesk.opml import export_feeds

        export_feeds(sources, target)
        return
    from copydesk.release.run import run_check, run_export, show_release, wish

    if not check:
        wanted = wish(view, where, to, title, author)
        show_release(run_export(data, target, wanted, force=force), target)
    elif not run_check(target):
        raise typer.Exit(1)


@app.command()
def pin(
    url: Annotated[
        str | None, typer.Argument(help="URL of a page that was captured; with --check: only its pin.")
    ] = None,
    data: Data = Path("data"),
    rules: Annotated[
        Path, typer.Option("--rules", envvar="COPYDESK_RULES", help="Folder of your own site rules and pins.")
    ] = Path("rules"),
    day: Annotated[
        str | None, typer.Option(help="The last capture of this day or before it, as in 2026-03-01.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Replace the pin that is there.")] = False,
    check: Annotated[bool, typer.Option(help="Read all pinned pages again and tell what differs.")] = False,
) -> None:
    """Keep a captured page with what was read out of it, so that no later rule or version spoils it unseen."""
    from copydesk.pin import run_check, run_pin

    if check:
        run_check(rules, url)
    else:
        run_pin(data, rules, url, day, force=force)


@app.command()
def explore(
    data: Data = Path("data"),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 takes any that is free.")] = 4300,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the first page.")] = True,
) -> None:
    """Look around in a browser on this machine: SQL, articles with receipts, quarantine, learned rules."""
    from copydesk.explore.serve import run_explore

    run_explore(data, port, browser=browser)


@app.command()
def selftest(
    faults: Annotated[bool, typer.Option("--faults", help="Play the list of faults against a local server.")] = False,
    crash: Annotated[bool, typer.Option("--crash", help="Kill a run at every change of the disk.")] = False,
    points: Annotated[int, typer.Option(min=0, help="With --crash: only so many deaths; 0 is all of them.")] = 0,
) -> None:
    """Prove on this machine what is promised; nothing leaves it, and no data folder is touched."""
    from copydesk.selftest import run_selftest

    run_selftest(faults=faults, crash=crash, count=points)


@app.command()
def doctor(data: Data = Path("data"), sources: SourcesFile = Path("sources.yaml")) -> None:
    """Check this machine, the data folder and the sources, and say what to do about each trouble."""
    from copydesk.doctor import run_doctor

    run_doctor(data, sources)


def main() -> None:
    """Run the command; an error that we raise on purpose becomes one sentence and its exit code."""
    atexit.register(_hush)
    try:
        app()
    except CopydeskError as error:
        from copydesk.faces import say_error

        say_error(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


def _hush() -> None:
    """Close standard error, after all other exit handlers: it is registered first, so it runs last.

    Prefect leaves daemon threads behind, and then DuckDB's bindings (nanobind) list at the very end of the process
    what could not be freed before it: forty lines about nothing that a user could mend.
    """
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
