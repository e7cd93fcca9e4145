"""A run that Prefect started and that is asked to stop: it finishes what it has begun, and loses nothing."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import duckdb
import pytest

from tests.up.desk import END_STATES, Desk, desk_up, recorded_state, wait_for

pytestmark = [pytest.mark.flow, pytest.mark.faults, pytest.mark.kill]

PAGE = """<html><head><title>The ferry sails again</title></head><body><article><h1>The ferry sails again, part {n}</h1>
<p>The ferry to the island sails again from Monday, after a winter in the yard, number {n} of its kind.</p>
<p>The harbour master said that the new engine had been tried for three weeks, and that it burns a third less.</p>
<p>Tickets cost what they did last year, and the first boat leaves at six in the morning.</p>
</article></body></html>"""


class Paper:
    """A paper of three pages, of which the second is under way until it is let through."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.is_open = threading.Event()
        self.waits_at = "/2"

    def answer(self, path: str, port: int) -> tuple[int, str]:
        """Status and body."""
        self.asked.append(path)
        if path == self.waits_at:
            self.is_open.wait(60)
        if path == "/list.txt":
            return 200, "".join(f"http://127.0.0.1:{port}/{number}\n" for number in (1, 2, 3))
        if path == "/robots.txt":
            return 404, ""
        return 200, PAGE.format(n=path[1:])


@contextmanager
def published(paper: Paper) -> Iterator[int]:
    """The port on which the paper can be read."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer."""
            status, body = paper.answer(self.path, self.server.server_address[1])
            self.send_response(status)
            self.send_header("Content-Type", "text/plain" if self.path.endswith(".txt") else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        paper.is_open.set()
        server.shutdown()
        server.server_close()


@pytest.fixture
def paper() -> Paper:
    """A fresh paper."""
    return Paper()


@pytest.fixture
def desk(tmp_path: Path, paper: Paper) -> Iterator[Desk]:
    """A `copydesk up` that reads the paper, a page after the other."""
    with published(paper) as port:
        sources = tmp_path / "sources.yaml"
        sources.write_text(
            f"sources:\n  - {{id: paper, kind: url_list, url: 'http://127.0.0.1:{port}/list.txt', delay_s: 0.1}}\n",
            encoding="utf-8",
        )
        with desk_up(tmp_path / "data", sources) as desk:
            yield desk


def start_and_wait_for(page: str, desk: Desk, paper: Paper) -> tuple[str, int]:
    """Flow run id and process id of a run that waits for the page."""
    desk.wait_until_ready()
    run_id = desk.api.start("nightly")
    wait_for(lambda: page in paper.asked, 60, f"{page} is asked for")
    return run_id, next(pid for pid, line in desk.family().items() if "prefect.engine" in line)


def page_ends(data: Path) -> dict[str, str]:
    """Path to last state of each page, by the published ledger."""
    pages = (
        "SELECT regexp_extract(url, '/[0-9]$'), arg_max(state, recorded_at) FROM ledger WHERE kind = 'page' GROUP BY 1"
    )
    with duckdb.connect(str(data / "articles.duckdb"), read_only=True) as database:
        return dict(database.execute(pages).fetchall())


def test_I2_a_run_of_prefect_drains_at_the_first_signal(desk: Desk, paper: Paper) -> None:
    """One SIGTERM to its process: the page under way is stored, the next deferred, the flow run completed."""
    run_id, pid = start_and_wait_for("/2", desk, paper)
    os.kill(pid, signal.SIGTERM)
    paper.is_open.set()
    assert desk.api.wait_for_state(run_id, *END_STATES) == "COMPLETED"
    assert page_ends(desk.data) == {"/1": "stored", "/2": "stored", "/3": "deferred"}
    assert "/3" not in paper.asked


def test_I2_a_run_of_prefect_ends_at_the_second_signal(desk: Desk, paper: Paper) -> None:
    """Two SIGTERMs: crashed at once; the run that follows stores every page, and asks for none that was captured."""
    run_id, pid = start_and_wait_for("/2", desk, paper)
    os.kill(pid, signal.SIGTERM)
    time.sleep(0.5)
    os.kill(pid, signal.SIGTERM)
    assert desk.api.wait_for_state(run_id, *END_STATES) == "CRASHED"
    paper.is_open.set()
    again = desk.api.start("nightly")
    assert desk.api.wait_for_state(again, *END_STATES) == "COMPLETED"
    assert page_ends(desk.data) == {"/1": "stored", "/2": "stored", "/3": "stored"}
    assert paper.asked.count("/1") == 1


def test_I2_up_lets_its_runs_drain(desk: Desk, paper: Paper) -> None:
    """SIGTERM to `copydesk up` itself: its run ends as above before the server does, with exit code 0."""
    run_id, _ = start_and_wait_for("/2", desk, paper)
    desk.process.send_signal(signal.SIGTERM)
    time.sleep(1)
    paper.is_open.set()
    assert desk.process.wait(40) == 0
    assert desk.is_gone(), desk.family()
    assert page_ends(desk.data) == {"/1": "stored", "/2": "stored", "/3": "deferred"}
    assert recorded_state(desk.data, run_id) == "CANCELLED"


def test_a_run_that_fails_while_it_is_stopped_is_not_tried_again(desk: Desk, paper: Paper) -> None:
    """A listing that does not end within the drain: the run has failed, and no process waits for another try."""
    paper.waits_at = "/list.txt"
    run_id, pid = start_and_wait_for("/list.txt", desk, paper)
    os.kill(pid, signal.SIGTERM)
    assert desk.api.wait_for_state(run_id, *END_STATES, "SCHEDULED") == "FAILED"
