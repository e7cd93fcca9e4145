"""What all tests share: where ../shared lies (or that it is missing), and a run in a fresh data folder."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from tasks.io.folder import DataFolder
from tasks.io.staging import RunContext

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
NIGHT = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)


settings.register_profile("copydesk", deadline=None)
settings.load_profile("copydesk")
"""No test may fail because a machine is busy."""

SLOW = ("tests/up", "tests/flows", "tests/cli", "tests/explore", "tests/fetch", "tests/maintain")
"""Folders whose tests wait long: they begin first, so that no worker is left alone with them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slow folders first; xdist hands files out in this order."""
    place = {folder: rank for rank, folder in enumerate(SLOW)}
    items.sort(key=lambda item: place.get("/".join(item.nodeid.split("/")[:2]), len(SLOW)))


@pytest.fixture(autouse=True)
def same_environment() -> Iterator[None]:
    """What a test leaves in the environment (commands point Prefect at their data folder) is gone for the next."""
    before = dict(os.environ)
    yield
    if os.environ != before:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ../shared; the test is skipped, and says so, where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, which is not beside this checkout")
    return SHARED


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A prepared data folder whose name has a space, a percent sign and an umlaut."""
    made = DataFolder(tmp_path / "dä ta%20")
    made.prepare()
    return made


@pytest.fixture
def run(folder: DataFolder) -> RunContext:
    """A run in that folder."""
    return RunContext(run_id="20260302T021500Z-test", now=NIGHT, folder=folder)
