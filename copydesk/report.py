"""`copydesk report`: the page of a run, written again from the published dataset."""

import webbrowser
from pathlib import Path

from copydesk.faces import out
from tasks.io.folder import DataFolder
from tasks.report.facts import read_facts
from tasks.report.figures import read_figures, read_summary
from tasks.report.page import write_page


def run_report(data: Path, run_id: str | None, *, open_it: bool) -> None:
    """Write the page of a run, print its path, and open it where that is asked for.

    Raises:
        UsageError: there is no such run.
        DataFolderError: nothing is published yet.
        DiskError: the page cannot be written.
    """
    folder = DataFolder(data)
    folder.check()
    summary = read_summary(folder, run_id)
    facts, figures = read_facts(folder, summary.run_id), read_figures(folder, summary.run_id)
    page = write_page(folder, summary, facts, figures).resolve()
    out.print(str(page), markup=False, highlight=False, soft_wrap=True)
    if open_it:
        webbrowser.open(page.as_uri())
