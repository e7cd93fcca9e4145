"""Alarms: a listing that fails again and again, and publishers that shut us out; told by report, status and doctor."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest

from copydesk.doctor import examine
from copydesk.status import alarm_text, read_status
from flows.settings import Settings
from schemas.summary import Counts, RunSummary
from tasks.io.folder import DataFolder
from tasks.report import task as shell
from tasks.report.alarms import LEAST_FREE_BYTES, alarm_sentence, run_alarms
from tasks.report.facts import read_facts
from tasks.report.markdown import report_markdown
from tests.publish.test_people_and_sources import source
from tests.publish.test_views import ask
from tests.sql.dataset import Tables, day, seen, version


@pytest.fixture
def tables(folder: DataFolder) -> Tables:
    """Five runs."""
    made = Tables(folder)
    made.add_runs(**{f"r{seq}": seq for seq in range(1, 6)})
    return made


def pages(run: str, states: str, source_id: str = "wire", site: str = "a.example") -> Iterable[dict[str, Any]]:
    """Ledger rows, one a letter: s stored, b blocked by a status, c by a challenge, r by robots.txt, d not asked."""
    ends = {"s": ("stored", None), "b": ("blocked", "http_status"), "c": ("blocked", "challenge")}
    ends |= {"r": ("blocked", "robots_disallowed"), "d": ("deferred", "limit")}
    for number, letter in enumerate(states):
        state, reason = ends[letter]
        url = f"https://{site}/{run}/{number}"
        more = {"reason": reason, "site": site, "source_id": source_id, "detail": "status 403" if reason else None}
        yield seen(url, state, 1, run, attempt_count=0 if letter in "rd" else 1, **more)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("runs", "alarms"),
    [
        ({"r1": "bbbbb"}, [("source_blocked", 5, 5)]),
        ({"r1": "bbcss"}, [("source_blocked", 3, 5)]),
        ({"r1": "bbsssss"}, []),
        ({"r1": "bbbb"}, []),
        ({"r1": "bbbbrrrdd"}, []),
        ({"r1": "rrrrrrrr"}, []),
        ({"r1": "bbbbb", "r2": "sssss"}, []),
        ({"r1": "bbbbb", "r2": "ss"}, [("source_blocked", 5, 5)]),
        ({"r1": "sssss", "r2": "bbbbbs"}, [("source_blocked", 5, 6)]),
    ],
)
def test_A18_a_source_that_is_shut_out_gives_an_alarm(
    tables: Tables, runs: dict[str, str], alarms: list[tuple[str, int, int]]
) -> None:
    """Half of the pages of the last run that asked for five; robots.txt and what was not asked for do not count."""
    tables.add("run_sources", source("r1"))
    for run, states in runs.items():
        tables.add("ledger", *pages(run, states))
    tables.publish()
    assert ask(tables.folder, "select kind, count, of_count from alarms") == alarms


@pytest.mark.faults
def test_A18_a_site_that_several_sources_list_gives_an_alarm(tables: Tables) -> None:
    """A site shuts us out though each source reads enough of others; one whose source is named already is not told."""
    tables.add("run_sources", source("r1"))
    tables.add("ledger", *pages("r1", "bbb", "x", "shut.example"), *pages("r1", "bbb", "y", "shut.example"))
    tables.add("ledger", *pages("r1", "ssssss", "x", "open.example"), *pages("r1", "ssssss", "y", "fine.example"))
    tables.add("ledger", *pages("r1", "bbbbbb", "z", "only.example"))
    tables.publish()
    found = ask(tables.folder, "select kind, subject, count, of_count from alarms order by kind desc, subject")
    assert found == [("source_blocked", "z", 6, 6), ("site_blocked", "shut.example", 6, 6)]


@pytest.mark.faults
@pytest.mark.parametrize(
    ("runs", "count"),
    [
        ({"r1": ("v1", 30)}, (30, 30)),
        ({"r1": ("v1", 19)}, None),
        ({"r1": ("v1", 30), "r2": ("other", 30)}, None),
        ({"r1": ("other", 30), "r2": ("v1", 25)}, (25, 25)),
    ],
    ids=["all", "few", "mended since", "since the last run"],
)
def test_F1_one_text_under_many_urls_gives_an_alarm(
    tables: Tables, runs: dict[str, tuple[str, int]], count: tuple[int, int] | None
) -> None:
    """Twenty URLs or more of a source's last run, and half of them, that say one text; the sentence names its URL."""
    tables.add("run_sources", source("r1"))
    one = version("a", 1, run="r1")
    tables.add("articles", one)
    for run, (text, number) in runs.items():
        ids = (one["version_id"] if text == "v1" else f"own-{place}" for place in range(number))
        more = {"site": "a.example", "source_id": "wire", "attempt_count": 1}
        urls = (f"https://a.example/{run}/{place}" for place in range(number))
        rows = (seen(url, "duplicate", 1, run, version_id=own, **more) for url, own in zip(urls, ids, strict=True))
        tables.add("ledger", *rows)
    tables.publish()
    found = ask(tables.folder, "select kind, subject, count, of_count, detail from alarms")
    assert found == ([("one_text", "wire", *count, one["url"])] if count else [])
    if count:
        assert alarm_sentence(found[0]) == f"{count[0]} of {count[1]} pages of wire say one text, that of {one['url']}."


