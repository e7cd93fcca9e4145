"""Strangers' queries: what is answered, what is refused in every form, and how one ends that would not."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from copydesk.explore import queries
from copydesk.explore.child import carry_out
from copydesk.explore.queries import CancelledQueryError, Limits, Queries
from copydesk.sandbox import open_locked
from copydesk.up_children import descendants
from tasks.errors import UsageError
from tasks.io.folder import DataFolder
from tests.explore.conftest import MARKUP, NEVER_ENDING, ask, token_of
from tests.sql.test_query import HIDDEN, WRITES

LIMITS = {"rows": 100, "cell_chars": 100, "total_chars": 100_000}


def told(data: Path, sql: str, **limits: int) -> dict[str, Any]:
    """What the process of a query would say, said in this one."""
    return carry_out({"database": str(data / "articles.duckdb"), "sql": sql, **LIMITS, **limits})


ANSWERED = [
    ("select site, count(*) as n from articles group by all order by site", [["a.example", 1], ["b.example", 1]]),
    ("select title from article_versions where title = 'ferry'", [["ferry"]]),
    ("with a as (select 1 as x) from a;", [[1]]),
    ("select 9007199254740993::bigint, true, null, 'nan'::double", [["9007199254740993", True, None, None]]),
    ("select [1, 2], {'a': date '2026-03-01'}", [["[1, 2]", '{"a": "2026-03-01"}']]),
    ("select term_count from (select count(*) as term_count from attention('ferry'))", None),
    ("pivot articles on site in ('a.example') using count(*)", None),
    ("explain select 1", None),
    ("describe articles", None),
    ("show tables", None),
    ("from range(3) order by 1 desc", [[2], [1], [0]]),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "rows"), ANSWERED)
def test_what_reads_is_answered(data: Path, sql: str, rows: list[list[Any]] | None) -> None:
    """Values as JSON has them; also macros over the word index, whose files are not files of the tables."""
    answer = told(data, sql)
    assert "error" not in answer
    assert answer["rows"] == rows if rows is not None else answer["rows"]
    json.dumps(answer)


FILES = [
    "from read_text('{file}')",
    "from read_csv('{file}')",
    "from '{file}'",
    "from read_blob('{file}')",
    "from glob('{folder}/*')",
    "from read_parquet('{folder}/*.parquet')",
    "from sniff_csv('{file}')",
    "from query('from read_text(''{file}'')')",
    "from read_json('http://127.0.0.1:9/x.json')",
    "from read_text('s3://bucket/key')",
    "select getenv('HOME')",
    "from duckdb_secrets() where secret_string = getenv('X')",
    "from sys",
    "from order_of_the_query",
]
MORE_WRITES = [
    "copy (select 1) to '{file}' (use_tmp_file false)",
    "with a as (copy (select 1) to '{file}' (use_tmp_file false)) select 1",
    "with a as (copy (select 1) to '{committed}' (use_tmp_file false)) select 1",
    "from json_execute_serialized_sql(json_serialize_sql("
    "'with a as (copy (select 1) to ''{committed}'' (use_tmp_file false)) select 1'))",
    "attach '{file}' as x",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "set allowed_paths = ['{file}']",
    "pragma enable_profiling",
    "export database '{folder}'",
    "import database '{folder}'",
    "select 1; select 2",
    "copy from database copydesk to memory",
    "pivot articles on site using count(*)",
    "",
    "-- nothing",
    "select 1 /* open",
    "select 'open",
    "(" * 5000,
    "select " + "(" * 3000 + "1" + ")" * 3000,
    "\x00",
]


@pytest.mark.faults
@pytest.mark.parametrize("sql", [*FILES, *MORE_WRITES, *WRITES, *HIDDEN])
def test_I10_nothing_else_is_read_or_written(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sql: str
) -> None:
    """COPY in every form, files, addresses, settings, several statements: a sentence, and no file is new or changed."""
    monkeypatch.chdir(tmp_path)
    outside = tmp_path / "outside.csv"
    outside.write_text("secret\n1\n", encoding="utf-8")
    committed = sorted((data / "articles").glob("*.parquet"))[0]
    before = {path: path.read_bytes() for path in (outside, committed)}
    places = {"{file}": outside, "{folder}": tmp_path, "{committed}": committed}
    for name, path in places.items():
        sql = sql.replace(name, str(path).replace("'", "''"))
    answer = told(data, sql)
    assert "secret" not in str(answer.get("rows"))
    assert answer["error"].endswith((".", "?", "^")), answer
    assert {path: path.read_bytes() for path in before} == before
    assert list(tmp_path.iterdir()) == [outside]


def test_the_process_writes_no_file(tmp_path: Path) -> None:
    """Should a statement that writes ever pass, the system refuses the first byte."""
    target = tmp_path / "x"
    program = (
        f"from pathlib import Path; from copydesk.explore.child import limit_process; limit_process(5); "
        f"Path({str(target)!r}).write_text('x')"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "File too large" in ended.stderr
    assert target.read_bytes() == b""


def test_answers_have_a_size(data: Path) -> None:
    """Rows, cells and the whole are cut, and it is said."""
    answer = told(data, "from range(1000000000000)", rows=7)
    assert (len(answer["rows"]), answer["more"]) == (7, True)
    assert told(data, "select repeat('x', 5000)")["rows"] == [["x" * 100 + "… (5000 characters)"]]
    assert told(data, "from range(7)", rows=7)["more"] is False
    whole = told(data, "select repeat('x', 90) from range(50)", total_chars=900)
    assert (len(whole["rows"]), whole["more"]) == (10, True)


async def _nobody_leaves() -> bool:
    return False


async def test_a_query_that_never_ends_is_stopped(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its time, with a sentence; its process is gone."""
    monkeypatch.setattr(queries, "GRACE_S", 0)
    before = descendants(os.getpid())
    with pytest.raises(UsageError, match=r"^The query was stopped after 1 seconds: "):
        await Queries(DataFolder(data)).answer(NEVER_ENDING, Limits(seconds=1), _nobody_leaves)
    assert set(descendants(os.getpid())) <= set(before)


