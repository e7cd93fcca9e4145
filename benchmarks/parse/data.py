"""The development sets of ../shared/bench as pages that parse has read, and which site each belongs to."""

import hashlib
import json
import lzma
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement
from publicsuffixlist import PublicSuffixList

from tasks.parse.decode import decode
from tasks.parse.dom import parse_dom
from tasks.parse.extractor import Hints
from tasks.parse.fields import choose_heads
from tasks.parse.gather import gather
from tasks.parse.model import Listed
from tasks.parse.page import hints_of

SETS = ("news424", "wcxb_dev_article", "trafilatura")
FOLDS = 5
SUFFIXES = PublicSuffixList()
HARD = "hard::"
"""How the trafilatura set writes the addresses of pages that it knows by file name only."""


@dataclass(frozen=True)
class Source:
    """One page of a set: its bytes, and what is known to be right."""

    dataset: str
    id: str
    url: str
    html: bytes
    truth: dict[str, Any]

    @property
    def site(self) -> str:
        """The page's registered domain; the same in all sets, so that a site is never in training and test at once."""
        return site_of(self.url)


def site_of(url: str) -> str:
    """The registered domain of a page's URL, or of the file name that stands for it.

    >>> site_of("https://www.news.example.co.uk/a"), site_of("hard::example.com-millions.html")
    ('example.co.uk', 'example.com')
    """
    host = re.split(r"[-_/]", url.removeprefix(HARD))[0] if url.startswith(HARD) else urlsplit(url).hostname or url
    return SUFFIXES.privatesuffix(host.lower()) or host.lower()


def fold_of(site: str, folds: int = FOLDS, salt: str = "") -> int:
    """The fold that a site is tested in: a hash of its name, so that it needs no list."""
    return int(hashlib.sha256((salt + site).encode()).hexdigest(), 16) % folds


def read_set(bench: Path, dataset: str) -> Iterator[Source]:
    """The pages of one set in order."""
    folder = bench / "data" / dataset
    with lzma.open(folder / "truth.jsonl.xz", "rt", encoding="utf-8", errors="surrogatepass") as file:
        truth = {row["id"]: row for row in map(json.loads, file)}
    for row in _rows(bench, dataset):
        yield Source(dataset, row["id"], row["url"], _html(row), truth[row["id"]])


def read_pages(bench: Path, dataset: str) -> Iterator[tuple[str, bytes]]:
    """URL and bytes of the pages of one set in order, without what is known of them."""
    return ((row["url"], _html(row)) for row in _rows(bench, dataset))


def _rows(bench: Path, dataset: str) -> Iterator[dict[str, Any]]:
    return map(json.loads, _lines(bench / "data" / dataset / "pages.jsonl.xz"))


def _html(row: dict[str, Any]) -> bytes:
    html: bytes = row["html"].encode("utf-8") if "html" in row else row["html_latin1"].encode("latin-1")
    return html


UNPACK = "import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.argv[1]), sys.stdout.buffer)"


def _lines(path: Path) -> Iterator[str]:
    """The lines of an xz file, unpacked in a process of its own: 64 MB of it must not count as an extractor's."""
    with subprocess.Popen([sys.executable, "-c", UNPACK, str(path)], stdout=subprocess.PIPE) as process:
        if process.stdout is not None:
            yield from (line.decode("utf-8", "surrogatepass") for line in process.stdout)
        process.terminate()


def read_page(html: bytes, url: str) -> tuple[HtmlElement, Hints] | None:
    """The page's tree and what it says of its article, as parse reads them."""
    dom = parse_dom(decode(html, "text/html").text)
    if dom is None:
        return None
    gathered = gather(dom.tree, url, Listed())
    return dom.tree, hints_of(gathered, choose_heads(gathered.facts, url))
