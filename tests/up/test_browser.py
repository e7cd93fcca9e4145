"""A person in front of the UI: opens the nightly deployment, changes its form, runs it, sees what came out."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, sync_playwright

from tasks.report.task import REPORT_KEY
from tests.up.desk import END_STATES, Desk

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PICTURES = Path(__file__).resolve().parents[2] / "test-output"
PATIENCE_MS = 90_000


@pytest.fixture
def page() -> Iterator[Page]:
    """A page in headless Chromium; the test is skipped, and says so, where there is none."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs Chromium in the PATH (Debian's package chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 1100})
        page.set_default_timeout(PATIENCE_MS)
        yield page
        browser.close()


def field(page: Page, name: str) -> Locator:
    """One field of a form: its label and all that belongs to it."""
    return page.locator(".p-label", has=page.get_by_text(name, exact=True))


@pytest.mark.browser
@pytest.mark.flow
def test_a_person_runs_the_night_from_the_form(desk: Desk, page: Page) -> None:
    """Custom run with limit 3 and one source: completes, shows its artifact; the browser talks to nobody else."""
    strange: list[str] = []
    page.on("request", lambda request: None if desk.url in request.url else strange.append(request.url))
    page.goto(f"{desk.url}/deployments")
    page.get_by_role("link", name="nightly", exact=True).first.click()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("Custom run").click()
    limit = field(page, "limit (Optional)")
    limit.get_by_text("int", exact=True).click()
    limit.locator("input[type=number]").fill("3")
    page.screenshot(path=picture("up-form.png"))
    page.get_by_role("button", name="Submit").click()
    # Not a real click: the button slides in, and would have to be caught.
    page.get_by_role("button", name="View run").first.dispatch_event("click")
    page.wait_for_url("**/runs/flow-run/**")
    run_id = re.findall(r"flow-run/([0-9a-f-]{36})", page.url)[0]
    assert desk.api.wait_for_state(run_id, *END_STATES, seconds=90) == "COMPLETED", desk.said()
    # The page asks again by itself, but only every half minute.
    page.reload()
    page.get_by_text("Completed", exact=True).first.wait_for()
    assert desk.api.ask(f"/flow_runs/{run_id}")["parameters"]["limit"] == 3
    page.get_by_text("Artifacts", exact=True).click()
    page.get_by_text(REPORT_KEY, exact=True).first.click()
    page.wait_for_url("**/artifacts/**")
    page.get_by_text("Show raw data").wait_for()
    page.screenshot(path=picture("up-artifact.png"), full_page=True)
    assert strange == []


def picture(name: str) -> Path:
    """Where a screenshot is saved, for people to look at; git ignores the folder."""
    PICTURES.mkdir(exist_ok=True)
    return PICTURES / name
