"""Our extractor: what it keeps of whole small pages, the kinds of its blocks, and that no page can hurt it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml.html import HtmlElement

from tasks.parse.dom import parse_dom
from tasks.parse.extractor import Extraction, Hints, extract_blocks
from tasks.parse.extractor.walk import MOST_BLOCKS
from tasks.parse.model import Block

HEADLINE = "Ferry stays for the winter"
KINDS = frozenset({"paragraph", "heading", "list_item", "quote", "table", "caption"})
PROSE = (
    "The council of Lower Wexmoor voted on Tuesday night to keep the old ferry running for another winter.",
    "Members had argued for three hours, and the mayor said that nobody would be happy with every part of the plan.",
    "“We have promised the farmers a way over the river,” she said, “and a promise does not end with a season.”",
    "The ferry carries about 200 people a day, most of them on their way to school, to market or to the hospital.",
    "A new bridge was planned in 2011, but the money for it has been spent on the dam that broke in the spring.",
)  # fmt: skip


def tree_of(html: str) -> HtmlElement:
    """The page as parse reads it."""
    dom = parse_dom(html)
    assert dom is not None
    return dom.tree


def extract(html: str, hints: Hints | None = None) -> Extraction:
    """What the shipped model finds."""
    return extract_blocks(tree_of(html), hints)


def page(inside: str) -> str:
    """An invented paper's page with that text in its article."""
    return f"""<html><head><title>Ferry stays - The Wexmoor Post</title></head><body>
    <header><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
    <main><article class="post"><h1>{HEADLINE}</h1><div class="entry-content">{inside}</div></article>
    </main><aside class="sidebar"><h3>Most read</h3><ul><li><a href="/a">A cow swims to the island</a></li>
    <li><a href="/b">Market day moves to Friday</a></li></ul></aside>
    <footer class="site-footer"><p>Copyright 2020 The Wexmoor Post. All rights reserved.</p></footer></body></html>"""


PARAGRAPHS = "".join(f"<p>{text}</p>" for text in PROSE)


def texts(found: Extraction) -> list[str]:
    """The blocks' texts."""
    return [block.text for block in found.blocks]


def test_keeps_all_paragraphs() -> None:
    """Every paragraph of a plain article is kept, in order."""
    assert [text for text in texts(extract(page(PARAGRAPHS))) if text in PROSE] == list(PROSE)


@pytest.mark.parametrize("unwanted", ["Home", "Most read", "A cow swims to the island", "Copyright 2020"])
def test_drops_what_is_around(unwanted: str) -> None:
    """Navigation, sidebar and footer are not text of the article."""
    assert not any(unwanted in text for text in texts(extract(page(PARAGRAPHS))))


@pytest.mark.parametrize(
    "insert",
    [
        '<div class="related-links"><h4>Related stories</h4><ul><li><a href="/x">Ferry breaks down</a></li></ul></div>',
        '<div class="newsletter-signup"><p>Sign up for our daily newsletter and never miss a story.</p></div>',
        '<div class="share"><a href="#">Share on Facebook</a> <a href="#">Tweet</a></div>',
    ],
)
def test_drops_inserts_in_the_middle(insert: str) -> None:
    """What stands amid the text for another purpose is left out, and the text around it is kept."""
    middle = "".join(f"<p>{text}</p>" for text in PROSE[:3]) + insert + "".join(f"<p>{text}</p>" for text in PROSE[3:])
    assert [text for text in texts(extract(page(middle))) if text != HEADLINE] == list(PROSE)


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<h2>What comes next</h2>", Block("heading", "What comes next", 2)),
        ("<blockquote><p>It was the longest night of all the nights that I have sat in this room.</p></blockquote>",
         Block("quote", "It was the longest night of all the nights that I have sat in this room.")),
        ("<ul><li>The ferry leaves at six in the morning, and every hour after that.</li></ul>",
         Block("list_item", "The ferry leaves at six in the morning, and every hour after that.")),
    ],
)  # fmt: skip
def test_kinds(markup: str, expected: Block) -> None:
    """Headings with their rank, quotes and list items are told from paragraphs."""
    middle = "".join(f"<p>{text}</p>" for text in PROSE[:3]) + markup + "".join(f"<p>{text}</p>" for text in PROSE[3:])
    assert expected in extract(page(middle)).blocks


def test_cells_of_data_are_one_table() -> None:
    """Short cells become rows of one block."""
    rows = "<tr><th>Winter</th><th>Passengers</th></tr><tr><td>2019</td><td>41,200</td></tr>"
    middle = "".join(f"<p>{text}</p>" for text in PROSE[:3]) + f"<table>{rows}</table>" + f"<p>{PROSE[3]}</p>"
    kinds = {block.kind: block.text for block in extract(page(middle)).blocks}
    assert kinds["table"] == "Winter | Passengers\n2019 | 41,200"


def test_cells_of_a_layout_are_paragraphs() -> None:
    """A table that only lays out the page gives the paragraphs in its cells."""
    found = extract(f"<html><body><table><tr><td>{PARAGRAPHS}</td></tr></table></body></html>")
    assert [block for block in found.blocks if block.text in PROSE] == [Block("paragraph", text) for text in PROSE]


