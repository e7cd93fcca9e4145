"""Walls with status 200: each mark, title and URL with what it must and must not match."""

import pytest

from schemas.reasons import Outcome, Reason
from tasks.fetch.challenges import LONGEST_WALL, MARKS, TITLES, WALL_URLS, Mark, Title, challenge_of, wall_behind
from tasks.fetch.model import FetchSettings
from tasks.fetch.verdicts import judge_exchange
from tests.fetch.test_verdicts import answer

ARTICLE = b'<meta property="og:type" content="article">'


def page(inside: bytes) -> bytes:
    """A short page around the piece."""
    return b"<!DOCTYPE html><html><head>" + inside + b"</head><body><p>Some words.</p></body></html>"


@pytest.mark.faults
@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.name)
def test_A19_marks_match_their_example_only(mark: Mark) -> None:
    """Each vendor's mark is found in its wall, and not in what its ordinary pages have."""
    assert challenge_of(page(mark.matches)) == mark.name
    assert challenge_of(page(mark.spares)) is None
    assert all(text == text.lower() for text in mark.texts)


@pytest.mark.faults
@pytest.mark.parametrize("title", TITLES, ids=lambda title: title.name)
def test_A19_titles_match_their_example_only(title: Title) -> None:
    """A wall's title is its whole title; a headline that begins like it is a headline."""
    assert challenge_of(page(b"<title>\n " + title.matches + b" </title>")) == title.name
    assert challenge_of(page(b"<TITLE lang=en>" + title.matches.upper() + b"</TITLE>")) == title.name
    assert challenge_of(page(b"<title>" + title.spares + b"</title>")) is None


@pytest.mark.faults
@pytest.mark.parametrize(("name", "pattern", "matches", "spares"), WALL_URLS, ids=[row[0] for row in WALL_URLS])
def test_A11_a_redirect_to_a_wall_is_told_by_its_url(name: str, pattern: object, matches: str, spares: str) -> None:
    """Login, consent and challenge pages are known by where the redirect led; stories about them are not."""
    asked = "https://www.a.test/story"
    assert wall_behind(asked, matches) == name
    assert wall_behind(asked, spares) is None
    assert wall_behind(matches, matches) is None
    assert wall_behind(matches.replace("www", "old"), matches) is None


@pytest.mark.parametrize(
    "body",
    [
        page(b"<title>Just a moment...</title>" + ARTICLE),
        page(b"<script>_cf_chl_opt</script>" + b'<script>{"@type": "NewsArticle"}</script>'),
        page(b"<script>_cf_chl_opt</script>" + b"x" * LONGEST_WALL),
        b"",
        b"<title>",
        bytes(range(256)),
    ],
)
def test_what_calls_itself_an_article_or_is_long_is_spared(body: bytes) -> None:
    """A story about walls is a story, and a long page that quotes a mark is a page."""
    assert challenge_of(body) is None


@pytest.mark.faults
def test_A19_a_wall_is_blocked_whatever_its_status() -> None:
    """A challenge page is blocked(challenge); so is a status 403 whose header says that it is one."""
    for exchange in (
        answer(body=page(b"<title>Just a moment...</title>")),
        answer(403, **{"cf-mitigated": "challenge"}),
        answer(url="https://consent.a.test/v2?story"),
    ):
        verdict = judge_exchange(exchange, None, FetchSettings())
        assert (verdict.outcome, verdict.reason) == (Outcome.BLOCKED, Reason.CHALLENGE)
