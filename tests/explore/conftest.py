"""A dataset with hostile texts in it, and a client that talks to the pages without a socket."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from copydesk.explore.app import make_app
from schemas.article import Article
from schemas.candidate import candidate_json
from tasks.io.folder import DataFolder
from tests.cli.test_quarantine import refused
from tests.sql.dataset import Tables, day, filled, seen, version

PORT = 4300
OWN = f"http://127.0.0.1:{PORT}"
MARKUP = '<script>document.title="taken"</script><img src=x onerror=alert(1)>'
NEVER_ENDING = "select count(*) from range(1000000000000) a, range(100000) b"
BODY = f"The ferry is sold.\n\n{MARKUP} said the captain.\n\nThe buyer is a museum."
CUT = 'READ: <b onclick="x()">more</b>'


def hostile(folder: DataFolder) -> Tables:
    """Published: an article of two versions with a receipt, one whose URL runs, two refusals; markup in all texts."""
    tables = Tables(folder)
    tables.add_runs(night1=1, night2=2)
    first = version("ferry", 1, text="The ferry is for sale.", run="night1", word_count=5)
    second = version("ferry", 2, text=BODY, run="night2", title=f"Ferry {MARKUP}", word_count=12)
    second |= {"kind_of_change": "rewrite", "change_share": 0.8, "authors": [MARKUP], "section": MARKUP}
    second |= {"previous_id": first["version_id"], "published_at": day(2), "flags": ["hidden_text"]}
    odd = version("odd", 2, text="An odd one.", run="night2", url="javascript:alert(1)", site="b.example")
    tables.add("articles", first)
    tables.add("articles", second, odd)
    receipt = {"version_id": second["version_id"], "article_id": "ferry", "field": "body", "seq": 0, "repair": "links"}
    receipt |= {"rule": "label", "kind": "promo_link", "char_offset": 20, "char_count": len(CUT), "text": CUT}
    receipt |= {"replacement": "", "evidence": MARKUP}
    tables.add("removals", receipt | {"run_id": "night2"})
    candidate = candidate_json(
        filled(Article, title=f"Stub {MARKUP}", body="Four words <i>are</i> few.", change_share=None)
    )
    tables.add(
        "quarantine",
        refused("aa11", "https://a.example/stub", "body_words", "night2", value=MARKUP, candidate=candidate),
        refused("bb22", "javascript:alert(2)", "magic_bytes", "night2", reason="not_html", stage="parse"),
    )
    tables.add("ledger", seen(first["url"], "stored", 1, "night1"), seen(first["url"], "stored", 2, "night2"))
    tables.publish()
    return tables


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hostile dataset, for looking only; its folder's name is hostile too."""
    folder = DataFolder(tmp_path_factory.mktemp("it's <b>dä ta"))
    folder.prepare()
    hostile(folder)
    return folder.root


def client_of(data: Path) -> TestClient:
    """A client of the pages over a data folder, that comes from the right address and follows no redirect."""
    return TestClient(make_app(data, PORT), base_url=OWN, follow_redirects=False)


@pytest.fixture
def client(data: Path) -> TestClient:
    """A client of the pages over the hostile dataset."""
    return client_of(data)


def token_of(client: TestClient) -> str:
    """The token that the pages carry."""
    return str(client.app.state.desk.token)  # type: ignore[attr-defined]  # the app is ours


def ask(client: TestClient, sql: str, **form: str) -> Any:
    """The answer to the form of the editor."""
    return client.post("/sql", data={"sql": sql, "token": token_of(client), **form})
