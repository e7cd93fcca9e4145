"""Fields of a page: which place is believed, what is flagged, and the receipt of each choice."""

from datetime import UTC, datetime

import pytest

from schemas.reasons import PageKind
from tasks.parse.language import detect_language
from tasks.parse.model import Listed
from tests.parse.pages_kit import SENTENCE, STORY, article, page, refusal


def ld(text: str) -> str:
    """A JSON-LD script of a news article with these members."""
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {text}}}</script>'


FIELDS = [
    ("section", '<meta property="article:section" content="City">', "City"),
    ("section", ld('"articleSection": ["Sport", "Chess"]'), "Sport"),
    ("section", "", None),
    ("tags", '<meta name="keywords" content="a, b ,a,,c">', ("a", "b", "c")),
    ("tags", '<meta property="article:tag" content="x"><meta property="article:tag" content="y z">', ("x", "y z")),
    ("tags", "", ()),
    ("summary", '<meta name="description" content="Short &amp; sweet">', "Short & sweet"),
    ("summary", '<meta name="description" content="A story of the harbour">', None),
    ("access", ld('"isAccessibleForFree": false'), "paywall"),
    ("access", ld('"isAccessibleForFree": "True"'), "free"),
    ("access", '<meta property="article:content_tier" content="metered">', "metered"),
    ("access", ld('"isAccessibleForFree": "perhaps"'), None),
    ("image_url", '<meta property="og:image" content="//cdn.example/i.jpg">', "https://cdn.example/i.jpg"),
    (
        "image_url",
        ld('"image": [{"@type": "ImageObject", "url": "/i.jpg"}]'),
        "https://www.harbour-herald.example/i.jpg",
    ),
    ("image_url", '<meta property="og:image" content="data:image/png;base64,AA">', None),
    ("canonical_url", '<link rel="canonical" href="/news/real">', "https://www.harbour-herald.example/news/real"),
    (
        "canonical_url",
        '<link rel="canonical" href="/"><meta property="og:url" content="/news/og">',
        "https://www.harbour-herald.example/news/og",
    ),
    ("canonical_url", '<link rel="canonical" href="https://other.example/a">', None),
    ("language", '<meta http-equiv="content-language" content="fr">', "en"),
    ("authors", '<meta name="author" content="Ann Lee">', ("Ann Lee",)),
    ("authors", '<meta property="article:author" content="https://www.facebook.com/paper">', ()),
    ("title", ld('"headline": "Something else entirely here"'), "A story of the harbour"),
]


@pytest.mark.parametrize(("field", "head", "expected"), FIELDS)
def test_field(field: str, head: str, expected: object) -> None:
    """Each field comes from where the table of belief says, or is empty."""
    assert getattr(article(page(head)), field) == expected


DATES = [
    ("zone", ld('"datePublished": "2026-02-01T10:00:00+02:00"'), "2026-02-01T10:00:00+02:00", []),
    ("no_zone", ld('"datePublished": "2026-02-01T10:00:00"'), "2026-02-01T10:00:00+00:00", ["zone_assumed"]),
    ("day", ld('"datePublished": "2026-02-01"'), "2026-02-01T00:00:00+00:00", ["date_only"]),
    ("future", ld('"datePublished": "2026-03-05T10:00:00Z"'), "2026-03-05T10:00:00+00:00", ["date_in_future"]),
    ("tomorrow", ld('"datePublished": "2026-03-01T23:00:00Z"'), "2026-03-01T23:00:00+00:00", []),
    (
        "disagree",
        ld('"datePublished": "2026-02-01T10:00:00Z"')
        + '<meta property="article:published_time" content="2025-11-01T10:00:00Z">',
        "2026-02-01T10:00:00+00:00",
        ["sources_disagree"],
    ),
    (
        "agree",
        ld('"datePublished": "2026-02-01T10:00:00Z"')
        + '<meta property="article:published_time" content="2026-02-01T22:00:00Z">',
        "2026-02-01T10:00:00+00:00",
        [],
    ),
    (
        "unreadable_then_readable",
        ld('"datePublished": "yesterday"') + '<meta name="pubdate" content="2026-02-01T10:00:00Z">',
        "2026-02-01T10:00:00+00:00",
        [],
    ),
    ("modified_is_not_published", ld('"dateModified": "2026-02-01T10:00:00Z"'), None, []),
    ("none", "", None, []),
]


@pytest.mark.parametrize(("head", "published", "flags"), [d[1:] for d in DATES], ids=[d[0] for d in DATES])
def test_published_at(head: str, published: str | None, flags: list[str]) -> None:
    """The date of publication keeps its zone, is never invented, and says what is doubtful."""
    found = article(page(head))
    assert (found.published_at and found.published_at.isoformat()) == published
    assert list(found.flags) == flags


def test_raw_date_is_kept() -> None:
    """What was written stays beside what was understood."""
    assert article(page(ld('"datePublished": "Feb 1, 2026"'))).published_at_raw == "Feb 1, 2026"


def test_modified_at() -> None:
    """The date of change is a field of its own."""
    found = article(page(ld('"datePublished": "2026-02-01T10:00:00Z", "dateModified": "2026-02-02T10:00:00Z"')))
    assert found.modified_at == datetime(2026, 2, 2, 10, tzinfo=UTC)


def test_source_zone() -> None:
    """Dates without a zone are read in the source's."""
    found = article(page(ld('"datePublished": "2026-02-01T10:00:00"')), listed=Listed(time_zone="America/Lima"))
    assert found.published_at is not None
    assert found.published_at.astimezone(UTC) == datetime(2026, 2, 1, 15, tzinfo=UTC)


