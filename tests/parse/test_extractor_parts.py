"""The parts of our extractor one by one: the walk, the words, the trees, the labels, the rules' table."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.parse.dom import parse_dom
from tasks.parse.extractor.features import (
    BASE_COLUMNS,
    TEXT_COLUMNS,
    Hints,
    link_labels,
    place_columns,
    shifted,
    text_columns,
)
from tasks.parse.extractor.forest import Forest
from tasks.parse.extractor.judge import MODEL_FILE, shipped_model
from tasks.parse.extractor.places import places_of
from tasks.parse.extractor.walk import Page, walk
from tasks.parse.extractor.words import block_ends, block_words, is_bad, name_words


def walked(html: str) -> Page:
    """The page's blocks before any judgement."""
    dom = parse_dom(html)
    assert dom is not None
    return walk(dom.tree)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>one</p><p>two</p>", ["one", "two"]),
        ("<div>a<p>b</p>c</div>", ["a", "b", "c"]),
        ("<p>one <b>two</b> three</p>", ["one two three"]),
        ("<p>in<i>line</i></p>", ["inline"]),
        ("<p>a<br>b</p>", ["a\nb"]),
        ("<p>a<br> <br>b</p>", ["a", "b"]),
        ("<p>  much \n space </p>", ["much space"]),
        ("<p>a<script>x</script>b</p>", ["ab"]),
        ("<p>a<!-- c -->b</p>", ["ab"]),
        ("<table><tr><td>1</td><td>2</td></tr></table>", ["1", "2"]),
        ("<ul><li>x<ul><li>y</li></ul></li></ul>", ["x", "y"]),
        ("<button>Share</button><p>a</p>", ["a"]),
    ],
)
def test_walk_parts_texts(html: str, expected: list[str]) -> None:
    """Block elements and double line breaks part texts, inline elements do not, controls and scripts have none."""
    assert walked(html).texts == expected


def test_walk_counts_links_and_images() -> None:
    """Characters in links, links and images belong to the block they stand in or before."""
    page = walked('<p>see <a href="/">here</a></p><img src="a"><p><b>bold</b> not</p>')
    assert (page.link_chars, page.links, page.bold_chars, page.images) == ([4, 0], [1, 0], [0, 4], [0, 1])


def test_walk_gives_ranges() -> None:
    """Each element's range holds the blocks that stand in it, and its parent comes before it."""
    page = walked("<div><p>a</p><section><p>b</p><p>c</p></section></div><p>d</p>")
    nodes = page.nodes
    section = nodes.tag.index("section")
    assert page.texts[nodes.first[section] : nodes.last[section]] == ["b", "c"]
    assert all(parent < index for index, parent in enumerate(nodes.parent) if index)


def test_walk_forgets_elements_without_text() -> None:
    """What holds no text is no node, at any depth; the first element stays, so that no page is without one."""
    page = walked("<body><div><p>a</p><div><figure><img src='x'></figure></div></div><ul><li> </li></ul></body>")
    assert page.nodes.tag == ["html", "body", "div", "p"]
    assert (page.nodes.parent, page.nodes.last) == ([0, 0, 1, 2], [1, 1, 1, 1])


@pytest.mark.parametrize(
    ("style", "hidden"),
    [('style="display: none"', True), ("hidden", True), ('aria-hidden="true"', True), ('style="color:red"', False)],
)
def test_walk_notes_what_is_hidden(style: str, hidden: bool) -> None:
    """Hiding is one of an element's names, in whatever way it is written."""
    assert ("hidden" in walked(f"<div {style}>a</div>").nodes.key[-1].split()) == hidden


def test_block_words_mark_the_ends() -> None:
    """First and last words are told apart, digits are not."""
    ends = block_ends(["Read more: 25 ways", " "])
    assert block_words(*ends[0]) == [
        "read", "more:", "00", "ways", "read more:", "more: 00", "00 ways", "^read", "^read more:", "$ways",
    ]  # fmt: skip
    assert block_words(*ends[1]) == []


@pytest.mark.parametrize(
    "text",
    ["Read more: the story of the story of the town", "The", "the the the", " ", "$00 of it is $00",
     "By Ann Lee, staff", "Sign up for the newsletter and follow us on the web today or any other day"],
)  # fmt: skip
def test_word_score_sums_the_weights_of_block_words(text: str) -> None:
    """What training numbers one by one is what reading adds up, each word and pair once."""
    model = shipped_model()
    (ends,) = block_ends([text])
    expected = sum(model.words.get(word, 0.0) for word in set(block_words(*ends)))
    assert model.word_score(*ends) == pytest.approx(expected)


@pytest.mark.parametrize(
    "key", ["div related-links", "p", "aside has-sidebar sidebar", "section articleBody_x1 hidden"]
)
def test_name_score_sums_the_weights_of_name_words(key: str) -> None:
    """Each part of a name counts once, however often it is in the key."""
    model = shipped_model()
    words = name_words(key)
    weights = [model.names[word] for word in words if word in model.names]
    assert model.name_score(key)[:4] == pytest.approx(tuple(sum(row[place] for row in weights) for place in range(4)))
    assert model.name_score(key)[4] == is_bad(words)


