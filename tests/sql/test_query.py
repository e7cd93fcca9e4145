"""`copydesk sql`: reads, writes its answer in four formats, and says every error in one sentence."""

import csv
import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from copydesk.answers import FORMATS
from copydesk.query import run_query
from copydesk.statements import reading_statement
from tasks.errors import DiskError, TableError, UsageError
from tasks.io.folder import DataFolder
from tests.sql.dataset import newspaper

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published data folder, for looking only."""
    folder = DataFolder(tmp_path_factory.mktemp("dä ta"))
    folder.prepare()
    newspaper(folder)
    return folder.root


def asked(data: Path, sql: str, form: str, tmp_path: Path) -> bytes:
    """The answer, by way of a file."""
    path = tmp_path / "answer"
    run_query(data, sql, form, output=path)
    return path.read_bytes()


ODD = """
select 1 as n, 1.5 as d, true as yes, null as nothing, 'a,"b' as t, '=1+1' as formula, -3 as negative,
    timestamptz '2026-03-01 03:00:00+01' as moment, date '2026-03-01' as day, [1, null] as list,
    {'k': 'v', 'w': date '2026-01-02'} as part, 'x'::blob as raw, 'nan'::double as nan,
    170141183460469231731::hugeint as big, 1 as n
"""


def test_csv(data: Path, tmp_path: Path) -> None:
    """Times in ISO 8601, nested values as JSON, empty for null, and no cell of text begins a formula."""
    header, row = csv.reader(io.StringIO(asked(data, ODD, "csv", tmp_path).decode()))
    assert dict(zip(header, row, strict=True)) == {
        "n": "1",
        "d": "1.5",
        "yes": "true",
        "nothing": "",
        "t": 'a,"b',
        "formula": "'=1+1",
        "negative": "-3",
        "moment": "2026-03-01T02:00:00+00:00",
        "day": "2026-03-01",
        "list": "[1, null]",
        "part": '{"k": "v", "w": "2026-01-02"}',
        "raw": "eA==",
        "nan": "null",
        "big": "170141183460469231731",
        "n_1": "1",
    }


def test_json(data: Path, tmp_path: Path) -> None:
    """A list of objects with the values as they are; text is not touched."""
    (row,) = json.loads(asked(data, ODD, "json", tmp_path))
    assert row == {
        "n": 1,
        "d": 1.5,
        "yes": True,
        "nothing": None,
        "t": 'a,"b',
        "formula": "=1+1",
        "negative": -3,
        "moment": "2026-03-01T02:00:00+00:00",
        "day": "2026-03-01",
        "list": [1, None],
        "part": {"k": "v", "w": "2026-01-02"},
        "raw": "eA==",
        "nan": None,
        "big": 170141183460469231731,
        "n_1": 1,
    }


def test_parquet(data: Path, tmp_path: Path) -> None:
    """The rows with their types; a name that comes twice gets a number."""
    table = pq.read_table(
        io.BytesIO(asked(data, "select *, 1 as title from articles order by url", "parquet", tmp_path))
    )
    assert table.num_rows == 3
    assert table.column("title").to_pylist() == ["bridge", "harvest", "copy"]
    assert table.column("title_1").to_pylist() == [1, 1, 1]
    assert str(table.schema.field("captured_at").type) == "timestamp[us, tz=UTC]"


def test_table(data: Path, tmp_path: Path) -> None:
    """Names, types, rows and their number; control characters and markup are shown, not obeyed."""
    sql = "select site, count(*) as articles from articles group by all order by site"
    text = asked(data, sql, "table", tmp_path).decode()
    assert all(part in text for part in ("site", "VARCHAR", "BIGINT", "a.example", "b.example", "2 rows"))
    odd = "select chr(27) || '[31mred' as a, '[bold]b[/bold]' as b, null as c, chr(8238) || 'x' as d, chr(160) as e"
    text = asked(data, odd, "table", tmp_path).decode()
    assert all(part in text for part in (r"\x1b[31mred", "[bold]b[/bold]", "NULL", r"\u202ex", "1 row"))
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_long_table_says_that_there_is_more(data: Path, tmp_path: Path) -> None:
    """A table stops after some rows and long cells are cut; other formats give all."""
    text = asked(data, "from range(201)", "table", tmp_path).decode()
    assert "│    199 │" in text
    assert "│    200 │" not in text
    assert "200 rows shown, and there are more" in text
    assert "(501 characters)" in asked(data, "select repeat('x', 501)", "table", tmp_path).decode().replace("\n", "")
    everything = asked(data, "select range from range(25000)", "csv", tmp_path).decode().splitlines()
    assert everything == ["range", *map(str, range(25000))]


@pytest.mark.parametrize("form", FORMATS)
def test_answer_without_rows(data: Path, tmp_path: Path, form: str) -> None:
    """No rows is an answer, not an error."""
    content = asked(data, "select title from articles where false", form, tmp_path)
    if form == "parquet":
        assert pq.read_table(io.BytesIO(content)).column_names == ["title"]
    else:
        assert {"csv": b"title\n", "json": b"[]\n"}.get(form, content) == content


@pytest.mark.parametrize("form", ["csv", "json", "table"])
def test_standard_output(data: Path, form: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """Without --output the answer goes to standard output."""
    run_query(data, "select 'ü' as letter", form)
    assert "ü".encode() in capfdbinary.readouterr().out


READS = [
    "select 1",
    "  -- a comment\nselect 1;",
    "with a as (select 1) from a",
    "from articles",
    "values (1)",
    "table articles",
    "describe articles",
    "show tables",
    "summarize articles",
    "explain select 1",
    "explain analyze select 1",
    "explain (format json) select 1",
    "pivot articles on site using count(*)",
    "select * from (pivot articles on site using count(*))",
    "pragma table_info('articles')",
    "pragma show_tables",
]
WRITES = [
    "copy articles to 'x.csv'",
    "copy (pivot articles on site) to 'x.csv'",
    "export database 'x'",
    "explain analyze copy articles to 'x.csv'",
    "explain (analyze) copy articles to 'x.csv'",
    "explain (analyze, format json) copy articles to 'x.csv'",
    "explain analyze copy (pivot articles on site) to 'x.csv'",
    "create table x as select 1",
    "create table x as pivot articles on site",
    "create temp table x as select 1",
    "insert into articles values (1)",
    "update articles set title = ''",
    "delete from articles",
    "drop view articles",
    "attach 'x.duckdb'",
    "detach copydesk",
    "install httpfs",
    "load json",
    "set threads = 1",
    "reset threads",
    "use memory",
    "pragma threads = 1",
    "pragma enable_profiling",
    "call force_checkpoint()",
    "checkpoint",
    "vacuum",
    "begin",
    "prepare p as select 1",
    "execute p",
    "with a as (delete from articles) select 1",
    "with a as materialized (insert into x values (1) returning *) from a",
    "explain analyze with a as (copy articles to 'x.csv') select 1",
    "pragma /* show */ enable_profiling",
]
RUN = "json_execute_serialized_sql"
COPIED = "with a as (copy (select 1) to ''x.csv'' (use_tmp_file false)) select 1 as z"
HIDDEN = [
    "with a as (copy articles to 'x.csv') select 1",
    "WITH A AS (COPY (FROM articles) TO 'x.csv' (USE_TMP_FILE false)) FROM A",
    "with a as (with b as (copy articles to 'x.csv') select 1) from a",
    "with b as (select 1), a as (copy articles to 'x.csv') select 1 union all select 2",
    "with a as (copy articles to 'x.csv') pivot articles on site using count(*)",
    "-- select\nwith a as (copy articles to 'x.csv') pivot articles on site using count(*)",
    "-- explain\nwith a as (copy articles to 'x.csv') select 1",
    "select * from (with a as (copy articles to 'x.csv') from a)",
    "explain analyze with a as (copy articles to 'x.csv') pivot articles on site using count(*)",
    f"from {RUN}(json_serialize_sql('{COPIED}'))",
    f"select * from main.\"{RUN.upper()}\" /* ( */ (json_serialize_sql('{COPIED}'))",  # noqa: S608 - refused, not run
    f"from query('from {RUN}(json_serialize_sql(''{COPIED.replace(chr(39), chr(39) * 2)}''))')",
    f"pivot (from {RUN} -- (\n (json_serialize_sql('{COPIED}'))) as a on z using count(*)",
    f"explain analyze from {RUN}(json_serialize_sql('{COPIED}'))",
    "from enable_logging(storage := 'file', storage_path := 'x')",
    "select write_log('x')",
]
"""Statements that DuckDB calls SELECT, and that write."""


@pytest.mark.parametrize("sql", READS)
@pytest.mark.parametrize("form", ["json", "parquet"])
def test_reading_statements_are_answered(data: Path, tmp_path: Path, sql: str, form: str) -> None:
    """What only reads is accepted, and works."""
    assert asked(data, sql, form, tmp_path)


@pytest.mark.parametrize("sql", WRITES)
def test_other_statements_are_refused(sql: str) -> None:
    """What writes, loads or sets is refused in one sentence that says what to do instead."""
    with pytest.raises(UsageError, match=r"^[A-Z_]+ is refused, because `copydesk sql` only reads: .+\.$"):
        reading_statement(sql)


@pytest.mark.faults
@pytest.mark.parametrize("sql", WRITES[:7])
def test_I10_refused_statement_writes_nothing(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    """No file appears where a refused statement would have written one."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError):
        run_query(data, sql)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.faults
