"""Captures read again: the plan tells what is then committed, nobody is asked, and what is known of URLs stays."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from prefect.logging import disable_run_logger

from copydesk.connection import connect
from copydesk.demo.papers import NIGHTS, write_sources
from copydesk.demo.server import DemoSite
from flows.begin import begin_run
from flows.calls import directly
from flows.reprocess import Reprocessed, read_again
from schemas.source import Source
from tasks.discover.sources_file import load_sources
from tasks.errors import PlanMovedError, UsageError
from tasks.fetch.again import Selection
from tasks.io.folder import DataFolder
from tasks.io.recovery import hold_run
from tasks.io.tables import Snapshot
from tasks.io.verify import verify
from tasks.publish.database import publish_tables
from tasks.store import plan as plans
from tasks.store import run as stores
from tasks.store.facts import REPROCESS
from tasks.store.rollback import rollback
from tests.docs.archive import write_archive
from tests.flows.nights import NIGHT, run_night, settings_of, write_pages

pytestmark = pytest.mark.flow
LATER = NIGHT + timedelta(days=30)


class Made:
    """A data folder after three nights of the demo, and its sources."""

    def __init__(self, root: Path) -> None:
        self.folder = DataFolder(root / "data")
        self.folder.prepare()
        self.path = root / "sources.yaml"
        with DemoSite({"gazette": 0, "valle": 0, "talbote": 0}) as site:
            write_sources(self.path, site.bases)
            self.sources = load_sources(self.path)
            for night in NIGHTS:
                site.set_night(night)
                run_night(self.folder, self.sources, NIGHTS[night])


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Made once, only read."""
    return Made(tmp_path_factory.mktemp("reprocess"))


@pytest.fixture
def own(demo: Made, tmp_path: Path) -> Made:
    """A copy that may be changed."""
    copied = object.__new__(Made)
    copied.folder, copied.sources, copied.path = DataFolder(tmp_path / "own"), demo.sources, demo.path
    shutil.copytree(demo.folder.root, copied.folder.root)
    return copied


@pytest.fixture
def small(folder: DataFolder, tmp_path: Path) -> Made:
    """Two folders of two documents each, of two nights; each document has a promo link."""
    made = object.__new__(Made)
    made.folder, made.sources = folder, []
    for night, site in enumerate(("desk", "shelf")):
        for path in write_pages(tmp_path / site, 2).iterdir():
            own = path.read_text(encoding="utf-8").replace("text", site)
            path.write_text(own + "\nREAD: Ferry late again", encoding="utf-8")
        entry = {"id": site, "kind": "folder", "path": str(tmp_path / site), "site": site, "language": "en"}
        made.sources.append(Source.model_validate(entry))
        for path in (tmp_path / site).iterdir():
            os.utime(path, times=((NIGHT + timedelta(days=night)).timestamp(),) * 2)
        run_night(folder, made.sources, NIGHT + timedelta(days=1 + night))
    return made


def off(made: Made, *names: str) -> list[Source]:
    """The sources with these repairs switched off."""
    return [source.model_copy(update={"rules_off": names}) for source in made.sources]


def again(
    folder: DataFolder,
    sources: list[Source],
    selection: Selection | None = None,
    *,
    dry_run: bool = False,
    token: str | None = None,
) -> Reprocessed:
    """One reprocess without Prefect's server."""
    with disable_run_logger():
        return asyncio.run(
            read_again(
                folder, sources, settings_of(folder), selection or Selection(), directly,
                dry_run=dry_run, token=token, now=LATER,
            )
        )  # fmt: skip


def rows_of(folder: DataFolder, table: str) -> pl.DataFrame:
    """All committed rows."""
    return Snapshot.open(folder).read(table)


def test_nothing_changes_by_the_same_rules(own: Made) -> None:
    """Every capture gives the text that is stored; nothing is committed, nothing is left in staging."""
    before = Snapshot.open(own.folder).version
    done = again(own.folder, own.sources)
    assert done.plan is not None
    assert (done.plan.is_empty, done.plan.refused, done.summary, done.missing) == (True, {}, None, {})
    assert done.plan.page_count >= rows_of(own.folder, "articles").height
    assert Snapshot.open(own.folder).version == before
    assert list(own.folder.staging.iterdir()) == []