@pytest.mark.faults
@pytest.mark.parametrize(("failures", "has_alarm"), [(1, False), (2, False), (3, True), (4, True)])
def test_C1_a_listing_that_fails_again_and_again_gives_an_alarm(tables: Tables, failures: int, has_alarm: bool) -> None:
    """From the third run in a row; a run that read it ends the alarm."""
    failed = {"reason": "not_a_listing", "detail": "It is HTML."}
    tables.add("run_sources", source("r1"), *(source(f"r{2 + n}", "failed") | failed for n in range(failures)))
    tables.publish()
    found = ask(tables.folder, "select kind, subject, count, seen_at, detail from alarms")
    wanted = ("listing_fails", "wire", failures, day(1 + failures), "It is HTML.")
    assert found == ([wanted] if has_alarm else [])


async def test_C1_A18_alarms_are_told(tables: Tables, monkeypatch: pytest.MonkeyPatch, folder: DataFolder) -> None:
    """Report, event, status and doctor name them, and what a server said is no markup."""
    failed = {"reason": "not_a_listing", "detail": "[red]<b>HTML"}
    tables.add("run_sources", *(source(f"r{n}", "failed") | failed for n in (1, 2, 3)))
    tables.add("ledger", *pages("r1", "bbbbb", "shut"))
    tables.publish()
    facts = read_facts(folder, "r3")
    summary = RunSummary("r3", "nightly", "completed", None, day(3), day(3), Counts())
    text = report_markdown(summary, facts)
    assert "## Alarms" in text
    assert "<b>" not in text
    told: list[tuple[str, Any]] = []
    monkeypatch.setattr(shell, "emit_event", lambda event, **more: told.append((event, more)))
    shell.emit_alarms(facts.alarms, "r3")
    assert [event for event, _ in told] == ["copydesk.alarm.listing_fails", "copydesk.alarm.source_blocked"]
    assert told[0][1]["resource"] == {"prefect.resource.id": "copydesk.source.wire"}
    sentences = [alarm_text(alarm) for alarm in read_status(folder.root)["alarms"]]
    assert sentences == [
        "The listing of wire could not be read in 3 runs in a row: [red]<b>HTML",
        "shut refused 5 of 5 pages: status 403",
    ]
    findings = [finding.text for finding in examine(folder.root, folder.root / "none.yaml")]
    assert [text for text in findings if text in sentences] == sentences


@pytest.mark.parametrize(
    ("free", "counts", "sentences"),
    [
        (LEAST_FREE_BYTES, Counts(found=3, known=1, stored=2), []),
        (LEAST_FREE_BYTES - 1, Counts(), ["Only 2047 MB are free where the dataset lies; 2048 MB should be."]),
        (
            LEAST_FREE_BYTES,
            Counts(found=3, known=1, stored=1),
            ["Run r1 found 3 URLs and tells of 2: some are lost or counted twice."],
        ),
    ],
)
def test_a_run_tells_of_disk_and_balance(free: int, counts: Counts, sentences: list[str]) -> None:
    """What is wrong with the run itself is an alarm like those of sources; a run in order has none."""
    summary = RunSummary("r1", "nightly", "completed", None, day(1), day(1), counts)
    assert [alarm_sentence(alarm) for alarm in run_alarms(summary, free)] == sentences


async def test_the_report_raises_the_alarms_of_the_run(
    tables: Tables, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a full disk, the report names it beside what sources did."""
    tables.publish()
    monkeypatch.setattr(shell.shutil, "disk_usage", lambda _path: SimpleNamespace(free=0))
    made = await shell.report.fn(folder, RunSummary("r3", "nightly", "completed", None, day(3), day(3), Counts()))
    assert "| dataset | 0 | 2048 |" in made.markdown


def test_where_alarms_go_is_never_recorded() -> None:
    """The row of a run has no address of people, which may hold a secret."""
    settings = Settings(alarm_to="https://hooks.example/T0/secret")
    assert "alarm_to" not in settings.recorded()
    assert "secret" not in settings.recorded() + repr(settings)
