"""`copydesk verify`: says what is wrong with a data folder, and whether anything is."""

import json
from dataclasses import asdict
from pathlib import Path

from copydesk.faces import out
from tasks.io.folder import DataFolder
from tasks.io.verify import verify


def run_verify(data: Path, *, deep: bool, as_json: bool) -> bool:
    """Whether nothing is wrong; prints each finding in one line, or all as JSON.

    Raises:
        CopydeskError: as `verify`.
    """
    found = verify(DataFolder(data), deep=deep)
    faults = sum(finding.is_fault for finding in found)
    if as_json:
        out.print_json(json.dumps({"faults": faults, "deep": deep, "findings": [asdict(each) for each in found]}))
        return not faults
    for finding in found:
        word, style = ("wrong", "red") if finding.is_fault else ("note", "yellow")
        out.print(
            f"{word}: {finding.where}: {finding.what}", style=style, markup=False, highlight=False, soft_wrap=True
        )
    looked = "every page and record" if deep else "sizes, footers and sums; --deep reads everything"
    out.print(f"{faults} things are wrong ({looked}).", highlight=False)
    return not faults
