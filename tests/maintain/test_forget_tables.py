"""Which rows go with an article, which change, and which stay."""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing

import polars as pl
import pytest

import copydesk
from copydesk.traces import remove_traces
from tasks.io.captures import CaptureWriter, iter_records
from tasks.io.exchange import Exchange
from tasks.io.folder import DataFolder
from tasks.io.staging import RunContext
from tasks.io.tables import Snapshot
from tasks.io.verify import verify
from tasks.maintain.aim import Aim, aim_at_site, aim_at_url
from tasks.maintain.forget import forget
from tasks.maintain.forget_captures import find_captures
from tasks.publish.database import publish_tables
from tasks.store.run import store_run
from tests.io.committing import commit_rows, ledger_row
from tests.store.staged import LONG, Page, at, facts, stage_run

A, COPY, OTHER = "https://example.org/a", "https://other.example/copy", "https://example.org/other"


def store(folder: DataFolder, run_id: str, *pages: Page) -> None:
    """Commit a run of these pages."""
    store_run(stage_run(folder, run_id, pages), facts())


def forget_url(folder: DataFolder, url: str) -> Aim:
    """Forget an article, without publishing."""
    with forget(folder, lambda snapshot: aim_at_url(snapshot, url)) as found:
        return found.aim


def urls(folder: DataFolder, table: str, column: str = "url") -> list[str]:
    """The URLs of a table's rows, sorted."""
    return sorted(Snapshot.open(folder).read(table, [column])[column].to_list())


def test_all_urls_of_an_article_go_and_copies_on_other_sites_stay(folder: DataFolder) -> None:
    """An alias goes with it; the copy is another article, loses its tie, and is found by its text from now on."""
    store(folder, "r1", Page(A), Page(A + "?page=print", canonical=A, day=0.1), Page(OTHER, text=LONG + "other"))
    store(folder, "r2", Page(COPY, site="other.example", day=1))
    assert Snapshot.open(folder).read("links").height > 0
    assert urls(folder, "signatures") == [A, OTHER]
    aim = forget_url(folder, A + "?page=print")
    assert aim.urls == (A, A + "?page=print")
    assert set(urls(folder, "articles")) == {OTHER, COPY} == set(urls(folder, "ledger"))
    assert set(urls(folder, "signatures")) == {OTHER, COPY}
    assert Snapshot.open(folder).read("links").height == 0
    assert [told for told in verify(folder) if told.about == "sum"] == []
    (first,) = Snapshot.open(folder).read("runs").filter(pl.col("run_id") == "r1").to_dicts()
    assert (first["found_count"], first["known_count"], first["stored_count"]) == (3, 2, 1)


def test_another_url_of_a_forgotten_article_is_never_stored(folder: DataFolder) -> None:
    """It was not known, so it is fetched; then it is refused, its capture blanked, and the sums hold."""
    store(folder, "r1", Page(A))
    forget_url(folder, A)
    again = Page("https://amp.example.org/a", canonical=A, text=LONG + "secret", day=2, offset=0)
    run = RunContext("r2", at(10), folder)
    with CaptureWriter(folder, "r2", run.now, "0000") as writer:
        place = writer.write_resource(again.url, run.now, b"the secret " * 50, "text/plain")
    kept = {"capture_uri": place.uri, "capture_offset": place.offset, "final_url": A}
    store(folder, "r2", Page(**{**again.__dict__, "fetch": kept}))
    snapshot = Snapshot.open(folder)
    assert snapshot.read("articles").height == 0
    assert [(row["state"], row["reason"], row["final_url"]) for row in snapshot.read("ledger").to_dicts()] == [
        ("quarantined", "forgotten", None)
    ]
    (refusal,) = snapshot.read("quarantine").to_dicts()
    assert (refusal["stage"], refusal["candidate"], refusal["version_id"]) == ("store", None, None)
    assert [record.kind for record in iter_records(folder.resolve(place.uri))] == ["warcinfo", "metadata"]
    assert [told for told in verify(folder) if told.about == "sum"] == []


def test_readers_who_load_increments_are_told(folder: DataFolder) -> None:
    """Whoever holds a run from before; not who holds one from after."""
    store(folder, "r1", Page(A), Page(OTHER, text=LONG + "other"))
    aim = forget_url(folder, A)
    with forget(folder, lambda _: aim_at_site("other.example")):
        pass
    store(folder, "r2", Page(OTHER, text=LONG + "other", day=1))
    publish_tables(folder)
    with copydesk.connect(folder.root) as dataset:
        said = "select change, article_id, site from changes_since(?) where change <> 'back' order by all"
        told = dataset.execute(said, ["r1"]).fetchall()
        assert told == [("forgotten", aim.article_ids[0], None), ("forgotten", None, "other.example")]
        assert dataset.execute(said, ["r2"]).fetchall() == []


def line(site: str, name: str, text: str) -> dict[str, object]:
    """A row of the memory of sites."""
    seen = {"first_seen_at": at(0), "last_seen_at": at(0), "article_count": 3, "state": "learned"}
    return {
        "site": site,
        "line_hash": name,
        "text": text,
        "position": "line",
        "rules_version": "1",
        "run_id": "r2",
        **seen,
    }


