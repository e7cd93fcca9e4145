"""`copydesk backup`: a copy of the data folder in another place, and what was done for it."""

import json
from dataclasses import asdict
from pathlib import Path

from copydesk.faces import out, progress
from tasks.io.bucket.share import refuse
from tasks.io.folder import DataFolder
from tasks.maintain.backup import back_up
from tasks.publish.database import publish_tables


def run_backup(data: Path, to: Path, *, as_json: bool) -> None:
    """Bring the copy up to what is committed now, publish it there, and say what was copied.

    Raises:
        CopydeskError: as `back_up`.
    """
    for folder in (DataFolder(data), DataFolder(to)):
        refuse(folder, "A backup", "copy the bucket with a tool for it, such as its replication")
    with progress():
        done = back_up(DataFolder(data), DataFolder(to))
    summary = publish_tables(DataFolder(to))
    if as_json:
        out.print_json(json.dumps(asdict(done) | {"articles": summary.article_count}))
        return
    out.print(
        f"{done.files} files with {done.bytes / 1e6:,.1f} MB were copied to {to}, {done.same} were there already, "
        f"{done.removed} were removed.",
        markup=False, highlight=False, soft_wrap=True,
    )  # fmt: skip
    for uri in done.lost:
        out.print(f"{uri} is missing in {data}, and stays in the copy.", style="yellow", markup=False)
    out.print(f"The copy holds {summary.article_count} articles in {summary.version_count} versions.", highlight=False)
