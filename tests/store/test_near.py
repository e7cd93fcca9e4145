"""Near-duplicates through whole runs: what is linked, what is not, and that the order of things does not matter."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import duckdb
import polars as pl
import pytest

from schemas.reasons import State
from tasks.io.folder import DataFolder
from tasks.io.tables import Snapshot
from tasks.publish.database import publish_tables
from tasks.store import buckets
from tasks.store.run import store_run
from tests.io.committing import commit_rows, decision
from tests.store.staged import Page, at, facts, remembered, stage_run
from tests.store.texts import DEATH, MARKETS, WEATHER, filled, paragraphs, prose, reworded, text

STORY = prose(1)
"""What the first paper tells."""


def page(site: str, body: str, day: float = 1, **more: Any) -> Page:
    """A page of a site; its path is the day unless one is given."""
    path = more.pop("path", f"d{day}")
    return Page(f"https://{site}/{path}", text=body, day=day, site=site, title=more.pop("title", site), **more)


def store(folder: DataFolder, run_id: str, pages: Sequence[Page], now: float = 20) -> None:
    """One run of these pages."""
    store_run(stage_run(folder, run_id, remembered(folder, pages), now=at(now)), facts())


def links(folder: DataFolder) -> dict[tuple[str, str], tuple[str, float]]:
    """(URL of the later version, of the earlier) to (kind, Jaccard)."""
    with Snapshot.open(folder).connect("links", "articles") as connection:
        rows = connection.sql(
            "SELECT a.url, b.url, l.kind, l.jaccard FROM links AS l JOIN articles AS a USING (version_id)"
            " JOIN articles AS b ON l.other_id = b.version_id WHERE l.kind <> 'alias'"
        ).fetchall()
    return {(later, earlier): (kind, jaccard) for later, earlier, kind, jaccard in rows}


def query(folder: DataFolder, sql: str) -> list[tuple[Any, ...]]:
    """Rows of the published database."""
    publish_tables(folder)
    with duckdb.connect(str(folder.database), read_only=True) as connection:
        return connection.sql(sql).fetchall()


RETOLD: dict[str, list[str]] = {
    "another headline": STORY,
    "a line of credit": ["This report came by wire.", *STORY],
    "a cut tail": STORY[:7],
    "some words": reworded(STORY, 5, 0.05),
    "a new beginning": [*prose(77, 3), *STORY[2:]],
    "moved paragraphs": [*STORY[6:], *STORY[:6]],
    "capitals and marks": [line.upper().replace(".", " ...") for line in STORY],
}


@pytest.mark.faults
@pytest.mark.parametrize("how", RETOLD)
def test_F4_a_retold_story_is_linked_and_nothing_is_merged(folder: DataFolder, how: str) -> None:
    """A copy or edit on another site stays an article of its own, and both have the story of the first."""
    store(folder, "r1", [page("a.org", paragraphs(STORY))])
    store(folder, "r2", [page("b.org", paragraphs(RETOLD[how]), day=2), page("c.org", text(9), day=2)])
    assert list(links(folder)) == [("https://b.org/d2", "https://a.org/d1")]
    rows = query(folder, "select site, is_first, first_seen_at < '2026-03-03', change_share from stories order by site")
    assert [row[:3] for row in rows] == [("a.org", True, True), ("b.org", False, False)]
    assert rows[0][3] is None
    assert 0 <= rows[1][3] < 0.5
    assert query(folder, "select count(*), count(story_id), count(distinct story_id) from articles") == [(3, 2, 1)]


def test_the_same_body_under_another_headline_is_a_duplicate(folder: DataFolder) -> None:
    """On another site it is a duplicate of the first, on the same site a telling of its story."""
    store(folder, "r1", [page("a.org", paragraphs(STORY))])
    store(folder, "r2", [page("b.org", paragraphs(STORY), day=2), page("a.org", paragraphs(STORY), day=3, title="New")])
    assert {pair[0]: found for pair, found in links(folder).items() if pair[1] == "https://a.org/d1"} == {
        "https://b.org/d2": ("duplicate", 1.0),
        "https://a.org/d3": ("story", 1.0),
    }
    copies = query(folder, "select url from articles where duplicate_of is not null order by url")
    assert copies == [("https://a.org/d3",), ("https://b.org/d2",)]  # the newest is also a copy of the other site's


TEMPLATES = {"weather": WEATHER, "markets": MARKETS, "death": DEATH}


@pytest.mark.faults
@pytest.mark.parametrize("kind", TEMPLATES)
def test_F4_templates_are_not_merged(folder: DataFolder, kind: str) -> None:
    """Ten days of one template on one site and on another, over two runs, are no story; a copy of one of them is."""
    made = [page(f"{'ab'[number % 2]}.org", filled(TEMPLATES[kind], number), day=number) for number in range(1, 11)]
    store(folder, "r1", made[:6])
    store(folder, "r2", made[6:])
    assert links(folder) == {}
    copy = page("c.org", filled(TEMPLATES[kind], 4) + " Reported by the wire service of the coast.", day=12)
    store(folder, "r3", [copy])
    assert list(links(folder)) == [("https://c.org/d12", made[3].url)]


@pytest.mark.faults
@pytest.mark.parametrize(
    "body",
    ["", "Closed today.", " ".join(prose(3, 3)), "ha " * 400, "* " * 300, (prose(4, 1)[0] + " ") * 30],
    ids=["empty", "words", "short", "one word", "no word", "one sentence"],
)
def test_F5_short_and_empty_texts_are_never_tied(folder: DataFolder, body: str) -> None:
    """Nor are long ones that say one thing over and over."""
    pages = [page("a.org", body), page("b.org", body + " And more.", day=2), page("c.org", body + " Else.", day=3)]
    store(folder, "r1", pages)
    assert links(folder) == {}


@pytest.mark.faults
def test_F1_one_text_under_many_urls_is_one_article_with_aliases(folder: DataFolder) -> None:
    """The first by (captured_at, url) is the article, all others are aliases of it, and none is a story."""
    pages = [page("a.org", paragraphs(STORY), day=1, path=f"p{number:04d}", title="T") for number in range(2162)]
    store(folder, "r1", pages)
    snapshot = Snapshot.open(folder)
    assert snapshot.read("articles", ["url"])["url"].to_list() == [pages[0].url]
    states = snapshot.read("ledger", ["state"])["state"].value_counts()
    assert dict(states.iter_rows()) == {State.STORED: 1, State.DUPLICATE: 2161}
    aliases = snapshot.read("links", ["kind", "other_id", "url"])
    assert (aliases["kind"].unique().to_list(), aliases["url"].n_unique()) == (["alias"], 2161)
    assert snapshot.read("signatures", ["url"]).height == 1


@pytest.mark.faults
def test_F6_a_bucket_of_many_is_searched_within_a_window(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 60 bulletins that share bands each meets a few; that there were too many is recorded in the run."""
    monkeypatch.setattr(buckets, "WINDOW", 4)
    bulletins = [page("a.org", filled(WEATHER, seed), day=seed / 10, path=f"w{seed}") for seed in range(60)]
    store(folder, "r1", [*bulletins, page("b.org", paragraphs(STORY)), page("c.org", paragraphs(STORY[:9]), day=2)])
    assert list(links(folder)) == [("https://c.org/d2", "https://b.org/d1")]
    assert Snapshot.open(folder).read("runs", ["crowded_count"])["crowded_count"].item() > 0