def test_the_memory_of_a_site_forgets_what_only_that_article_said(folder: DataFolder) -> None:
    """A line that another article of the site has too stays, and so does that of another site."""
    store(folder, "r1", Page(A, text=LONG + "My own words."), Page(OTHER, text=LONG + "Shared line."))
    store(folder, "r1b", Page(A, text=LONG + "My own\n\nwords. Shared line.", day=1))
    lines = [
        line("example.org", "own", "My own words."),
        line("example.org", "shared", "Shared line."),
        line("other.example", "elsewhere", "My own words."),
    ]
    commit_rows(folder, "r2", {"site_lines": lines})
    forget_url(folder, A)
    assert urls(folder, "site_lines", "line_hash") == ["elsewhere", "shared"]


def test_rows_that_come_back_are_a_fault(folder: DataFolder) -> None:
    """Tables that were put back from an old copy: verification names the run."""
    store(folder, "r1", Page(A), Page(OTHER, text=LONG + "other"))
    forget_url(folder, A)
    assert [told for told in verify(folder) if told.about == "forgotten"] == []
    commit_rows(folder, "r9", {"ledger": [ledger_row("r9", A)]})
    (told,) = [told for told in verify(folder) if told.about == "forgotten"]
    assert (told.is_fault, told.where) == (True, "r9")


NAMES = [
    b'<a href="https://paper.example/a?x=1&amp;y=2">', b"//paper.example/a?x=1&y=2#top", b"(paper.example/a?x=1&y=2)",
    b'"http:\\/\\/paper.example\\/a?x=1&y=2"', b"paper&#46;example/".replace(b"&#46;", b".") + b"a?x&#61;1&#38;y&#61;2",
]  # fmt: skip
OTHERS = [b"https://paper.example/a", b"https://paper.example/a?x=1&y=22", b"https://paper.example/a?x=1&y=2/b", b""]


@pytest.mark.parametrize(("text", "is_named"), [*((text, True) for text in NAMES), *((text, False) for text in OTHERS)])
def test_a_url_is_found_however_it_is_written(text: bytes, is_named: bool) -> None:
    """As HTML, JSON and our own reports write it; not one that only begins the same."""
    aim = Aim(urls=("https://paper.example/a?x=1&y=2",))
    assert bool(aim.needle.search(text)) is is_named


@pytest.mark.parametrize(
    ("text", "is_named"),
    [(b"http://www.Paper.example/x", True), (b"a@paper.example.", True), (b"newspaper.example/", False),
     (b"paper.example.org", False), (b"my-paper.example", False)],
)  # fmt: skip
def test_a_site_is_found(text: bytes, is_named: bool) -> None:
    """Any host of it; not a site whose name only looks like it."""
    assert bool(Aim(site="paper.example").needle.search(text)) is is_named


def responses(run: RunContext, pages: Iterable[tuple[str, str, bytes]]) -> None:
    """Captures of pages: kind, URL, body."""
    with CaptureWriter(run.folder, run.run_id, run.now, "0000") as writer:
        for kind, url, body in pages:
            exchange = Exchange(
                url=url, final_url=url, status=200, reason="OK", headers=((b"Content-Type", b"text/html"),), body=body,
                captured_at=run.now,
            )  # fmt: skip
            writer.write_response(exchange, {"url": url, "site": "example.org", "kind": kind})


def test_listings_that_name_it_go_and_other_pages_stay(run: RunContext) -> None:
    """The second is told to the user; what has nothing to do with it is not."""
    pages = [
        ("page", A, b"the text"), ("listing", "https://example.org/feed", b"<link>https://example.org/a</link>"),
        ("page", OTHER, b'<a href="https://example.org/a">'), ("listing", "https://example.org/b.xml", b"nothing"),
    ]  # fmt: skip
    responses(run, pages)
    found = find_captures(run.folder, Aim(urls=(A,)))
    assert (found.record_count, found.naming) == (2, (OTHER,))


def test_reports_logs_and_prefects_database_lose_it_too(folder: DataFolder) -> None:
    """The report goes, the log keeps its length, the database its rows."""
    home = folder.root / "prefect"
    home.mkdir()
    (folder.reports / "r1.html").write_text(f"<p>{A}</p>")
    (folder.reports / "r2.html").write_text("<p>nothing</p>")
    (home / "server.log").write_text(f"fetched {A} twice\nand more\n")
    size = (home / "server.log").stat().st_size
    with closing(sqlite3.connect(home / "prefect.db")) as database:
        database.execute("CREATE TABLE log (id INTEGER, message TEXT)")
        database.executemany("INSERT INTO log VALUES (?, ?)", [(1, f"page {A}: The Title of It"), (2, "nothing")])
        database.commit()
    remove_traces(folder, Aim(urls=(A,)), ["The Title of It"])
    assert [path.name for path in folder.reports.iterdir()] == ["r2.html"]
    assert (home / "server.log").stat().st_size == size
    assert "and more" in (home / "server.log").read_text()
    for path in folder.root.rglob("*"):
        assert not (path.is_file() and re.search(rb"example\.org/a|The Title", path.read_bytes()))
    with closing(sqlite3.connect(home / "prefect.db")) as database:
        assert database.execute("SELECT * FROM log").fetchall() == [(1, "page https://***: ***"), (2, "nothing")]
