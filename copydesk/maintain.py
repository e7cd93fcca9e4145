"""`copydesk maintain`: the maintenance flow now, and what it did."""

import json
from dataclasses import asdict
from pathlib import Path

from copydesk.faces import out, progress
from copydesk.runs import prepare, quiet_known_errors
from tasks.io.bucket.share import NO_MAINTENANCE, refuse
from tasks.io.folder import DataFolder


def run_maintain(data: Path, keep_captures: int | None, grace_days: float, *, as_json: bool) -> None:
    """Run the maintenance flow and say what it did, and how the folder grows.

    Raises:
        CopydeskError: as the flow.
    """
    refuse(DataFolder(data), "Maintenance", NO_MAINTENANCE)
    api = prepare(data)
    from flows.maintain import maintain, sentences

    quiet_known_errors()
    with progress():
        done = api.run(lambda: maintain(keep_captures_days=keep_captures, grace_days=grace_days, data=str(data)))
    if as_json:
        outlook = {f"bytes_in_{days}_days": done.growth.bytes_in(days) for days in (0, 30, 365)}
        facts = asdict(done) | {"outlook": outlook | {"full_in_days": done.growth.full_in_days()}}
        out.print_json(json.dumps(facts))
        return
    for line in sentences(done):
        out.print(line, markup=False, highlight=False, soft_wrap=True)