def test_one_batch_or_many_find_the_same(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts are searched for in batches; a pair over two batches is found once."""
    monkeypatch.setattr(buckets, "BATCH_ROWS", 2)
    many = [page(f"s{number}.org", paragraphs(reworded(STORY, number, 0.02)), day=number) for number in range(7)]
    store(folder, "r1", many)
    assert {later for later, _ in links(folder)} == {one.url for one in many[1:]}
    assert Snapshot.open(folder).read("links").height == len(links(folder))


def corpus() -> list[Page]:
    """Stories told by several sites on several days, and what stands alone."""
    pages = [page("alone.org", text(100 + number), day=number, path=f"x{number}") for number in range(4)]
    for story in range(3):
        lines = prose(20 + story)
        for number in range(4):
            body = paragraphs(reworded(lines, number, 0.03 * number))
            pages.append(page(f"s{number}.org", body, day=story + number / 3, path=f"st{story}"))
    return pages


@pytest.mark.parametrize("shards", [1, 2, 5])
def test_shards_and_their_order_do_not_matter(folder: DataFolder, tmp_path_factory: Any, shards: int) -> None:
    """However many workers made the parts, the rows of links and signatures are the same."""
    other = DataFolder(tmp_path_factory.mktemp("other"))
    other.prepare()
    store(folder, "r1", corpus())
    parted = [replace(one, shard=f"s{(number * 7) % shards}") for number, one in enumerate(reversed(corpus()))]
    store(other, "r1", parted)
    for table in ("links", "signatures"):
        keys = ["version_id"] if table == "signatures" else ["version_id", "other_id"]
        one, two = (Snapshot.open(place).read(table).sort(keys) for place in (folder, other))
        assert one.equals(two)
    assert len(links(folder)) > 8


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)], ids=["in time", "backwards", "mixed"])
def test_the_order_of_runs_does_not_matter(folder: DataFolder, order: tuple[int, ...]) -> None:
    """A late backfill finds what came before it and after it: the same pairs, the older text always the other one."""
    parts = [corpus()[number::3] for number in range(3)]
    for number, part in enumerate(order):
        store(folder, f"r{number}", parts[part])
    told = query(folder, "select story_id, list(url order by url) from stories group by all order by 1")
    assert [len(urls) for _, urls in told] == [4, 4, 4]
    firsts = query(folder, "select url from stories where is_first order by url")
    assert firsts == [(f"https://s0.org/st{story}",) for story in range(3)]
    with Snapshot.open(folder).connect("links", "articles") as connection:
        turned = "SELECT count(*) FROM links AS l JOIN articles AS a USING (version_id) JOIN articles AS b"
        turned += " ON l.other_id = b.version_id WHERE (a.captured_at, a.url) < (b.captured_at, b.url)"
        assert connection.sql(turned).fetchall() == [(0,)]


def test_reverts_and_recrawls_make_no_link(folder: DataFolder) -> None:
    """An article that is edited, goes back and is fetched again is never tied to itself, nor signed twice."""
    first, second = paragraphs(STORY), paragraphs(reworded(STORY, 3, 0.05))
    for night, body in enumerate([first, second, first, first, second], 1):
        store(folder, f"r{night}", [page("a.org", body, day=night, path="x", title="T")], now=night)
    assert Snapshot.open(folder).read("links").is_empty()
    assert Snapshot.open(folder).read("signatures").height == 2
    assert query(folder, "select count(*) from stories") == [(0,)]


def test_an_article_that_goes_back_tells_its_story_again(folder: DataFolder) -> None:
    """Links are between texts: the version that brings the old text back needs no link of its own."""
    store(folder, "r1", [page("a.org", paragraphs(STORY))])
    told = [paragraphs(STORY[:10]), text(50), paragraphs(STORY[:10])]
    seen = []
    for night, body in enumerate(told, 2):
        store(folder, f"r{night}", [page("b.org", body, day=night, path="x", title="T")], now=night)
        seen.append(query(folder, "select story_id is not null from articles where site = 'b.org'")[0][0])
    assert seen == [True, False, True]
    assert len(links(folder)) == 1


def test_what_a_retracted_run_stored_is_no_kin(folder: DataFolder) -> None:
    """Its texts are not linked to, and count as never signed."""
    store(folder, "r1", [page("a.org", paragraphs(STORY))])
    commit_rows(folder, "command", {"decisions": [decision("d", "retract_run", "r1")]})
    store(folder, "r2", [page("b.org", paragraphs(STORY[:10]), day=2)])
    assert links(folder) == {}
    store(folder, "r3", [page("a.org", paragraphs(STORY), path="again", day=3)])
    assert list(links(folder)) == [("https://a.org/again", "https://b.org/d2")]


def test_signatures_of_another_method_are_not_searched(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a change of the method the numbers would mean something else, so old ones are left alone."""
    store(folder, "r1", [page("a.org", paragraphs(STORY))])
    monkeypatch.setattr(buckets, "METHOD", "another")
    store(folder, "r2", [page("b.org", paragraphs(STORY[:10]), day=2)])
    assert links(folder) == {}


SPACELESS = {
    "zh": (
        "市议会星期二晚上以七票对四票通过了新港口大桥的建设计划工程预计明年春天开工总费用约为三千万元居民代表"
        "在会上表示担心施工期间的噪音和交通市长回答说将设立临时渡轮并且每天早晚高峰期间免费开放环保组织要求先"
        "完成鸟类保护区的调查报告然后才能签署合同渔民协会主席则希望保留旧码头作为避风港"
    ),
    "ja": (
        "市議会は火曜日の夜に新しい港の橋を建設する計画を七対四の賛成多数で可決した工事は来年の春に始まる予定"
        "で総費用は約三千万円になる見込みだ住民の代表は騒音と渋滞が心配だと述べたが市長は朝と夕方に無料の渡し"
        "船を出すと答えた漁業組合の会長は古い桟橋を避難港として残すように求めている"
    ),
    "th": (
        "สภาเมืองลงมติเมื่อคืนวันอังคารให้สร้างสะพานท่าเรือแห่งใหม่ด้วยคะแนนเจ็ดต่อสี่เสียงงานก่อสร"
        "้างจะเริ่มในฤดูใบไม้ผลิปีหน้าและมีค่าใช้จ่ายประมาณสามสิบล้านบาทตัวแทนชาวบ้านแสดงความกังวลเ"
        "รื่องเสียงดังและการจราจรระหว่างการก่อสร้างนายกเทศมนตรีตอบว่าจะจัดเรือข้ามฟากชั่วคราวให้บริ"
        "การฟรีในช่วงเช้าและเย็นทุกวัน"
    ),
}


@pytest.mark.parametrize("language", SPACELESS)
def test_languages_without_spaces(folder: DataFolder, language: str) -> None:
    """A copy with another end is a telling of the story; a text of the same characters in another order is not."""
    body = SPACELESS[language]
    turned = body[::-1]
    pages = [page("a.org", body), page("b.org", body[: len(body) * 5 // 6], day=2), page("c.org", turned, day=3)]
    staged = stage_run(folder, "r1", pages, now=at(20))
    path = staged.part("validate", "articles", "s0")
    pl.read_parquet(path).with_columns(word_count=pl.lit(120, pl.Int32)).write_parquet(path)
    store_run(staged, facts())
    assert list(links(folder)) == [("https://b.org/d2", "https://a.org/d1")]
