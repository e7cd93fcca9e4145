"""How much generated junk the repairs take away, by kind: `python -m benchmarks.clean.reach`.

Only the held-out half is told by default: the repairs were written on the other one.
"""

import argparse
import json
import time
from collections import Counter

from rich.console import Console
from rich.table import Table

from benchmarks.clean.generator import generate
from tasks.clean.model import Context
from tasks.clean.repairs import REPAIRS
from tasks.clean.runner import clean_text


def main() -> None:
    """Print a table, and as the last line the figures as one JSON object."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--half", default="held_out", choices=["held_out", "develop"])
    wanted.add_argument("--seed", type=int, default=23)
    wanted.add_argument("--cases", type=int, default=3000)
    asked = wanted.parse_args()
    made, gone = Counter[str](), Counter[str]()
    started = time.process_time()
    for case in generate(asked.half, asked.seed, asked.cases):
        made[case.kind] += 1
        cleaned = clean_text(case.text, Context(language=case.language), REPAIRS).text
        gone[case.kind] += case.is_clean(cleaned)
    seconds = time.process_time() - started
    table = Table("kind", "pieces", "gone", title=f"Junk of the half {asked.half}, seed {asked.seed}")
    for kind, count in sorted(made.items()):
        table.add_row(kind, str(count), f"{gone[kind] / count:.1%}")
    Console().print(table)
    share = round(gone.total() / made.total(), 4)
    print(json.dumps({"generated_junk_gone": share, "cases": made.total(), "cpu_s": round(seconds, 2)}))


if __name__ == "__main__":
    main()
