"""A paper changes its template between two nights: its pages wait, the other papers are published, somebody is told."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import copydesk
from copydesk.demo.papers import write_sources
from flows.rebuild import rebuild
from schemas.reasons import DecisionKind
from tasks.discover.sources_file import load_sources
from tasks.io.decisions import alone
from tasks.io.folder import DataFolder
from tasks.io.tables import Snapshot
from tasks.io.verify import verify
from tasks.report import task as shell
from tasks.report.facts import read_facts
from tasks.store.held import settle_held
from tests.flows.editions import Editions
from tests.flows.nights import run_night, settings_of

LEARNING = 3


class Nights:
    """Three nights that teach, one after the redesign, then a release and one more night."""

    def __init__(self, root: Path) -> None:
        self.folder = DataFolder(root / "data")
        with Editions({"gazette": 0, "valle": 0, "talbote": 0}) as site:
            write_sources(root / "sources.yaml", site.bases)
            self.sources = load_sources(root / "sources.yaml")
            self.before = [run_night(self.folder, self.sources, site.print(night)) for night in range(1, LEARNING + 1)]
            self.broken = run_night(self.folder, self.sources, site.print(LEARNING + 1, is_redesigned=True))
            self.told = self.ask("select * from held"), read_facts(self.folder, self.broken.run_id)
            with alone(self.folder, "release"):
                settle_held(self.folder, DecisionKind.RELEASE, "harbour-gazette", None)
            self.after = run_night(self.folder, self.sources, site.print(LEARNING + 2, is_redesigned=True))

    def ask(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """The answer of the published database."""
        with copydesk.connect(self.folder.root) as dataset:
            answer = dataset.execute(query, values)
            names = [column[0] for column in answer.description or []]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    """Made once, only read. The radar learns for three nights here, not for fourteen."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COPYDESK_LEARNING_NIGHTS", str(LEARNING))
        yield Nights(tmp_path_factory.mktemp("radar"))


@pytest.mark.faults
def test_G2_one_source_is_held_and_the_others_are_published(nights: Nights) -> None:
    """Every page of the redesigned paper waits, with the whole row; no other page does; each URL is in one state."""
    assert all(summary.counts.held == 0 for summary in nights.before)
    counts = {source.source_id: source.counts for source in nights.broken.sources}
    held = counts.pop("harbour-gazette")
    assert held.held > 10
    assert held.stored == 0
    assert {name for name, other in counts.items() if other.held} == set()
    assert all(other.stored + other.duplicate > 0 for other in counts.values())
    assert nights.broken.counts.balanced
    rows, _ = nights.told
    assert len({row["url"] for row in rows}) == held.held
    assert {row["source_id"] for row in rows} == {"harbour-gazette"}
    assert {(row["stage"], row["reason"], row["rule"], row["field"]) for row in rows} == {
        ("validate", "source_broken", "radar_body_words", "body")
    }
    assert all('"body":' in row["candidate"] and row["capture_offset"] is not None for row in rows)


@pytest.mark.faults
def test_G2_the_alarm_names_the_source_and_the_field(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a row of `alarms`, and from it as an event that an automation can act on."""
    rows, facts = nights.told
    told: list[tuple[str, Any]] = []
    monkeypatch.setattr(shell, "emit_event", lambda event, **more: told.append((event, more)))
    shell.emit_alarms(facts.alarms, nights.broken.run_id)
    (event,) = [more for name, more in told if name == "copydesk.alarm.source_held"]
    assert event["resource"] == {"prefect.resource.id": "copydesk.source.harbour-gazette"}
    assert event["payload"]["count"] == len(rows)
    assert "had a text of less than" in event["payload"]["detail"]


def test_a_release_publishes_once_and_teaches(nights: Nights) -> None:
    """The next run publishes the released pages before its own, and holds none of the new template."""
    flows = [row["flow"] for row in nights.ask("select flow from runs order by run_seq")]
    assert flows == ["nightly"] * (LEARNING + 1) + ["release", "nightly"]
    assert nights.after.counts.held == 0
    assert nights.ask("from held") == []
    held = {row["version_id"] for row in nights.told[0]}
    shown = {row["version_id"] for row in nights.ask("select version_id from article_versions")}
    known = {row["other_id"] for row in nights.ask("select other_id from links")} | shown
    assert held & shown
    assert held <= known | {row["version_id"] for row in nights.ask("select version_id from links")}
    assert [finding for finding in verify(nights.folder) if finding.is_fault] == []


def test_a_rebuild_holds_and_releases_the_same(nights: Nights, tmp_path: Path) -> None:
    """From captures and decisions alone: the same pages were held, and the same are published."""
    done = rebuild(nights.folder, DataFolder(tmp_path / "new"), nights.sources, settings_of(nights.folder))
    assert done.is_equal
    new = Snapshot.open(DataFolder(tmp_path / "new"))
    assert new.read("quarantine").filter(severity="hold").height == len(nights.told[0])
