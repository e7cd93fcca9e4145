"""Words in SQL: what counts as one, who has a term, who had it first, and what a day was about."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.connection import connect
from schemas.table import Table
from schemas.tables import TABLES
from schemas.words import Term, TermDay, TextRow
from tasks.io.folder import DataFolder
from tasks.publish.word_files import words_folder
from tasks.publish.words import WORTH_COUNTING, spoken_counts, texts_of, word_counts
from tests.sql.dataset import Tables, decision, filled, version


def counted(text: str) -> dict[str, int]:
    """The words of a text with their counts."""
    counts = word_counts(texts_of(pl.DataFrame({"title": [""], "body": [text]})))
    return dict(counts.select("term", "count").iter_rows())


def spoken(text: str) -> set[str]:
    """The words of a text that are counted by day."""
    texts = texts_of(pl.DataFrame({"title": [""], "body": [text]}))
    found = pl.concat([word_counts(texts), spoken_counts(texts)])
    return set(found.filter(pl.col("term").str.contains(WORTH_COUNTING))["term"])


WORDS = [
    ("The Bridge, the bridge!", {"the": 2, "bridge": 2}),
    ("Khovaev’s and Khovaev's", {"khovaev": 2, "s": 2, "and": 1}),
    ("joint-exercise 3.5", {"joint": 1, "exercise": 1, "3": 1, "5": 1}),
    ("e\u0301te\u0301 ÉTÉ", {"été": 2}),
    ("ΟΔΟΣ οδος İstanbul", {"οδοσ": 2, "istanbul": 1}),
    ("हिन्दी भाषा", {"हिन्दी": 1, "भाषा": 1}),
    ("東京都 x", {"東": 1, "京": 1, "都": 1, "x": 1}),
    ("— … 😀", {}),
]
"""Texts, and their words for looking up."""


@pytest.mark.parametrize(("text", "words"), WORDS)
def test_words_for_looking_up(text: str, words: dict[str, int]) -> None:
    """Apostrophes and hyphens part words; characters of scripts without spaces are words; marks belong to letters."""
    assert counted(text) == words


SPOKEN = [
    ("The bridge of 1987 is 3 m long", {"the", "bridge", "of", "is", "long"}),
    ("東京大学の学生が北京を訪れました", {"東京", "大学", "学生", "北京", "訪れ", "した"}),
    ("กรุงเทพมหานครเป็นเมืองหลวง", {"กรุงเทพมหานคร", "เป็น", "เมือง", "หลวง"}),
    ("😀 中国人民银行 x", {"中国", "人民", "银行"}),
]
"""Texts, and their words for counting."""


@pytest.mark.parametrize(("text", "words"), SPOKEN)
def test_words_for_counting(text: str, words: set[str]) -> None:
    """Numbers and single letters are left out; ICU's dictionaries tell the words of scripts without spaces."""
    assert spoken(text) == words


@given(st.text("aBé’ -東京ประเहिन्दीΣσςİ9\n", max_size=30))
def test_sql_cuts_as_the_index_does(text: str) -> None:
    """`words_of` gives the words that the index has, or a term would never be found."""
    with duckdb.connect() as database:
        macros = _macros()
        database.execute(macros)
        found = database.execute("select words_of(?)", [text]).fetchall()[0][0]
    assert sorted(found) == sorted(word for word, count in counted(text).items() for _ in range(count))


def _macros() -> str:
    from tasks.io.tables import sql_text
    from tasks.publish.templates import fill, load
    from tasks.publish.words import SINGLE, WORD

    text = load("078_words.sql")
    text = text[text.index("create macro words_of") : text.index("-- Which versions have a term")]
    return fill(text, word=sql_text(WORD), single=sql_text(f"({SINGLE})"))


def source(name: str, zone: str | None, run: str = "r1") -> dict[str, Any]:
    """A row of run_sources."""
    counts = {column: 0 for column in TABLES["run_sources"].to_schema().columns if column.endswith("_count")}
    return filled(TABLES["run_sources"], run_id=run, source_id=name, status="ok", time_zone=zone, **counts)


@pytest.fixture
def papers(folder: DataFolder) -> Tables:
    """Two papers in two zones; one writes of piracy, one takes it up later in a new version."""
    tables = Tables(folder)
    tables.add_runs(r1=1, r2=2)
    tables.add("run_sources", source("east", "Asia/Manila"), source("west", "America/Halifax"))
    late = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)  # 4 in the morning of the 2nd in Manila
    old = version("navy", 1, text="The navy sails.", site="west.example", source_id="west")
    new = version("navy", 3, text="The navy sails against piracy.", run="r2", site="west.example", source_id="west")
    new |= {"kind_of_change": "addition", "previous_id": old["version_id"]}
    tables.add(
        "articles",
        version(
            "a", 2, text="Piracy, piracy: joint\nexercises.", site="east.example", source_id="east", published_at=late
        ),
        version("b", 2, text="Exercises joint.", site="east.example", source_id="east", published_at=late),
        version("c", 2, text="東京大学の学生", site="east.example", source_id="east"),
        old,
    )
    tables.add("articles", new)
    tables.publish()
    return tables


def ask(data: Path, sql: str) -> list[tuple[Any, ...]]:
    """All rows."""
    with connect(data) as database:
        return database.execute(sql).fetchall()


def test_attention_counts_days_of_the_source(folder: DataFolder, papers: Tables) -> None:
    """A day is the source's own; periods without the term have a zero; only current versions count."""
    assert ask(folder.root, "from attention('piracy')") == [
        (date(2026, 3, 2), "east.example", 1, 3, 1 / 3, 2),
        (date(2026, 3, 2), "west.example", 1, 1, 1.0, 1),
    ]
    assert ask(folder.root, "select article_count from attention('PIRACY', since := '2026-03-03')") == []
    month = ask(
        folder.root, "select period_start, article_count from attention('navy', grain := 'month') where share > 0"
    )
    assert month == [(date(2026, 3, 1), 1)]


