"""Whether a rebuild of real pages says the same for 1, 2 and 4 workers: all of ../shared/pages, or another archive.

    python -m benchmarks.store.rebuild [--archive PATH] [--limit N]

The last line is JSON: pages, versions, equal, and seconds by workers.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

from prefect.logging import disable_run_logger

from flows.begin import begin_run
from flows.calls import directly
from flows.inputs import sources_of
from flows.rebuild import Rebuilt, rebuild
from flows.settings import load_settings
from flows.steps import collect
from tasks.io.folder import DataFolder
from tasks.io.tables import Snapshot

ARCHIVE = Path(__file__).resolve().parents[3] / "shared" / "pages" / "news424.warc.gz"
WORKERS = (1, 2, 4)


def take_in(folder: DataFolder, archive: Path, limit: int | None) -> int:
    """Read the pages of an archive into a data folder, and say how many were found."""
    settings = load_settings(data=folder.root, workers=2)
    folder.prepare()
    begun = begin_run(folder, "backfill", sources_of([archive], None), settings.recorded(), limit=limit)
    with disable_run_logger():
        return asyncio.run(collect(begun, settings, directly)).counts.found


def rebuilds(folder: DataFolder, into: Path) -> dict[int, tuple[Rebuilt, float]]:
    """The folder made again by so many workers, and how long it took; batches differ as well."""
    found: dict[int, tuple[Rebuilt, float]] = {}
    for workers in WORKERS:
        began = time.perf_counter()
        settings = load_settings(data=folder.root, workers=workers)
        done = rebuild(folder, DataFolder(into / str(workers)), [], settings, batch_rows=100 // workers + 1)
        found[workers] = done, time.perf_counter() - began
    return found


def main() -> None:
    """Print what each rebuild says; exit 1 when they differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archive", type=Path, default=ARCHIVE)
    parser.add_argument("--limit", type=int, default=None)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="copydesk-rebuild-") as root:
        folder = DataFolder(Path(root) / "data")
        pages = take_in(folder, asked.archive, asked.limit)
        versions = Snapshot.open(folder).read("articles", ["version_id"]).height
        made = rebuilds(folder, Path(root) / "made")
    for workers, (done, seconds) in made.items():
        sys.stdout.write(f"{workers} workers  {seconds:6.1f} s  {done.logical_hash}  {done.is_equal}\n")
    equal = all(done.is_equal for done, _ in made.values())
    times = {str(workers): round(seconds, 1) for workers, (_, seconds) in made.items()}
    sys.stdout.write(json.dumps({"pages": pages, "versions": versions, "equal": equal, "seconds": times}) + "\n")
    sys.exit(0 if equal else 1)


if __name__ == "__main__":
    main()
