"""The model of a source: which entries it takes, what it says to others, and what its defaults mean."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.globs import bad_glob, glob_pattern
from schemas.source import DEFAULT_MAX_ITEMS, Source, SourceKind

FEED = {"id": "a", "kind": "feed", "url": "https://x.org/rss"}
FOLDER = {"id": "a", "kind": "folder", "path": "docs"}


@pytest.mark.parametrize(
    "entry",
    [
        FEED,
        FOLDER,
        {"id": "a-b_1", "kind": "sitemap", "url": "http://x.org/sitemap.xml", "cross_host": True},
        {"id": "a", "kind": "url_list", "url": "https://x.org/list.txt"},
        {"id": "a", "kind": "url_list", "path": "list.txt"},
        {"id": "a", "kind": "warc", "path": "warcs/*.warc.gz", "site": "Gazette"},
        FEED | {"poll": "adaptive", "sitemap": "https://x.org/news.xml"},
        {"id": "a", "kind": "sitemap", "url": "https://x.org/s.xml", "poll": "adaptive"},
        FEED | {"language": "pt-BR", "country": "BR", "time_zone": "America/Sao_Paulo", "delay_s": 0.5, "limit": 5},
    ],
)
def test_takes(entry: dict[str, Any]) -> None:
    """Entries of every kind are taken and survive a round through JSON, as a begun run records them."""
    source = Source.model_validate(entry)
    assert Source.model_validate(source.model_dump(mode="json")) == source


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (FEED | {"id": "A"}, "id"),
        (FEED | {"id": "a\n"}, "id"),
        (FEED | {"id": "../a"}, "id"),
        (FEED | {"id": ""}, "id"),
        (FEED | {"kind": "rss"}, "kind"),
        (FEED | {"poll": "daily"}, "poll"),
        (FEED | {"sitemap": "news.xml"}, "sitemap"),
        (FEED | {"kind": "sitemap", "sitemap": "https://x.org/news.xml"}, ""),
        (FOLDER | {"poll": "adaptive"}, ""),
        (FEED | {"knd": "feed"}, "knd"),
        (FEED | {"url": "ftp://x.org/"}, "url"),
        (FEED | {"url": "x.org/rss"}, "url"),
        (FEED | {"url": "https://user:secret@x.org/"}, "url"),
        (FEED | {"url": "https://x.org/a b"}, "url"),
        (FEED | {"url": "http://[::1/"}, "url"),
        (FEED | {"url": None}, None),
        (FEED | {"path": "x"}, None),
        (FOLDER | {"url": "https://x.org"}, None),
        ({"id": "a", "kind": "folder"}, None),
        ({"id": "a", "kind": "url_list"}, None),
        ({"id": "a", "kind": "url_list", "url": "https://x.org", "path": "x"}, None),
        (FEED | {"limit": 0}, "limit"),
        (FEED | {"delay_s": -1}, "delay_s"),
        (FEED | {"delay_s": float("nan")}, "delay_s"),
        (FEED | {"max_items": 0}, "max_items"),
        (FEED | {"site": "x.org/news"}, "site"),
        (FEED | {"site": " x"}, "site"),
        (FEED | {"site": "a\nb"}, "site"),
        (FEED | {"language": "English"}, "language"),
        (FEED | {"country": "UK2"}, "country"),
        (FEED | {"time_zone": "Europe/Berln"}, "time_zone"),
        (FEED | {"include": ["^https"]}, "include"),
        (FEED | {"exclude": ["/a[b"]}, "exclude"),
    ],
)
def test_refuses(entry: dict[str, Any], field: str | None) -> None:
    """A wrong value is refused at its field; a wrong mixture of fields is refused as a whole."""
    with pytest.raises(ValidationError) as caught:
        Source.model_validate(entry)
    locations = [error["loc"][:1] for error in caught.value.errors()]
    assert locations == [(field,) if field else ()]


@pytest.mark.parametrize(
    ("kind", "place", "takes_other_sites", "item_cap"),
    [
        ("feed", "url", True, DEFAULT_MAX_ITEMS),
        ("sitemap", "url", False, DEFAULT_MAX_ITEMS),
        ("url_list", "path", True, None),
        ("folder", "path", True, None),
        ("warc", "path", True, None),
    ],
)
def test_defaults_of_kinds(kind: str, place: str, takes_other_sites: bool, item_cap: int | None) -> None:
    """Only a sitemap keeps to its own site, and only what others publish is capped, unless the user says so."""
    entry = {"id": "a", "kind": kind, place: "https://x.org/a"}
    source = Source.model_validate(entry)
    assert (source.takes_other_sites, source.item_cap) == (takes_other_sites, item_cap)
    told = Source.model_validate(entry | {"cross_host": not takes_other_sites, "max_items": 7})
    assert (told.takes_other_sites, told.item_cap) == (not takes_other_sites, 7)


@pytest.mark.parametrize(
    ("include", "exclude", "url", "wanted"),
    [
        ((), (), "https://x.org/a", True),
        (("/news/*",), (), "https://x.org/news/a", True),
        (("/news/*",), (), "https://x.org/a/news/b", False),
        (("/news/*",), (), "file:///news/a.html", True),
        (("https://*.x.org/*",), (), "https://www.x.org/a", True),
        (("https://*.x.org/*",), (), "https://x.org/a", False),
        (("/news/*",), ("*/live/*",), "https://x.org/news/live/1", False),
        ((), ("/news/*",), "https://x.org/sport/", True),
        (("/a?b=1",), (), "https://x.org/a?b=1", True),
        (("/NEWS/*",), (), "https://x.org/news/a", False),
    ],
)
def test_wants(include: tuple[str, ...], exclude: tuple[str, ...], url: str, wanted: bool) -> None:
    """Include is needed where it is given, exclude wins, and a glob that begins with / is about the path."""
    assert (
        Source(id="a", kind=SourceKind.FEED, url="https://x.org", include=include, exclude=exclude).wants(url) is wanted
    )


@pytest.mark.parametrize(
    ("glob", "problem"),
    [
        ("/a/*.html", None),
        ("*", None),
        ("https://x.org/?", None),
        ("/[ab]/*", None),
        ("", "empty"),
        (" /a", "white space"),
        ("^/a", "regular expression"),
        ("/a/.*", "regular expression"),
        ("/[ab", "without its ']'"),
        ("news/*", "can match no URL"),
    ],
)
def test_bad_glob(glob: str, problem: str | None) -> None:
    """A glob that cannot mean what its writer wants is named with the reason."""
    found = bad_glob(glob)
    assert found is None if problem is None else problem in (found or "")


def test_globs_take_linear_time() -> None:
    """Many stars against a long URL end at once (no catastrophic backtracking)."""
    assert glob_pattern("*a" * 30 + "*c").match("https://x.org/" + "a" * 8000) is None
