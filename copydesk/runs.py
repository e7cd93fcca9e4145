"""`copydesk run` and `copydesk backfill`: check what was asked, run the flow in this process, show the funnel.

What can be wrong is checked before Prefect is imported or started, so that a mistake is answered at once. The flows
are imported while the private Prefect server of the command starts (`copydesk.prefect_home`).
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from copydesk.faces import progress, show_due, show_funnel
from copydesk.prefect_home import FlowApi, open_api
from schemas.summary import RunSummary
from tasks.errors import CopydeskError, RunFailedError
from tasks.io.folder import DataFolder
from tasks.io.stopping import stop_on_signals


def run_nightly(
    data: Path, sources_file: Path, sources: Sequence[str] | None, limit: int | None, *, dry_run: bool
) -> None:
    """Run the nightly flow and show its funnel, or the URLs that are due.

    Raises:
        CopydeskError: as the flow; SourcesError before anything starts when the sources file is wrong.
    """
    from tasks.discover.sources_file import load_sources, pick_sources

    pick_sources(load_sources(sources_file), sources or ())
    check_rules(sources_file)
    api = prepare(data)
    from flows.nightly import nightly

    quiet_known_errors()
    with stop_on_signals(), showing_failure(), progress():
        outcome = api.run(
            lambda: nightly(
                sources=list(sources) if sources else None,
                limit=limit,
                dry_run=dry_run,
                data=str(data),
                sources_file=str(sources_file),
            )
        )
    if isinstance(outcome, RunSummary):
        show_funnel(outcome)
    else:
        show_due(outcome)


def run_backfill(data: Path, inputs: Sequence[Path], site: str | None, limit: int | None) -> None:
    """Run the backfill flow and show its funnel.

    Raises:
        CopydeskError: as the flow; UsageError before anything starts when an input is missing.
    """
    from flows.inputs import sources_of

    sources_of(inputs, site)
    check_rules(None)
    api = prepare(data)
    from flows.backfill import backfill

    quiet_known_errors()
    names = [str(path) for path in inputs]
    with stop_on_signals(), showing_failure(), progress():
        summary = api.run(lambda: backfill(inputs=names, site=site, limit=limit, data=str(data)))
    show_funnel(summary)


def run_at(data: Path, sources_file: Path, now: datetime) -> RunSummary:
    """The summary of a nightly flow run that takes `now` for the time (the demo's nights)."""
    api = prepare(data)
    from flows.nightly import nightly

    quiet_known_errors()
    outcome = api.run(lambda: nightly(data=str(data), sources_file=str(sources_file), pretend_now=now))
    if not isinstance(outcome, RunSummary):
        raise TypeError("only a dry run gives URLs")
    return outcome


def check_rules(sources_file: Path | None) -> None:
    """Read the site rules that go with the sources file (None: that of the environment).

    Raises:
        RulesError: one of them is wrong.
    """
    from flows.settings import load_settings
    from tasks.parse.site_rules import load_rules

    load_rules(load_settings(sources_file=sources_file).rules_folder)


def prepare(data: Path) -> FlowApi:
    """The API that flow runs report to, for a data folder that is fit for them. Call it before importing a flow.

    Raises:
        DataFolderError, DiskError: the folder cannot be used.
    """
    DataFolder(data).prepare()
    return open_api(data)


def quiet_known_errors() -> None:
    """Keep Prefect's console from telling, with a traceback, what the command says in one sentence.

    Prefect's own log of the run (API and UI) keeps all of it, and so does the console for any other error. Call it
    after Prefect is imported, which sets up its handlers.
    """
    for handler in logging.getLogger().handlers:
        if _is_news not in handler.filters:
            handler.addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, CopydeskError) and not record.getMessage().startswith("Finished in state Failed(")


class showing_failure:  # noqa: N801 - reads as a statement: with showing_failure()
    """Print the funnel of a run that failed, then let its error go on."""

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Show what the error brings."""
        if isinstance(error, RunFailedError) and error.summary is not None:
            show_funnel(error.summary)
