"""`copydesk up`: what it offers, what it refuses, that runs asked for in the UI are done."""

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_group

from copydesk.cli import app
from copydesk.up_deployments import OFFERS, Offer
from tests.up.conftest import Place, make_place
from tests.up.desk import Desk, desk_up, free_port, run_copydesk, wait_for


@pytest.fixture(scope="module", autouse=True)
def minutely(tmp_path_factory: pytest.TempPathFactory, silent_port: int) -> Iterator[Desk]:
    """A `copydesk up` whose night comes every minute; the minute passes while the other tests of this file run."""
    place = make_place(tmp_path_factory.mktemp("minutely"), silent_port)
    with desk_up(place.data, place.sources, "--cron", "* * * * *") as running:
        yield running


@pytest.mark.flow
def test_it_says_where_it_is_and_when_the_next_night_comes(desk: Desk) -> None:
    """Address, way to stop, next run: all that a person needs."""
    said = wait_for(lambda: desk.said() if "Next nightly run" in desk.said() else None, 20, "the next run is said")
    assert desk.url in said
    assert "Ctrl-C" in said
    assert ":15" in said


@pytest.mark.flow
@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.name)
def test_deployments_are_there(desk: Desk, offer: Offer) -> None:
    """Each offer is a deployment that is imported by module, allows one run at a time and knows its data folder."""
    name = offer.name
    deployment = desk.api.deployment(name)
    assert deployment["entrypoint"] == f"flows.{name}.{name}"
    assert deployment["path"] is None
    assert deployment["global_concurrency_limit"]["limit"] == 1
    assert deployment["concurrency_options"]["collision_strategy"] == offer.collision
    assert deployment["parameters"]["data"] == str(desk.data.resolve())
    assert deployment["tags"] == ["copydesk", name]
    assert deployment["description"]
    crons = [schedule["schedule"]["cron"] for schedule in deployment["schedules"]]
    assert crons == (["15 2 * * *"] if offer.is_scheduled else [offer.cron] if offer.cron else [])


@pytest.mark.flow
def test_every_parameter_is_described_in_the_form(desk: Desk) -> None:
    """The form of the UI shows a title, a type and a description for each parameter."""
    for offer in OFFERS:
        properties = desk.api.deployment(offer.name)["parameter_openapi_schema"]["properties"]
        assert [name for name, shown in properties.items() if not shown.get("description")] == []