def test_listing_fills_the_gaps() -> None:
    """What only the listing says is taken, with the listing as its origin."""
    listed = Listed(
        title="Listed title",
        authors=("Ann Lee",),
        published_at="Sun, 01 Feb 2026 10:00:00 GMT",
        summary="Listed summary",
        tags=("t",),
        language="en",
    )
    found = article(page(lang=""), listed=listed)
    assert (found.authors, found.summary, found.tags) == (("Ann Lee",), "Listed summary", ("t",))
    assert found.published_at == datetime(2026, 2, 1, 10, tzinfo=UTC)
    origins = {fact.field: fact.origin for fact in reversed(found.field_sources)}
    assert origins["authors"] == origins["published_at"] == origins["summary"] == "listing"
    assert origins["title"] == "dom:h1"


def test_page_beats_listing() -> None:
    """What the page says itself is believed before the listing."""
    listed = Listed(authors=("Bo Ek",), published_at="2020-01-01T00:00:00Z")
    head = ld('"author": {"name": "Ann Lee"}, "datePublished": "2026-02-01T10:00:00Z"')
    found = article(page(head), listed=listed)
    assert found.authors == ("Ann Lee",)
    assert found.published_at == datetime(2026, 2, 1, 10, tzinfo=UTC)
    assert "sources_disagree" in found.flags


def test_url_date() -> None:
    """A date in the URL's path stands in where nothing else dates the page."""
    found = article(page(), url="https://www.harbour-herald.example/2026/02/07/a")
    assert found.published_at == datetime(2026, 2, 7, tzinfo=UTC)
    assert found.flags == ("date_only",)


def test_printed_day() -> None:
    """The paper's own day is kept where UTC falls on the next one."""
    body = f"<p>December 19, 2025</p>{STORY}"
    found = article(page(ld('"datePublished": "2025-12-20T01:00:00Z"'), body))
    assert found.printed_on is not None
    assert found.printed_on.isoformat() == "2025-12-19"


def test_language_of_the_body() -> None:
    """Without a declaration the body tells; a short or mixed one does not."""
    german = (
        "Der Bürgermeister eröffnete am Montag die neue Brücke über den Hafen. Danach sprach er mit den Anwohnern über "
        "die Kosten, die höher waren als geplant. Zwei Jahre dauerten die Arbeiten, und noch immer fehlt der Radweg, "
        "den der Rat im Frühling versprochen hatte. Wann er kommt, weiß im Rathaus niemand so genau."
    )
    assert article(page(body=f"<p>{german}</p>", lang="")).language == "de"
    assert article(page(body=f"<p>{german[:45]}</p>{'<p>1 2 3</p>' * 9}", lang="")).language is None


LANGUAGES = [
    ("zh", "港口周三重新开放，市长说维修费用比计划的少，但是自行车道还没有建成，居民们仍在等待。"),
    ("ja", "港は水曜日に再開した。市長は工事の費用が予定より少なかったと述べたが、自転車道はまだない。"),
    ("ko", "항구가 수요일에 다시 열렸다. 시장은 공사비가 계획보다 적었다고 말했지만 자전거 도로는 아직 없다."),
    ("fr", "Le port a rouvert mercredi, et le maire a dit que les travaux avaient coûté moins que prévu, mais la piste "
           "cyclable que le conseil avait promise au printemps manque encore et personne ne sait quand elle viendra."),
    (None, "12 : 14, 15 : 18, 20 : 9, 12 : 14, 15 : 18, 20 : 9, 12 : 14, 15 : 18, 20 : 9, 12 : 14, 15 : 18"),
    (None, "Hafen"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text"), LANGUAGES)
def test_detect_language(code: str | None, text: str) -> None:
    """Scripts of one language are certain, other texts need a clear lead, and what is no text has no language."""
    assert detect_language(text) == code


def test_microdata_and_byline() -> None:
    """Microdata and marked bylines give authors and dates where the head is silent."""
    marked = (
        '<div itemscope itemtype="https://schema.org/Article"><span itemprop="author" itemscope>'
        '<span itemprop="name">Ann Lee</span></span>'
        '<meta itemprop="datePublished" content="2026-02-01T10:00:00Z"></div>'
    )
    found = article(page(body=marked + STORY))
    assert (found.authors, found.published_at) == (("Ann Lee",), datetime(2026, 2, 1, 10, tzinfo=UTC))
    seen = article(page(body=f"<p class='byline'>By Bo Ek</p>{STORY}"))
    assert seen.authors == ("Bo Ek",)


def test_authors_of_teasers_are_not_taken() -> None:
    """Bylines in related boxes belong to other articles."""
    box = "<aside class='related'><a rel='author' href='/x'>Cy Fox</a></aside>"
    assert article(page(body=STORY + box)).authors == ()


def test_headline_is_not_repeated_in_the_body() -> None:
    """The first heading of the body goes when it is the title; any other heading stays."""
    found = article(page(body=f"<h2>Another matter</h2>{STORY}"))
    assert [block.text for block in found.body.blocks if block.kind == "heading"] == ["Another matter"]


def test_body_from_json_ld_only_when_free() -> None:
    """JSON-LD's articleBody stands in for a body that is not there, but never for one that the publisher withholds."""
    text = "\\n".join([SENTENCE.strip() * 4] * 4)
    head = ld(f'"headline": "A story of the harbour", "articleBody": "{text}"')
    found = article(page(head, "<p>Loading</p>"))
    assert "body_from_json_ld" in found.flags
    assert len(found.body.blocks) == 4
    closed = head.replace('"headline"', '"isAccessibleForFree": false, "headline"')
    assert refusal(page(closed, "<p>Loading</p>")).page_kind is PageKind.PAYWALL_STUB
