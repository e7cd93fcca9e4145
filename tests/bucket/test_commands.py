"""The commands on an address: a night of one machine is asked about on another; what cannot be is refused."""

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import copydesk
from copydesk.cli import app
from copydesk.up_home import home_of
from flows.maintain import maintain
from flows.settings import load_settings
from tasks.errors import BucketError, UsageError
from tasks.io.bucket.copy import bucket_of
from tasks.io.captures import CaptureWriter, read_record
from tasks.io.folder import DataFolder
from tasks.io.recovery import hold_run
from tasks.publish.database import publish_tables
from tasks.store.run import store_run
from tests.bucket.conftest import SECRET, Machine
from tests.bucket.faults import always
from tests.bucket.server import ObjectStore
from tests.store.staged import Page, facts, stage_run

RUN = "20260311T021500Z-0a1b2c3d4e5f"
URL = "https://example.org/a"


def _ask(*words: str) -> Result:
    return CliRunner().invoke(app, list(words), env={"COLUMNS": "200"})


def _night(folder: DataFolder) -> None:
    """One page with its capture, stored and published on that machine."""
    moment = datetime(2026, 3, 1, 2, tzinfo=UTC)
    with CaptureWriter(folder, RUN, moment, "s0") as writer:
        place = writer.write_resource(URL, moment, b"<p>The council met.</p>", "text/html")
    kept = {"capture_uri": place.uri, "capture_offset": place.offset, "capture_length": place.length}
    run = stage_run(folder, RUN, [Page(URL, fetch=kept | {"payload_digest": place.digest})])
    with hold_run(folder, RUN):
        store_run(run, facts())
    publish_tables(folder)


def test_the_commands_answer_on_another_machine(bucket: str, machine: Machine) -> None:
    """Rows, status, versions and checks come from the bucket; captures are looked for where they lie."""
    one = machine("one")
    _night(one)
    bucket_of(one).put("captures/x.warc.gz", b"the capture that the staged article names")
    two = machine("two")
    assert not list(two.captures.rglob("*.warc.gz"))
    asked = _ask("sql", "--data", bucket, "--format", "json", "select url from articles")
    assert json.loads(asked.stdout) == [{"url": URL}]
    assert json.loads(_ask("status", "--data", bucket, "--json").stdout)["article_count"] == 1
    assert "first" in _ask("history", "--data", bucket, URL).stdout
    assert json.loads(_ask("verify", "--data", bucket, "--json").stdout)["findings"] == []
    bucket_of(one).delete("captures/x.warc.gz")
    [lost] = json.loads(_ask("verify", "--data", bucket, "--json").stdout)["findings"]
    assert (lost["about"], lost["is_fault"]) == ("capture", True)
    assert not list(two.captures.rglob("*.warc.gz"))


def test_a_capture_is_fetched_when_it_is_read(machine: Machine) -> None:
    """On a machine that has never seen it; one that nobody has is not there, as on a disk."""
    one, two = machine("one"), machine("two")
    _night(one)
    [path] = one.captures.rglob("*.warc.gz")
    uri = one.relative(path)
    assert not two.resolve(uri).exists()
    assert read_record(two, uri, 0).kind == "warcinfo"
    assert two.resolve(uri).read_bytes() == path.read_bytes()
    with pytest.raises(FileNotFoundError):
        read_record(two, "captures/run_date=2026-03-11/none.warc.gz", 0)


def test_connect_follows_what_another_machine_commits(bucket: str, machine: Machine) -> None:
    """It publishes anew where there is news, and only there."""
    machine("two")
    first = machine("one")
    _night(first)
    two = machine("two")
    with copydesk.connect(bucket) as dataset:
        assert dataset.execute("select count(*) from articles").fetchall() == [(1,)]
    made = two.database.stat().st_mtime_ns
    copydesk.connect(bucket).close()
    assert two.database.stat().st_mtime_ns == made


REFUSED = [
    ["backup", "/nowhere"],
    ["maintain"],
    ["forget", URL, "--yes"],
]


@pytest.mark.parametrize("words", REFUSED, ids=[words[0] for words in REFUSED])
def test_what_rewrites_files_is_refused_with_a_sentence(bucket: str, words: list[str]) -> None:
    """It names the bucket and what to do instead, and nothing is asked of the bucket."""
    answer = _ask(*words, "--data", bucket)
    assert isinstance(answer.exception, UsageError), answer.output
    assert bucket in str(answer.exception)
    assert "is in a bucket: " in str(answer.exception)


async def test_the_maintenance_flow_refuses_too(bucket: str) -> None:
    """Also when a person starts it in the UI."""
    with pytest.raises(UsageError, match="is in a bucket"):
        await maintain.fn(data=bucket)


def test_nothing_lands_beside_a_folder_named_as_the_address(
    bucket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No command takes the address for a path: Prefect's home lies in the copy."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PREFECT_HOME", raising=False)
    assert home_of(Path(bucket)) == DataFolder(Path(bucket)).root / "prefect"
    for words in (["status"], ["sql", "select 1"], ["doctor"], ["verify"]):
        _ask(*words, "--data", bucket)
    assert not (tmp_path / "s3:").exists()


@pytest.mark.faults
@pytest.mark.parametrize("wrong", ["403 InvalidAccessKeyId", "403 SignatureDoesNotMatch", "503", "hang up"])
def test_H8_no_secret_is_printed_logged_or_recorded(
    bucket: str, machine: Machine, object_store: ObjectStore, caplog: pytest.LogCaptureFixture, wrong: str
) -> None:
    """Not in a sentence, a traceback, a log or the settings of a run, whatever the server answers."""
    caplog.set_level(logging.DEBUG)
    machine("one")
    with object_store.doing(always(wrong)):
        for words in (["status"], ["sql", "select 1"], ["verify"], ["rollback", "--to", RUN]):
            answer = _ask(*words, "--data", bucket)
            assert answer.exit_code == 1
            assert bucket in str(answer.exception)
            assert SECRET not in answer.output + repr(answer.exception) + caplog.text
    told = load_settings(data=bucket)
    assert SECRET not in repr(told) + told.recorded()


def test_H8_no_secret_is_in_the_copy_or_the_bucket(machine: Machine, object_store: ObjectStore) -> None:
    """No file of a whole night holds it."""
    one = machine("one")
    _night(one)
    held = [path.name for path in one.root.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert held == []


def test_an_address_with_credentials_is_refused_and_not_repeated(bucket: str) -> None:
    """They belong in the environment."""
    answer = _ask("status", "--data", f"s3://AKIA:{SECRET}@bucket/x")
    assert answer.exit_code == 1
    assert SECRET not in answer.output + str(answer.exception)
    with pytest.raises(BucketError):
        DataFolder(Path("s3://nobody-made-this")).check()