async def test_a_query_that_nobody_waits_for_is_stopped(data: Path) -> None:
    """Who asked has left: its process is gone."""
    asked: list[int] = []

    async def leaves() -> bool:
        asked.append(1)
        return len(asked) > 1

    before = descendants(os.getpid())
    with pytest.raises(CancelledQueryError):
        await Queries(DataFolder(data)).answer(NEVER_ENDING, Limits(seconds=60), leaves)
    assert set(descendants(os.getpid())) <= set(before)


async def test_a_process_that_dies_is_a_sentence(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when it took more than it may have."""
    monkeypatch.setattr(queries.sys, "executable", "/bin/false")
    with pytest.raises(UsageError, match="process of the query died"):
        await Queries(DataFolder(data)).answer("select 1", Limits(), _nobody_leaves)


def test_memory_has_a_limit(data: Path) -> None:
    """A sentence, from DuckDB's own limit."""
    assert "more memory" in told(data, "select list(range) from range(500000000)")["error"]


def test_variables_of_this_program_are_no_tables(data: Path) -> None:
    """Python's DuckDB else takes `from name` for a variable of whoever calls it."""
    hidden = __import__("polars").DataFrame({"a": [1]})
    with (
        open_locked(data / "articles.duckdb", []) as connection,
        pytest.raises(Exception, match="hidden does not exist"),
    ):
        connection.execute("from hidden")
    assert hidden.height == 1


def test_the_editor_answers(client: TestClient) -> None:
    """A table with a picture; hostile names and values are text; the query stays in the editor."""
    name = MARKUP.replace('"', '""')
    page = ask(client, f'select site as "{name}", count(*) as n, any_value(title) from articles group by all').text  # noqa: S608 - refused or not, it reads
    assert MARKUP not in page
    assert "<svg" in page
    assert "2 rows in" in page
    assert "any_value(title) from articles" in page


@pytest.mark.parametrize("sql", ["copy articles to 'x'", "selec 1", "", "select titel from articles", "x" * 200_000])
def test_a_wrong_query_is_a_sentence_in_the_page(client: TestClient, sql: str) -> None:
    """With the query still in the editor."""
    answer = ask(client, sql)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert "Traceback" not in answer.text


def test_an_address_runs_nothing(client: TestClient) -> None:
    """A link may fill the editor; it is a person who presses Run."""
    page = client.get("/sql?q=select+41%2B1").text
    assert "select 41+1" in page
    assert "42" not in page[page.index('id="answer"') : page.index("<aside")]


def test_the_file(client: TestClient) -> None:
    """CSV whose cells begin no formula; what is too large is refused, not cut off."""
    form = {"token": token_of(client)}
    answer = client.post("/sql/answer.csv", data={**form, "sql": "select '=1+1' as a, 2 as b"})
    assert answer.text == "a,b\n'=1+1,2\n"
    assert "attachment" in answer.headers["content-disposition"]
    assert client.post("/sql/answer.csv", data={**form, "sql": "from range(200000)"}).status_code == 400
