"""What is kept beside the model's judgement: runs, tables, fields that the page declares."""

import numpy as np
import pytest

from tasks.parse.dom import parse_dom
from tasks.parse.extractor.keep import keep
from tasks.parse.extractor.walk import walk

LONG = "A sentence that is as long as paragraphs of an article are, number {}, and says nothing at all of note."
RUN = "".join(f"<p>{LONG.format(number)}</p>" for number in range(6))


def kept(html: str, unlikely: dict[str, float]) -> list[str]:
    """The texts kept when the model gives .9 to all blocks but those."""
    dom = parse_dom(f"<html><body>{html}</body></html>")
    assert dom is not None
    page = walk(dom.tree)
    found = keep(page, np.array([unlikely.get(text, 0.9) for text in page.texts]))
    return [page.texts[index] for index in np.flatnonzero(found).tolist()]


@pytest.mark.parametrize(
    ("odd", "probability", "expected"),
    [
        ("<p>I tune. Others play.</p>", 0.2, True),
        ("<p>I tune. Others play.</p>", 0.05, False),
        ("<p>Also of interest</p>", 0.2, False),
        ("<p>Also of interest</p>", 0.45, True),
        ('<p><a href="/">I tune. Others play.</a></p>', 0.45, False),
        ('<p class="more">I tune. Others play.</p>', 0.45, False),
        ("<div>I tune. Others play.</div>", 0.45, False),
    ],
)
def test_a_run_stays_whole(odd: str, probability: float, expected: bool) -> None:
    """A short sentence among paragraphs like it is kept; links, labels and what looks different are not."""
    text = "Also of interest" if "Also" in odd else "I tune. Others play."
    assert (text in kept(RUN + odd, {text: probability})) == expected


def test_few_paragraphs_prove_nothing() -> None:
    """Where little is kept a doubtful paragraph stays out."""
    assert kept("<p>One.</p><p>Two.</p>", {"Two.": 0.45}) == ["One."]


TABLE = "<table><tr><th>Winter</th><th>People</th></tr><tr><td>2019</td><td>41</td></tr></table>"


@pytest.mark.parametrize(
    ("unlikely", "expected"),
    [(["Winter", "People"], ["Winter", "People", "2019", "41"]), (["Winter", "People", "2019"], ["41"])],
)
def test_a_table_stays_whole(unlikely: list[str], expected: list[str]) -> None:
    """All cells of a table of which half are kept, none more of another."""
    assert kept(TABLE, dict.fromkeys(unlikely, 0.1)) == expected


@pytest.mark.parametrize(
    ("mark", "body", "expected"),
    [
        ('<span itemprop="description">In short.</span>', 'itemprop="articleBody"', False),
        ('<span itemprop="description">In short.</span>', "", True),
        ('<span itemprop="text">In short.</span>', 'itemprop="articleBody"', True),
        ('<span itemprop="description">In</span> short.', 'itemprop="articleBody"', True),
    ],
)
def test_declared_fields_are_no_body(mark: str, body: str, expected: bool) -> None:
    """What the page marks as another field before what it marks as its body is left out; whole lines only."""
    assert ("In short." in kept(f"<div>{mark}<br><br></div><div {body}>{RUN}</div>", {})) == expected