def test_han_text_is_prose() -> None:
    """A character of a dense script counts for the letters it stands for."""
    han = (
        "横跨江湾两岸的新桥三日上午正式通车。清晨六点，桥头已经站满了市民，人群中响起了掌声。",
        "据市交通局介绍，大桥建设历时九年。施工人员在江底发现了一艘沉船，工程因此停工两次。",
    )
    assert set(han) <= set(texts(extract(page("".join(f"<p>{text}</p>" for text in han)))))


def test_line_breaks_part_paragraphs() -> None:
    """Two line breaks in a row end a block, one is a line in it."""
    found = texts(extract(page("<br><br>".join(PROSE) + "<br>And so it was.")))
    assert found[-len(PROSE) :] == [*PROSE[:-1], PROSE[-1] + "\nAnd so it was."]


def test_repeated_text_is_kept_once() -> None:
    """A long text that stands on the page twice is one block."""
    assert texts(extract(page(PARAGRAPHS + f"<p>{PROSE[1]}</p>"))).count(PROSE[1]) == 1


def test_tree_is_not_changed() -> None:
    """Extraction only reads."""
    tree = tree_of(page(PARAGRAPHS + "<!-- a comment --><script>var x = 1</script>"))
    before = etree.tostring(tree)
    extract_blocks(tree)
    assert etree.tostring(tree) == before


def test_same_result_each_time() -> None:
    """Nothing is remembered from page to page that changes what is found."""
    first = extract(page(PARAGRAPHS))
    extract("<html><body><p class='related'>Another page altogether, with its own words.</p></body></html>")
    assert extract(page(PARAGRAPHS)) == first


@pytest.mark.parametrize("html", ["<html><body></body></html>", "<p> </p>", "<script>var x = 'text';</script><br>"])
def test_no_text_gives_nothing(html: str) -> None:
    """A page without text has no blocks, and no confidence."""
    assert extract(html) == Extraction()


def test_confidence_falls_on_a_page_of_links() -> None:
    """The model is surer of an article than of a list of links."""
    links = "".join(f'<li><a href="/{number}">Story number {number}</a></li>' for number in range(40))
    assert extract(page(PARAGRAPHS)).confidence > extract(f"<html><body><ul>{links}</ul></body></html>").confidence


TAGS = ("p", "div", "span", "a", "table", "tr", "td", "ul", "li", "h1", "h2", "blockquote", "br", "img", "b", "article",
        "figure", "figcaption", "script", "template", "x-thing", "form", "main", "dl", "dd", "pre", "svg")  # fmt: skip
MARKUP = st.recursive(
    st.text(max_size=40),
    lambda inner: st.builds(
        lambda tag, name, parts: f'<{tag} class="{name}">{"".join(parts)}</{tag}>',
        st.sampled_from(TAGS),
        st.sampled_from(("", "related", "entry-content", "Ünïcode Names", "a" * 300, "ad-1")),
        st.lists(inner, max_size=5),
    ),
    max_leaves=40,
)


@settings(max_examples=150)
@given(MARKUP, st.builds(Hints, st.text(max_size=50), st.text(max_size=50), st.text(max_size=400)))
def test_any_markup_gives_sound_blocks(html: str, hints: Hints) -> None:
    """Whatever the page: known kinds, text in each block, no empty line in it, a confidence between 0 and 1."""
    dom = parse_dom(html)
    if dom is None:
        return
    found = extract_blocks(dom.tree, hints)
    assert 0.0 <= found.confidence <= 1.0
    for block in found.blocks:
        assert block.kind in KINDS
        assert block.text.strip()
        assert "\n\n" not in block.text
        assert (block.level is not None) == (block.kind == "heading")


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<div>" * 100_000 + "".join(f"<p>{text}</p>" for text in PROSE), id="deep"),
        pytest.param("<p>" + "word " * 2_000_000 + "</p>", id="one_long_text"),
        pytest.param("<i>a</i>" * 1_000_000, id="inline_nodes"),
        pytest.param("<p>" * 1_000_000, id="empty_nodes"),
        pytest.param("a<br>" * 1_000_000, id="line_breaks"),
        pytest.param('<a href="/">link</a><br>' * 100_000, id="links"),
        pytest.param("<table>" + "<tr><td>1</td><td>2</td></tr>" * 60_000 + "</table>", id="cells"),
        pytest.param(f'<div class="{"sidebar " * 200_000}">{PROSE[0]}</div>', id="endless_class"),
        pytest.param("".join(f'<p class="c{n}">{PROSE[0]}</p>' for n in range(60_000)), id="distinct_classes"),
        pytest.param("<span>" * 1_500 + PROSE[0] + "</span>" * 1_500, id="deep_inline"),
        pytest.param("<blockquote>" * 1_500 + PROSE[0], id="deep_quotes"),
    ],
)
@pytest.mark.faults
def test_D3_hostile_page_is_borne(html: str) -> None:
    """Pages made to hurt end in reasonable time, with no more blocks than are ever looked at."""
    assert len(extract(html).blocks) <= MOST_BLOCKS + 1


@pytest.mark.parametrize("html", ["<span>one</span>", "one <b>two</b>", "<!-- c -->three", "<br>"])
def test_fragments_are_borne(html: str) -> None:
    """A fragment without html and body is a tree like any other."""
    for element in tree_of(f"<div>{html}</div>").iter():
        extract_blocks(element)
