"""One object store on loopback for all tests here, and an empty bucket for each."""

import logging
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from tasks.io.bucket import store as bucket_store
from tasks.io.folder import DataFolder
from tests.bucket.server import ObjectStore, serve

SECRET = "verysecretkeyofthetestsnobodyshouldprint"
_numbers = count()

Machine = Callable[[str], DataFolder]


@pytest.fixture(scope="session")
def object_store() -> Iterator[ObjectStore]:
    """The server; it ends with the tests."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with serve() as store:
        yield store


@pytest.fixture
def bucket(object_store: ObjectStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The address of an empty bucket, with credentials in the environment and pauses of a millisecond."""
    name = f"desk-{next(_numbers)}"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATESTTESTTESTTEST")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_ENDPOINT_URL", object_store.url)
    monkeypatch.setenv("COPYDESK_COPIES", str(tmp_path / "cöpy 1%20"))
    monkeypatch.setattr(bucket_store, "FIRST_PAUSE", timedelta(milliseconds=1))
    monkeypatch.setattr(bucket_store, "LONGEST_PAUSE", timedelta(milliseconds=2))
    monkeypatch.setattr(bucket_store, "TIMEOUT_S", 5)
    bucket_store._cached.cache_clear()
    asked = urllib.request.Request(f"{object_store.url}/{name}", method="PUT")  # noqa: S310 - our own server
    urllib.request.urlopen(asked).close()  # noqa: S310
    object_store.asked.clear()
    yield f"s3://{name}/news desk"
    bucket_store._cached.cache_clear()


@pytest.fixture
def machine(bucket: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Machine:
    """Gives the data folder as a machine of that name sees it: each has a copy of its own."""

    def made(name: str) -> DataFolder:
        monkeypatch.setenv("COPYDESK_COPIES", str(tmp_path / f"cöpy {name}%20"))
        folder = DataFolder(Path(bucket))
        folder.prepare()
        return folder

    return made
