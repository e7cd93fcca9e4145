"""prefect.yaml: the same deployments as `copydesk up`, and the second way to run them, done as docs/running.md says."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from copydesk.prefect_home import flow_api
from copydesk.up_deployments import CRON, OFFERS, TIME_ZONE, UNATTENDED, Offer
from tests.up.conftest import Place, make_place
from tests.up.desk import END_STATES, Api, clean_env

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = (
    "prefect work-pool create copydesk --type process",
    "prefect --no-prompt deploy --all",
    "prefect worker start --pool copydesk",
)


def deployments() -> dict[str, dict[str, Any]]:
    """The deployments of prefect.yaml by name."""
    read = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
    return {deployment["name"]: deployment for deployment in read["deployments"]}


def test_both_ways_offer_the_same() -> None:
    """No deployment is in one place only."""
    assert list(deployments()) == [offer.name for offer in OFFERS]


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.name)
def test_a_deployment_is_the_same_both_ways(offer: Offer) -> None:
    """Entrypoint, tags, collisions, retries and schedule of prefect.yaml are those of `copydesk up`."""
    found = deployments()[offer.name]
    assert found["entrypoint"] == offer.entrypoint
    assert found["tags"] == offer.tags
    assert found["concurrency_limit"] == {"limit": 1, "collision_strategy": offer.collision}
    cron = offer.cron or (CRON if offer.is_scheduled else None)
    schedules = [{"cron": cron, "timezone": TIME_ZONE}] if cron else []
    assert found.get("schedules", []) == schedules
    assert found["work_pool"] == {"name": "copydesk", "job_variables": {"working_dir": ".", "env": UNATTENDED}}


def test_the_commands_are_those_of_the_docs() -> None:
    """What the test below runs is what docs/running.md and prefect.yaml tell people to run."""
    for text in (ROOT / "docs" / "running.md", ROOT / "prefect.yaml"):
        assert [command for command in COMMANDS if command not in text.read_text(encoding="utf-8")] == []


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    """A Prefect server of the test's own."""
    with flow_api(tmp_path / "server") as found:
        found.wait()
        yield Api(found.url)


def prefect(command: str, cwd: Path, home: Path, api: Api) -> subprocess.Popen[str]:
    """A started command of Prefect's, as a person in this folder starts it."""
    words = command.split()
    words[0] = str(Path(sys.executable).with_name("prefect"))
    env = clean_env(PREFECT_API_URL=api.url, PREFECT_HOME=str(home), DO_NOT_TRACK="1")
    return subprocess.Popen(
        words, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


@pytest.mark.flow
def test_deploy_and_a_worker(api: Api, tmp_path: Path) -> None:
    """Deploy in the checkout, work in another folder: the run works there, with its sources and its data."""
    place: Place = make_place(tmp_path / "place", 9)
    for command in COMMANDS[:2]:
        done = prefect(command, ROOT, tmp_path / "home", api)
        said = done.communicate(timeout=120)[0]
        assert done.returncode == 0, said
    for offer in OFFERS:
        deployment = api.deployment(offer.name)
        assert deployment["entrypoint"] == offer.entrypoint
        # Nothing of the machine that deployed is in it.
        assert str(ROOT) not in str(deployment)
    run_id = api.start("nightly", sources=["texts"])
    worker = prefect(COMMANDS[2], place.root, tmp_path / "home", api)
    try:
        ended = api.wait_for_state(run_id, *END_STATES, seconds=120)
    finally:
        worker.terminate()
        said = worker.communicate(timeout=60)[0]
    assert ended == "COMPLETED", said
    assert (place.root / "data" / "articles.duckdb").exists()
