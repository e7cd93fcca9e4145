"""Facts from the head (Open Graph, meta elements, links) and from microdata. Which name means what is a table."""

from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from tasks.parse.dom import text_of
from tasks.parse.model import Fact
from tasks.parse.text import plain

META_FIELDS: dict[str, str] = {
    "og:title": "title", "twitter:title": "title", "parsely-title": "title", "sailthru.title": "title",
    "dc.title": "title", "dcterms.title": "title", "citation_title": "title", "headline": "title",
    "og:description": "summary", "description": "summary", "twitter:description": "summary",
    "dc.description": "summary", "dcterms.description": "summary", "sailthru.description": "summary",
    "author": "authors", "article:author": "authors", "og:article:author": "authors", "article:author_name": "authors",
    "parsely-author": "authors", "sailthru.author": "authors", "dc.creator": "authors", "dcterms.creator": "authors",
    "citation_author": "authors", "byl": "authors", "creator": "authors", "authors": "authors", "og:author": "authors",
    "twitter:creator:name": "authors", "shareaholic:article_author_name": "authors", "cxenseparse:author": "authors",
    "article:published_time": "published_at", "og:article:published_time": "published_at",
    "og:published_time": "published_at", "parsely-pub-date": "published_at", "sailthru.date": "published_at",
    "dc.date.issued": "published_at", "dcterms.issued": "published_at", "dc.date": "published_at",
    "dcterms.date": "published_at", "dc.date.created": "published_at", "dcterms.created": "published_at",
    "citation_publication_date": "published_at", "citation_date": "published_at", "datepublished": "published_at",
    "pubdate": "published_at", "publishdate": "published_at", "publish-date": "published_at", "ptime": "published_at",
    "publication_date": "published_at", "publication-date": "published_at", "pub_date": "published_at",
    "article.published": "published_at", "cxenseparse:recs:publishtime": "published_at", "date": "published_at",
    "bt:pubdate": "published_at", "originalpublicationdate": "published_at", "rnews:datepublished": "published_at",
    "article_date_original": "published_at", "displaydate": "published_at", "cxenseparse:publishtime": "published_at",
    "article:modified_time": "modified_at", "og:updated_time": "modified_at", "og:article:modified_time": "modified_at",
    "lastmod": "modified_at", "last-modified": "modified_at", "dcterms.modified": "modified_at",
    "dc.date.modified": "modified_at", "datemodified": "modified_at", "article.updated": "modified_at",
    "article:section": "section", "og:article:section": "section", "parsely-section": "section", "section": "section",
    "cxenseparse:section": "section", "dcterms.subject": "section",
    "article:tag": "tags", "og:article:tag": "tags", "keywords": "tags", "news_keywords": "tags",
    "parsely-tags": "tags", "sailthru.tags": "tags", "citation_keywords": "tags",
    "og:image": "image_url", "og:image:url": "image_url", "og:image:secure_url": "image_url",
    "twitter:image": "image_url", "twitter:image:src": "image_url", "parsely-image-url": "image_url",
    "sailthru.image.full": "image_url", "thumbnail": "image_url",
    "og:site_name": "site_name", "application-name": "site_name", "apple-mobile-web-app-title": "site_name",
    "dc.publisher": "site_name", "citation_journal_title": "site_name", "twitter:site": "site_name",
    "og:url": "canonical_url", "og:type": "page_type", "parsely-type": "page_type", "parsely-page": "parsely_page",
    "og:locale": "language", "content-language": "language", "language": "language", "dc.language": "language",
    "inlanguage": "language", "article:content_tier": "access", "lp.type": "page_type",
}  # fmt: skip
"""Name, property, itemprop or http-equiv of a meta element (lower case, dc: as dc.) -> the field it speaks of."""

MICRODATA_FIELDS: dict[str, str] = {
    "headline": "title",
    "author": "authors",
    "datepublished": "published_at",
    "datemodified": "modified_at",
    "articlesection": "section",
    "inlanguage": "language",
    "isaccessibleforfree": "access",
}
MANY = frozenset({"authors", "tags"})
"""Fields of which a page may name several values under one name."""


def read_meta(tree: HtmlElement) -> list[Fact]:
    """The facts of all meta elements in document order; of a repeated name the first counts, but for lists."""
    facts: list[Fact] = []
    seen: set[tuple[str, str]] = set()
    for element in tree.iter("meta"):
        content = element.get("content")
        if not content or not content.strip():
            continue
        for key in _names(element):
            field = META_FIELDS.get(key)
            if field is None or (field not in MANY and (field, key) in seen):
                continue
            seen.add((field, key))
            family = "open_graph" if key.startswith(("og:", "article:")) else "meta"
            facts.append(Fact(field, f"{family}:{key}", plain(content)))
    return [fact for fact in facts if fact.value]


def _names(element: HtmlElement) -> Iterator[str]:
    for attribute in ("property", "name", "itemprop", "http-equiv"):
        if name := element.get(attribute):
            for word in name.split():
                yield word.lower().replace("dc:", "dc.").replace("dcterms:", "dcterms.")


def read_links(tree: HtmlElement) -> list[Fact]:
    """rel=canonical and the language of the html element."""
    facts = [
        Fact("canonical_url", "link", href.strip())
        for element in tree.iter("link")
        if "canonical" in (element.get("rel") or "").lower().split() and (href := element.get("href"))
    ][:1]
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang")
    return [*facts, *([Fact("language", "html", language.strip())] if language and language.strip() else [])]


def read_microdata(properties: Iterable[HtmlElement]) -> list[Fact]:
    """Facts of elements with itemprop outside the head's meta elements; a nested person gives its name."""
    facts: list[Fact] = []
    for element in properties:
        if element.tag == "meta" and any(above.tag == "head" for above in element.iterancestors()):
            continue
        for word in element.get("itemprop").lower().split():
            field = MICRODATA_FIELDS.get(word)
            if field is None or (field not in MANY and any(fact.field == field for fact in facts)):
                continue
            if value := _microdata_value(element, field):
                facts.append(Fact(field, f"microdata:{word}", value))
    return facts


def _microdata_value(element: HtmlElement, field: str) -> str:
    given = element.get("content") or element.get("datetime")
    if given and given.strip():
        return plain(given)
    if field == "authors":
        names = element.xpath('.//*[@itemprop="name"]')
        if names:
            return plain(names[0].get("content") or text_of(names[0]))
    text = text_of(element)
    return text if len(text) <= 300 else ""
