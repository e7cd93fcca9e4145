"""A source: one thing that we poll for page URLs, as a user describes it in sources.yaml.

What does not belong here: reading the file (tasks/discover/sources_file.py) and the default of any limit that
the run's settings hold.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from schemas.access import access_problem
from schemas.check_rule import CheckRule, read_check_rules
from schemas.cleaning import unknown_rule
from schemas.globs import bad_glob, glob_pattern
from schemas.identity import site_of
from schemas.reasons import Reservation, Severity


class SourceKind(StrEnum):
    """What a source is made of."""

    FEED = "feed"
    """RSS, RDF, Atom or JSON Feed."""
    SITEMAP = "sitemap"
    """An XML or text sitemap, a news sitemap, an index of sitemaps, or the robots.txt that names them."""
    URL_LIST = "url_list"
    """A text with one URL a line."""
    FOLDER = "folder"
    """Local .html, .htm, .txt and .json files; a single file is a folder of one."""
    WARC = "warc"
    """Web archives: a .warc or .warc.gz file, a folder of them, or a glob."""


class Polling(StrEnum):
    """When a source's listing is asked for."""

    EVERY_RUN = "every_run"
    """In every run."""
    ADAPTIVE = "adaptive"
    """As often as its own pace needs; a run in between leaves the source out."""


class UnknownFields(StrEnum):
    """What becomes of a JSON document with keys that no column stands for."""

    EVOLVE = "evolve"
    """They are kept in `extra_fields`."""
    QUARANTINE = "quarantine"
    """The document goes to quarantine."""
    FREEZE = "freeze"
    """All documents of the source that the run read with it are held, until a person has looked."""


UNKNOWN_WEIGHT = {UnknownFields.QUARANTINE: Severity.REJECT, UnknownFields.FREEZE: Severity.HOLD}
"""Mode to the weight of the check `fields_unknown`, which is off by itself."""


class Radar(StrEnum):
    """What the radar does when the pages of a source do not look as usual."""

    HOLD = "hold"
    """The pages wait for a person's decision."""
    WARN = "warn"
    """It only says so."""
    OFF = "off"
    """The source is not watched."""


class WhenHealthy(StrEnum):
    """What becomes of held pages once the source looks healthy again."""

    WAIT = "wait"
    """They wait for a person."""
    RELEASE = "release"
    """They are released, as if a person had decided so."""


REMOTE_KINDS = frozenset({SourceKind.FEED, SourceKind.SITEMAP})
"""Kinds that need a url."""

LOCAL_KINDS = frozenset({SourceKind.FOLDER, SourceKind.WARC})
"""Kinds that need a path. A url_list takes either."""

DEFAULT_MAX_ITEMS = 10_000
"""Newest items taken from one poll of a feed or sitemap; lists, folders and archives of one's own have no cap."""