@pytest.mark.parametrize("sql", HIDDEN)
def test_I10_a_copy_inside_a_select_is_refused(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    """DuckDB 2.0 takes COPY and the like within WITH, and calls the whole a SELECT."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"is refused, because `copydesk sql` only reads"):
        run_query(data, sql)
    assert list(tmp_path.iterdir()) == []


def test_words_of_writing_are_no_writing(data: Path, tmp_path: Path) -> None:
    """A column, an alias or a text may be called copy."""
    sql = "with copy as (select 'with a as (copy x to y)' as delete_this) select copy.delete_this from copy"
    assert b"(copy x to y)" in asked(data, sql, "csv", tmp_path)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select titel from articles", r'column "titel" not found.*"title".*\nline 1: select titel.*\n +\^'),
        ("from artcles", r'artcles does not exist! Did you mean "articles"\? There are: articles, article_versions.*'),
        ("selec 1", r'syntax error at or near "selec"\.\nline 1: selec 1\n +\^'),
        ("select 1 +", r"syntax error"),
        ("select 'a'::int", r"(?i)could not convert"),
        ("select error('my own')", r"my own"),
        ("select 1; select 2", r"^Give one statement; this text has 2\.$"),
        ("  ", r"^Give one statement; this text has 0\.$"),
        ("from read_csv('/no/such/file.csv')", r"/no/such/file\.csv"),
    ],
)
def test_sql_errors_are_sentences(data: Path, sql: str, said: str) -> None:
    """A mistake is told with DuckDB's words, what is close to it, and its place."""
    with pytest.raises(UsageError, match=said) as caught:
        run_query(data, sql)
    assert "Error:" not in str(caught.value)


def test_unknown_format(data: Path) -> None:
    """A format that does not exist is answered with those that do."""
    with pytest.raises(UsageError, match=r"no format 'xml': use one of table, csv, json, parquet"):
        run_query(data, "select 1", "xml")


def test_failed_query_leaves_no_file(data: Path, tmp_path: Path) -> None:
    """An error in the middle of the rows leaves no half file, and an older answer as it was."""
    path = tmp_path / "answer.csv"
    path.write_text("older")
    with pytest.raises(UsageError):
        run_query(
            data, "select case when range < 50000 then 1 else error('late') end from range(60000)", "csv", output=path
        )
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("answer.csv", "older")]


def test_unwritable_output(data: Path, tmp_path: Path) -> None:
    """A file that cannot be made is one sentence."""
    with pytest.raises(DiskError, match="cannot be written"):
        run_query(data, "select 1", "csv", output=tmp_path / "missing" / "answer.csv")


def test_missing_published_file(tmp_path: Path) -> None:
    """A file that was taken away under the views is told as such, not as the user's mistake."""
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    newspaper(folder).files("articles")[0].unlink()
    with pytest.raises(TableError, match=r"published file cannot be read .*run Copydesk once more"):
        run_query(folder.root, "select count(*) from articles")


def test_interrupt_stops_the_query(data: Path) -> None:
    """Ctrl-C ends a query that would run for hours, also inside one long step of it."""
    sql = "select count(*) from range(10000000) a, range(1000000) b where a.range % 7 = b.range % 3"
    code = (
        "import sys; from copydesk.query import run_query; print('ready', flush=True)\n"
        "try: run_query(sys.argv[1], sys.argv[2])\nexcept KeyboardInterrupt: print('stopped')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(data), sql], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(0.5)
        child.send_signal(signal.SIGINT)
        try:
            out, _ = child.communicate(timeout=15)
        finally:
            child.kill()
    assert out == "stopped\n"
