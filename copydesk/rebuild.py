"""`copydesk rebuild`: all tables again from captures and decisions, and whether they say the same."""

import json
from pathlib import Path

from copydesk.faces import out, progress
from copydesk.runs import prepare, quiet_known_errors
from tasks.io.folder import DataFolder


def run_rebuild(data: Path, into: Path, sources: Path, workers: int | None, batch: int, *, as_json: bool) -> bool:
    """Whether a data folder, rebuilt into a new one, says the same but for what retention removed; prints both hashes.

    Raises:
        CopydeskError: as `flows.rebuild.rebuild`.
    """
    from tasks.discover.sources_file import load_sources

    listed = load_sources(sources) if sources.exists() else []
    prepare(data)
    from flows.rebuild import rebuild
    from flows.settings import load_settings

    quiet_known_errors()
    with progress():
        done = rebuild(DataFolder(data), DataFolder(into), listed, load_settings(workers=workers), batch_rows=batch)
    if as_json:
        told = {"runs": len(done.runs), "logical_hash": done.logical_hash, "old_hash": done.old_hash}
        told |= {"equal": done.is_equal, "explained": done.is_explained, "lost": done.lost}
        out.print_json(json.dumps(told | {"expired": done.expired, "missing": done.missing}))
        return done.is_equal or done.is_explained
    for uri, count in done.expired.items():
        out.print(f"removed by retention: {uri}, which {count} versions name.", style="dim", markup=False)
    for uri, count in done.missing.items():
        out.print(f"not there any more: {uri}, which {count} versions name.", style="yellow", markup=False)
    out.print(f"{len(done.runs)} runs were made again in {into}.", markup=False, highlight=False)
    out.print(f"new: {done.logical_hash}\nold: {done.old_hash}", highlight=False, soft_wrap=True)
    out.print("Both say the same." if done.is_equal else "They do not say the same.", highlight=False)
    if not done.is_equal and done.is_explained:
        out.print("All that differs was in captures that retention removed.", highlight=False)
    return done.is_equal or done.is_explained
