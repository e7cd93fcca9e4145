"""What all tests share: where ../shared lies (or that it is missing), and a run in a fresh data folder."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tasks.io.folder import DataFolder
from tasks.io.staging import RunContext

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
NIGHT = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)


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
