"""The memory of sites over whole nights: learned, cut in the same run, reviewed, and the same for any split of work."""

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from copydesk.rules import decide_rule, read_rules, show_rules
from flows.inputs import sources_of
from schemas.article import Article
from schemas.reasons import DecisionKind
from schemas.site_line import SiteLine
from schemas.table import frame
from tasks.clean.memory_rules import learn_site_lines
from tasks.errors import UsageError
from tasks.io.folder import DataFolder
from tasks.io.staging import RunContext, read_part, write_part
from tasks.io.tables import Snapshot
from tests.clean.test_memory import APPEAL, PROMO, pages, story
from tests.flows.nights import NIGHT, run_night
from tests.sql.dataset import filled

pytestmark = pytest.mark.flow

ASKS = "Bookmark the harbour pages of our app, which we fill each dawn."
"""Furniture that no other repair knows, so that only the memory decides."""


def _night(folder: DataFolder, desk: Path, numbers: range, line: str, night: int) -> dict[str, str]:
    """A night that takes in one article a number, each with the line; titles and clean bodies of all that is stored."""
    desk.mkdir(exist_ok=True)
    for number in numbers:
        lines = [f"The report of quarter {number}", *story(number)]
        lines.insert(3 + number % 3, line)
        (desk / f"text-{number}.txt").write_text("\n".join(lines), encoding="utf-8")
    run_night(folder, sources_of([desk], "desk.example"), NIGHT + timedelta(days=night))
    rows = Snapshot.open(folder).read("articles", ["title", "body"])
    return dict(rows.iter_rows())


def test_a_line_goes_once_eight_pages_carry_it(folder: DataFolder, tmp_path: Path) -> None:
    """Seven articles keep it; with the eighth it is cut, that one's included, with a receipt that says the count."""
    first = _night(folder, tmp_path / "desk", range(7), PROMO, 0)
    assert all(PROMO in body for body in first.values())
    second = _night(folder, tmp_path / "desk", range(7, 9), PROMO, 1)
    assert [PROMO in second[f"The report of quarter {number}"] for number in (6, 7, 8)] == [True, False, False]
    receipts = Snapshot.open(folder).read("removals").filter(repair="site_memory")
    assert receipts.height == 2
    assert all("stands in 9 articles of desk.example" in evidence for evidence in receipts["evidence"])
    (rule,) = read_rules(folder.root)
    assert (rule["text"], rule["article_count"], rule["state"]) == (PROMO, 9, "learned")


def test_a_refused_rule_keeps_its_text(folder: DataFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Refused: the next run leaves the line; confirmed again: the run after it cuts. Each state is a row."""
    assert not any(ASKS in body for body in _night(folder, tmp_path / "desk", range(2), ASKS, 0).values())
    (rule,) = read_rules(folder.root, "desk.example")
    decide_rule(folder.root, rule["line_hash"][:8], DecisionKind.REFUSE, note="a slogan")
    capsys.readouterr()
    show_rules(folder.root, None, as_json=False)
    assert "refused" in capsys.readouterr().out
    assert ASKS in _night(folder, tmp_path / "desk", range(2, 3), ASKS, 1)["The report of quarter 2"]
    decide_rule(folder.root, rule["line_hash"], DecisionKind.CONFIRM)
    assert ASKS not in _night(folder, tmp_path / "desk", range(3, 4), ASKS, 2)["The report of quarter 3"]
    states = Snapshot.open(folder).read("site_lines").sort("run_id")["state"].to_list()
    assert states == ["learned", "refused", "confirmed"]


@pytest.mark.parametrize("wanted", ["", "zz"])
def test_an_id_that_names_no_rule(folder: DataFolder, wanted: str) -> None:
    """One sentence that says where the ids are."""
    with pytest.raises(UsageError, match="copydesk rules"):
        decide_rule(folder.root, wanted, DecisionKind.REFUSE)


def test_a_site_that_nothing_was_learned_of(folder: DataFolder) -> None:
    """One sentence that names it; without a site it is no error."""
    show_rules(folder.root, None, as_json=False)
    with pytest.raises(UsageError, match=r"nowhere\.example"):
        show_rules(folder.root, "nowhere.example", as_json=False)


def test_rules_are_the_same_for_any_number_of_workers(tmp_path: Path) -> None:
    """The same pages in one, two and four shards give the same frozen rules, in the same order."""
    found = []
    for shards in (1, 2, 4):
        folder = DataFolder(tmp_path / str(shards))
        folder.prepare()
        run = RunContext("20260302T021500Z-test", NIGHT, folder)
        rows = [
            filled(Article, version_id=f"v{site}{page.article_id}", article_id=f"{site}{page.article_id}", site=site,
                   captured_at=page.captured_at, body=page.body, url=f"https://{site}/{page.article_id}",
                   change_share=None)
            for site, line in (("a.example", PROMO), ("b.example", APPEAL))
            for page in pages(20, line, 9, "middle")
        ]  # fmt: skip
        for shard in range(shards):
            write_part(run.part("parse", "articles", f"s{shard}"), Article, frame(Article, rows[shard::shards]))
        assert learn_site_lines(run) == 2
        found.append(read_part(run.part("clean", "site_rules", "all"), SiteLine))
    assert found[0]["text"].to_list() == [PROMO, APPEAL]
    assert all(other.equals(found[0]) for other in found[1:])
    assert found[0].select(pl.col("article_count").unique()).item() == 9
