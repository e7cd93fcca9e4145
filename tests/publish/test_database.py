"""How articles.duckdb comes into its place: whole, one after the other, under the eyes of readers."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from threading import Thread

import duckdb
import pytest

from tasks.errors import DiskError, NewerFormatError, TableError
from tasks.io.folder import DataFolder
from tasks.io.leases import hold
from tasks.publish.database import publish_tables, write_database
from tasks.publish.task import publish
from tasks.publish.templates import fill, load, sql_folder
from tests.sql.dataset import Tables, newspaper, version


def dump(folder: DataFolder) -> dict[str, list[str]]:
    """Everything in a database, as text."""
    with duckdb.connect(str(folder.database), read_only=True) as database:
        names = [row[0] for row in database.execute("show tables").fetchall()]
        definitions = database.execute("select view_name, sql from duckdb_views() where not internal").fetchall()
        rows = {name: sorted(map(str, database.execute(f"from {name}").fetchall())) for name in names}
    return rows | {"definitions": sorted(map(str, definitions))}


def test_new_folder_has_an_empty_dataset(folder: DataFolder) -> None:
    """Publishing before the first commit gives a database with all views and no rows."""
    summary = publish_tables(folder)
    assert (summary.article_count, summary.run_count, summary.last_run_id) == (0, 0, None)
    with duckdb.connect(str(folder.database), read_only=True) as database:
        assert database.execute("select count(*) from articles").fetchall() == [(0,)]


async def test_task_publishes(folder: DataFolder) -> None:
    """The Prefect task's function does what publish_tables does."""
    assert (await publish.fn(folder)).database == folder.database
    assert folder.database.is_file()


def test_same_rows_same_database(folder: DataFolder) -> None:
    """Publishing twice gives the same views and rows: no clock, no run of publish is in them."""
    tables = newspaper(folder)
    before = dump(folder)
    tables.publish()
    assert dump(folder) == before


def test_nothing_is_left_beside_it(folder: DataFolder) -> None:
    """Only articles.duckdb lies in the folder afterwards; what a killed publish left is gone."""
    for name in (".articles.duckdb.new", ".articles.duckdb.new.wal"):
        (folder.root / name).write_bytes(b"torn")
    newspaper(folder)
    assert [path.name for path in folder.root.iterdir() if "duckdb" in path.name] == ["articles.duckdb"]


READER = """
import sys, time, duckdb
path, allowed = sys.argv[1], {int(n) for n in sys.argv[2].split(",")}
print("ready", flush=True)
last = looks = 0
while last != max(allowed):
    with duckdb.connect(path, read_only=True) as database:
        count = database.execute("select count(*) from articles").fetchall()[0][0]
        versions = database.execute("select count(*) from article_versions").fetchall()[0][0]
    assert count in allowed and versions == count and count >= last, (count, versions, last)
    last, looks = count, looks + 1
print(looks, flush=True)
"""


def test_readers_keep_working(folder: DataFolder) -> None:
    """A process that counts all the time while 20 databases are published sees no error and no wrong count."""
    tables = Tables(folder)
    tables.add_runs(r1=1)
    tables.add("articles", version("a0", 1))
    tables.publish()
    counts = ",".join(str(count) for count in range(1, 22))
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(folder.database), counts],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        for number in range(1, 21):
            tables.add("articles", version(f"a{number}", 1))
            tables.publish()
        out, errors = reader.communicate(timeout=60)
    assert reader.returncode == 0, errors
    assert int(out) >= 1


def test_open_connection_keeps_its_night(folder: DataFolder) -> None:
    """A connection from before a publish goes on with what it had; a new process would see the new one."""
    tables = newspaper(folder)
    with duckdb.connect(str(folder.database), read_only=True) as before:
        tables.add("articles", version("later", 3, run="night2"))
        assert tables.publish().article_count == 4
        assert before.execute("select count(*) from articles").fetchall() == [(3,)]


def test_damaged_file_is_named_and_the_old_database_stays(folder: DataFolder) -> None:
    """A torn committed file stops the publish with its name; readers keep the last good database."""
    tables = newspaper(folder)
    before = dump(folder)
    torn = folder.table("articles") / "torn.parquet"
    torn.write_bytes(tables.files("articles")[0].read_bytes()[:100])
    tables.add_file("articles", torn)
    with pytest.raises(TableError, match=r"torn\.parquet"):
        tables.publish()
    assert dump(folder) == before


def test_missing_file_is_named(folder: DataFolder) -> None:
    """A committed file that is not there is named in one sentence."""
    tables = newspaper(folder)
    tables.files("ledger")[0].unlink()
    with pytest.raises(TableError, match=r"cannot be published .*ledger"):
        tables.publish()


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root writes anywhere")
def test_read_only_folder_is_one_sentence(folder: DataFolder) -> None:
    """A folder that refuses writes gives a DiskError and keeps the old database."""
    tables = newspaper(folder)
    before = dump(folder)
    (folder.root / ".articles.duckdb.new").mkdir()  # as a name that cannot be written, also for root
    with pytest.raises(DiskError, match="cannot be written"):
        tables.publish()
    assert dump(folder) == before


def test_full_disk_is_one_sentence(folder: DataFolder) -> None:
    """DuckDB's own error on a write becomes a DiskError that names the database."""
    code = (
        "import resource, sys, signal; from pathlib import Path;"
        "from tasks.errors import DiskError; from tasks.io.folder import DataFolder;"
        "from tasks.publish.database import publish_tables;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "try: publish_tables(DataFolder(Path(sys.argv[1])))\n"
        "except DiskError as error: print(error)"
    )
    root = Path(__file__).resolve().parents[2]
    child = subprocess.run(
        [sys.executable, "-c", code, str(folder.root)], cwd=root, capture_output=True, text=True, check=False
    )
    assert "articles.duckdb cannot be written" in child.stdout, child.stderr
    assert not folder.database.exists()


def test_newer_folder_is_refused(folder: DataFolder) -> None:
    """A folder of a newer Copydesk is not published over."""
    folder.format_file.write_text(json.dumps({"format": 99}))
    with pytest.raises(NewerFormatError, match="upgrade Copydesk"):
        publish_tables(folder)


def test_publishes_come_one_after_the_other(folder: DataFolder) -> None:
    """A second publish waits for the lock, and reads what is committed only then."""
    with hold(folder.leases / "publish.lock"):
        second = Thread(target=publish_tables, args=(folder,))
        second.start()
        second.join(timeout=0.3)
        assert second.is_alive()
        assert not folder.database.exists()
    second.join(timeout=30)
    assert folder.database.is_file()


def test_sql_files_are_numbered_and_found(tmp_path: Path) -> None:
    """Each SQL file has its number, none twice, and the folder is the one with the table view."""
    numbers = [path.name[:4] for path in sorted(sql_folder().glob("*.sql"))]
    assert all(number[:3].isdigit() and number[3] == "_" for number in numbers)
    assert len(numbers) == len(set(numbers)) >= 8


def test_template_without_a_value_is_an_error() -> None:
    """A placeholder that nobody fills is found at once, not by DuckDB."""
    with pytest.raises(KeyError, match="rows"):
        fill(load("010_table_view.sql"), view="v", columns="*", shown="true")


def test_write_database_needs_no_log(folder: DataFolder) -> None:
    """What is published is exactly what the snapshot names; stray files in a table's folder are not read."""
    tables = Tables(folder)
    tables.add_runs(r1=1)
    tables.add("articles", version("a", 1))
    shutil.copy(tables.files("articles")[0], folder.table("articles") / "stray.parquet")
    assert write_database(folder, tables).version_count == 1
