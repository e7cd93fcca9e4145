"""Held pages: released once, dropped, taken back, and published by whoever comes next when the command was killed."""

from collections.abc import Callable

import pytest

import copydesk
from schemas.identity import url_id
from schemas.measure import Measure
from schemas.reasons import DecisionKind
from schemas.table import frame
from tasks.errors import UsageError
from tasks.io.decisions import alone
from tasks.io.folder import DataFolder
from tasks.io.memory import last_rows
from tasks.io.staging import write_part
from tasks.io.tables import Snapshot
from tasks.io.verify_sums import check_sums
from tasks.publish.database import publish_tables
from tasks.store.held import release_healthy, settle_held, undo_settled, waiting
from tasks.store.release import publish_released
from tasks.store.run import store_run
from tests.store.staged import LONG, Page, current, facts, remembered, stage_run

A, B, C = (f"https://example.org/{name}" for name in "abc")
RELEASE, DROP = DecisionKind.RELEASE, DecisionKind.DROP
Ask = Callable[[str], list[tuple[object, ...]]]


def held_night(folder: DataFolder, run_id: str = "r1") -> None:
    """A run in which one page is published and two are held."""
    pages = [Page(A, text=LONG + "A."), Page(B, text=LONG + "B.", refused="hold", offset=1),
             Page(C, text=LONG + "C.", refused="hold", offset=2)]  # fmt: skip
    store_run(stage_run(folder, run_id, pages), facts())


def settle(folder: DataFolder, kind: DecisionKind, source: str | None = "paper", run: str | None = None) -> None:
    """The command: decide, then publish what is released."""
    with alone(folder, kind.value):
        settle_held(folder, kind, source, run)
    publish_released(folder, facts())


@pytest.fixture
def ask(folder: DataFolder) -> Ask:
    """Publishes, and asks the database."""

    def answer(query: str) -> list[tuple[object, ...]]:
        publish_tables(folder)
        with copydesk.connect(folder.root) as dataset:
            return dataset.execute(query).fetchall()

    return answer


def states(folder: DataFolder) -> list[str]:
    """The states of the three pages by their last rows of the ledger."""
    rows = last_rows(folder, "page", [url_id(url) for url in (A, B, C)])
    return rows.sort("url")["state"].to_list()


def sums(folder: DataFolder) -> list[str]:
    """What does not balance."""
    return [finding.what for finding in check_sums(Snapshot.open(folder), deep=True)]


def test_what_is_held_waits_and_is_not_published(folder: DataFolder, ask: Ask) -> None:
    """The view has the whole row; the alarm counts the pages; every URL is in one state."""
    held_night(folder)
    assert ask("select url, source_id, candidate is not null from held order by url") == [
        (B, "paper", True),
        (C, "paper", True),
    ]
    assert ask("select kind, subject, count from alarms") == [("source_held", "paper", 2)]
    assert states(folder) == ["stored", "held", "held"]
    assert len(current(folder)) == 1


def test_a_release_publishes_the_held_rows_once(folder: DataFolder, ask: Ask) -> None:
    """As a run of its own, whose sums hold; a second call, or a second release, finds nothing to do."""
    held_night(folder)
    settle(folder, RELEASE)
    assert states(folder) == ["stored", "stored", "stored"]
    assert len(current(folder)) == 3
    assert publish_released(folder, facts()) == []
    assert ask("select flow, found_count, stored_count from runs order by run_seq") == [
        ("nightly", 3, 1),
        ("release", 2, 2),
    ]
    assert ask("select count(*), count(distinct version_id) from article_versions") == [(3, 3)]
    assert ask("from held") == []
    assert ask("from alarms") == []
    assert sums(folder) == []
    with pytest.raises(UsageError, match="what does: nothing"):
        settle(folder, RELEASE)


def test_the_released_row_is_the_one_that_was_held(folder: DataFolder, ask: Ask) -> None:
    """Text, time and capture are those of the night; who made the row is the release."""
    held_night(folder)
    settle(folder, RELEASE)
    found = ask(f"select body, captured_at, capture_offset, version_id from articles where url = '{B}'")  # noqa: S608
    page = Page(B, text=LONG + "B.")
    assert found == [(page.text, ask("select min(captured_at) from articles")[0][0], 1, page.version)]