def test_what_the_plan_tells_is_what_is_committed(own: Made) -> None:
    """New versions of kind reprocessed, as many as told, of the same captures; the folder verifies."""
    sources = off(own, "promo_link", "ad_marker", "appeal")
    old = rows_of(own.folder, "articles")
    plan = again(own.folder, sources, dry_run=True).plan
    assert plan is not None
    assert plan.version_count >= plan.article_count > 3
    assert plan.added_chars > 10 * plan.removed_chars
    assert plan.kinds == {"reprocessed": plan.version_count}
    assert all(sample.kind == "reprocessed" and sample.changes for sample in plan.samples)
    assert rows_of(own.folder, "articles").height == old.height

    done = again(own.folder, sources, token=plan.token)
    assert done.plan == plan
    assert done.summary is not None
    new = rows_of(own.folder, "articles").filter(run_id=done.summary.run_id)
    assert (new.height, new["article_id"].n_unique()) == (plan.version_count, plan.article_count)
    assert set(new["kind_of_change"]) == {"reprocessed"}
    capture = ["article_id", "captured_at", "capture_digest"]
    assert new.join(old, on=capture, how="semi").height == new.height
    assert verify(own.folder, deep=True) == []


def test_what_is_known_of_urls_stays(own: Made) -> None:
    """The last ledger row of each URL says the same, but for its version; no source was polled, no page asked for."""
    before = {row["url_id"]: row for row in _last(own.folder)}
    done = again(own.folder, off(own, "promo_link"))
    assert done.summary is not None
    same = ("etag", "last_modified", "payload_digest", "next_try_at", "failure_count", "unchanged_count", "captured_at",
            "source_id", "http_status", "last_full_at")  # fmt: skip
    after = {row["url_id"]: row for row in _last(own.folder)}
    assert {key: [row[name] for name in same] for key, row in before.items()} == {
        key: [row[name] for name in same] for key, row in after.items()
    }
    gone = {key for key, row in before.items() if row["state"] == "gone"}
    assert gone
    assert all(after[key]["state"] == "gone" for key in gone)
    run = rows_of(own.folder, "runs").filter(run_id=done.summary.run_id).row(0, named=True)
    assert (run["flow"], run["request_count"], run["body_bytes"]) == ("reprocess", 0, 0)
    with connect(own.folder.root) as dataset:
        assert dataset.sql(
            "select count(*) from captures where run_id = $run", params={"run": run["run_id"]}
        ).fetchall() == [(0,)]
        assert dataset.sql("select max(last_run_at) from sources_health").fetchall()[0][0] < run["ended_at"]


def _last(folder: DataFolder) -> list[dict[str, object]]:
    with Snapshot.open(folder).connect("ledger", "runs") as connection:
        found = connection.sql(
            "select ledger.* from ledger join runs using (run_id) where kind = 'page'"
            " qualify row_number() over (partition by url_id order by run_seq desc) = 1"
        )
        return pl.DataFrame(found.to_arrow_table()).to_dicts()


def test_there_and_back(small: Made) -> None:
    """A second look finds nothing; by the first rules again each text is as it was, and so there and back once more."""
    before = texts(small.folder)
    changed = off(small, "promo_link")
    assert again(small.folder, changed).summary is not None
    there = texts(small.folder)
    assert there != before
    assert again(small.folder, changed).summary is None
    for sources, wanted in ((small.sources, before), (changed, there)):
        done = again(small.folder, sources)
        assert done.plan is not None
        assert set(done.plan.kinds) == {"reprocessed"}
        assert texts(small.folder) == wanted
    assert verify(small.folder) == []


def texts(folder: DataFolder) -> dict[str, str]:
    """The body that is shown of each article."""
    publish_tables(folder)
    with connect(folder.root) as dataset:
        return dict(dataset.sql("select article_id, body from articles").fetchall())


