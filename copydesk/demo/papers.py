"""The three papers, the three nights, and the sources.yaml that lists them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

NIGHTS: dict[int, datetime] = {
    1: datetime(2026, 3, 2, 2, 15, tzinfo=UTC),
    2: datetime(2026, 3, 3, 2, 15, tzinfo=UTC),
    3: datetime(2026, 3, 4, 2, 15, tzinfo=UTC),
}
"""When the demo's runs begin. All that a paper shows on a night was written before that moment."""


@dataclass(frozen=True)
class Feed:
    """One listing of a paper, which is one source."""

    id: str
    kind: str
    path: str
    sections: frozenset[str] | None = None
    """Sections that it lists; None: all."""
    without: frozenset[str] = frozenset()
    """Sections that it leaves out."""

    def lists(self, section: str) -> bool:
        """Whether articles of a section stand in it."""
        return section not in self.without and (self.sections is None or section in self.sections)


@dataclass(frozen=True)
class Paper:
    """One newspaper: its make, its names, and the port where it is served."""

    key: str
    name: str
    site: str
    language: str
    time_zone: str
    port: int
    feeds: tuple[Feed, ...]
    validators: str
    """`honoured`: ETag and Last-Modified are sent and answered with 304; `ignored`: sent, never 304; `none`."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of its dates."""
        return ZoneInfo(self.time_zone)


# The ports lie below the ranges that Linux (32768) and macOS (49152) give to outgoing connections, so that
# a program that merely talks to the network cannot hold one. They are fixed because a URL contains its port:
# with others a second demo would find only new pages.
GAZETTE = Paper(
    key="gazette",
    name="The Harbour Gazette",
    site="harbourgazette.example",
    language="en",
    time_zone="America/Halifax",
    port=28711,
    feeds=(Feed("harbour-gazette", "feed", "/feed/"),),
    validators="honoured",
)
VALLE = Paper(
    key="valle",
    name="Valle Noticias",
    site="vallenoticias.example",
    language="es",
    time_zone="America/Bogota",
    port=28712,
    feeds=(Feed("valle-noticias", "sitemap", "/sitemap.xml"),),
    validators="ignored",
)
TALBOTE = Paper(
    key="talbote",
    name="Der Talbote",
    site="talbote.example",
    language="de",
    time_zone="Europe/Berlin",
    port=28713,
    feeds=(
        Feed("talbote", "feed", "/atom.xml", without=frozenset({"Sport"})),
        Feed("talbote-sport-kultur", "feed", "/feed.json", sections=frozenset({"Sport", "Kultur"})),
    ),
    validators="none",
)
PAPERS: dict[str, Paper] = {paper.key: paper for paper in (GAZETTE, VALLE, TALBOTE)}

DEFAULT_PORTS: dict[str, int] = {key: paper.port for key, paper in PAPERS.items()}
DELAY_S = 0.01
"""Seconds between two requests to a paper: the demo is its own server and in a hurry."""


def base_urls(ports: Mapping[str, int] = DEFAULT_PORTS) -> dict[str, str]:
    """The base URL of each paper, by its key, without a slash at the end."""
    return {key: f"http://127.0.0.1:{port}" for key, port in ports.items()}


def sources(bases: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """The entries for sources.yaml, one a listing, in the papers' order."""
    bases = bases or base_urls()
    return [
        {
            "id": feed.id,
            "kind": feed.kind,
            "url": bases[paper.key] + feed.path,
            "name": paper.name,
            "site": paper.site,
            "language": paper.language,
            "time_zone": paper.time_zone,
            "delay_s": DELAY_S,
        }
        for paper in PAPERS.values()
        for feed in paper.feeds
    ]


def write_sources(path: Path, bases: Mapping[str, str] | None = None) -> None:
    """Write a sources.yaml that lists the papers."""
    text = yaml.safe_dump({"sources": sources(bases)}, allow_unicode=True, sort_keys=False)
    path.write_text("# The three newspapers of `copydesk demo`.\n" + text, encoding="utf-8")