@pytest.mark.flow
def test_a_run_that_is_asked_for_is_done(desk: Desk) -> None:
    """A run with changed parameters completes and leaves an artifact, wherever `up` was started."""
    run_id = desk.api.start("nightly", sources=["texts"], limit=1)
    ended = desk.api.wait_for_state(run_id, "COMPLETED", "FAILED", "CRASHED", "CANCELLED", seconds=90)
    assert ended == "COMPLETED", desk.said()
    assert desk.api.ask(f"/flow_runs/{run_id}")["parameters"]["limit"] == 1
    assert desk.api.ask("/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run_id]}}})


@pytest.mark.flow
def test_a_wrong_parameter_is_refused_by_the_form(desk: Desk) -> None:
    """The server checks parameters against the flow's types before a run is made."""
    with pytest.raises(OSError, match=r"409|422"):
        desk.api.start("nightly", limit="many")


@pytest.mark.flow
def test_a_command_beside_it_reports_to_it(desk: Desk) -> None:
    """`copydesk run` on the same data folder starts no server of its own: its run shows up in the UI of `up`."""
    sources = str(desk.data.parent / "sources.yaml")
    done = run_copydesk("run", "--data", str(desk.data), "--sources", sources, "--source", "texts")
    assert done.returncode == 0, done.stderr
    runs = desk.api.ask("/flow_runs/filter", {})
    assert [run["state_type"] for run in runs if run["deployment_id"] is None] == ["COMPLETED"]


@pytest.mark.flow
def test_pages_of_others_cannot_use_the_api(desk: Desk) -> None:
    """A browser is told that a page from elsewhere may not read the API; the desk's own page may."""
    allowed = {}
    for origin in (desk.url, "https://elsewhere.example"):
        request = urllib.request.Request(f"{desk.url}/api/health", headers={"Origin": origin})  # noqa: S310 - http
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - http
            allowed[origin] = answer.headers.get("Access-Control-Allow-Origin")
    assert allowed == {desk.url: desk.url, "https://elsewhere.example": None}


@pytest.mark.flow
def test_a_second_up_is_refused(desk: Desk) -> None:
    """Same data folder: one sentence with process and address, exit code 1, and the first goes on."""
    sources = str(desk.data.parent / "sources.yaml")
    second = run_copydesk("up", "--data", str(desk.data), "--sources", sources, "--port", str(free_port()))
    assert second.returncode == 1
    assert str(desk.process.pid) in second.stderr
    assert desk.url in second.stderr
    assert "Traceback" not in second.stderr
    assert desk.api.ask("/health") is True


@pytest.mark.flow
def test_a_port_in_use_is_refused(desk: Desk, place: Place) -> None:
    """Another data folder, same port: one sentence, exit code 1."""
    port = desk.url.rpartition(":")[2]
    second = run_copydesk("up", "--data", str(place.data), "--sources", str(place.sources), "--port", port)
    assert second.returncode == 1
    assert f"Port {port} of 127.0.0.1 is in use" in second.stderr
    assert "Traceback" not in second.stderr
    assert not (place.data / "prefect" / "prefect.db").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--time-zone", "Europe/Atlantis"], "--time-zone Europe/Atlantis is unknown"),
        (["--sources", "missing.yaml"], "missing.yaml does not exist"),
        (["--host", "no.such.host.example"], "--host no.such.host.example is no address"),
        (["--cron", "every night"], "--cron 'every night' is no cron expression"),
    ],
)
def test_wrong_use_is_one_sentence(place: Place, words: list[str], sentence: str) -> None:
    """Exit code 2, one sentence, nothing left running."""
    given = ["--data", str(place.data), "--sources", str(place.sources), "--port", str(free_port())]
    ended = run_copydesk("up", *given, *words)
    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_file_as_data_folder_is_refused(place: Place, tmp_path: Path) -> None:
    """The data folder is checked before anything starts."""
    wrong = tmp_path / "file"
    wrong.write_text("x", encoding="utf-8")
    ended = run_copydesk("up", "--data", str(wrong), "--sources", str(place.sources))
    assert ended.returncode == 1
    assert "is a file" in ended.stderr


def test_the_docs_name_every_option() -> None:
    """docs/running.md has each option of `copydesk up` with the default that it has."""
    text = (Path(__file__).resolve().parents[2] / "docs" / "running.md").read_text(encoding="utf-8")
    for parameter in get_group(app).commands["up"].params:
        assert f"| `{parameter.opts[0]}` | `{parameter.default}` |" in text


@pytest.mark.flow
def test_a_cron_makes_runs_that_run(minutely: Desk) -> None:
    """`* * * * *`: runs are planned ahead within 30 s, and the first is completed soon after its minute comes.

    A trap that this is for: with sqlalchemy 2.1 Prefect's server starts, takes the cron and never makes a run of it.
    It is the last test, because the minute has passed by then.
    """
    minutely.wait_until_ready()
    api = minutely.api
    wait_for(lambda: len(api.runs("nightly")) >= 3, 30, "runs are planned")
    done = wait_for(lambda: api.runs("nightly", "COMPLETED", "FAILED", "CRASHED"), 90, "a planned run has ended")
    assert done[0]["state_type"] == "COMPLETED", minutely.said()
    assert done[0]["auto_scheduled"] is True
    assert done[0]["expected_start_time"].endswith(":00Z") or ":00+00:00" in done[0]["expected_start_time"]
    # So that it does not go on beside the tests of other stages.
    assert minutely.stop() == 0