@pytest.mark.parametrize("ahead", [False, True], ids=["before it begins", "while it reads"])
def test_tables_that_moved(small: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ahead: bool) -> None:
    """A night between look and commit: refused with a sentence, and nothing is changed."""
    sources = off(small, "promo_link")
    plan = again(small.folder, sources, dry_run=True).plan
    assert plan is not None
    local = [
        Source.model_validate({"id": "t", "kind": "folder", "path": str(write_pages(tmp_path / "t", 1)), "site": "t"})
    ]

    def night() -> None:
        run_night(small.folder, local, NIGHT + timedelta(days=20))

    if ahead:
        make = plans.make_draft
        monkeypatch.setattr(stores, "make_draft", lambda *words: (make(*words), monkeypatch.undo(), night())[0])
    else:
        night()
    with pytest.raises(PlanMovedError, match="The tables have moved since"):
        again(small.folder, sources, token=plan.token)
    flows = rows_of(small.folder, "runs")["flow"].to_list()
    assert (flows.count("nightly"), flows.count("reprocess")) == (3, 0)
    assert list(small.folder.staging.iterdir()) == []


@pytest.mark.parametrize("selection", [Selection(site="shelf"), Selection()], ids=["selection", "rules"])
def test_a_plan_of_something_else(small: Made, selection: Selection) -> None:
    """Another selection, or other rules, than those that were looked at: refused."""
    plan = again(small.folder, off(small, "promo_link"), dry_run=True).plan
    assert plan is not None
    other = off(small, "promo_link") if selection.site else off(small, "ad_marker")
    with pytest.raises(PlanMovedError, match="Something that steers the result has changed"):
        again(small.folder, other, selection, token=plan.token)


def test_no_token(folder: DataFolder) -> None:
    """A word that no look has printed."""
    with pytest.raises(UsageError, match="is no plan"):
        again(folder, [], token="latest")


def test_some_of_it(small: Made) -> None:
    """One site, or what came since a night: only these versions, and nothing of a site that is not there."""
    sources = off(small, "promo_link")
    site = again(small.folder, sources, Selection(site="shelf"), dry_run=True).plan
    late = again(small.folder, sources, Selection(since=NIGHT + timedelta(days=1)), dry_run=True).plan
    none = again(small.folder, sources, Selection(site="nowhere.example"), dry_run=True).plan
    assert site is not None
    assert late is not None
    assert none is not None
    assert list(site.sites) == ["shelf"]
    old = rows_of(small.folder, "articles").filter(pl.col("captured_at") >= NIGHT + timedelta(days=1))
    assert late.page_count > 0
    assert late.version_count <= old.height
    assert (none.page_count, none.is_empty) == (0, True)


def test_a_capture_that_is_gone_keeps_its_text(own: Made) -> None:
    """Retention removed a file: its versions are counted by name, and stand as they were."""
    gone = max(own.folder.captures.rglob("*.warc.gz"), key=lambda path: path.stat().st_size)
    gone.unlink()
    done = again(own.folder, off(own, "promo_link"))
    assert list(done.missing) == [own.folder.relative(gone)]
    kept = rows_of(own.folder, "articles").filter(capture_uri=own.folder.relative(gone))
    assert kept.height == len(set(kept["capture_offset"])) > 0
    assert set(kept["kind_of_change"]) & {"reprocessed"} == set()


def test_a_killed_one_is_forgotten(small: Made) -> None:
    """What it staged is dropped by the next run, which does not take it for a night that waits to be finished."""
    begun = begin_run(small.folder, REPROCESS, small.sources, settings_of(small.folder).recorded(), now=LATER)
    with hold_run(small.folder, begun.context.run_id):
        pass
    assert [path.name for path in small.folder.staging.iterdir()] == [begun.context.run_id]
    again(small.folder, small.sources, dry_run=True)
    assert list(small.folder.staging.iterdir()) == []
    assert "recovered" not in set(rows_of(small.folder, "runs")["status"])


SENTENCE = "The ferry, which is the last of its kind on this coast, will be sold on Friday to a museum in the north."
PROMOS = [f"READ: Ferry late again for the {number}th day running" for number in range(8)]


@pytest.fixture
def refused(folder: DataFolder, tmp_path: Path) -> list[Source]:
    """A source of two documents, of which a night has refused one because cleaning would take most of it."""
    write_pages(tmp_path / "desk", 1)
    lines = ["The ferry is sold", SENTENCE, *PROMOS]
    (tmp_path / "desk" / "ferry.txt").write_text("\n".join(lines), encoding="utf-8")
    source = Source.model_validate({"id": "desk", "kind": "folder", "path": str(tmp_path / "desk"), "site": "desk"})
    assert run_night(folder, [source], NIGHT).counts.quarantined == 1
    return [source]