@pytest.mark.parametrize(
    ("key", "bad"),
    [("div related-links", True), ("div articleBody", False), ("div relatedLinks", True), ("div shareholder", False),
     ("aside", True), ("div adventure", False)],
)  # fmt: skip
def test_bad_names(key: str, bad: bool) -> None:
    """Whole parts of names count, not letters in them."""
    assert is_bad(name_words(key)) == bad


def test_bad_name_of_the_page_is_none() -> None:
    """An element that holds the article is not bad for its name."""
    long = "A sentence of prose that is long enough to be taken for a part of the article, and then some. "
    page = walked(f'<body class="has-sidebar"><div class="sidebar"><p>{long}</p></div><p>{long * 4}</p></body>')
    bad = places_of(page, [is_bad(name_words(key)) for key in page.nodes.key]).bad[page.node]
    assert bad.tolist() == [True, False]


def test_columns_have_names() -> None:
    """Features and their names agree in number, for one block and for many."""
    for html in ("<p>a</p>", "<div><p>a</p><h1>b c d e</h1><p>" + "word " * 50 + ".</p></div>" * 3):
        page = walked(html)
        places = places_of(page, [False] * len(page.nodes.key))
        texts = text_columns(page.texts, link_labels(page), Hints("a", "b", "c" * 300))
        columns = np.concatenate([texts, place_columns(page, places, texts)], axis=1)
        assert columns.shape == (len(page.texts), len(BASE_COLUMNS))
        assert np.isfinite(columns).all()


@pytest.mark.parametrize(("shift", "expected"), [(1, [2, 3, -1]), (-1, [-1, 1, 2]), (3, [-1, -1, -1]), (-5, [-1] * 3)])
def test_shifted(shift: int, expected: list[float]) -> None:
    """Each row gets its neighbour's value, and the fill beyond the ends."""
    assert shifted(np.array([1.0, 2.0, 3.0]), shift).tolist() == expected


FLOATS = st.floats(-10, 10, width=32)


@given(st.data(), st.integers(1, 5), st.integers(1, 4), st.integers(1, 6))
def test_forest_is_read_as_written(data: st.DataObject, trees: int, depth: int, columns: int) -> None:
    """The sum over all trees at once is the one that walking each tree gives."""
    size = data.draw(st.integers(1, 8))
    edges = data.draw(st.lists(st.tuples(st.integers(0, columns - 1), FLOATS), min_size=size, max_size=size))
    asked = st.lists(st.integers(0, size - 1), min_size=trees, max_size=trees)
    questions = data.draw(st.lists(asked, min_size=depth, max_size=depth))
    leaves = data.draw(st.lists(FLOATS, min_size=trees * 2**depth, max_size=trees * 2**depth))
    row = data.draw(st.lists(FLOATS, min_size=columns, max_size=columns))
    forest = Forest.read(
        {
            "f_edge_column": np.array([column for column, _ in edges]),
            "f_edge_value": np.array([value for _, value in edges]),
            "f_questions": np.array(questions),
            "f_leaves": np.array(leaves),
            "f_bias": np.array(0.5),
        },
        "f",
    )
    total = 0.5
    for tree in range(trees):
        answers = [row[edges[questions[level][tree]][0]] > edges[questions[level][tree]][1] for level in range(depth)]
        total += leaves[tree * 2**depth + sum(answer << level for level, answer in enumerate(answers))]
    found = forest.probabilities(np.array([row, row], dtype=np.float32))
    assert found == pytest.approx([1 / (1 + np.exp(-total))] * 2, abs=1e-4)


def test_model_is_small_and_plain() -> None:
    """The shipped model is a few hundred kB of words and numbers, and its words are no sentences."""
    assert MODEL_FILE.stat().st_size < 400_000
    model = shipped_model()
    assert max(len(word.split()) for word in model.words) <= 2
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)?", name) for name in model.names)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<div><b>Head</b><br>text</div>", [("Head", "b"), ("text", "")]),
        ("<div>one<br>two <b>x</b></div>", [("one\ntwo x", "")]),
        ("<div><i>one</i><br><i>two</i></div>", [("one\ntwo", "i")]),
        ("<div><font><a>one</a><br><a>two</a><br><b>three</b></font></div>", [("one\ntwo", "a"), ("three", "b")]),
        ('<p><span class="byline">By <a>Ann</a></span> | <b>x</b></p>', [("By Ann | x", "span byline")]),
        ("<p><b>Name:</b> text</p>", [("Name: text", "")]),
        ("<a><div>one</div>two</a>", [("one", ""), ("two", "")]),
    ],
)
def test_lines_of_different_dress_are_blocks(html: str, expected: list[tuple[str, str]]) -> None:
    """A line wholly inside other inline elements than its neighbour is a block; verse in italics stays together."""
    page = walked(html)
    assert list(zip(page.texts, page.dress, strict=True)) == expected


@pytest.mark.parametrize(("text", "expected"), [("By Ann Lee", 2), ("A long way on, said Ann Lee", 1), ("No one", 0)])
def test_authors_are_looked_for(text: str, expected: float) -> None:
    """An author's name early in a block, or further on."""
    column = TEXT_COLUMNS.index("names_author")
    assert text_columns([text], [False], Hints(authors=("Ann Lee",)))[0, column] == expected
