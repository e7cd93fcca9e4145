"""The language of robots.txt, held against the examples of RFC 9309 and what is seen in the wild."""

import pytest

from tasks.io.robots_match import our_group

SITE = "https://x.org"


def allows(text: str, path: str) -> bool:
    """Whether the file lets us fetch the path."""
    return our_group(text, "copydesk").allows(SITE + path)


GROUPS = [
    # file, whether / may be fetched
    ("User-agent: copydesk\nDisallow: /", False),
    ("USER-AGENT: CopyDesk\nDISALLOW: /", False),
    ("User-agent: Copydesk/2.0\nDisallow: /", False),
    ("User-agent: copydesk # us\nDisallow: / # all", False),
    ("User-agent: copydesk bot\nDisallow: /", False),
    ("User-agent: *\nDisallow: /\n\nUser-agent: Copydesk/2.0\nDisallow:", True),
    ("User-agent: copydesk\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
    ("User-agent: copy\nDisallow: /", True),
    ("User-agent: desk\nDisallow: /", True),
    ("User-agent: copydesk2\nDisallow: /", True),
    ("User-agent: copydesk-images\nDisallow: /", True),
    ("User-agent: Mozilla/5.0 (compatible; copydesk)\nDisallow: /", True),
    ("User-agent: a\nUser-agent: copydesk\nDisallow: /", False),
    ("User-agent: copydesk\nAllow: /x\n\nUser-agent: a\nDisallow: /\n\nUser-agent: copydesk\nDisallow: /", False),
    ("User-agent: copydesk\nSitemap: https://x.org/s.xml\nUser-agent: a\nDisallow: /", False),
    ("User-agent: copydesk\nCrawl-delay: 5\nUser-agent: a\nDisallow: /", False),
    ("User-agent: copydesk\nDisallow:\nUser-agent: a\nDisallow: /", True),
    ("Disallow: /", True),
    ("User-agent: *\nDisallow: /", False),
    ("User-agent: *bot\nDisallow: /", True),
    ("User-agent *\nDisallow /", False),
    ("User-agent: *\nDisalow: /", False),
    ("User-agent: *\nDisallowed: /", True),
    ("User-agent: *\n\n\n   \nDisallow: /", False),
    ("", True),
]


@pytest.mark.faults
@pytest.mark.parametrize(("text", "expected"), GROUPS)
def test_B1_our_group_is_found_by_its_product_token(text: str, expected: bool) -> None:
    """RFC 9309 section 2.2.1: case and version do not count, groups of one name are one, else those of anyone."""
    assert allows(text, "/") is expected


PATHS = [
    # rules, path, whether it may be fetched
    ("Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/", True),
    ("Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/disallowed.gif", False),
    ("Disallow: *.gif$\nAllow: /publications/", "/a/b.gif", False),
    ("Disallow: *.gif$\nAllow: /publications/", "/a/b.gif?x", True),
    ("Disallow: *.gif$\nAllow: /publications/", "/publications/b.gif", True),
    ("Disallow: /a\nAllow: /a", "/a", True),
    ("Disallow: /foo/bar?baz=https://foo.bar", "/foo/bar?baz=https://foo.bar", False),
    ("Disallow: /foo/bar?baz=https%3A%2F%2Ffoo.bar", "/foo/bar?baz=https%3a%2f%2ffoo.bar", False),
    ("Disallow: /foo/bar?baz=https%3A%2F%2Ffoo.bar", "/foo/bar?baz=https://foo.bar", True),
    ("Disallow: /foo/bar/ツ", "/foo/bar/%E3%83%84", False),
    ("Disallow: /foo/bar/%e3%83%84", "/foo/bar/%E3%83%84", False),
    ("Disallow: /foo/bar/%62%61%7A", "/foo/bar/baz", False),
    ("Disallow: /foo/bar/baz", "/foo/bar/%62%61%7A", False),
    ("Disallow: /path/file-with-a-%2A.html", "/path/file-with-a-*.html", False),
    ("Disallow: /path/file-with-a-%2A.html", "/path/file-with-a-b.html", True),
    ("Disallow: /path/foo-%24", "/path/foo-$", False),
    ("Disallow: /a$b", "/a$b/c", False),
    ("Disallow: /a/*/c$", "/a/b/b/c", False),
    ("Disallow: /a/*/c$", "/a/b/c/d", True),
    ("Disallow: /a*a$", "/a", True),
    ("Disallow: /a*a$", "/aa", False),
    ("Disallow: /$", "/", False),
    ("Disallow: /$", "/a", True),
    ("Disallow: /*?", "/a?b", False),
    ("Disallow: /*?", "/a", True),
    ("Disallow: /a/**b", "/a/xb", False),
    ("Disallow: /\nAllow: /$", "/", True),
    ("Disallow: /\nAllow: /$", "/a", False),
    ("Disallow: /\nAllow: /index.html", "/", False),
    ("Disallow: /", "/robots.txt", True),
    ("Disallow: a", "/a", True),
    ("Disallow: /Fish", "/fish", True),
]


@pytest.mark.faults
@pytest.mark.parametrize(("rules", "path", "expected"), PATHS)
def test_B1_the_longest_rule_decides(rules: str, path: str, expected: bool) -> None:
    """RFC 9309 sections 2.2.2 and 2.2.3: octets are compared in one spelling, allow wins ties."""
    assert allows(f"User-agent: *\n{rules}", path) is expected


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 2.5", 2.5),
        ("User-agent: *\nCrawl-delay: 9\n\nUser-agent: copydesk\nDisallow: /x", None),
        ("User-agent: a\nDisallow: /\nCrawl-delay: 9", None),
        ("User-agent: *\nCrawl-delay: inf", None),
        ("User-agent: *\nCrawl-delay: -1", None),
        ("Crawl-delay: 4", None),
    ],
)
def test_crawl_delay_is_that_of_our_group(text: str, seconds: float | None) -> None:
    """Only a sane wish of the group that speaks to us counts."""
    assert our_group(text, "copydesk").crawl_delay_s == seconds


@pytest.mark.faults
def test_B1_a_hostile_file_is_read_in_linear_time() -> None:
    """Wildcards without end and a megabyte of rules decide at once, by plain searches."""
    text = "User-agent: *\n" + "Disallow: /" + "a*" * 4000 + "b$\n" + "Disallow: /x*y\n" * 20_000
    group = our_group(text, "copydesk")
    assert len(group.rules) == 2
    assert group.allows(SITE + "/" + "a" * 8000)
