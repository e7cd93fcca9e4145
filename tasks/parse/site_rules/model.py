"""A rule of one site, and the book of all rules. Plain values, so that they can be sent to the parser's processes."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cached_property

from schemas.globs import glob_pattern
from schemas.identity import digest, site_of

FIELDS: tuple[str, ...] = (
    "title", "body", "authors", "published_at", "modified_at", "section", "tags", "language", "summary", "image_url",
    "access",
)  # fmt: skip
"""What a rule may take from a page."""


@dataclass(frozen=True)
class SiteRule:
    """What to drop from, and what to take out of, the pages that one template of a site made.

    `take` holds (field, selector) in the file's order. Days of `valid_from` and `valid_to` count, both in UTC.
    """

    site: str
    id: str
    drop: tuple[str, ...] = ()
    take: tuple[tuple[str, str], ...] = ()
    paths: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    @cached_property
    def version(self) -> str:
        """`site/id@` and eight signs that change with anything that the rule says."""
        said = json.dumps(asdict(self), sort_keys=True, default=str)
        return f"{self.site}/{self.id}@{digest(said)[:8]}"

    def holds(self, url: str, captured_at: datetime) -> bool:
        """Whether the page that was captured then at that URL is one of its own."""
        day = captured_at.date()
        if (self.valid_from and day < self.valid_from) or (self.valid_to and day > self.valid_to):
            return False
        return not self.paths or any(glob_pattern(path).match(url) for path in self.paths)


@dataclass(frozen=True)
class RuleBook:
    """The rules of all sites, in the order in which they are applied."""

    sites: Mapping[str, tuple[SiteRule, ...]] = field(default_factory=dict)

    def of(self, site: str, url: str, captured_at: datetime) -> tuple[SiteRule, ...]:
        """The rules for a page: those of the site that its source names, or else of its URL's own."""
        known = self.sites.get(site) or (self.sites.get(site_of(url)) if "://" in url and self.sites else None) or ()
        return tuple(rule for rule in known if rule.holds(url, captured_at))
