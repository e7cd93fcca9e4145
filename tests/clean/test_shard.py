"""A shard from parse to clean: rows, receipts, quarantine, and what happens on the second call."""

import json
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from schemas.article import PARAGRAPH_BREAK, Article
from schemas.candidate import candidate_row
from schemas.identity import content_hash, version_id
from schemas.quarantine import Quarantine
from schemas.reasons import REASON_TEXT, Reason
from schemas.removal import Removal
from schemas.table import empty, frame
from schemas.text import word_count
from tasks.clean import RULES_VERSION
from tasks.clean.article import CleanSettings
from tasks.clean.receipts import Removed, rebuild
from tasks.clean.shard import clean_rows, clean_shard
from tasks.clean.task import clean_shard as task
from tasks.io.staging import RunContext, read_part, write_part

Make = Callable[..., dict[str, Any]]
SETTINGS = CleanSettings()
SENTENCE = "The ferry, which is the last of its kind on this coast, will be sold on Friday."
DIRTY = PARAGRAPH_BREAK.join(
    [f"LISBON, Portugal (AP) — {SENTENCE}", "READ: Ferry late again", f"{SENTENCE} JMV/KLP", "RELATED VIDEO"]
)


class _Row:
    """A row of removals under the names that `rebuild` asks for."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.char_offset, self.text, self.replacement = row["char_offset"], row["text"], row["replacement"]


def _receipts(removals: pl.DataFrame, field: str) -> list[Removed]:
    return [_Row(row) for row in removals.filter(field=field).sort("seq").iter_rows(named=True)]


def test_dirty_article(run: RunContext, article_row: Make) -> None:
    """Text, columns, ids, blocks and receipts of one article agree."""
    blocks = [{"kind": kind, "text": text} for kind, text in zip("abcd", DIRTY.split(PARAGRAPH_BREAK), strict=True)]
    row = article_row(title="Ferry&nbsp;sold ", body=DIRTY, blocks=blocks)
    clean, removals, refused = clean_rows(frame(Article, [row]), run, SETTINGS)
    made = clean.row(0, named=True)
    assert (made["title"], made["body"]) == ("Ferry sold", f"{SENTENCE}\n\n{SENTENCE}")
    assert (made["agency"], made["dateline"], made["editor_initials"]) == ("AP", "LISBON, Portugal", ["JMV", "KLP"])
    assert [(block["kind"], block["text"]) for block in made["blocks"]] == [("a", SENTENCE), ("c", SENTENCE)]
    assert made["word_count"] == word_count(made["body"]) == 34
    assert made["rules_version"] == RULES_VERSION
    assert made["content_hash"] == content_hash(made["title"], made["body"])
    assert made["version_id"] == version_id("a1", row["captured_at"], "sha1:X", made["content_hash"])
    assert removals["version_id"].unique().to_list() == [made["version_id"]]
    assert rebuild(made["title"], _receipts(removals, "title")) == row["title"]
    assert rebuild(made["body"], _receipts(removals, "body")) == DIRTY
    assert removals.filter(field="body")["kind"].to_list() == [
        "dateline", "agency", "promo_link", "editor_initials", "promo_heading",
    ]  # fmt: skip
    assert refused.is_empty()


def test_plain_article_is_the_same_row_with_ids(run: RunContext, article_row: Make) -> None:
    """Every column that cleaning does not set comes through, in the order of the rows."""
    rows = frame(Article, [article_row(number, body=SENTENCE) for number in (1, 2, 3)])
    clean, removals, _ = clean_rows(rows, run, SETTINGS)
    sets = ["word_count", "rules_version"]
    assert clean.drop(sets).equals(rows.drop(sets))
    assert removals.is_empty()


def test_cleaning_a_clean_row_keeps_what_moved(run: RunContext, article_row: Make) -> None:
    """Columns that were filled from the text are not emptied when the clean row is cleaned again."""
    once, _, _ = clean_rows(frame(Article, [article_row(body=DIRTY)]), run, SETTINGS)
    twice, removals, _ = clean_rows(once, run, SETTINGS)
    assert twice.equals(once)
    assert removals.is_empty()


def test_rule_is_off_for_one_site_only(run: RunContext, article_row: Make) -> None:
    """The switch of one site leaves the other alone."""
    body = f"{SENTENCE}\n\nREAD: Ferry late again"
    rows = frame(Article, [article_row(1, body=body), article_row(2, body=body, site="other.example")])
    settings = CleanSettings(off={"other.example": frozenset({"promo_link.label_capitals"})})
    clean, _, _ = clean_rows(rows, run, settings)
    assert clean["body"].to_list() == [SENTENCE, body]


@pytest.mark.parametrize(
    ("body", "over"),
    [
        ("\n\n".join([SENTENCE, *["READ: Ferry late again for the third day running"] * 8]), True),
        ("\n\n".join([SENTENCE, "READ: Ferry late again for the third day running"]), False),
        ("\n\n".join([*[SENTENCE] * 10, *["READ: Ferry late again for the third day running"] * 8]), False),
        ("READ: Ferry late again", True),
        ("\n\n".join(["ADVERTISEMENT"] * 3), True),
        (f"{SENTENCE}{' ' * 2000}{SENTENCE}", False),
        (f"{'Ð¿Ñ€Ð¸Ð²ÐµÑ‚ ' * 60}{SENTENCE}", False),
    ],
    ids=["most", "little", "less than the share", "all", "all of three", "white space", "mojibake"],
)
@pytest.mark.faults
def test_E7_over_cleaned(run: RunContext, article_row: Make, body: str, over: bool) -> None:
    """More than the limit, or all: the text stays and the candidate with it goes to quarantine."""
    row = article_row(body=body)
    clean, removals, refused = clean_rows(frame(Article, [row]), run, SETTINGS)
    assert (clean.height, refused.height) == ((0, 1) if over else (1, 0))
    if over:
        found = refused.row(0, named=True)
        assert (found["reason"], found["stage"], found["field"]) == (Reason.OVER_CLEANED.value, "clean", "body")
        assert found["message"] == REASON_TEXT[Reason.OVER_CLEANED]
        assert json.loads(found["candidate"])["body"] == body
        assert candidate_row(found["candidate"]).equals(frame(Article, [row]))
        assert removals.is_empty()


def test_images_keep_their_places(run: RunContext, article_row: Make) -> None:
    """Images and entries stand between the same blocks as before the cuts; rows from before the columns stay null."""
    images = [{"url": f"https://a.example/{place}.jpg", "place": place, "is_lead": False} for place in range(5)]
    rows = [
        article_row(body=DIRTY, images=images, entry_places=[2, None, 0]),
        article_row(body=DIRTY),
        article_row(body=SENTENCE, images=images[:2], entry_places=[2, None, 0]),
    ]
    clean, _, _ = clean_rows(frame(Article, rows), run, SETTINGS)
    places = [None if row is None else [image["place"] for image in row] for row in clean["images"].to_list()]
    assert places == [[0, 1, 1, 2, 2], None, [0, 1]]
    assert clean["entry_places"].to_list() == [[1, None, 0], None, [2, None, 0]]
    assert [image["url"] for image in clean["images"][0]] == [image["url"] for image in images]


def test_blocks_that_are_not_the_body_are_made_again(run: RunContext, article_row: Make) -> None:
    """A slip of parse costs the blocks' kinds, says so, and does not cost the shard."""
    row = article_row(body=DIRTY, blocks=[{"kind": "paragraph", "text": "another text"}])
    clean, _, _ = clean_rows(frame(Article, [row]), run, SETTINGS)
    assert clean["flags"].to_list() == [["blocks_rebuilt"]]
    assert [(block["kind"], block["text"]) for block in clean["blocks"][0]] == [("paragraph", SENTENCE)] * 2


