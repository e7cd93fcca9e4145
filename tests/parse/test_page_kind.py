"""What a page is: each rule with a page that it refuses and one, as like as can be, that it spares."""

import pytest

from schemas.reasons import PageKind, Reason
from tasks.parse import page_kind
from tasks.parse.model import ParsedPage, Pattern, Refusal
from tests.parse.pages_kit import SENTENCE, STORY, page, parse

PATTERNS = {name: value for name, value in vars(page_kind).items() if isinstance(value, Pattern)}


@pytest.mark.parametrize("name", PATTERNS)
def test_pattern(name: str) -> None:
    """Every pattern matches its example and spares its counter-example."""
    pattern = PATTERNS[name]
    how = pattern.regex.fullmatch if name in ("NOT_FOUND", "CHALLENGE") else pattern.regex.search
    assert how(pattern.matches)
    assert not how(pattern.spares)


NOT_FOUND = [
    "404",
    "Error 404",
    "404 Not Found",
    "Page not found",
    "Oops! Page not found",
    "The page you were looking for does not exist",
    "Seite nicht gefunden",
    "Page introuvable",
    "Página no encontrada",
    "Pagina non trovata",
    "Страница не найдена",
    "This article is no longer available",
]
FOUND = [
    "404 ways to cook rice",
    "Lost page of diary found",
    "Not found guilty: baker walks free",
    "Missing cat found in piano",
]


@pytest.mark.parametrize("title", NOT_FOUND)
def test_not_found_titles(title: str) -> None:
    """Titles that say in any way that there is nothing are errors."""
    assert page_kind.NOT_FOUND.regex.fullmatch(title)


@pytest.mark.parametrize("title", FOUND)
def test_found_titles(title: str) -> None:
    """Headlines that use such words are headlines."""
    assert not page_kind.NOT_FOUND.regex.fullmatch(title)


VIDEO = '<script type="application/ld+json">{"@type": "VideoObject", "name": "V"}</script>'
ARTICLE = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A", "isAccessibleForFree": false}'
    "</script>"
)
SHORT = f"<p>{SENTENCE * 4}</p>"
CASES = [
    ("soft_404", page(title="Page not found", body=SHORT), {}, Reason.SOFT_404, PageKind.ERROR_PAGE),
    ("long_404", page(title="Page not found", body=STORY), {}, None, PageKind.ARTICLE),
    ("challenge", page(title="Just a moment...", body=SHORT), {}, Reason.CHALLENGE, PageKind.ERROR_PAGE),
    ("root", page(), {"url": "https://a.example/"}, Reason.PAGE_KIND, PageKind.FRONT_PAGE),
    ("root_with_query", page(), {"url": "https://a.example/?p=17"}, None, PageKind.ARTICLE),
    ("root_article", page(ARTICLE), {"url": "https://a.example/"}, None, PageKind.ARTICLE),
    ("video", page(VIDEO, SHORT), {}, Reason.PAGE_KIND, PageKind.VIDEO),
    ("video_with_story", page(VIDEO), {}, None, PageKind.ARTICLE),
    ("article_with_video", page(VIDEO + ARTICLE.replace("false", "true"), SHORT), {}, None, PageKind.ARTICLE),
    (
        "stub_broken_off",
        page(ARTICLE, "<p>The mayor opened the new bridge over the harbour and then he</p>"),
        {},
        Reason.PAGE_KIND,
        PageKind.PAYWALL_STUB,
    ),
    ("short_but_whole", page(ARTICLE, SHORT), {}, None, PageKind.ARTICLE),
    (
        "stub_says_so",
        page(body=f"<p>{SENTENCE * 3}</p><p>Subscribe to continue reading this story.</p>"),
        {},
        Reason.PAGE_KIND,
        PageKind.PAYWALL_STUB,
    ),
    ("long_behind_paywall", page(ARTICLE), {}, None, PageKind.ARTICLE),
    ("tag_path", page(body=SHORT), {"url": "https://a.example/tag/harbour/"}, Reason.PAGE_KIND, PageKind.LISTING),
    ("tag_path_with_story", page(), {"url": "https://a.example/tag/harbour/"}, None, PageKind.ARTICLE),
]