TERMS = [
    ("joint exercises", 1),
    ("exercises joint", 1),
    ("piracy joint exercises", 1),
    ("joint piracy", 0),
    ("東京", 1),
    ("京大", 1),
    ("京東", 0),
    ("", 0),
    ("nothing'; drop", 0),
]
"""Terms, and how many articles have them."""


@pytest.mark.parametrize(("term", "count"), TERMS)
def test_several_words_stand_side_by_side(folder: DataFolder, papers: Tables, term: str, count: int) -> None:
    """A term of several words, or of characters, is found where they follow one another, over a line's end too."""
    with connect(folder.root) as database:
        assert database.execute("select count(*) from versions_with(?)", [term]).fetchall() == [(count,)]


def test_unknown_grain_is_told(folder: DataFolder, papers: Tables) -> None:
    """A grain that is none is an error that names those that are."""
    with pytest.raises(duckdb.Error, match="attention has no grain fortnight: use day, week, month or year"):
        ask(folder.root, "from attention('navy', grain := 'fortnight')")


def test_first_to_report_goes_by_the_version_that_has_it(folder: DataFolder, papers: Tables) -> None:
    """An article that took the term up later counts from its later version, not from its publication."""
    rows = ask(folder.root, "select place, site, told_at, is_first_version from first_to_report('piracy')")
    assert rows == [
        (1, "east.example", datetime(2026, 3, 1, 20, 0, tzinfo=UTC), True),
        (2, "west.example", datetime(2026, 3, 3, 2, 0, tzinfo=UTC), False),
    ]


def test_top_terms_are_those_of_the_day(folder: DataFolder) -> None:
    """A word that is new today comes before one that is always there."""
    tables = Tables(folder)
    tables.add_runs(r1=1)
    plain = "The council of the town spoke of the budget and the roads."
    before = [version(f"o{number}", 1 + number / 10, text=plain) for number in range(9)]
    storm = [version(f"n{number}", 5 + number / 10, text=plain + " A storm took the roofs.") for number in range(4)]
    tables.add("articles", *before, *storm)
    tables.publish()
    rows = ask(
        folder.root,
        "select term, article_count, mention_count, mention_count_before from top_terms('2026-03-05', '2026-03-05')",
    )
    assert rows[0][1:] == (4, 4, 0)
    assert {row[0] for row in rows[:3]} == {"storm", "took", "roofs"}
    assert "council" not in {row[0] for row in rows if row[3] == 0}


def test_retracted_run_is_not_counted(folder: DataFolder, papers: Tables) -> None:
    """Words of versions whose run was taken back count nowhere, and what they replaced counts again."""
    papers.add("decisions", decision("d", "retract_run", "r2", 4))
    papers.publish()
    assert ask(
        folder.root, "select count(*) from versions_with('piracy') semi join text_rows using (part, row_no)"
    ) == [(1,)]
    assert ask(folder.root, "select sum(mention_count) from term_days where term = 'piracy'") == [(2,)]
    assert ask(folder.root, "select article_count, of_count from attention('navy') where site = 'west.example'") == [
        (1, 1)
    ]


def test_time_zone_that_changes_moves_the_days(folder: DataFolder, papers: Tables) -> None:
    """A source that gets another time zone has its days counted anew."""
    papers.add("run_sources", source("east", "UTC", "r2"))
    papers.publish()
    days = ask(folder.root, "select distinct day from text_rows where site = 'east.example' order by day")
    assert days == [(date(2026, 3, 1),), (date(2026, 3, 2),)]
    assert ask(folder.root, "select day from term_days where term = 'joint'") == [(date(2026, 3, 1),)]


def test_side_files_are_kept_and_made_again_when_lost(folder: DataFolder, papers: Tables) -> None:
    """A publish that changes nothing writes none of them; those that are lost or torn are made again."""
    place = words_folder(folder)

    def told() -> dict[str, int]:
        return {path.name: path.stat().st_mtime_ns for path in place.iterdir()}

    before, answer = told(), ask(folder.root, "from attention('piracy')")
    papers.publish()
    assert told() == before
    for number, path in enumerate(sorted(place.iterdir())):
        if path.name.endswith(".terms.parquet"):
            path.write_bytes(path.read_bytes()[: 100 if number % 2 else -9])
        else:
            path.unlink()
    papers.publish()
    assert set(told()) == set(before)
    assert ask(folder.root, "from attention('piracy')") == answer


def test_side_files_of_a_file_that_is_gone_go_at_once(folder: DataFolder, papers: Tables) -> None:
    """When a file of articles is written anew, for somebody must be forgotten, no word of the old one stays."""
    gone = papers.files("articles")[0]
    before = set(words_folder(folder).iterdir())
    papers.add("articles", version("d", 2, text="Nothing."))
    papers.files("articles").remove(gone)
    gone.unlink()
    papers.publish()
    assert ask(folder.root, "select count(*) from terms where term = 'exercises'") == [(0,)]
    assert len(before - set(words_folder(folder).iterdir())) == 3


MODELS: dict[str, type[Table]] = {"rows": TextRow, "terms": Term, "days": TermDay}


def test_side_files_have_the_columns_of_their_model(folder: DataFolder, papers: Tables) -> None:
    """What lies on disk is what the model says, and its rows break none of its checks."""
    for kind, model in MODELS.items():
        for path in words_folder(folder).glob(f"*.{kind}.parquet"):
            model.validate(pl.read_parquet(path, glob=False))
