"""A person with `copydesk explore` in a browser: asks, reads an article and a receipt, refuses what was learned."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from copydesk.rules import read_rules
from tasks.io.folder import DataFolder
from tasks.io.tables import Snapshot
from tests.explore.conftest import NEVER_ENDING
from tests.flows.test_site_memory import ASKS, _night

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
PICTURES = Path(__file__).resolve().parents[2] / "test-output"

pytestmark = [pytest.mark.browser, pytest.mark.flow]


@pytest.fixture(scope="module")
def folder_of_nights(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """Nine articles with the same line, which was learned and cut."""
    folder = DataFolder(tmp_path_factory.mktemp("explore") / "data")
    folder.prepare()
    _night(folder, folder.root.parent / "desk", range(9), ASKS, 0)
    return folder


@pytest.fixture(scope="module")
def url(folder_of_nights: DataFolder) -> Iterator[str]:
    """The address that `copydesk explore` prints; SIGTERM ends it, with nothing said."""
    words = ["-m", "copydesk", "explore", "--data", str(folder_of_nights.root), "--port", "0", "--no-browser"]
    with subprocess.Popen(
        [sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        said = re.match(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())
        assert said is not None
        yield said[0]
        server.send_signal(signal.SIGTERM)
        assert server.communicate(timeout=30) == ("", "")
        assert server.returncode == 0


@pytest.fixture(scope="module")
def browser(url: str) -> Iterator[Browser]:
    """Headless Chromium, opened after the nights: no flow can run while it is open. Skipped where there is none."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs Chromium in the PATH (Debian's package chromium)")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    """A page that talks to nobody else and has no trouble of its own."""
    page = browser.new_page(viewport={"width": 1200, "height": 900}, color_scheme="light")
    strange: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(url) else strange.append(request.url))
    page.on("pageerror", lambda error: strange.append(str(error)))
    page.on("console", lambda message: strange.append(message.text) if "Content Security" in message.text else None)
    yield page
    page.close()
    assert strange == []


def picture(page: Page, name: str) -> None:
    """A screenshot for people to look at; git ignores the folder."""
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"explore-{name}.png", full_page=True)


def test_a_query_from_the_keyboard(page: Page, url: str) -> None:
    """Ctrl+Enter runs it in place, with a picture; it is kept under a name; a link in the answer opens the article."""
    page.goto(f"{url}sql")
    page.fill("#sql", "select title, word_count, url from articles order by title")
    page.press("#sql", "Control+Enter")
    page.get_by_text("9 rows in").wait_for()
    assert page.locator("#answer svg").count() == 9
    picture(page, "sql")
    page.fill("#name", "all of it")
    page.press("#name", "Enter")
    page.get_by_text("The query is kept as").wait_for()
    assert page.locator("#sql").input_value().startswith("select title, word_count")
    page.press("#sql", "Control+Enter")
    page.locator("#answer td a").first.click()
    page.wait_for_url("**/article?url=**")


def test_a_query_is_cancelled(page: Page, url: str) -> None:
    """Escape stops one that would not end; a wrong one is told in place."""
    page.goto(f"{url}sql")
    page.fill("#sql", NEVER_ENDING)
    page.press("#sql", "Control+Enter")
    page.locator("#cancel").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("The query was cancelled.").wait_for()
    page.fill("#sql", "copy articles to 'x.csv'")
    page.locator("#run").click()
    page.get_by_text("COPY is refused").wait_for()


def test_an_article_and_its_receipt(page: Page, url: str) -> None:
    """From the list to the article, the mark where a line went, and what its receipt says; then as it was extracted."""
    page.goto(f"{url}articles")
    page.get_by_role("link", name="The report of quarter 3").click()
    mark = page.locator(".text.body summary").first
    receipt = page.locator(".text.body .receipt").first
    assert not receipt.is_visible()
    mark.click()
    receipt.wait_for()
    assert ASKS in receipt.inner_text()
    assert "stands in 9 articles of desk.example" in receipt.inner_text()
    picture(page, "receipt")
    page.get_by_role("link", name="As extracted").click()
    assert ASKS in page.locator(".text.body s").first.inner_text()
    page.get_by_role("link", name="History").click()
    page.get_by_text("One version is known").wait_for()


def test_a_learned_rule_is_refused(page: Page, url: str, folder_of_nights: DataFolder) -> None:
    """Button, sentence, and the decision in the tables with its note; reloading decides nothing again."""
    page.goto(f"{url}rules")
    assert ASKS in page.locator("form.rule").inner_text()
    page.get_by_label("Why").fill("a slogan")
    page.get_by_role("button", name="Refuse").click()
    page.get_by_text("is refused, from the next run on").wait_for()
    picture(page, "rules")
    page.reload()
    (rule,) = read_rules(folder_of_nights.root)
    assert rule["state"] == "refused"
    decisions = Snapshot.open(folder_of_nights).read("decisions", ["kind", "target", "note"]).rows()
    assert decisions == [("refuse", rule["line_hash"], "a slogan")]


@pytest.mark.parametrize("script", [True, False])
def test_without_script_and_narrow_and_dark(browser: Browser, url: str, script: bool) -> None:
    """The same form answers by a plain POST; nothing sticks out at the side on a phone, in the dark."""
    context = browser.new_context(
        java_script_enabled=script, viewport={"width": 360, "height": 740}, color_scheme="dark"
    )
    page = context.new_page()
    page.goto(f"{url}sql")
    page.locator("#run").click()
    page.get_by_text("1 row in").wait_for()
    picture(page, f"narrow-{'script' if script else 'plain'}")
    for path in ("", "articles", "sql", "quarantine", "rules", "nowhere"):
        page.goto(url + path)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 21, 24)"
    context.close()
