"""Pages that crash, hang or swell cost themselves; children are reused, replaced, and never left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from schemas.reasons import Reason
from tasks.parse import children
from tasks.parse.children import Parsed, Pool, PoolSettings, close_pool, parse_jobs
from tasks.parse.model import Listed, ParsedPage, Refusal
from tasks.parse.zygote import Job
from tests.parse.pages_kit import CAPTURED, URL, page

ROOT = Path(__file__).resolve().parents[2]
HOOK = "tests.parse.poison:act"


@pytest.fixture(scope="module", autouse=True)
def _no_pool_left() -> Iterator[None]:
    """End the pool after these tests."""
    yield
    close_pool()


def jobs(*words: str) -> Iterator[tuple[int, Job]]:
    """One page a word; "" is a good page, any other word is what the poison does."""
    for place, word in enumerate(words):
        markup = page(f"<!-- poison:{word} -->" if word else "", title=f"Page number {place} of all")
        yield place, Job(markup.encode(), URL, "text/html", Listed(), CAPTURED)


def outcome(settings: PoolSettings, *words: str) -> dict[int, Parsed]:
    """The results by place; each place exactly once."""
    found: dict[int, Parsed] = {}
    for place, result in parse_jobs(jobs(*words), settings):
        assert place not in found
        found[place] = result
    return found


def test_same_result_with_and_without_children() -> None:
    """Children give what this process gives, whatever their number."""
    words = [""] * 12
    alone = outcome(PoolSettings(0), *words)
    assert alone == outcome(PoolSettings(1), *words) == outcome(PoolSettings(3), *words)
    assert all(isinstance(result, ParsedPage) for result in alone.values())


@pytest.mark.faults
@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("abort", Reason.PARSER_CRASHED),
        ("exit", Reason.PARSER_CRASHED),
        ("swell", Reason.PARSER_CRASHED),
        ("hang", Reason.PARSER_TIMEOUT),
        ("spin", Reason.PARSER_TIMEOUT),
    ],
)
def test_D3_poison_costs_itself(word: str, reason: Reason) -> None:
    """The poisoned page gets its reason, all others are parsed."""
    settings = PoolSettings(2, wall_s=1.5, memory_bytes=400_000_000, hook=HOOK)
    found = outcome(settings, "", word, "", "", "")
    assert isinstance(found[1], Refusal)
    assert found[1].reason is reason
    assert [place for place, result in sorted(found.items()) if isinstance(result, ParsedPage)] == [0, 2, 3, 4]


@pytest.mark.faults
def test_D3_cpu_limit_without_a_parent_s_watch() -> None:
    """A child that spins dies of its CPU limit when nobody looks at the clock."""
    pool = Pool(PoolSettings(1, wall_s=1.0, hook=HOOK))
    try:
        pool._give(0, next(jobs("spin"))[1])
        pool._busy[0].deadline += 60
        ((_, result),) = pool._collect()
        assert isinstance(result, Refusal)
        assert result.reason is Reason.PARSER_TIMEOUT
    finally:
        pool.close()


def test_children_are_replaced_after_their_share() -> None:
    """A child parses no more than its share of pages, then another one comes."""
    pool = Pool(PoolSettings(1, pages_per_child=2))
    pids = set()
    try:
        for _, result in pool.parse(jobs(*[""] * 5)):
            assert isinstance(result, ParsedPage)
            pids |= {child.pid for child in pool._idle}
        assert len(pids) == 3 or len(pids) == 2
        assert not any(Path(f"/proc/{pid}").exists() for pid in pids - {child.pid for child in pool._idle})
    finally:
        pool.close()


def test_pool_is_kept_and_closed() -> None:
    """The pool serves the next caller with the same processes; closing it ends them all."""
    settings = PoolSettings(2)
    outcome(settings, "", "")
    first = children._pool
    assert first is not None
    assert first._zygote is not None
    outcome(settings, "", "")
    assert children._pool is first
    pids = [first._zygote.pid, *(child.pid for child in first._idle)]
    close_pool()
    assert not any(_lives(pid) for pid in pids)


def test_caller_that_stops_early() -> None:
    """A caller that stops in the middle leaves a pool that works for the next."""
    answers = parse_jobs(jobs("", "", "", ""), PoolSettings(2))
    next(answers)
    answers.close()
    assert len(outcome(PoolSettings(2), "", "")) == 2


def test_killed_zygote_is_replaced() -> None:
    """When the zygote is killed between two calls, a new one comes."""
    settings = PoolSettings(1, pages_per_child=1)
    outcome(settings, "")
    pool = children._pool
    assert pool is not None
    assert pool._zygote is not None
    os.kill(pool._zygote.pid, signal.SIGKILL)
    pool._zygote.wait()
    assert all(isinstance(result, ParsedPage) for result in outcome(settings, "", "").values())


PARENT = """
import sys, time
from tests.parse.test_children import jobs
from tasks.parse.children import Pool, PoolSettings
pool = Pool(PoolSettings(2, hook="tests.parse.poison:act"))
list(pool.parse(jobs("", "")))
pool._give(0, next(jobs("hang"))[1])
print(pool._zygote.pid, *(child.pid for child in [*pool._idle, *pool._busy]), flush=True)
time.sleep(600)
"""


@pytest.mark.kill
def test_no_child_outlives_a_killed_parent() -> None:
    """After SIGKILL of the parent neither the zygote nor any child, idle or busy, is left."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, cwd=ROOT, text=True)
    assert parent.stdout is not None
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(pids) == 3
    assert all(_lives(pid) for pid in pids)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    patience = time.monotonic() + 10
    while any(_lives(pid) for pid in pids) and time.monotonic() < patience:
        time.sleep(0.02)
    assert not [pid for pid in pids if _lives(pid)]


def test_child_does_not_import_the_parent_s_main(tmp_path: Path) -> None:
    """A script without a guard can use the pool: its children never run it again."""
    script = tmp_path / "script.py"
    script.write_text(
        "print('once', flush=True)\n"
        "from tests.parse.test_children import outcome\n"
        "from tasks.parse.children import PoolSettings\n"
        "print(len(outcome(PoolSettings(2), '', '')))\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["once", "2"]


def _lives(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_threads_share_the_pool() -> None:
    """Callers in several threads, as Prefect's workers are, each get all of their own results."""
    settings = PoolSettings(2)
    with ThreadPoolExecutor(4) as threads:
        counts = [len(found) for found in threads.map(lambda _: outcome(settings, "", "", ""), range(6))]
    assert counts == [3] * 6
