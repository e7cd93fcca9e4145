"""A place with two sources (one works, one never answers), and one `copydesk up` for all tests that share it."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.up.desk import Desk, desk_up

TEXT = """The bridge opens again

VALLEY TOWN - The bridge over the river opens on Monday after two years of work.

The mayor said that the town had waited long for it, and thanked the builders.
"""


@dataclass(frozen=True)
class Place:
    """A data folder and a sources file in a folder of their own."""

    root: Path

    @property
    def data(self) -> Path:
        """The data folder, with a space, a percent sign and an umlaut in its name."""
        return self.root / "dä ta%20"

    @property
    def sources(self) -> Path:
        """The sources file."""
        return self.root / "sources.yaml"


def make_place(root: Path, silent_port: int) -> Place:
    """A place whose source `texts` has two texts, and whose source `silent` keeps its run waiting."""
    texts = root / "texts"
    texts.mkdir(parents=True)
    for number in (1, 2):
        (texts / f"bridge-{number}.txt").write_text(TEXT.replace("two years", f"{number} years"), encoding="utf-8")
    place = Place(root)
    place.sources.write_text(
        "sources:\n"
        "  - {id: texts, kind: folder, path: texts, site: valley.example}\n"
        f"  - {{id: silent, kind: feed, url: 'http://127.0.0.1:{silent_port}/feed.xml', enabled: false}}\n",
        encoding="utf-8",
    )
    return place


@pytest.fixture(scope="session")
def silent_port() -> Iterator[int]:
    """The port of a server that takes every request and never answers."""
    taken: list[socket.socket] = []
    server = socket.create_server(("127.0.0.1", 0), backlog=64)

    def accept() -> None:
        while True:
            try:
                taken.append(server.accept()[0])
            except OSError:
                return

    threading.Thread(target=accept, daemon=True).start()
    yield server.getsockname()[1]
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    for connection in taken:
        connection.close()


@pytest.fixture
def place(tmp_path: Path, silent_port: int) -> Place:
    """A fresh place."""
    return make_place(tmp_path, silent_port)


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory, silent_port: int) -> Iterator[Desk]:
    """The `copydesk up` that tests share; it starts in a folder with a `flows` of somebody else's."""
    place = make_place(tmp_path_factory.mktemp("desk"), silent_port)
    decoy = place.root / "somewhere" / "flows"
    decoy.mkdir(parents=True)
    (decoy / "__init__.py").write_text("raise SystemExit('not these flows')\n", encoding="utf-8")
    with desk_up(place.data, place.sources, cwd=decoy.parent) as running:
        running.wait_until_ready()
        yield running
