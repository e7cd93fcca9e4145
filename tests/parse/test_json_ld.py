"""JSON-LD as it is in the wild: part by part, and never an exception."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.parse.json_ld import facts_of, load_part, main_node, read_json_ld, types_of

ARTICLE = {
    "@type": "NewsArticle",
    "headline": "H",
    "datePublished": "2026-02-01",
    "author": {"@type": "Person", "name": "Ann Lee"},
}


def values(script: str, field: str) -> list[str]:
    """What the script says of the field."""
    found = read_json_ld([script])
    return [fact.value for fact in facts_of(found, main_node(found, [], [])) if fact.field == field]


SCRIPTS = [
    ("plain", json.dumps(ARTICLE)),
    ("list", json.dumps([{"@type": "WebSite"}, ARTICLE])),
    ("graph", json.dumps({"@graph": [ARTICLE]})),
    ("nested", json.dumps({"@type": "WebPage", "mainEntity": ARTICLE})),
    ("type_list", json.dumps({**ARTICLE, "@type": ["Thing", "NewsArticle"]})),
    ("type_url", json.dumps({**ARTICLE, "@type": "http://schema.org/NewsArticle"})),
    ("comment", f"<!-- {json.dumps(ARTICLE)} -->"),
    ("cdata", f"//<![CDATA[\n{json.dumps(ARTICLE)}\n//]]>"),
    ("semicolon", json.dumps(ARTICLE) + ";"),
    ("trailing_comma", json.dumps(ARTICLE)[:-1] + ",}"),
    ("junk_after", json.dumps(ARTICLE) + "}}"),
    ("raw_newline", json.dumps(ARTICLE)[:-1] + ', "description": "a\nb"}'),
    ("bad_escape", json.dumps(ARTICLE)[:-1] + ', "description": "a\\xb"}'),
    ("salvage", json.dumps(ARTICLE)[:-1] + ', "description": "a "quoted" word"}'),
]


@pytest.mark.parametrize("script", [s[1] for s in SCRIPTS], ids=[s[0] for s in SCRIPTS])
def test_scripts(script: str) -> None:
    """However the script is wrapped or broken, headline, date and author come out."""
    assert values(script, "title") == ["H"]
    assert values(script, "published_at") == ["2026-02-01"]
    assert values(script, "authors") == ["Ann Lee"]


AUTHORS = [
    ("Ann Lee", ["Ann Lee"]),
    (["Ann Lee", {"name": "Bo Ek"}], ["Ann Lee", "Bo Ek"]),
    ({"@type": "Organization", "name": "Harbour Herald"}, []),
    ({"name": ["Ann Lee", "Bo Ek"]}, ["Ann Lee", "Bo Ek"]),
    ({"name": {"@value": "Ann Lee"}}, ["Ann Lee"]),
    ("Ann &amp; Bo &amp;amp; Cy", ["Ann & Bo & Cy"]),
    ("<b>Ann</b> Lee", ["Ann Lee"]),
    (17, []),
    (None, []),
    ({}, []),
    ([[["deep"]]], []),
]


@pytest.mark.parametrize(("author", "names"), AUTHORS)
def test_author_forms(author: object, names: list[str]) -> None:
    """Texts, objects, lists and wrong types: people come out, the rest does not."""
    assert values(json.dumps({**ARTICLE, "author": author}), "authors") == names


def test_author_by_reference() -> None:
    """A reference by @id is followed in the graph."""
    graph = [{**ARTICLE, "author": {"@id": "#a"}}, {"@type": "Person", "@id": "#a", "name": "Ann Lee"}]
    assert values(json.dumps({"@graph": graph}), "authors") == ["Ann Lee"]


def test_the_page_s_own_article() -> None:
    """Of several articles the one with the page's URL is the page's."""
    other = {**ARTICLE, "headline": "Other", "url": "https://a.example/other"}
    own = {**ARTICLE, "headline": "Own", "mainEntityOfPage": {"@id": "https://a.example/own"}}
    found = read_json_ld([json.dumps([other, own])])
    node = main_node(found, ["http://www.a.example/own/"], [])
    assert node is not None
    assert node["headline"] == "Own"


def test_teasers_are_not_the_page() -> None:
    """Articles of an item list are not walked into."""
    listing = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": ARTICLE}]}
    assert values(json.dumps(listing), "title") == []


@pytest.mark.parametrize("depth", [100, 20_000, 200_000])
@pytest.mark.parametrize("opening", ['{"a":', "["])
def test_bottomless_nesting(depth: int, opening: str) -> None:
    """Nesting of any depth costs the script and nothing else."""
    load_part(opening * depth)
    closing = {"[": "]"}.get(opening, "1}")
    read_json_ld([opening * depth + (closing * depth if opening == "[" else "1" + "}" * depth)])


def test_deep_graph_is_walked_without_recursion() -> None:
    """A value nested in containers is walked by a queue."""
    value: dict[str, object] = dict(ARTICLE)
    for _ in range(400):
        value = {"@graph": [value]}
    assert values(json.dumps(value), "title") == ["H"]


def test_wrong_types_everywhere() -> None:
    """Numbers, lists and nulls where texts belong give no fact and no exception."""
    wrong = {
        "@type": "NewsArticle",
        "headline": {"x": 1},
        "datePublished": [1, None],
        "keywords": {"a": []},
        "image": [[]],
        "articleSection": 3.5,
        "publisher": "P",
        "inLanguage": {"name": "en"},
        "articleBody": 1,
        "wordCount": "many",
    }
    assert values(json.dumps(wrong), "title") == []
    assert types_of({"@type": [1, None, "A"]}) == {"A"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["@type", "@id", "author", "name", "headline", "@graph", "image", "url", "mainEntity"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_any_value(value: object) -> None:
    """No JSON value makes reading raise."""
    if isinstance(value, dict):
        value = {**value, "@type": "NewsArticle"}
    found = read_json_ld([json.dumps(value)])
    assert all(isinstance(fact.value, str) for fact in facts_of(found, main_node(found, ["x"], ["y"])))
