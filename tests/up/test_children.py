"""Child processes end with their parent, and a parent finds and ends all that is below it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from copydesk.up_children import LOG_LIMIT_BYTES, descendants, start_child, stop_child
from tests.up.desk import MARK, clean_env, wait_for

CHILD = """
import sys, time
from copydesk.up_children import end_with_parent
end_with_parent()
print("started", flush=True)
time.sleep(60)
"""

PARENT = """
import os, sys, time
from pathlib import Path
from copydesk.up_children import start_child
child = start_child("child", [], dict(os.environ), pass_fds=(), log=Path(sys.argv[1]))
print(child.pid, flush=True)
time.sleep(60)
"""

TREE = """
import os, subprocess, sys, time
from copydesk.up_children import adopt_orphans, descendants, kill_descendants
adopt_orphans()
nap = [sys.executable, "-c", "import time; time.sleep(60)"]
# A child that leaves a grandchild behind, in a session of its own.
middle = f"import subprocess, sys; subprocess.Popen({nap!r}, start_new_session=True)"
subprocess.run([sys.executable, "-c", middle], check=True)
subprocess.Popen(nap)
print(len(descendants(os.getpid())), flush=True)
kill_descendants()
print(len(descendants(os.getpid())), flush=True)
"""


def is_alive(pid: int) -> bool:
    """Whether a process lives; one that is dead and not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.fixture
def modules(tmp_path: Path) -> dict[str, str]:
    """An environment in which the module `child` can be run."""
    (tmp_path / "child.py").write_text(CHILD, encoding="utf-8")
    return clean_env(PYTHONPATH=str(tmp_path), **{MARK: "children"})


@pytest.mark.kill
def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path, modules: dict[str, str]) -> None:
    """Killed by SIGKILL: the child, in a session of its own, ends by itself."""
    command = [sys.executable, "-c", PARENT, str(tmp_path / "child.log")]
    with subprocess.Popen(command, env=modules, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        wait_for(lambda: "started" in (tmp_path / "child.log").read_text(), 10, "the child has started")
        assert is_alive(pid)
        parent.kill()
    wait_for(lambda: not is_alive(pid), 5, "the child has ended")


def test_orphans_are_found_and_killed(modules: dict[str, str]) -> None:
    """A grandchild whose parent is gone, in a session of its own, is below us and is killed with the rest."""
    ended = subprocess.run([sys.executable, "-c", TREE], env=modules, capture_output=True, text=True, timeout=60)
    assert ended.stdout.split() == ["2", "0"], ended.stderr


def test_nothing_is_below_a_process_that_is_not() -> None:
    """A process id that nobody has gives no descendants."""
    assert descendants(2**22 + 1) == []


def test_stop_child_waits_and_gives_up(tmp_path: Path, modules: dict[str, str]) -> None:
    """A child that ends on SIGTERM is told from one that does not in time, and from impatience."""
    log = tmp_path / "child.log"
    child = start_child("child", [], modules, pass_fds=(), log=log)
    wait_for(lambda: "started" in log.read_text(), 10, "the child has started")
    assert stop_child(child, 10, impatient=lambda: False)
    assert child.returncode == -signal.SIGTERM
    assert child.stdin is not None
    child.stdin.close()
    deaf = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
    )
    assert deaf.stdout is not None
    deaf.stdout.readline()
    assert not stop_child(deaf, 0.2, impatient=lambda: False)
    assert not stop_child(deaf, 60, impatient=lambda: True)
    deaf.kill()
    deaf.wait()
    deaf.stdout.close()


def test_the_working_directory_does_not_hide_modules(tmp_path: Path, modules: dict[str, str]) -> None:
    """A folder `copydesk` beside the user does not become the one that a child imports."""
    decoy = tmp_path / "here" / "copydesk"
    decoy.mkdir(parents=True)
    (decoy / "__init__.py").write_text("raise SystemExit('decoy')\n", encoding="utf-8")
    log, before = tmp_path / "child.log", Path.cwd()
    os.chdir(decoy.parent)
    try:
        child = start_child("child", [], modules, pass_fds=(), log=log)
    finally:
        os.chdir(before)
    wait_for(lambda: "started" in log.read_text(), 10, "the child has started")
    stop_child(child, 10, impatient=lambda: False)
    assert child.stdin is not None
    child.stdin.close()


def test_a_long_log_is_put_aside(tmp_path: Path, modules: dict[str, str]) -> None:
    """A log does not grow for ever: a long one makes room and is kept once."""
    log = tmp_path / "child.log"
    log.write_bytes(b"x" * (LOG_LIMIT_BYTES + 1))
    child = start_child("child", [], modules, pass_fds=(), log=log)
    wait_for(lambda: "started" in log.read_text(), 10, "the child has started")
    stop_child(child, 10, impatient=lambda: False)
    assert child.stdin is not None
    child.stdin.close()
    assert (tmp_path / "child.log.1").stat().st_size == LOG_LIMIT_BYTES + 1
