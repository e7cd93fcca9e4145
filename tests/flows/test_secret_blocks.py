"""Secrets in Prefect's own hands: a Secret block is read from a real server, and no run leaves a value there."""

import asyncio
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from copydesk.prefect_home import flow_api
from tests.servers import reply, serve
from tests.up.desk import Api, clean_env

ROOT = Path(__file__).resolve().parents[2]
WORD, VALUE = "hush-word-41", "hush-value-77"
SCRIPT = """
import asyncio, json, sys
from prefect.blocks.system import Secret
from flows.nightly import nightly
from flows.secrets import resolve_access
from schemas.source import Source
from tasks.errors import SourcesError

def source(name):
    return Source(id="paper", kind="feed", url="https://paper.example/rss", headers={"X-Key": "${secret:%s}" % name})

async def told(name):
    try:
        return dict((await resolve_access([source(name)]))["paper"].headers)
    except SourcesError as error:
        return str(error)

async def main():
    await Secret(value=sys.argv[1]).asave("paper-word")
    await Secret(value={"a": sys.argv[1]}).asave("no-text")
    print(json.dumps([await told(name) for name in ("paper-word", "not-there", "no-text")]))

asyncio.run(main())
try:
    asyncio.run(nightly())
except Exception as error:
    print(json.dumps(type(error).__name__))
"""


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    """A Prefect server of the test's own, also where other tests have one: its database is searched."""
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        monkeypatch.delenv(name)
    with flow_api(tmp_path / "server") as found:
        found.wait()
        yield Api(found.url)


class Site:
    """A paper that shows its feed only to who knows the word and the value, and sends both back in a header."""

    def __init__(self) -> None:
        self.seen: set[tuple[str | None, str | None]] = set()

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """The feed, or a refusal."""
        if request.path == "/robots.txt":
            return reply("", 404)
        self.seen.add((request.headers.get("X-Key"), request.headers.get("X-Value")))
        item = f"<item><title>x</title><link>http://{request.host}/story</link></item>"
        body = f"<rss version='2.0'><channel><title>x</title>{item}</channel></rss>"
        return reply(body, 200, "application/rss+xml", X_Echo=f"{WORD} {VALUE}")


def run(place: Path, api: Api) -> list[Any]:
    """What the script prints, a line a value."""
    env = clean_env(
        PREFECT_API_URL=api.url,
        PREFECT_HOME=str(place / "home"),
        PREFECT_LOGGING_LEVEL="DEBUG",
        COPYDESK_DATA=str(place / "data"),
        COPYDESK_SOURCES_FILE=str(place / "sources.yaml"),
        COPYDESK_ALLOW_LOOPBACK="true",
        COPYDESK_DELAY_S="0",
        COPYDESK_WORKERS="0",
        DO_NOT_TRACK="1",
        PAPER_VALUE=VALUE,
    )
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, WORD],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    (place / "said.txt").write_text(done.stdout.split("\n", 1)[-1] + done.stderr)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line[:1] in '["']


def unpacked(path: Path) -> bytes:
    """What a file holds; a capture unpacked."""
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def leaks(folder: Path) -> list[Path]:
    """The files below the folder that hold a secret."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in files), "Prefect's database was not among what is searched"
    return [path for path in files if any(word in unpacked(path) for word in (WORD.encode(), VALUE.encode()))]


@pytest.mark.flow
async def test_a_secret_block_is_read_and_told_to_nobody(api: Api, tmp_path: Path) -> None:
    """The site gets both; neither is in Prefect's database, logs, parameters, our data, or what is printed."""
    site, place = Site(), tmp_path / "place"
    place.mkdir()
    async with serve(site) as server:
        (place / "sources.yaml").write_text(
            "sources:\n  - id: paper\n    kind: feed\n    url: " + server.url("/rss") + "\n"
            "    headers:\n      X-Key: ${secret:paper-word}\n      X-Value: ${PAPER_VALUE}\n"
        )
        told = await asyncio.to_thread(run, place, api)
    found, missing, no_text = told[0]
    assert found == {"X-Key": WORD}
    assert "the Secret block not-there cannot be read" in missing
    assert "the Secret block no-text cannot be read (TypeError)" in no_text
    assert site.seen == {(WORD, VALUE)}
    runs = api.ask("/flow_runs/filter", {})
    assert runs
    assert "x-key" not in json.dumps(runs).lower()
    assert leaks(tmp_path) == []
