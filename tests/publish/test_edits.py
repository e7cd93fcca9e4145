"""The views over what changed: word diffs, stealth edits, and what a retraction takes out of them."""

from typing import Any

import pytest

from tasks.io.folder import DataFolder
from tests.publish.test_views import ask
from tests.sql.dataset import Tables, decision, version

OLD = version("a", 1, text="It cost 12 million.")
NEW = version("a", 2, text="It cost 15 million today.", run="r2") | {
    "kind_of_change": "stealth_edit",
    "change_share": 0.4,
    "previous_id": OLD["version_id"],
    "word_changes": [{"place": 3, "old": "12", "new": "15"}, {"place": 5, "old": "", "new": "today."}],
}
TYPO = version("b", 2, text="The bridge.", run="r2") | {
    "kind_of_change": "typo", "previous_id": version("b", 1, text="The brigde.")["version_id"], "word_changes": [],
}  # fmt: skip


@pytest.fixture
def tables(folder: DataFolder) -> Tables:
    """Two articles, each with an edit in the second run."""
    made = Tables(folder)
    made.add_runs(r1=1, r2=2)
    made.add("articles", OLD, version("b", 1, text="The brigde."))
    made.add("articles", NEW, TYPO)
    return made


def test_word_diff_in_one_line(tables: Tables) -> None:
    """Old words, new words, in the order of the text; a stretch without old words shows new ones only."""
    tables.publish()
    rows: list[tuple[Any, ...]] = ask(tables.folder, "select word_diff from edits where article_id = 'a'")
    assert rows == [("[-12-] {+15+} ... {+today.+}",)]


def test_stealth_edits_are_the_edits_of_that_kind(tables: Tables) -> None:
    """A typo is an edit, and no stealth edit."""
    tables.publish()
    assert ask(tables.folder, "select article_id from edits order by all") == [("a",), ("b",)]
    assert ask(tables.folder, "select article_id, previous_at < captured_at from stealth_edits") == [("a", True)]


def test_a_retracted_edit_is_none(tables: Tables) -> None:
    """An edit by a retracted run is not shown, nor one of a version that is not shown any more."""
    tables.add("decisions", decision("d", "retract_run", "r1", 3))
    tables.publish()
    assert ask(tables.folder, "from edits") == []