def test_a_command_that_was_killed_is_finished_by_the_next_run(folder: DataFolder) -> None:
    """The decision is committed, the run is not: whoever comes next publishes it, once."""
    held_night(folder)
    with alone(folder, "release"):
        settle_held(folder, RELEASE, "paper", None)
    assert len(current(folder)) == 1
    (summary,) = publish_released(folder, facts())
    assert (summary.flow, summary.counts.stored) == ("release", 2)
    assert publish_released(folder, facts()) == []
    assert len(current(folder)) == 3


def test_an_undone_release_waits_again_and_can_be_released_again(folder: DataFolder, ask: Ask) -> None:
    """What it had published is taken back with it; the second release stores the versions anew."""
    held_night(folder)
    settle(folder, RELEASE)
    with alone(folder, "release"):
        assert undo_settled(folder, RELEASE, "paper") == ["r1/paper"]
    assert publish_released(folder, facts()) == []
    assert [(one.target, one.page_count) for one in waiting(Snapshot.open(folder))] == [("r1/paper", 2)]
    assert ask("select count(*) from articles") == [(1,)]
    assert states(folder) == ["stored", "held", "held"]
    settle(folder, RELEASE)
    assert ask("select count(*) from articles") == [(3,)]
    assert sums(folder) == []


def test_dropped_pages_wait_no_longer_and_are_not_published(folder: DataFolder, ask: Ask) -> None:
    """Until the drop is undone."""
    held_night(folder)
    settle(folder, DROP)
    assert (ask("from held"), ask("select count(*) from articles")) == ([], [(1,)])
    assert ask("select kind, source_id from settled_holds") == [("drop", "paper")]
    with alone(folder, "drop"):
        undo_settled(folder, DROP, None)
    assert ask("select count(*) from held") == [(2,)]


def test_only_one_run_is_released(folder: DataFolder) -> None:
    """By the beginning of its id; the other waits."""
    held_night(folder, "r1")
    store_run(stage_run(folder, "r2", [Page("https://example.org/d", refused="hold")]), facts())
    settle(folder, RELEASE, None, "r2")
    assert [one.run_id for one in waiting(Snapshot.open(folder))] == ["r1"]


def test_a_page_that_was_read_again_since_waits_no_longer(folder: DataFolder, ask: Ask) -> None:
    """Its newer text stays the current one, also when the old one is released after all."""
    held_night(folder)
    later = Page(B, text=LONG + "B again.", day=3)
    store_run(stage_run(folder, "r2", remembered(folder, [later])), facts())
    assert ask("select url from held") == [(C,)]
    settle(folder, RELEASE)
    assert current(folder)[later.article] == later.version
    assert ask(f"select count(*) from article_versions where url = '{B}'") == [(2,)]  # noqa: S608
    assert sums(folder) == []


def measured(folder: DataFolder, run_id: str, verdict: str) -> None:
    """A run of which the radar had this to say."""
    run = stage_run(folder, run_id, [Page(f"https://example.org/{run_id}", text=LONG + run_id)])
    row = {"run_id": run_id, "source_id": "paper", "part": "", "measure": "has_authors", "bin": "yes", "count": 1,
           "of_count": 1, "verdict": verdict, "recorded_at": run.now}  # fmt: skip
    write_part(run.part("validate", "measures", "all"), Measure, frame(Measure, [row]))
    store_run(run, facts())


def test_a_source_that_looks_healthy_again_is_released_where_it_wishes_so(folder: DataFolder) -> None:
    """After two runs without a word; not after one, not while it is odd, and not without the wish."""
    held_night(folder)
    measured(folder, "r2", "usual")
    assert release_healthy(folder, ["paper"]) == []
    measured(folder, "r3", "hold")
    measured(folder, "r4", "usual")
    assert release_healthy(folder, ["paper"]) == []
    measured(folder, "r5", "usual")
    assert release_healthy(folder, ["other"]) == []
    assert [one.target for one in release_healthy(folder, ["paper"])] == ["r1/paper"]
    (summary,) = publish_released(folder, facts())
    assert summary.counts.stored == 2
    assert release_healthy(folder, ["paper"]) == []
