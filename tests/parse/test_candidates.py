"""Every candidate of a field beside the chosen one, and a flag where they really disagree."""

import pytest

from tasks.parse.candidates import FLAGS
from tasks.parse.model import Listed
from tests.parse.pages_kit import STORY, article, page

BY = '<meta name="author" content="{}">'
LD = '<script type="application/ld+json">{{"@type": "NewsArticle", {}}}</script>'
LONG = "The ferry was sold for one euro"


def ld(text: str) -> str:
    """A JSON-LD script of a news article with these members."""
    return LD.format(text)


def og(name: str, value: str) -> str:
    """A meta element of Open Graph."""
    return f'<meta property="{name}" content="{value}">'


DISAGREE = [
    ("title", og("og:title", LONG)),
    ("title", ld(f'"headline": "{LONG}"')),
    ("authors", ld('"author": {"name": "Ann Lee"}') + BY.format("Bo Ek")),
    ("authors", ld('"author": [{"name": "Ann Lee"}, {"name": "Cy Fox"}]') + BY.format("Ann Lee, Bo Ek")),
    ("published_at", ld('"datePublished": "2026-02-01"') + og("article:published_time", "2025-02-01T10:00:00Z")),
    ("modified_at", ld('"dateModified": "2026-02-01"') + og("article:modified_time", "2025-02-01T10:00:00Z")),
    ("section", ld('"articleSection": "City"') + og("article:section", "Sport")),
    ("tags", ld('"keywords": ["ferry", "port"]') + '<meta name="keywords" content="chess, dance">'),
    ("language", '<meta name="dc.language" content="fr">'),
    ("access", ld('"isAccessibleForFree": true') + og("article:content_tier", "locked")),
    ("image_url", ld('"image": "/i/harbour-in-winter.jpg"') + og("og:image", "/i/chess-club-dance.jpg")),
]


@pytest.mark.parametrize(("name", "head"), DISAGREE, ids=[f"{name}{at}" for at, (name, _) in enumerate(DISAGREE)])
def test_disagreement_is_flagged(name: str, head: str) -> None:
    """The flag of the field and no other; the chosen receipt first, the other candidate behind it with its words."""
    found = article(page(head))
    assert [flag for flag in found.flags if flag in FLAGS.values()] == [FLAGS[name]]
    receipts = [receipt for receipt in found.field_sources if receipt.field == name]
    assert receipts[0].value is not None
    assert any(receipt.value is not None for receipt in receipts[1:])


AGREE = [
    ("site_suffix", og("og:title", "A STORY OF THE HARBOUR | Harbour Herald") + og("og:site_name", "Harbour Herald")),
    ("longer_title", og("og:title", "A story of the harbour and its ferries")),
    ("reworded_title", og("og:title", "The harbour's own story")),
    ("site_as_title", og("og:title", "Harbour Herald") + og("og:site_name", "Harbour Herald")),
    ("capitals", ld('"author": {"name": "Ann Lee"}') + BY.format("BY ANN LEE, STAFF WRITER")),
    ("second_name", ld('"author": {"name": "Ann Lee"}') + BY.format("Ann B. Lee")),
    ("no_spaces", ld('"author": {"name": "Ann van Lee"}') + BY.format("AnnvanLee")),
    ("first_of_two", ld('"author": {"name": "Ann Lee"}') + BY.format("Ann Lee and Bo Ek")),
    ("outlet", ld('"author": {"name": "Ann Lee"}') + BY.format("Harbour Herald")),
    ("agency", ld('"author": {"name": "Ann Lee"}') + BY.format("Reuters")),
    ("address", ld('"author": {"name": "Ann Lee"}') + og("article:author", "https://www.facebook.com/SomeCelebs")),
    ("same_moment", ld('"datePublished": "2026-02-01T10:00:00Z"')
     + og("article:published_time", "2026-02-01T12:00:00+02:00")),
    ("day_of_moment", ld('"datePublished": "2026-02-01T10:00:00Z"') + '<meta name="pubdate" content="Feb 1, 2026">'),
    ("section_within", ld('"articleSection": "City"') + og("article:section", "City News")),
    ("some_tags", ld('"keywords": ["ferry", "port"]') + '<meta name="keywords" content="Ferry,chess">'),
    ("language_and_country", og("og:locale", "en_GB")),
    ("meter_and_wall", ld('"isAccessibleForFree": false') + og("article:content_tier", "metered")),
    ("size_of_image", ld('"image": "/i/harbour-1200x630.jpg"') + og("og:image", "/crop/harbour-640x360.jpg?w=640")),
    ("short_names_of_images", ld('"image": "/i/1.jpg"') + og("og:image", "/i/2.jpg")),
]  # fmt: skip


@pytest.mark.parametrize("head", [case[1] for case in AGREE], ids=[case[0] for case in AGREE])
def test_no_disagreement(head: str) -> None:
    """The site's name, capitals, initials, zones, sizes and fuller forms are no disagreement."""
    assert [flag for flag in article(page(head)).flags if flag in FLAGS.values()] == []


def test_candidates_that_agree_are_told_without_a_value() -> None:
    """Who says the same is named, and its words are not kept again; the listing is a candidate like any other."""
    head = ld('"headline": "A story of the harbour", "datePublished": "2026-02-01T10:00:00Z"')
    listed = Listed(title="A Story of the Harbour", published_at="Sun, 01 Feb 2026 10:00:00 GMT", authors=("Ann Lee",))
    found = article(page(head + BY.format("Ann Lee")), listed=listed)
    told = [(receipt.field, receipt.origin, receipt.value) for receipt in found.field_sources]
    assert told[:4] == [
        ("title", "dom:h1", "A story of the harbour"), ("title", "title_tag", None), ("title", "json_ld", None),
        ("title", "listing", None),
    ]  # fmt: skip
    assert ("authors", "meta:author", "Ann Lee") in told
    assert ("authors", "listing", None) in told
    assert ("published_at", "listing", None) in told


def test_listing_contradicts() -> None:
    """A feed that names another title and other people is a disagreement; a sitemap's lastmod never is one."""
    head = ld('"author": {"name": "Ann Lee"}, "dateModified": "2026-02-01T10:00:00Z"')
    listed = Listed(title=LONG, authors=("Bo Ek",), modified_at="2026-02-25T10:00:00Z")
    assert set(article(page(head), listed=listed).flags) == {"titles_disagree", "authors_disagree"}


def test_what_is_only_seen_contradicts_nobody() -> None:
    """Other headings, bylines by class and dates on the page may be about another article."""
    head = ld('"author": {"name": "Ann Lee"}, "datePublished": "2026-02-01T10:00:00Z"')
    body = (
        f'{STORY}<h1>Most read this week</h1><a rel="author" href="/x">Bo Ek</a><time datetime="2020-01-01">2020</time>'
    )
    assert [flag for flag in article(page(head, body)).flags if flag in FLAGS.values()] == []


def test_receipts_are_few() -> None:
    """A page that names a field a hundred times keeps a handful of candidates."""
    many = "".join(f'<meta name="{name}" content="Other title {name}">' for name in ("dc.title", "headline"))
    head = many + "".join(ld(f'"headline": "Number {number} of all"') for number in range(100))
    assert len([receipt for receipt in article(page(head)).field_sources if receipt.field == "title"]) <= 9
