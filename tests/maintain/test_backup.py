"""Backups: whole while a run writes, only what is new the second time, and never over something else."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

import copydesk
from copydesk.cli import app
from schemas.source import Source
from tasks.errors import DataFolderError, FolderBusyError, UsageError
from tasks.io.captures import CaptureWriter
from tasks.io.commit import commit_lock
from tasks.io.folder import INTENT, DataFolder
from tasks.io.leases import hold_maintain
from tasks.io.logical import logical_hash
from tasks.io.recovery import hold_run
from tasks.io.staging import RunContext
from tasks.io.tables import Snapshot
from tasks.io.verify import verify
from tasks.maintain import backup
from tasks.maintain.aim import aim_at_url
from tasks.maintain.backup import MANIFEST, back_up
from tasks.maintain.forget import forget
from tasks.publish.database import publish_tables
from tests.flows.nights import NIGHT, run_night, write_pages
from tests.io.committing import ledger_row, stage_rows
from tests.maintain.grep import found_in


class Folder:
    """A data folder over a folder of texts."""

    def __init__(self, root: Path) -> None:
        self.pages, self.data, self.copy = root / "pages", DataFolder(root / "dä ta%20"), DataFolder(root / "co py")
        source = {"id": "pages", "kind": "folder", "path": str(self.pages), "site": "pages"}
        self.source = Source.model_validate(source)

    def night(self, number: int, data: DataFolder | None = None) -> None:
        """A night that finds three more texts than the one before."""
        write_pages(self.pages, 3 * number)
        run_night(data or self.data, [self.source], NIGHT + timedelta(days=number))


@pytest.fixture
def kept(tmp_path: Path) -> Folder:
    """After one night."""
    made = Folder(tmp_path)
    made.night(1)
    return made


def test_a_backup_is_a_data_folder(kept: Folder) -> None:
    """It verifies, says the same, is published where it lies, and the next night may run in it."""
    back_up(kept.data, kept.copy)
    publish_tables(kept.copy)
    assert verify(kept.copy, deep=True) == []
    assert logical_hash(Snapshot.open(kept.copy)) == logical_hash(Snapshot.open(kept.data))
    shutil.rmtree(kept.data.root)
    with copydesk.connect(kept.copy.root) as dataset:
        assert dataset.execute("select count(*) from articles").fetchall() == [(3,)]
    kept.night(2, kept.copy)
    assert verify(kept.copy, deep=True) == []


def test_the_second_time_only_what_is_new_is_copied(kept: Folder) -> None:
    """The files of the first night are not written again; without the manifest they are compared, not copied."""
    first = back_up(kept.data, kept.copy)
    assert (first.same, first.removed, first.lost) == (0, 0, ())
    nothing = back_up(kept.data, kept.copy)
    assert (nothing.files, nothing.same) == (0, first.files)
    kept.night(2)
    second = back_up(kept.data, kept.copy)
    assert second.same == first.files
    (kept.copy.root / MANIFEST).write_text("{")
    third = back_up(kept.data, kept.copy)
    assert (third.files, third.same) == (0, first.files + second.files)
    assert verify(kept.copy, deep=True) == []


def test_a_damaged_copy_is_mended(kept: Folder) -> None:
    """A file of the copy that lost its end is copied again."""
    back_up(kept.data, kept.copy)
    (path,) = Snapshot.open(kept.copy).files("articles")
    path.write_bytes(path.read_bytes()[:-9])
    assert back_up(kept.data, kept.copy).files == 1
    assert verify(kept.copy, deep=True) == []


def test_while_a_run_writes(kept: Folder) -> None:
    """A run at work, its captures half written, and an intent that nobody has carried out yet: the copy is whole."""
    run = RunContext("20260303T021500Z-0a1b2c3d4e5f", NIGHT, kept.data)
    with hold_run(kept.data, run.run_id), CaptureWriter(kept.data, run.run_id, run.now, "0000") as writer:
        writer.write_resource("file:///x", run.now, b"text " * 1000, "text/plain")
        with commit_lock(kept.data, "other"):
            stage_rows(kept.data, "other", {"ledger": [ledger_row("other", "https://a.example/")]})
        (torn,) = kept.data.captures.rglob(f"{run.run_id}-*.warc.gz")
        with torn.open("ab") as file:
            file.write(b"\x1f\x8b\x08torn")
        back_up(kept.data, kept.copy)
        assert not (kept.data.run("other") / INTENT).exists()
    publish_tables(kept.copy)
    assert [told for told in verify(kept.copy, deep=True) if told.about not in ("sum", "capture")] == []
    assert Snapshot.open(kept.copy).has_run("other")
    assert not kept.copy.run(run.run_id).exists()


@pytest.mark.faults
@pytest.mark.parametrize("after", range(0, 12, 4))
def test_H1_broken_off_and_taken_up_again(kept: Folder, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Ended after any number of files, the copy is as it was before; done again it is whole."""
    back_up(kept.data, kept.copy)
    kept.night(2)
    before = logical_hash(Snapshot.open(kept.copy))
    left = [after]
    write = backup._write

    def dying(source: Path, target: Path, size: int) -> str:
        if left[0] == 0:
            raise KeyboardInterrupt
        left[0] -= 1
        return write(source, target, size)

    monkeypatch.setattr(backup, "_write", dying)
    with pytest.raises(KeyboardInterrupt):
        back_up(kept.data, kept.copy)
    assert logical_hash(Snapshot.open(kept.copy)) == before
    monkeypatch.undo()
    back_up(kept.data, kept.copy)
    assert logical_hash(Snapshot.open(kept.copy)) == logical_hash(Snapshot.open(kept.data))
    assert verify(kept.copy, deep=True) == []