@pytest.mark.parametrize(("markup", "more", "reason", "kind"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_kind(markup: str, more: dict[str, str], reason: Reason | None, kind: PageKind) -> None:
    """The rule refuses its page, with its kind, and spares the one like it."""
    found = parse(markup, **more)  # type: ignore[arg-type]
    if reason is None:
        assert isinstance(found, ParsedPage), found
        assert found.page_kind == kind.value
    else:
        assert isinstance(found, Refusal)
        assert (found.reason, found.page_kind) == (reason, kind)


def test_stub_known_to_be_longer() -> None:
    """A short text behind a paywall that JSON-LD counts twice as long is a stub."""
    longer = ARTICLE.replace('"headline"', '"wordCount": 900, "headline"')
    found = parse(page(longer, SHORT))
    assert isinstance(found, Refusal)
    assert found.page_kind is PageKind.PAYWALL_STUB


FREE = ARTICLE.replace("false", "true")
WHOLE = f"<p>{SENTENCE * 3}</p>"
CUT = f"<p>{SENTENCE * 2}After that she</p>"
OFFER = "<div class='offer'><p>Subscribe to read more news from the harbour.</p></div>"
REST = "<div class='offer'><p>Subscribe to continue reading this article.</p></div>"
STUBS = [
    ("free_news_before_an_offer", FREE, WHOLE + OFFER, False),
    ("undeclared_news_before_an_offer", "", WHOLE + OFFER, False),
    ("free_news_before_a_message_of_the_template", FREE, WHOLE + REST, False),
    ("paid_news_in_full_before_an_offer", ARTICLE, WHOLE + OFFER, False),
    ("news_about_those_who_register", "", f"{WHOLE}<p>Residents must register to access the service.</p>", False),
    (
        "news_that_quotes_a_message",
        "",
        f"<p>{SENTENCE * 3}He read: subscribe to go on.</p>{WHOLE * 2}",
        False,
    ),
    ("undeclared_cut_before_an_offer", "", CUT + OFFER, True),
    ("undeclared_before_a_message", "", WHOLE + REST, True),
    ("free_only_in_name", FREE, CUT + REST, True),
    ("paid_before_a_message", ARTICLE, WHOLE + REST, True),
    ("message_in_two_halves", "", f"{WHOLE}<p>To continue reading, please log in or register.</p>", True),
    ("message_in_spanish", "", f"{CUT}<p>Contenido solo para suscriptores</p>", True),
    ("message_in_french", ARTICLE, f"{WHOLE}<p>La suite est réservée aux abonnés.</p>", True),
]


@pytest.mark.parametrize(("head", "body", "is_stub"), [case[1:] for case in STUBS], ids=[case[0] for case in STUBS])
def test_stub_or_short_news(head: str, body: str, is_stub: bool) -> None:
    """A message about the rest of a text makes a stub; an offer after short news that ends makes none."""
    found = parse(page(head, body))
    assert isinstance(found, Refusal) == is_stub, found
    if isinstance(found, Refusal):
        assert found.page_kind is PageKind.PAYWALL_STUB


FLAGGED = [
    ("undeclared", "", WHOLE + OFFER, True),
    ("undeclared_and_bare", "", f"{WHOLE}<div><p>Subscribe to read more.</p></div>", True),
    ("paid", ARTICLE, WHOLE + OFFER, True),
    ("free", FREE, WHOLE + OFFER, False),
    ("long", "", STORY + OFFER, False),
    ("no_message", "", f"{WHOLE}<p>Residents must register to access the service.</p>", False),
]


@pytest.mark.parametrize(("head", "body", "flagged"), [case[1:] for case in FLAGGED], ids=[case[0] for case in FLAGGED])
def test_message_behind_short_news_is_flagged(head: str, body: str, flagged: bool) -> None:
    """Short news that may be a stub stays an article, and says so; long or free news does not."""
    found = parse(page(head, body))
    assert isinstance(found, ParsedPage), found
    assert ("paywall_message" in found.flags) == flagged


def test_text_that_is_not_extracted_is_a_reason() -> None:
    """A page with text of which none is found is refused as that, and is no empty page (D2)."""
    found = parse(f"<html><head><title>A story</title></head><body><button>{SENTENCE * 9}</button></body></html>")
    assert isinstance(found, Refusal)
    assert (found.reason, found.rule) == (Reason.EMPTY_EXTRACTION, "text_but_none_extracted")
