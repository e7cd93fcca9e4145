"""What is decided in the pages is decided by the same code as on the command line, and is in the tables."""

import pytest
from starlette.testclient import TestClient

from tasks.io.folder import DataFolder
from tasks.io.leases import hold_maintain
from tasks.io.tables import Snapshot
from tasks.publish.database import publish_tables
from tasks.store.held import waiting
from tests.explore.conftest import client_of, token_of
from tests.store.staged import current
from tests.store.test_release import held_night, states


@pytest.fixture
def held(folder: DataFolder) -> TestClient:
    """The pages over a night with one published page and two held ones."""
    held_night(folder)
    publish_tables(folder)
    return client_of(folder.root)


def settle(client: TestClient, decision: str, **fields: str) -> str:
    """What the page says after the form was sent."""
    form = {"source": "paper", "run": "r1", "note": "so it is", "decision": decision, "token": token_of(client)}
    sent = client.post("/held", data=form | fields)
    return client.get("/quarantine").text if sent.status_code == 303 else f"{sent.status_code} {sent.text}"


@pytest.mark.parametrize(
    ("decision", "said", "after"),
    [("release", "2 pages of paper, run r1, are released.", "stored"), ("drop", "are dropped.", "held")],
)
def test_held_pages_are_settled(folder: DataFolder, held: TestClient, decision: str, said: str, after: str) -> None:
    """Released ones are published at once, dropped ones are not; either way none waits, and the note is kept."""
    assert "Waits for a decision" in held.get("/quarantine").text
    page = settle(held, decision)
    assert said in page
    assert "Waits for a decision" not in page
    assert said not in held.get("/quarantine").text
    assert states(folder) == ["stored", after, after]
    assert len(current(folder)) == (3 if after == "stored" else 1)
    assert Snapshot.open(folder).read("decisions")["note"].to_list()[0] == "so it is"
    assert "Nothing of it waits" in settle(held, decision)


@pytest.mark.parametrize("fields", [{"source": ""}, {"run": ""}, {"decision": "forget"}, {"decision": ""}])
def test_half_a_decision_is_none(folder: DataFolder, held: TestClient, fields: dict[str, str]) -> None:
    """Without a source, a run or a known word nothing is decided; never all that waits."""
    assert settle(held, fields.pop("decision", "drop"), **fields).startswith("400")
    assert len(waiting(Snapshot.open(folder))) == 1


def test_while_a_run_is_at_work(folder: DataFolder, held: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence of the command, and nothing is decided."""
    monkeypatch.setattr("tasks.io.decisions.MAINTAIN_WAIT_S", 0.0)
    with hold_maintain(folder, exclusive=False, owner="a run"):
        assert "A run is at work" in settle(held, "release")
    assert len(waiting(Snapshot.open(folder))) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"decision": "refuse", "rule": "zz"}, "0 rules have an id that begins with"),
        ({"decision": "confirm", "rule": ""}, "0 rules have an id that begins with"),
        ({"decision": "forget", "rule": "zz"}, "Say whether to confirm or to refuse."),
    ],
)
def test_a_rule_that_is_none(held: TestClient, fields: dict[str, str], said: str) -> None:
    """A sentence in the page."""
    sent = held.post("/rules", data=fields | {"token": token_of(held)})
    text = held.get("/rules").text if sent.status_code == 303 else sent.text
    assert said in text
