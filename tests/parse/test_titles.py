"""Headlines without the site's name, and which of a page's titles is the headline."""

import pytest

from tasks.parse.model import Fact
from tasks.parse.titles import choose_title, site_names, strip_site

URL = "https://www.harbour-herald.example/news/a"
NAMES = {"harbourherald", "harbour-herald"}

STRIPPED = [
    ("Storm hits coast | Harbour Herald", "Storm hits coast"),
    ("Storm hits coast - The Harbour Herald", "Storm hits coast"),
    ("Storm hits coast — Harbour Herald", "Storm hits coast"),
    ("Harbour Herald: Storm hits coast", "Storm hits coast"),
    ("Storm hits coast | News | Harbour Herald", "Storm hits coast | News"),
    ("Brexit - what now?", "Brexit - what now?"),
    ("Opinion: The harbour needs a herald", "Opinion: The harbour needs a herald"),
    ("Well-known | unknown", "Well-known | unknown"),
    ("Harbour Herald", "Harbour Herald"),
    ("The end of the Harbour Herald", "The end of the Harbour Herald"),
    ("", ""),
    ("Sturm trifft Küste – Harbour Herald", "Sturm trifft Küste"),
    ("Tempête sur la côte » Harbour Herald", "Tempête sur la côte"),
    ("Storm hits coast - harbour-herald.com", "Storm hits coast"),
    ("Storm hits coast | HARBOUR HERALD", "Storm hits coast"),
    ("Ferry sold — and nobody knew", "Ferry sold — and nobody knew"),
    ("Hafen gesperrt – was Pendler wissen müssen", "Hafen gesperrt – was Pendler wissen müssen"),
    ("Le port rouvre - enfin", "Le port rouvre - enfin"),
    ("El puerto reabre | En directo", "El puerto reabre | En directo"),
    ("Spider-Man - The Movie", "Spider-Man - The Movie"),
    ("Q&A: Why the Harbour Herald moved - Part 2", "Q&A: Why the Harbour Herald moved - Part 2"),
    ("1 - 0: Hafen siegt", "1 - 0: Hafen siegt"),
]


@pytest.mark.parametrize(("title", "expected"), STRIPPED)
def test_strip_site(title: str, expected: str) -> None:
    """Only a part that is the site's name goes; a dash or colon alone is no reason."""
    assert strip_site(title, NAMES) == expected


def facts(*pairs: tuple[str, str]) -> list[Fact]:
    """Title facts by (origin, value)."""
    return [Fact("title", origin, value) for origin, value in pairs] + [
        Fact("site_name", "open_graph:og:site_name", "Harbour Herald")
    ]


CHOSEN = [
    ("h1_confirmed", [("dom:h1", "Storm hits coast"), ("json_ld", "Storm hits the coast hard")], "Storm hits coast"),
    ("h1_is_site", [("dom:h1", "Harbour Herald"), ("open_graph:og:title", "Storm hits coast")], "Storm hits coast"),
    (
        "second_h1",
        [("dom:h1", "Weather"), ("dom:h1", "Storm hits coast"), ("json_ld", "Storm hits coast")],
        "Storm hits coast",
    ),
    ("no_h1", [("title_tag", "Storm hits coast | Harbour Herald")], "Storm hits coast"),
    ("kicker", [("dom:h1", "Opinion A budget for no one"), ("json_ld", "A budget for no one")], "A budget for no one"),
    (
        "cut_headline",
        [("json_ld", "Storm hits the coast and..."), ("meta:twitter:title", "Storm hits the coast and the port")],
        "Storm hits the coast and the port",
    ),
    (
        "site_in_h1_and_title",
        [("dom:h1", "Seal Radio"), ("title_tag", "Number two: Leo » Seal Radio")],
        "Number two: Leo",
    ),
    ("lone_short_h1", [("dom:h1", "Menu"), ("open_graph:og:title", "Storm hits coast")], "Storm hits coast"),
    ("listing_last", [("listing", "Storm hits coast")], "Storm hits coast"),
]


@pytest.mark.parametrize(("pairs", "expected"), [c[1:] for c in CHOSEN], ids=[c[0] for c in CHOSEN])
def test_choose_title(pairs: list[tuple[str, str]], expected: str) -> None:
    """The visible headline is taken where others confirm it, else the best of the others."""
    found = choose_title(facts(*pairs), URL)
    assert found is not None
    assert found.value == expected


def test_no_title() -> None:
    """Without a title there is none."""
    assert choose_title(facts(), URL) is None


def test_site_names() -> None:
    """The site is known by its names in the head and by its domain."""
    names = [Fact("site_name", "meta:application-name", "The Seal Radio"), *facts()]
    assert {"harbourherald", "sealradio"} <= site_names(names, URL)
