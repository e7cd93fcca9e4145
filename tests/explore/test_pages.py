"""The pages without a browser: what they show, that hostile text stays text, what helps where nothing is."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from copydesk.explore.saved import read_saved
from tasks.errors import DataFolderError
from tasks.io.folder import DataFolder
from tasks.maintain.backup import back_up
from tests.explore.conftest import BODY, CUT, MARKUP, client_of, hostile, token_of

FERRY = "/article?url=https%3A%2F%2Fa.example%2Fferry"
PAGES = ["/", "/articles", "/articles?words=ferry", "/articles?words=ferry&site=a.example", FERRY, f"{FERRY}&tab=raw",
         f"{FERRY}&tab=history", "/sql", "/quarantine", "/quarantine?all=1", "/quarantine/rule?rule=body_words",
         "/quarantine/rule?rule=magic_bytes", "/quarantine/row/aa11", "/quarantine/row/bb22", "/rules",
         "/reports/night2"]  # fmt: skip


class Elements(HTMLParser):
    """What a browser would make of a page: elements with attributes, and the text of each."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep it."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep it."""
        self.text += data


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_and_nothing_hostile_runs(client: TestClient, path: str) -> None:
    """Scripts are our one file, no handler and no style stands in the page, links lead to http and https only."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    found = Elements(answer.text)
    scripts = [attributes.get("src") for tag, attributes in found.elements if tag == "script"]
    assert set(scripts) <= {"/static/explore.js"}
    for tag, attributes in found.elements:
        assert tag not in ("img", "iframe", "object", "embed", "base", "b2")
        assert not any(name.startswith("on") for name in attributes)
        assert path.startswith("/reports") or "style" not in attributes
        target = attributes.get("href") or attributes.get("action") or "/"
        assert re.match(r"/|#|https?://", target), target


def test_the_list_and_its_search(client: TestClient) -> None:
    """The newest first; words find by rank; a wrong query is said in the page."""
    assert client.get("/articles").text.index("Ferry") < client.get("/articles").text.index("odd")
    found = client.get("/articles?words=museum").text
    assert "a.example/ferry" not in found or "Ferry" in found
    assert "odd" not in re.findall(r'class="headline".*', found)[0]
    wrong = client.get('/articles?words="ferry AND (')
    assert wrong.status_code == 400
    assert 'role="alert"' in wrong.text


def test_an_article_with_its_receipt_in_place(client: TestClient) -> None:
    """Clean has a mark where something went, with the receipt; raw has the text that went; both escape it."""
    clean, raw = client.get(FERRY).text, client.get(f"{FERRY}&tab=raw").text
    for page in (clean, raw):
        assert "promo link" in page
        assert "links.label" in page
        assert "READ: &lt;b onclick=" in page
        assert MARKUP not in page
    text = Elements(clean[clean.index('class="text body"') :]).text
    assert "The ferry is sold.\n\n1" in text
    assert BODY[BODY.index("said the captain") :] in text
    assert f"The ferry is sold.\n\n{CUT}" in Elements(raw[raw.index('class="text body"') :]).text


def test_the_history_of_an_article(client: TestClient) -> None:
    """The newest version first, with the words that changed."""
    page = client.get(f"{FERRY}&tab=history").text
    assert page.index("rewrite") < page.index('class="tag first"')
    assert "<ins>" in page
    assert "2 versions" in page


def test_quarantine_by_rule_down_to_the_row(client: TestClient) -> None:
    """Group, rows, and the candidate as it would have been; a URL that runs is no link."""
    assert "/quarantine/rule?rule=body_words" in client.get("/quarantine").text
    assert "/quarantine/row/aa11" in client.get("/quarantine/rule?rule=body_words").text
    row = client.get("/quarantine/row/aa11").text
    assert "Four words &lt;i&gt;are&lt;/i&gt; few." in row
    assert 'href="javascript' not in client.get("/quarantine/row/bb22").text


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/article", "/article?url=", "/article?url=x", "/article?url=https://a.example/none", f"{FERRY}&tab=x",
     "/article?url=javascript:alert(1)", "/articles?site=nowhere.example", "/reports/nightly9", "/static/x",
     "/reports/..%2f..%2fetc", "/static/..%2fapp.py", "/quarantine/rule?rule=nothing", "/rules?site=x",
     "/quarantine/row/zz", "/sql?saved=nothing", "/quarantine/row/%00"],
)  # fmt: skip
def test_what_is_not_there_is_a_page_that_helps(client: TestClient, path: str) -> None:
    """404 with a sentence, the ways on and a search."""
    answer = client.get(path)
    assert answer.status_code == 404
    assert "That did not work" in answer.text
    assert 'name="words"' in answer.text


@pytest.mark.parametrize("page", ["0", "-1", "x", "999999999999999999", "²"])
def test_a_page_number_out_of_bounds(client: TestClient, page: str) -> None:
    """The nearest page that can be, or an empty one."""
    assert client.get(f"/articles?page={page}").status_code == 200


@pytest.mark.parametrize("path", ["/articles", "/sql", "/quarantine", "/rules", "/article?url=https://a.example/x"])
def test_no_data_yet(tmp_path: Path, path: str) -> None:
    """Every page says how the first articles come, or that nothing is there."""
    answer = client_of(tmp_path / "none").get(path)
    assert answer.status_code == 200
    assert "copydesk demo" in answer.text or "Nothing was learned yet" in answer.text


def test_the_overview_without_data(tmp_path: Path) -> None:
    """It answers, and names the first command."""
    answer = client_of(tmp_path / "none").get("/")
    assert answer.status_code == 200
    assert "copydesk demo" in answer.text


def test_a_damaged_database_is_a_sentence(folder: DataFolder) -> None:
    """503, with what to do."""
    folder.database.write_bytes(b"no database" * 1000)
    answer = client_of(folder.root).get("/articles")
    assert answer.status_code == 503
    assert "remove it and run Copydesk once more" in answer.text


def test_queries_are_kept_and_deleted(folder: DataFolder) -> None:
    """Under a name that may hold anything; they last, and go."""
    hostile(folder)
    client = client_of(folder.root)
    name, token = f"{MARKUP} / ü & 'x'", token_of(client)
    kept = client.post("/queries", data={"name": name, "sql": "select 42 as answer", "token": token})
    assert kept.status_code == 303
    shown = client_of(folder.root).get(kept.headers["location"])
    assert "select 42 as answer" in shown.text
    assert MARKUP not in shown.text
    back_up(folder, DataFolder(folder.root.parent / "copy"))
    assert list(read_saved(DataFolder(folder.root.parent / "copy")).values()) == ["select 42 as answer"]
    gone = client.post("/queries/delete", data={"name": name, "token": token})
    assert gone.status_code == 303
    assert client.get(kept.headers["location"]).status_code == 404
    for fields in ({"name": " ", "sql": "select 1"}, {"name": "x", "sql": ""}):
        assert client.post("/queries", data={**fields, "token": token}).status_code == 400
    assert client.post("/queries/delete", data={"name": "x", "token": token}).status_code == 404


@pytest.mark.parametrize("content", ["{", "[]", '{"a": 1}', "\\xff"])
def test_a_damaged_file_of_kept_queries(folder: DataFolder, content: str) -> None:
    """One sentence that names the file; nothing is thrown away."""
    folder.kept_queries.parent.mkdir()
    folder.kept_queries.write_text(content, encoding="utf-8")
    with pytest.raises(DataFolderError, match=r"queries\.json .*mend it, or move it away\.$"):
        read_saved(folder)