@pytest.mark.faults
def test_G6_what_passes_now_is_published_and_closed(folder: DataFolder, refused: list[Source]) -> None:
    """By the rules that refused it nothing; by others the page is an article, and its row is closed by a decision."""
    asked = Selection(quarantined=True)
    same = again(folder, refused, asked)
    assert same.plan is not None
    assert (same.plan.page_count, same.plan.is_empty, same.plan.refused) == (1, True, {"promo_link.label_capitals": 1})
    changed = [refused[0].model_copy(update={"rules_off": ("promo_link",)})]
    looked = again(folder, changed, asked, dry_run=True).plan
    assert looked is not None
    (row,) = rows_of(folder, "quarantine")["quarantine_id"]
    assert (looked.kinds, looked.closed) == ({"first": 1}, (row,))
    assert looked.added_chars > len("".join(PROMOS))
    done = again(folder, changed, asked, token=looked.token)
    assert done.summary is not None
    decided = rows_of(folder, "decisions").row(0, named=True)
    assert (decided["kind"], decided["target"], decided["run_id"]) == ("close", row, done.summary.run_id)
    assert PROMOS[0] in "".join(texts(folder).values())
    again_ = again(folder, changed, asked).plan
    assert again_ is not None
    assert again_.page_count == 0
    assert verify(folder) == []


def test_what_a_run_closed_that_is_taken_back_is_open_again(folder: DataFolder, refused: list[Source]) -> None:
    """A rollback hides the article, and its page waits for the next look."""
    (night,) = rows_of(folder, "runs")["run_id"]
    changed = [refused[0].model_copy(update={"rules_off": ("promo_link",)})]
    assert again(folder, changed, Selection(quarantined=True)).summary is not None
    rollback(folder, night)
    plan = again(folder, changed, Selection(quarantined=True), dry_run=True).plan
    assert plan is not None
    assert len(plan.closed) == 1


def test_a_web_archive_is_read_again(folder: DataFolder, tmp_path: Path) -> None:
    """Its pages lie elsewhere: the rows beside our captures say where, and what the listing said."""
    pages = {f"https://paper.example/{n}": f"Ferry number {n} leaves" for n in range(3)}
    write_archive(tmp_path / "crawl.warc.gz", pages)
    source = Source.model_validate({"id": "crawl", "kind": "warc", "path": str(tmp_path / "crawl.warc.gz")})
    stored = run_night(folder, [source], NIGHT).counts.stored
    done = again(folder, [source], dry_run=True)
    assert done.plan is not None
    assert (done.plan.page_count, done.plan.is_empty, done.missing) == (stored, True, {})
    (tmp_path / "crawl.warc.gz").unlink()
    assert again(folder, [source], dry_run=True).missing == {(tmp_path / "crawl.warc.gz").as_uri(): stored}


WITHOUT_NETWORK = """
import sys
FORBIDDEN = {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname"}
def refuse(event, words):
    if event in FORBIDDEN and words[1:] != (("::1", 0),):  # urllib3 looks so, when imported, whether there is IPv6
        raise SystemExit(f"the network was asked for: {event} {words}")
sys.addaudithook(refuse)
from copydesk.cli import main
sys.argv[0] = "copydesk"
main()
"""


def command(made: Made, *words: str) -> dict[str, Any]:
    """What the command prints as JSON, in a process that ends at the first touch of the network."""
    asked = ["reprocess", "--data", str(made.folder.root), "--sources", str(made.path), "--workers", "0", "--json"]
    line = [sys.executable, "-c", WITHOUT_NETWORK, *asked, *words]
    done = subprocess.run(line, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_command_opens_no_socket(own: Made, tmp_path: Path) -> None:
    """Look, then commit by the token: equal counts, and the process never touches the network."""
    text = own.path.read_text(encoding="utf-8")
    own.path = tmp_path / "sources.yaml"
    own.path.write_text(re.sub(r"(?m)^( *)- id:", r"\1- rules_off: [promo_link]\n\1  id:", text), encoding="utf-8")
    looked = command(own, "--dry-run")
    assert looked["run_id"] is None
    done = command(own, "--plan", looked["plan"]["token"])
    assert done["plan"] == looked["plan"]
    stored = rows_of(own.folder, "articles").filter(run_id=done["run_id"])
    assert stored.height == looked["plan"]["version_count"] > 0
