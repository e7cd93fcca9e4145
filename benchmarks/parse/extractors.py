"""The extractors that are measured against each other: bytes and URL in, text, title, date and author out."""

import logging
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.parse.data import FOLDS, fold_of, site_of
from tasks.parse.bench import extract
from tasks.parse.extractor.judge import Model

Extractor = Callable[[bytes, str], dict[str, Any]]
RIVALS_FOLDER = str(Path(sys.prefix) / "rivals")
FOLD_MODELS = Path(__file__).parent / "folds"


@cache
def fold_models() -> tuple[Model, ...]:
    """The models that have each not seen the sites of one fold."""
    return tuple(Model.read(FOLD_MODELS / f"fold{number}.npz") for number in range(FOLDS))


def ours(html: bytes, url: str) -> dict[str, Any]:
    """The whole of parse, with the model that has not seen the page's site."""
    return extract(html, url, model=fold_models()[fold_of(site_of(url))])


def trafilatura_precision(html: bytes, url: str) -> dict[str, Any]:
    """Trafilatura in precision mode, body and metadata in one pass."""
    return _trafilatura(html, url, precision=True)


def trafilatura_default(html: bytes, url: str) -> dict[str, Any]:
    """Trafilatura in its default mode, body and metadata in one pass."""
    return _trafilatura(html, url, precision=False)


def _trafilatura(html: bytes, url: str, *, precision: bool) -> dict[str, Any]:
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    found = bare_extraction(
        html,
        url=url or None,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        favor_precision=precision,
    )
    if found is None:
        return {"text": ""}
    return {"text": found.text, "title": found.title, "date": str(found.date or "")[:10], "author": found.author}


def resiliparse_main(html: bytes, url: str) -> dict[str, Any]:  # noqa: ARG001  all extractors are called alike
    """The main content by resiliparse, which gives no metadata."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding
    from resiliparse.parse.html import HTMLTree

    return {"text": extract_plain_text(HTMLTree.parse(bytes_to_str(html, detect_encoding(html))), main_content=True)}


def reach_rivals() -> None:
    """Let packages be found that were installed for measuring only, after all that is our own."""
    if RIVALS_FOLDER not in sys.path:
        sys.path.append(RIVALS_FOLDER)


def newspaper4k(html: bytes, url: str) -> dict[str, Any]:
    """newspaper4k, which is no dependency of ours: `make bench-parse` installs it beside the project."""
    reach_rivals()
    import tldextract
    from newspaper import Article

    tldextract.tldextract.TLD_EXTRACTOR.suffix_list_urls = ()  # it would ask the network
    article = Article(url if url.startswith("http") else "https://news.example/a", fetch_images=False)
    article.download(input_html=html.decode("utf-8", "replace"))
    article.parse()
    date = article.publish_date.date().isoformat() if article.publish_date else ""
    return {"text": article.text, "title": article.title, "date": date, "author": list(article.authors)}


EXTRACTORS: dict[str, Extractor] = {
    function.__name__: function
    for function in (ours, trafilatura_precision, trafilatura_default, resiliparse_main, newspaper4k)
}
