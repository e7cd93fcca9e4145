"""What each stage is told, made from the run's settings and the sources' own wishes."""

import dataclasses

from flows.begin import Begun
from flows.settings import Settings
from schemas.source import Source
from tasks.clean.article import CleanSettings
from tasks.fetch.model import FetchSettings
from tasks.io.access import NO_ACCESS
from tasks.io.exchange import HttpSettings
from tasks.parse.shard import ParseSettings
from tasks.parse.site_rules import load_rules
from tasks.validate.radar import RadarSettings
from tasks.validate.shard import ValidateSettings
from tasks.validate.watch import WatchSettings

MEGABYTE = 1_000_000


def fetch_settings(begun: Begun, settings: Settings) -> FetchSettings:
    """Manners and limits of the network; a source's own delay goes before the general one."""
    http = dataclasses.replace(
        HttpSettings(),
        contact=settings.contact,
        delay_s=settings.delay_s,
        concurrency=settings.connection_count,
        max_body_bytes=settings.max_body_mb * MEGABYTE,
        proxy=settings.proxy,
        allow_loopback=settings.allow_loopback,
        clock_shift_s=begun.clock_shift_s,
    )
    return FetchSettings(
        http=http,
        delays_s={source.id: source.delay_s for source in begun.sources if source.delay_s is not None},
        unverified=frozenset(source.id for source in begun.sources if not source.verify_tls),
        access=begun.access,
        respect={source.id: frozenset(source.respect) for source in begun.sources if source.respect},
    )


def list_settings(begun: Begun, settings: Settings, source: Source) -> HttpSettings:
    """Manners and limits for one source's listings, with its own access."""
    http = fetch_settings(begun, settings).http
    return dataclasses.replace(http, access=begun.access.get(source.id, NO_ACCESS))


def parse_settings(begun: Begun, settings: Settings) -> ParseSettings:
    """Limits of the parser's processes, and what the sources say of their pages."""
    return ParseSettings(
        workers=settings.workers,
        wall_s=settings.page_timeout_s,
        rules=load_rules(settings.rules_folder),
        time_zones={source.id: source.time_zone for source in begun.sources if source.time_zone},
    )


def clean_settings(begun: Begun) -> CleanSettings:
    """How much cleaning may take, and what sources have switched off, for their site and for all that they bring."""
    sites: dict[str, frozenset[str]] = {}
    for source in begun.sources:
        site = source.site or source.own_site
        if source.rules_off and site:
            sites[site] = sites.get(site, frozenset()) | frozenset(source.rules_off)
    own = {source.id: frozenset(source.rules_off) for source in begun.sources if source.rules_off}
    return CleanSettings(off=sites, off_of_source=own)


def validate_settings(begun: Begun) -> ValidateSettings:
    """What the sources say of the contract's checks."""
    return ValidateSettings(
        rules={source.id: source.check_rules for source in begun.sources if source.check_rules},
    )


def watch_settings(begun: Begun, settings: Settings, *, is_again: bool = False) -> WatchSettings:
    """How each source is watched."""
    limits = RadarSettings(learning_nights=settings.learning_nights)
    wishes = {source.id: source.radar for source in begun.sources}
    return WatchSettings(limits=limits, sources=wishes, is_again=is_again)