def test_what_is_forgotten_leaves_the_copy_too(kept: Folder) -> None:
    """With the next backup: captures of the same length are copied again, the old table files removed."""
    url = (kept.pages / "text-001.txt").as_uri()
    back_up(kept.data, kept.copy)
    with forget(kept.data, lambda snapshot: aim_at_url(snapshot, url)):
        publish_tables(kept.data)
    assert found_in(kept.copy.root, url) != []
    assert back_up(kept.data, kept.copy).removed > 0
    assert found_in(kept.copy.root, url, "text 1 speaks") == []
    assert verify(kept.copy, deep=True) == []


def test_captures_that_are_lost_stay_in_the_copy(kept: Folder) -> None:
    """A mistake in the folder is not repeated: the file is named."""
    back_up(kept.data, kept.copy)
    (path,) = kept.data.captures.rglob("*.warc.gz")
    path.unlink()
    assert back_up(kept.data, kept.copy).lost == (
        kept.copy.relative(kept.copy.root / path.relative_to(kept.data.root)),
    )
    assert verify(kept.copy, deep=True) == []


@pytest.mark.parametrize("place", ["pages", "dä ta%20/inside", "."])
def test_not_over_something_else(kept: Folder, place: str) -> None:
    """A folder of other things, one inside the data folder, one around it."""
    to = DataFolder((kept.data.root.parent / place).resolve())
    with pytest.raises(UsageError, match=r"is no backup|lie in each other"):
        back_up(kept.data, to)


def test_a_copy_that_went_its_own_way_is_refused(kept: Folder) -> None:
    """Nights ran in it: it is not written over, and says why."""
    back_up(kept.data, kept.copy)
    kept.night(2, kept.copy)
    with pytest.raises(DataFolderError, match="holds commits that"):
        back_up(kept.data, kept.copy)
    kept.night(3)
    with pytest.raises(DataFolderError, match="holds commits that"):
        back_up(kept.data, kept.copy)
    assert verify(kept.copy, deep=True) == []


def test_not_while_files_are_rewritten(kept: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Maintenance may take files away that are to be copied."""
    monkeypatch.setattr(backup, "WAIT_S", 0.0)
    with hold_maintain(kept.data, exclusive=True), pytest.raises(FolderBusyError):
        back_up(kept.data, kept.copy)


def test_the_command(kept: Folder) -> None:
    """It copies, publishes and tells."""
    words = ["backup", str(kept.copy.root), "--data", str(kept.data.root)]
    answer = CliRunner().invoke(app, [*words, "--json"])
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.output)["articles"] == 3
    assert "0 files with 0.0 MB" in CliRunner().invoke(app, words).output
    assert verify(kept.copy) == []