class Source(BaseModel):
    """One entry of sources.yaml. Frozen; a key that is not named here is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$",
        description="Short name, unique in the file: lower-case letters, digits, - and _ (never changed later).",
    )
    kind: SourceKind = Field(description="feed, sitemap, url_list, folder or warc.")
    url: str | None = Field(default=None, description="Address of the feed, sitemap or list (http or https).")
    path: Path | None = Field(
        default=None, description="File or folder, relative to sources.yaml (kinds folder, warc, url_list)."
    )
    name: str | None = Field(
        default=None, min_length=1, max_length=200, description="The site's name, as people write it."
    )
    site: str | None = Field(
        default=None,
        pattern=r"^[^\s/\\](?:[^/\\\x00-\x1f]{0,251}[^\s/\\])?$",
        description="Site of all its pages; without it, the registered domain of each URL.",
    )
    language: str | None = Field(
        default=None,
        pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        description="Language of its pages, as in en or pt-BR.",
    )
    time_zone: str | None = Field(
        default=None, description="Zone of dates that name none, as in Europe/Berlin (IANA time zone database)."
    )
    country: str | None = Field(
        default=None, pattern=r"^[A-Z]{2}$", description="Country of the publisher, two capital letters (ISO 3166-1)."
    )
    delay_s: float | None = Field(
        default=None,
        ge=0,
        le=3600,
        allow_inf_nan=False,
        description="Seconds between two requests to one of its hosts.",
    )
    limit: int | None = Field(default=None, ge=1, description="Most pages of it that one run fetches; the rest waits.")
    include: tuple[str, ...] = Field(default=(), description="Globs; when given, a URL must match one of them.")
    exclude: tuple[str, ...] = Field(default=(), description="Globs; a URL that matches one of them is left out.")
    cross_host: bool | None = Field(
        default=None,
        description="Whether URLs of other sites are taken. By default only a sitemap's are not (its protocol).",
    )
    max_items: int | None = Field(
        default=None, ge=1, description="Most items of one poll, newest first; by default 10000 for a feed or sitemap."
    )
    poll: Polling = Field(
        default=Polling.EVERY_RUN, description="every_run, or adaptive: only as often as its own pace needs."
    )
    sitemap: str | None = Field(
        default=None, description="Address of a sitemap that fills the gaps of a feed (http or https)."
    )
    verify_tls: bool = Field(
        default=True, description="false takes pages whose certificate is wrong: only where you must."
    )
    respect: tuple[Reservation, ...] = Field(
        default=(), description="Reservations of the publisher that refuse a page: noindex, noarchive, noai, tdm, ..."
    )
    rules_off: tuple[str, ...] = Field(
        default=(),
        description="Repairs (promo_link) or rules (promo_link.label_phrase) of cleaning that its site does without.",
    )
    headers: dict[str, str] = Field(
        default={}, description="Headers that its own site is sent; ${NAME} stands for a variable of the environment."
    )
    cookies: dict[str, str] = Field(default={}, description="Cookies that its own site is sent; ${NAME} as in headers.")
    credentials: dict[str, str] = Field(
        default={}, description="HTTP user and password for its own site; the password as ${NAME}."
    )
    checks: dict[str, CheckRule] = Field(
        default={}, description="Checks of the contract that weigh or accept something else for its articles."
    )
    unknown_fields: UnknownFields = Field(
        default=UnknownFields.EVOLVE,
        description="evolve, quarantine or freeze: what becomes of JSON documents with keys that no column stands for.",
    )
    radar: Radar = Field(
        default=Radar.HOLD, description="hold, warn or off: what happens when its pages do not look as usual."
    )
    when_healthy: WhenHealthy = Field(
        default=WhenHealthy.WAIT, description="wait, or release: pages that were held, once it looks healthy again."
    )
    enabled: bool = Field(default=True, description="false leaves it out of runs that do not name it.")

    @field_validator("url", "sitemap")
    @classmethod
    def _check_url(cls, value: str | None) -> str | None:
        problem = _url_problem(value) if value is not None else None
        if problem:
            raise ValueError(problem)
        return value

    @field_validator("time_zone")
    @classmethod
    def _check_time_zone(cls, value: str | None) -> str | None:
        if value is not None and value not in available_timezones():
            raise ValueError(f"{value!r} is not a time zone")
        return value

    @field_validator("headers", "cookies", "credentials")
    @classmethod
    def _check_access(cls, value: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        problem = access_problem(info.field_name or "", value)
        if problem:
            raise ValueError(problem)
        return value

    @field_validator("checks", mode="before")
    @classmethod
    def _check_checks(cls, value: Any) -> Any:
        return read_check_rules(value) if isinstance(value, Mapping) else value

    @field_validator("include", "exclude")
    @classmethod
    def _check_globs(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for glob in value:
            problem = bad_glob(glob)
            if problem:
                raise ValueError(problem)
        return value

    @field_validator("rules_off")
    @classmethod
    def _check_rules(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            problem = unknown_rule(name)
            if problem:
                raise ValueError(problem)
        return value

    @model_validator(mode="after")
    def _check_place(self) -> Self:
        if self.kind in REMOTE_KINDS and (self.url is None or self.path is not None):
            raise ValueError(f"kind {self.kind} needs a url, and no path")
        if self.kind in LOCAL_KINDS and (self.path is None or self.url is not None):
            raise ValueError(f"kind {self.kind} needs a path, and no url")
        if self.kind is SourceKind.URL_LIST and (self.url is None) == (self.path is None):
            raise ValueError("kind url_list needs either a url or a path")
        if self.sitemap is not None and self.kind is not SourceKind.FEED:
            raise ValueError(f"kind {self.kind} takes no sitemap: it fills the gaps of a feed")
        if self.poll is Polling.ADAPTIVE and self.kind not in REMOTE_KINDS:
            raise ValueError(f"kind {self.kind} is read in every run: only a feed or sitemap has a pace of its own")
        if self.respect and self.kind in LOCAL_KINDS:
            raise ValueError(f"kind {self.kind} has nothing to respect: its pages are with you already")
        if self.has_access and (self.own_site is None or self.kind in LOCAL_KINDS):
            raise ValueError("headers, cookies and credentials need a url, or a list whose site is a domain")
        if self.credentials and "authorization" in map(str.lower, self.headers):
            raise ValueError("credentials and a header Authorization exclude each other")
        return self

    @property
    def check_rules(self) -> Mapping[str, CheckRule]:
        """What it says of the contract's checks, by code."""
        severity = UNKNOWN_WEIGHT.get(self.unknown_fields)
        return {**self.checks, **({"fields_unknown": CheckRule(severity=severity)} if severity else {})}

    @property
    def has_access(self) -> bool:
        """Whether its own site is sent anything of the reader's."""
        return bool(self.headers or self.cookies or self.credentials)

    @property
    def own_site(self) -> str | None:
        """The registered domain that it names as its site, else that of its url; None where it has neither."""
        named = (self.site or "").lower()
        if "." in named and site_of(f"https://{named}/") == named:
            return named
        return site_of(self.url) if self.url else None

    @property
    def takes_other_sites(self) -> bool:
        """Whether page URLs of other sites than its own are taken."""
        return self.kind is not SourceKind.SITEMAP if self.cross_host is None else self.cross_host

    @property
    def item_cap(self) -> int | None:
        """Most items of one poll; None when all are taken."""
        if self.max_items is None and self.kind in REMOTE_KINDS:
            return DEFAULT_MAX_ITEMS
        return self.max_items

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]:
        return tuple(map(glob_pattern, self.include)), tuple(map(glob_pattern, self.exclude))

    def wants(self, url: str) -> bool:
        """Whether a normalised URL passes include and exclude; exclude wins.

        >>> source = Source(id="x", kind="folder", path="p", exclude=("/sport/*",))
        >>> source.wants("https://x.org/sport/1"), source.wants("https://x.org/news/sport/1")
        (False, True)
        """
        include, exclude = self._patterns
        if include and not any(pattern.match(url) for pattern in include):
            return False
        return not any(pattern.match(url) for pattern in exclude)


def _url_problem(url: str) -> str | None:
    """What is wrong with the address of a listing; None when nothing is."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"{url!r} is not a URL ({error})"
    if re.search(r"[\s\x00-\x1f]", url):
        return "a URL has no white space"
    if parts.scheme.lower() not in ("http", "https") or not host:
        return f"{url!r} must begin with http:// or https:// and name a host"
    if parts.username is not None or parts.password is not None:
        return "a URL must not contain a user name or password"
    return None
