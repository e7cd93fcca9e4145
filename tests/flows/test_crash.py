"""Runs that die at changes of the disk, by the tracer that `copydesk selftest --crash` uses: a sample of its points."""

import ctypes
import errno
import json
import mmap
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from copydesk.crash.matrix import Point, cut, is_reached, points, sample
from copydesk.crash.tracer import CRASHED, Fault, Traced, is_supported, run_traced
from copydesk.crash.watched import run_watched
from tasks.errors import DiskError
from tasks.io.folder import DataFolder
from tasks.io.points import passed
from tests.flows.nights import NIGHT, begin

ROOT = Path(__file__).resolve().parents[2]
traced = pytest.mark.skipif(not is_supported(), reason="a process may be traced on Linux on x86-64 only")


def work(folder: Path) -> None:
    """Seven changes of the folder; one elsewhere, which does not count."""
    (folder / "a").mkdir()
    with (folder / "a" / "x").open("wb", buffering=0) as file:
        file.write(b"one")
        os.fsync(file.fileno())
        file.write(b"two")
    (folder.parent / "elsewhere").write_text("no change of the folder")
    (folder / "a" / "x").rename(folder / "y")
    (folder / "a").rmdir()
    os.link(folder / "y", folder / "z")


CALLS = ["mkdir", "write", "fsync", "write", "rename", "rmdir", "link"]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder to be changed."""
    made = tmp_path / "place"
    made.mkdir()
    return made


@traced
def test_changes_are_counted_and_what_is_not_synced_is_known(place: Path) -> None:
    """Each call once, in order; the file that was written after its last fsync is the one that a power cut tears."""
    seen = run_traced(partial(work, place), place, None)
    state = (place / "y").stat()
    assert [name.removesuffix("at") for name in seen.calls] == CALLS
    assert (seen.status, seen.unsynced) == (0, {(state.st_dev, state.st_ino)})


def make_at(place: bytes, address: int) -> None:
    """Make a folder by a path that lies at this address."""
    ctypes.memmove(address, place, len(place))
    assert ctypes.CDLL(None).mkdir(ctypes.c_void_p(address), 0o700) == 0


@traced
def test_a_path_that_goes_on_in_the_next_page_of_memory_is_read_whole(place: Path) -> None:
    """Ten bytes before the end of a page begins a path inside the folder: the call counts."""
    memory = mmap.mmap(-1, 3 * mmap.PAGESIZE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory)) + mmap.PAGESIZE - 10
    seen = run_traced(partial(make_at, bytes(place / "a") + b"\0", address), place, None)
    assert (seen.status, seen.calls) == (0, ["mkdir"])


@traced
@pytest.mark.kill
@pytest.mark.parametrize(("number", "left"), [(1, []), (2, ["a"]), (4, ["a"]), (6, ["a", "y"]), (7, ["y"])])
def test_the_process_dies_before_the_call(place: Path, number: int, left: list[str]) -> None:
    """Killed at the n-th change: the ones before are done, that one is not."""
    seen = run_traced(partial(work, place), place, Fault(number))
    assert (seen.status, len(seen.calls)) == (-9, number)
    assert sorted(path.name for path in place.iterdir()) == left


@traced
def test_a_refused_call_fails_with_its_error(place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """From the fourth change on the disk is full: the write before it stands, the one at it is not done."""
    seen = run_traced(partial(work, place), place, Fault(4, errno.ENOSPC))
    assert seen.status == CRASHED
    assert "No space left" in capfd.readouterr().err
    assert (place / "a" / "x").read_bytes() == b"one"


@pytest.mark.kill
def test_where_nothing_may_be_traced_the_points_of_the_commit_kill(place: Path) -> None:
    """Two points are seen; a fault at the second kills there; an error is told from a kill."""

    def pass_two() -> None:
        passed("one")
        passed("two")

    def fail() -> None:
        raise OSError("on purpose")

    assert run_watched(pass_two, place, None).calls == ["one", "two"]
    died = run_watched(pass_two, place, Fault(2))
    assert (died.status, died.calls) == (-9, ["one", "two"])
    assert run_watched(pass_two, place, Fault(3)).status == 0
    assert run_watched(fail, place, None).status == CRASHED


@pytest.mark.parametrize(("left", "size"), [(0, 0), (20, 20), (-1, 99)])
def test_a_power_cut_shortens_what_was_not_synced(place: Path, left: int, size: int) -> None:
    """The other file keeps its length."""
    for name in ("torn", "whole"):
        (place / name).write_bytes(b"x" * 100)
    state = (place / "torn").stat()
    cut(place, {(state.st_dev, state.st_ino)}, left)
    assert ((place / "torn").stat().st_size, (place / "whole").stat().st_size) == (size, 100)


def test_points_are_chosen_by_what_differs() -> None:
    """Of a burst of writes the first and the last are killed at; syncs and renames are cut; first writes refused."""
    found = points(["mkdir", "write", "write", "write", "fsync", "rename", "write"])
    assert [point.number for point in found if point.way == "kill"] == [1, 2, 4, 5, 6, 7]
    assert [point.number for point in found if point.way == "cut to 20"] == [5, 6]
    assert [point.number for point in found if point.way == "disk full"] == [2, 7]
    assert sample(found, 3) == [found[0], found[len(found) // 3], found[2 * len(found) // 3]]
    assert sample(found, 0) == found
    assert str(Point("kill", 5, "fsync")) == "kill at change 5 (fsync)"


@pytest.mark.parametrize(
    ("status", "changes", "reached"), [(0, 6, False), (0, 7, True), (-9, 7, True), (CRASHED, 6, True)]
)
def test_a_point_behind_the_end_of_a_run_is_not_reached(status: int, changes: int, reached: bool) -> None:
    """Only a run that ended well, with fewer changes, escaped its point; one that failed by itself did not."""
    assert is_reached(Point("kill", 7, "fsync"), Traced(calls=["write"] * changes, status=status)) is reached


@pytest.mark.kill
@pytest.mark.faults
def test_H1_H2_H3_H5_a_sample_of_the_deaths_is_survived(tmp_path: Path) -> None:
    """Kills, power cuts, a full disk and a read-only folder: restarted, the same rows, and no reader saw an error."""
    command = [sys.executable, "-m", "copydesk", "selftest", "--crash", "--points", "5"]
    environment = os.environ | {"PREFECT_HOME": str(tmp_path / "prefect"), "TMPDIR": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=280)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["survived"] == found["tried"] == 5 - found["unreached"]
    assert found["unreached"] <= 1


@pytest.mark.faults
def test_H3_a_run_that_cannot_be_recorded_ends_with_a_sentence(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full before anything else is done: a DiskError that names the folder, no traceback."""

    def refuse(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(DiskError, match="No space left"):
        begin(folder, [], NIGHT)
