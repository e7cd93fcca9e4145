"""The pure core: one page's bytes in, an article as the page has it or a refusal out. No network, no clock, no disk."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from lxml.html import HtmlElement

from schemas.reasons import Access, PageKind, Reason
from schemas.text import word_count
from tasks.parse import documents
from tasks.parse.body import extract_body
from tasks.parse.decode import Decoded, decode
from tasks.parse.dom import parse_dom, visible_length
from tasks.parse.extractor import Hints
from tasks.parse.extractor.judge import Model
from tasks.parse.fields import ACCESS_WORDS, Chosen, Heads, choose_fields, choose_heads, listed_facts, obeyed
from tasks.parse.front import without_front
from tasks.parse.gather import Gathered, gather, guess_date
from tasks.parse.hidden import drop_unshowable, without_orders
from tasks.parse.images import read_images, replaced
from tasks.parse.live import places_of, read_entries
from tasks.parse.model import Block, Body, Listed, ParsedPage, Receipt, Refusal
from tasks.parse.page_kind import SHELL_CHARACTERS, Signs, judge, speaks_of_a_paywall
from tasks.parse.paging import read_paging
from tasks.parse.site_rules.apply import apply_rules
from tasks.parse.site_rules.model import SiteRule
from tasks.parse.sniff import Form, form_of, magic_name
from tasks.parse.survey import survey
from tasks.parse.template import fingerprint
from tasks.parse.text import REPLACEMENT, one_line, storable
from tasks.parse.titles import site_names, strip_site

MOST_LOST = 0.02
"""Share of U+FFFD in a body above which its encoding counts as unreadable."""
BLANK, BLANK_FIRST = b"\0 \t\r\n", 4_096
"""Bytes that are no text, and how many are looked at before all are: stripping copies a page."""
FEW_LOST = 3
"""So many U+FFFD are borne in a body of any length."""


def parse_page(
    payload: bytes,
    *,
    url: str,
    content_type: str | None,
    listed: Listed,
    captured_at: datetime,
    any_kind: bool = False,
    rules: Sequence[SiteRule] = (),
    model: Model | None = None,
) -> ParsedPage | Refusal:
    """The article that the payload holds, or why it holds none. Never raises on any payload.

    Args:
        payload: the body with its content encodings undone.
        url: the URL that was asked for, normalised; relative URLs of the page are read against it.
        content_type: the Content-Type header; may be wrong or missing.
        listed: what the listing said of the page.
        captured_at: when it was fetched, UTC: dates after it are flagged.
        any_kind: whether to read front pages, listings and so on as if they were articles; for measuring.
        rules: those of its site that hold for it.
        model: another extraction model than the shipped one; for measuring.
    """
    if not payload[:BLANK_FIRST].strip(BLANK) and not payload.strip(BLANK):
        return Refusal(Reason.EMPTY_BODY, "no_bytes", "body", f"{len(payload)} bytes of nothing", "some text")
    if name := magic_name(payload):
        return Refusal(Reason.NOT_HTML, "magic_bytes", "content_type", name, "HTML, or a text or JSON document")
    decoded = decode(payload, content_type)
    form, looks_like = form_of(decoded.text, content_type, url)
    if form is None:
        return Refusal(Reason.NOT_HTML, "sniffed", "content_type", looks_like, "HTML, or a text or JSON document")
    if form is Form.HTML:
        return _parse_html(decoded, url, listed, captured_at, any_kind, rules, model)
    read = documents.read_json if form is Form.JSON else documents.read_text
    return _parse_document(read(decoded.text), decoded, url, listed, captured_at)


def _parse_html(
    decoded: Decoded,
    url: str,
    listed: Listed,
    captured_at: datetime,
    any_kind: bool,
    rules: Sequence[SiteRule],
    model: Model | None,
) -> ParsedPage | Refusal:
    dom = parse_dom(decoded.text, decoded.utf8)
    if dom is None:
        return Refusal(Reason.EMPTY_BODY, "no_element", "body", decoded.text[:200], "HTML with text in it")
    surveyed = survey(dom.tree)
    template = fingerprint(dom.tree, surveyed)
    ruled = apply_rules(dom.tree, rules)
    gathered = gather(dom.tree, url, listed, survey(dom.tree) if rules else surveyed)
    gathered.facts = list(obeyed([*ruled.facts, *gathered.facts]))
    hidden = drop_unshowable(dom.tree, gathered.survey.styled)  # after the facts: many a page hides its microdata
    heads = choose_heads(gathered.facts, url)
    hints = hints_of(gathered, heads)
    found = ruled.found or extract_body(dom.tree, hints, model)
    guess_date(gathered, dom.tree, url, captured_at)
    body, completed = (found.body, False) if ruled.found else _completed(found.body, gathered)
    body = without_front(body, hints.title, gathered.facts, hints.authors)
    body, has_hidden = without_orders(body, hidden)
    chosen = choose_fields(gathered.facts, url=url, body=body.text, listed=listed, captured_at=captured_at, heads=heads)
    signs = _signs(gathered, chosen, body, found.following, dom.tree, url)
    kind = PageKind.ARTICLE if any_kind else judge(signs)
    if isinstance(kind, Refusal):
        return kind
    noted = {
        "body_from_json_ld": completed,
        "nesting_flattened": dom.flattened,
        "json_ld_broken": gathered.json_ld.broken_count,
        "hidden_text": has_hidden,
        "site_rule_missed": ruled.missed,
        "paywall_message": speaks_of_a_paywall(signs),
    }
    chosen.flags += [flag for flag, is_so in noted.items() if is_so]
    chosen.sources += [Receipt("site_rules", "site_rule", version) for version in ruled.versions]
    if not body.blocks:
        return _no_text(visible_length(dom.tree))
    if not completed:
        images = read_images(found.pictures, url, chosen.values.get("image_url"))
        chosen.values["images"] = replaced(images, found.body.blocks, body.blocks)
    if kind is PageKind.LIVE_BLOG:
        chosen.values |= _entries(gathered, dom.tree, body, url, listed.time_zone)
    finished = _finished(chosen, body, kind, decoded)
    if isinstance(finished, Refusal):
        return finished
    paging = read_paging(dom.tree, gathered.survey.seconds, url, chosen.values.get("canonical_url"))
    return replace(finished, paging=paging, template=template)


def _entries(gathered: Gathered, tree: HtmlElement, body: Body, url: str, zone: str | None) -> dict[str, Any]:
    """The entries of a live blog and their places in the body."""
    entries = read_entries(gathered.main_node, tree, url, zone)
    return {"entries": entries, "entry_places": places_of(entries, body.blocks)}


def hints_of(gathered: Gathered, heads: Heads) -> Hints:
    """What the page says of its article elsewhere than in its text, for the extractor."""
    summaries = (fact.value for fact in gathered.facts if fact.field == "summary")
    title = heads.title.value if heads.title else ""
    return Hints(title, max(summaries, key=len, default=""), gathered.full_text, tuple(heads.authors))


def _completed(body: Body, gathered: Gathered) -> tuple[Body, bool]:
    """JSON-LD's articleBody where next to nothing was found on the page, and whether it was taken.

    Never where the page says that it is not free: what a publisher hides from readers is not for us to show.
    """
    if word_count(gathered.full_text) < 3 * SCANTY_WORDS or word_count(body.text) >= SCANTY_WORDS:
        return body, False
    closed = any(
        fact.field == "access" and ACCESS_WORDS.get(fact.value.lower()) == Access.PAYWALL for fact in gathered.facts
    )
    if closed:
        return body, False
    lines = (one_line(line) for line in storable(gathered.full_text).splitlines())
    return Body(tuple(Block("paragraph", line) for line in lines if line)), True


SCANTY_WORDS = 40


def _signs(gathered: Gathered, chosen: Chosen, body: Body, following: str, tree: HtmlElement, url: str) -> Signs:
    names = site_names(gathered.facts, url)
    titles = [fact.value for fact in gathered.facts if fact.origin in ("dom:h1", "title_tag")]
    og_type = next((fact.value for fact in gathered.facts if fact.field == "page_type"), None)
    dated = any(fact.field == "published_at" and fact.family in DATING for fact in gathered.facts)
    words = word_count(body.text)
    return Signs(
        url=url,
        titles=tuple(dict.fromkeys(strip_site(title[:300], names) for title in titles)),
        types=frozenset(gathered.json_ld.types()),
        main_types=gathered.main_types,
        og_type=og_type.lower() if og_type else None,
        access=chosen.values.get("access"),
        has_date=dated,
        words=words,
        declared_words=gathered.declared_words,
        body=body.text if words < SHELL_CHARACTERS else "",
        following=following,
        visible=visible_length(tree) if words < SHELL_CHARACTERS else SHELL_CHARACTERS,
        tree=tree,
    )


DATING = frozenset({"json_ld", "open_graph", "microdata", "meta"})


def _no_text(visible_characters: int) -> Refusal:
    if visible_characters > SHELL_CHARACTERS:
        seen = f"{visible_characters} visible characters, none extracted"
        return Refusal(Reason.EMPTY_EXTRACTION, "text_but_none_extracted", "body", seen, "an article in it")
    return Refusal(
        Reason.EMPTY_BODY, "no_visible_text", "body", f"{visible_characters} visible characters", "some text"
    )


def _parse_document(
    document: documents.Document | None, decoded: Decoded, url: str, listed: Listed, captured_at: datetime
) -> ParsedPage | Refusal:
    if document is None:
        return Refusal(Reason.EMPTY_EXTRACTION, "document_form", "body", decoded.text[:200], documents.FORMS)
    facts = [*document.facts, *listed_facts(listed)]
    chosen = choose_fields(facts, url=url, body=document.body.text, listed=listed, captured_at=captured_at)
    if not document.body.blocks:
        return Refusal(Reason.EMPTY_BODY, "document_without_text", "body", None, documents.FORMS)
    chosen.values["extra_fields"] = document.extra
    return _finished(chosen, document.body, PageKind.ARTICLE, decoded)


def _finished(chosen: Chosen, body: Body, kind: PageKind, decoded: Decoded) -> ParsedPage | Refusal:
    """The page with its fields, once title and encoding are known to be good."""
    title = storable(chosen.values.pop("title", "")).strip()
    if not title:
        return Refusal(Reason.EMPTY_EXTRACTION, "no_title", "title", None, "a headline")
    text = body.text
    lost = text.count(REPLACEMENT)
    if lost > FEW_LOST and lost > MOST_LOST * len(text):
        seen = f"{lost} of {len(text)} characters could not be decoded as {decoded.encoding}"
        return Refusal(Reason.ENCODING, "replacement_share", "body", seen, f"at most {MOST_LOST:.0%}")
    if lost or REPLACEMENT in title:
        chosen.flags.append("characters_replaced")
    elif REPLACEMENT in decoded.text:
        chosen.flags.append("encoding_repaired")
    return ParsedPage(
        title=title,
        body=body,
        page_kind=kind.value,
        printed_on=chosen.printed_on,
        field_sources=(*chosen.sources, Receipt("encoding", decoded.evidence, decoded.encoding)),
        flags=tuple(dict.fromkeys(chosen.flags)),
        **chosen.values,
    )
