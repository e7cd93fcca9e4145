"""Who is refused: other names of this machine, forms of other sites, forms without the token; and what headers say."""

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from copydesk.explore.guards import BODY_BYTES
from tests.explore.conftest import OWN, token_of

NAMES = ["evil.example", "evil.example:4300", "127.0.0.1:4301", "127.0.0.1", "localhost:4300.evil.example", "", "4300"]


@pytest.mark.parametrize("host", NAMES)
def test_a_foreign_name_is_not_answered(client: TestClient, host: str) -> None:
    """A name of somebody else's that leads here (DNS rebinding) sees nothing, and may do nothing."""
    for method in ("GET", "POST"):
        answer = client.request(method, "/sql", headers={"Host": host})
        assert answer.status_code == 421
        assert "token" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:4300", "localhost:4300", "LOCALHOST:4300", "[::1]:4300"])
def test_its_own_names_are_answered(client: TestClient, host: str) -> None:
    """The three names of this machine, with the port."""
    assert client.get("/sql", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:4301"},
        {"Origin": "https://127.0.0.1:4300"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": OWN},
        {"Sec-Fetch-Site": "none"},
    ],
)
@pytest.mark.parametrize("path", ["/sql", "/rules", "/held", "/queries", "/queries/delete", "/sql/answer.csv"])
def test_a_form_of_another_site_is_refused(client: TestClient, path: str, headers: dict[str, str]) -> None:
    """Even with the right token: the browser says where it comes from."""
    answer = client.post(path, data={"token": token_of(client), "sql": "select 1"}, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize("token", [None, "", "x", "ü"])
def test_a_form_without_the_token_is_refused(client: TestClient, token: str | None) -> None:
    """Missing, empty or guessed."""
    fields = {"sql": "select 1"} | ({} if token is None else {"token": token})
    assert client.post("/sql", data=fields).status_code == 403


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        ("{}", "application/json", 415),
        ("sql=select+1", "text/plain", 415),
        ("sql=" + "x" * BODY_BYTES, "application/x-www-form-urlencoded", 413),
    ],
)
def test_what_is_no_form(client: TestClient, content: str, kind: str, status: int) -> None:
    """Other types, which a foreign page may send without asking first, and forms without end."""
    assert client.post("/sql", content=content, headers={"Content-Type": kind}).status_code == status


@pytest.mark.parametrize("path", ["/", "/sql", "/static/explore.js", "/nowhere", "/reports/night2"])
def test_headers_of_every_answer(client: TestClient, path: str) -> None:
    """No frame, no guessing of types, no script but our own, nothing kept."""
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy or "script-src" not in policy
    assert (headers["x-frame-options"], headers["x-content-type-options"]) == ("DENY", "nosniff")
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods(client: TestClient, method: str) -> None:
    """Refused like a form that brings no token."""
    assert client.request(method, "/rules").status_code in (403, 405, 415)


def test_a_socket_of_the_web_is_refused(client: TestClient) -> None:
    """There are none here."""
    with pytest.raises(WebSocketDisconnect) as refused, client.websocket_connect("/sql"):
        pass
    assert refused.value.code == 1008


@pytest.mark.parametrize("path", ["/articles?words=ferry", "/static/explore.js", "/reports/night2"])
def test_a_page_of_another_site_may_link_here_and_no_more(client: TestClient, path: str) -> None:
    """A person who follows a link is served; a picture or script element of theirs is not, nor may it take the time."""
    theirs = {"Sec-Fetch-Site": "cross-site"}
    assert client.get(path, headers=theirs | {"Sec-Fetch-Mode": "navigate"}).status_code == 200
    for mode in ("no-cors", "cors", "websocket"):
        assert client.get(path, headers=theirs | {"Sec-Fetch-Mode": mode}).status_code == 403
