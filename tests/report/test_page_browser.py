"""The page of a run in a browser: light, dark and narrow. Pictures are left in test-output/."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tasks.io.folder import DataFolder
from tasks.report.facts import read_facts
from tasks.report.figures import read_figures, read_summary
from tasks.report.page import write_page
from tests.report.season import LAST, thirty_nights

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
PICTURES = Path(__file__).resolve().parents[2] / "test-output"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the last of thirty nights."""
    folder = DataFolder(tmp_path_factory.mktemp("pictures") / "data")
    folder.prepare()
    thirty_nights(folder)
    return write_page(folder, read_summary(folder, LAST), read_facts(folder, LAST), read_figures(folder, LAST))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium; the test is skipped, and says so, where there is none."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs Chromium in the PATH (Debian's package chromium)")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, headless=True, args=FLAGS)
        yield launched
        launched.close()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "width", "scheme", "is_dark"),
    [("light", 1200, "light", False), ("dark", 1200, "dark", True), ("narrow", 360, "light", False)],
)
def test_the_page_in_a_browser(
    browser: Browser, page_file: Path, name: str, width: int, scheme: str, is_dark: bool
) -> None:
    """Nothing is asked for, nothing runs, nothing sticks out at the side, and the colours are those of the scheme."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]  # a parameter
    asked: list[str] = []
    trouble: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.goto(page_file.as_uri())
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"report-{name}.png", full_page=True)
    assert asked == [page_file.as_uri()]
    assert trouble == []
    assert page.title() == f"Run {LAST}: completed"
    assert page.evaluate("document.documentElement.scrollWidth") == width
    red = int(page.evaluate("getComputedStyle(document.body).backgroundColor").split("(")[1].split(",")[0])
    assert (red < 100) == is_dark
    heights = page.evaluate("[...document.querySelectorAll('svg')].map(it => it.getBoundingClientRect().height)")
    assert len(heights) > 15
    assert all(2 < height < 90 for height in heights)
    page.close()