def test_flags_say_what_was_repaired(run: RunContext, article_row: Make) -> None:
    """Repaired mojibake is noted beside what parse noted."""
    row = article_row(body="The cafÃ© is closed, isnâ€™t it?", flags=["sources_disagree"])
    clean, _, _ = clean_rows(frame(Article, [row]), run, SETTINGS)
    assert clean["flags"].to_list() == [["sources_disagree", "encoding_repaired"]]


@pytest.mark.parametrize("call", [clean_shard, task.fn], ids=["function", "task"])
def test_shard_is_read_and_written_once(run: RunContext, article_row: Make, call: Callable[..., Any]) -> None:
    """Three parts; a second call counts and does not clean again."""
    rows = [article_row(1, body=DIRTY), article_row(2, body=SENTENCE), article_row(3, body="ADVERTISEMENT")]
    write_part(run.part("parse", "articles", "s1"), Article, frame(Article, rows))
    first = call(run, "s1", SETTINGS)
    assert (first.read_count, first.passed_count, first.refused_count, first.removal_count) == (3, 2, 1, 5)
    for table, model, height in (("articles", Article, 2), ("removals", Removal, 5), ("quarantine", Quarantine, 1)):
        assert read_part(run.part("clean", table, "s1"), model).height == height
    run.part("parse", "articles", "s1").unlink()
    assert call(run, "s1", SETTINGS) == first


def test_empty_shard(run: RunContext) -> None:
    """A shard of which parse refused every page has three empty parts."""
    write_part(run.part("parse", "articles", "s0"), Article, empty(Article))
    assert clean_shard(run, "s0", SETTINGS).read_count == 0
    assert read_part(run.part("clean", "articles", "s0"), Article).is_empty()


def test_same_rows_in_any_shards_give_the_same_result(run: RunContext, article_row: Make) -> None:
    """Shards are batches, not meaning: one by one or together, the rows are the same."""
    rows = frame(Article, [article_row(n, body=DIRTY if n % 2 else SENTENCE) for n in range(6)])
    together, receipts, _ = clean_rows(rows, run, SETTINGS)
    apart = [clean_rows(rows[n : n + 1], run, SETTINGS) for n in range(6)]
    assert pl.concat([clean for clean, _, _ in apart]).equals(together)
    assert pl.concat([removals for _, removals, _ in apart]).equals(receipts)
