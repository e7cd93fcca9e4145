"""Nights of made-up pages for the radar: what a healthy source brings, and how a test breaks it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import polars as pl

from schemas.measure import Measure
from schemas.table import empty
from tasks.validate.radar import (
    Judged,
    RadarSettings,
    Verdict,
    held_pages,
    judge,
    measure,
    name_templates,
    read_signs,
)

MONDAY = datetime(2026, 1, 5, 2, 15, tzinfo=UTC)
WORDS = (
    "council",
    "met",
    "on",
    "hill",
    "above",
    "old",
    "harbour",
    "voted",
    "for",
    "new",
    "road",
    "storm",
    "came",
    "town",
)
NO_REFUSALS: Mapping[str, int] = {}
Page = dict[str, Any]


def healthy(number: int, page: Page) -> None:
    """No change."""


@dataclass
class Sky:
    """Sources under watch, night after night."""

    history: pl.DataFrame = field(default_factory=lambda: empty(Measure))
    night: int = 0
    random: Random = field(default_factory=lambda: Random(7))
    settings: RadarSettings = field(default_factory=RadarSettings)

    def watch(
        self,
        pages: Mapping[str, Sequence[Page]],
        refused: Mapping[str, int] = NO_REFUSALS,
    ) -> tuple[Judged, pl.DataFrame]:
        """Judge one night (source to its pages) and remember it; the pages that are held come with it."""
        now = MONDAY + timedelta(days=self.night)
        rows = [{"source_id": name, "captured_at": now, **page} for name, own in pages.items() for page in own]
        signs = name_templates(read_signs(pl.DataFrame(rows, schema=_SCHEMA)), self.history)
        listed = pl.DataFrame(
            {"source_id": list(pages), "new_count": [len(own) for own in pages.values()]},
            schema={"source_id": pl.String, "new_count": pl.Int64},
        )
        counts = pl.DataFrame(
            {"source_id": list(refused), "refused_count": list(refused.values())},
            schema={"source_id": pl.String, "refused_count": pl.Int64},
        )
        tonight = measure(signs, counts, listed, run_id=f"r{self.night:03}", now=now)
        judged = judge(self.history, tonight, self.settings)
        self.history = pl.concat([self.history, judged.measures])
        self.night += 1
        return judged, held_pages(signs, judged.verdicts)

    def learn(self, nights: int, count: int = 20, source: str = "paper") -> list[Verdict]:
        """Healthy nights of one source; the verdicts of all of them."""
        return [one for _ in range(nights) for one in self.watch({source: self.pages(count)})[0].verdicts]

    def pages(self, count: int, change: Callable[[int, Page], None] = healthy) -> list[Page]:
        """Healthy pages of tonight; `change` may break each."""
        made = [self._page(number) for number in range(count)]
        for number, page in enumerate(made):
            change(number, page)
        return made

    def release(self, run: int, source: str = "paper") -> None:
        """What releasing the held pages of a run writes into the history."""
        row = {"run_id": f"x{self.night}", "source_id": source, "part": "", "measure": "released", "bin": f"r{run:03}",
               "count": 1, "of_count": 1, "low": None, "high": None, "verdict": "released", "message": None,
               "recorded_at": MONDAY + timedelta(days=self.night)}  # fmt: skip
        self.history = pl.concat([self.history, pl.DataFrame([row], schema=self.history.schema)])

    def _page(self, number: int) -> Page:
        random, now = self.random, MONDAY + timedelta(days=self.night)
        words = random.randint(200, 700)
        lines = [" ".join(random.choices(WORDS, k=words // 6)) + f" {random.random()}." for _ in range(6)]
        return {
            "url": f"https://paper.example/{self.night}/{number}",
            "title": " ".join(random.choices(WORDS, k=random.randint(5, 10))) + f" {number}",
            "authors": [random.choice("ABCDEFGHIJKLMN")] if random.random() < 0.9 else [],
            "published_at": now - timedelta(hours=random.uniform(0.5, 23)),
            "section": "Town", "tags": [], "language": "en", "summary": "What it is about.", "image_url": None,
            "body": "\n\n".join(lines), "word_count": words, "template": "00000000ffffffff",
        }  # fmt: skip


_SCHEMA = {
    "source_id": pl.String, "url": pl.String, "captured_at": pl.Datetime("us", "UTC"), "title": pl.String,
    "authors": pl.List(pl.String), "published_at": pl.Datetime("us", "UTC"), "section": pl.String,
    "tags": pl.List(pl.String), "language": pl.String, "summary": pl.String, "image_url": pl.String,
    "body": pl.String, "word_count": pl.Int32, "template": pl.String,
}  # fmt: skip
