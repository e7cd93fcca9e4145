"""The report's text: complete, balanced, and deaf to what pages say."""

import re
from datetime import timedelta

import pytest

from schemas.summary import Counts, RunSummary, SourceSummary
from tasks.report.facts import RunFacts
from tasks.report.markdown import LONGEST, balance, escape, funnel_rows, report_markdown
from tests.sql.dataset import START

GOOD = SourceSummary("gazette", "feed", "ok", None, None, Counts(found=5, known=2, stored=2, quarantined=1))
BAD = SourceSummary("tal|bote", "sitemap", "failed", "timeout", "The server <b>slept</b>.", Counts())
SUMMARY = RunSummary(
    run_id="20260301T020000Z-ab",
    flow="nightly",
    status="completed",
    reason=None,
    started_at=START,
    ended_at=START + timedelta(seconds=83),
    counts=GOOD.counts + BAD.counts,
    sources=(GOOD, BAD),
)
FACTS = RunFacts(
    refusals=(("reject", "check_failed", "body_min_words", 1, "https://a.example/stub"),),
    misses=(("failed", "timeout", 3, "https://a.example/slow"), ("deferred", "", 1, "https://a.example/x")),
    cuts=(("ad_marker", 7, 4, 91),),
    changes=(("first", 2, 1),),
)


def test_report_says_all() -> None:
    """How it ended, the funnel, each source, and a table for each kind of fact."""
    text = report_markdown(SUMMARY, FACTS)
    assert text.startswith(
        "# Run 20260301T020000Z-ab: completed\n\nFlow nightly, begun 2026-03-01 02:00:00 UTC, 1 min 23 s."
    )
    assert "found 5 = known 2 + stored 2 + quarantined 1\n" in text
    assert "| source | found | known | stored | quarantined |\n| --- | --- |" in text
    assert "| gazette | 5 | 2 | 2 | 1 |" in text
    assert "| all | 5 | 2 | 2 | 1 |" in text
    assert "- check&#95;failed: A check of the contract refused the row." in text
    assert "| ad&#95;marker | 7 | 4 | 91 |" in text
    assert "| first | 2 | 1 |" in text
    titles = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert titles == [
        "Where every URL went",
        "What was refused",
        "What could not be read",
        "What was cut or repaired",
        "What changed",
    ]


def test_sections_without_rows_are_left_out() -> None:
    """A quiet night has a short report."""
    assert re.findall(r"^## (.*)$", report_markdown(SUMMARY, RunFacts()), re.MULTILINE) == ["Where every URL went"]


def test_failed_run_says_why() -> None:
    """The reason stands at the top, and sources that failed are named with theirs."""
    failed = RunSummary(**{**vars(SUMMARY), "status": "failed", "reason": "Every page failed."})
    text = report_markdown(failed, RunFacts())
    assert text.splitlines()[:4] == [
        "# Run 20260301T020000Z-ab: failed",
        "",
        "Flow nightly, begun 2026-03-01 02:00:00 UTC, 1 min 23 s.",
        "Every page failed.",
    ]
    assert "- tal&#124;bote: The server &#60;b&#62;slept&#60;/b&#62;." in text


def test_balance_that_is_wrong_is_told() -> None:
    """A funnel that does not add up says by how much."""
    assert balance(Counts(found=3, stored=1)) == "found 3 = known 0 + stored 1 (does not balance: +2)"


def test_funnel_has_every_state() -> None:
    """The table artifact has one row a source and one for all, each with the nine states."""
    rows = funnel_rows(SUMMARY)
    assert [row["source"] for row in rows] == ["gazette", "tal&#124;bote", "all"]
    assert all(len(row) == 13 for row in rows)
    assert sum(int(value) for name, value in rows[-1].items() if name not in ("source", "found")) == rows[-1]["found"]


@pytest.mark.faults
@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain words, 12 of them.", "plain words, 12 of them."),
        ("<script>x</script>", "&#60;script&#62;x&#60;/script&#62;"),
        ("a | b", "a &#124; b"),
        ("[x](javascript:y)", "&#91;x&#93;&#40;javascript&#58;y&#41;"),
        ("# title", "&#35; title"),
        ("- item", "&#45; item"),
        ("1. item", "&#49;&#46; item"),
        ("a\n\n# b\tc", "a &#35; b c"),
        ("`code` *b* _i_ ~s~", "&#96;code&#96; &#42;b&#42; &#95;i&#95; &#126;s&#126;"),
        ("https://a.example", "https&#58;//a.example"),
        ("WWW.a.example me@a.example", "WWW&#46;a.example me&#64;a.example"),
        ("&lt;b&gt;", "&#38;lt;b&#38;gt;"),
        ("![x](y)", "&#33;&#91;x&#93;&#40;y&#41;"),
        ("a\x1b[31m\u202eb", "a &#91;31m b"),
        ("\\| \\<", "&#92;&#124; &#92;&#60;"),
    ],
)
def test_I9_text_of_pages_is_shown_not_obeyed(text: str, safe: str) -> None:
    """No sign of Markdown, HTML, a link or a terminal comes through."""
    assert escape(text) == safe


@pytest.mark.faults
def test_I9_long_text_is_cut() -> None:
    """A report stays readable whatever a page puts into a title."""
    assert escape("x" * 10_000) == "x" * (LONGEST - 1) + "…"
    assert len(escape("x" * LONGEST)) == LONGEST
