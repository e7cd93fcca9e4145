"""Where the CPU time of a page goes: each stage's own time, without that of stages in it.

    python -m benchmarks.parse.stages --bench ../shared/bench

Every fifth page of each set, read once. A stage is a function whose calls are timed wherever a module of parse names
it; to time a call takes half a microsecond, so functions that are called for each element are not in the table.
"""

import argparse
import functools
import importlib
import itertools
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.parse.data import SETS, read_pages
from tasks.parse import bench

STAGE_NAMES = """
page:parse_page decode:decode sniff:form_of dom:parse_dom survey:survey template:fingerprint gather:gather
meta:read_meta meta:read_microdata json_ld:read_json_ld json_ld:facts_of visible:find_near visible:find_named
hidden:drop_unshowable fields:choose_heads fields:choose_fields gather:guess_date images:read_images
front:without_front paging:read_paging extractor.extract:extract_blocks extractor.walk:walk
extractor.features:text_columns extractor.features:place_columns extractor.places:places_of
extractor.context:context_columns extractor.keep:keep extractor.judge:Model.measure extractor.judge:Model.word_scores
extractor.judge:Model.block_name_scores extractor.forest:Forest.probabilities
"""
STAGES = STAGE_NAMES.split()
WARM_UP = 20


class Clock:
    """CPU seconds of the stages, each without those of stages that it calls."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self.inner: list[float] = []

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its calls timed."""

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            self.inner.append(0.0)
            start = time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                took = time.process_time() - start
                self.seconds[name] += took - self.inner.pop()
                if self.inner:
                    self.inner[-1] += took

        return call

    def watch(self, stage: str) -> None:
        """Time a stage wherever a module of parse names it."""
        module, _, name = stage.partition(":")
        holder: Any = importlib.import_module(f"tasks.parse.{module}")
        *owners, name = name.split(".")
        for owner in owners:
            holder = getattr(holder, owner)
        function = getattr(holder, name)
        timed = self.timed(stage, function)
        holders = [holder] if owners else [one for key, one in sys.modules.items() if key.startswith("tasks.parse")]
        for one in holders:
            if getattr(one, name, None) is function:
                setattr(one, name, timed)


def main() -> None:
    """Read the pages, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    args = parser.parse_args()
    clock = Clock()
    for stage in STAGES:
        clock.watch(stage)
    pages = [page for dataset in SETS for page in itertools.islice(read_pages(args.bench, dataset), 0, None, 5)]
    for number, (url, html) in enumerate(pages):
        if number == WARM_UP:
            clock.seconds.clear()
        bench.extract(html, url)
    count = len(pages) - WARM_UP
    for name, seconds in clock.seconds.most_common():
        print(f"{1_000 * seconds / count:8.3f} ms  {name}")
    print(f"{1_000 * clock.seconds.total() / count:8.3f} ms a page, {count} pages")


if __name__ == "__main__":
    main()
