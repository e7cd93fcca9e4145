"""OPML 2.0 (opml.org/spec2), the lists that feed readers exchange: into entries of sources.yaml, and back."""

from collections.abc import Iterable
from pathlib import Path

from lxml import etree

from copydesk.entries import Entry, append_entries, free_id, slug
from schemas.identity import site_of
from schemas.source import Source, SourceKind
from tasks.discover.items import ListingError, one_line, page_url
from tasks.discover.xml_prolog import read_prolog
from tasks.discover.xml_walk import SAFE, Element
from tasks.errors import UsageError
from tasks.io.folder import disk_errors, write_durably

MAX_BYTES = 20_000_000
MAX_NAME = 200
LANGUAGE = "language"


def run_import(path: Path, sources_file: Path) -> list[str]:
    """Add the feeds of an OPML file to a sources file; the ids of those that were new.

    Raises:
        UsageError: the OPML file cannot be used.
        SourcesError: the sources file cannot be added to.
    """
    return append_entries(sources_file, read_opml(path))


def run_export(sources: Iterable[Source], path: Path) -> int:
    """Write the feeds among the sources as OPML; how many there were.

    Raises:
        UsageError: there is none.
        DiskError: the file cannot be written.
    """
    count = write_opml(sources, path)
    if not count:
        raise UsageError("No source is a feed, and OPML lists only feeds.")
    return count


def export_feeds(sources_file: Path, path: Path) -> None:
    """Write the feeds of a sources file as OPML, and say how many there were.

    Raises:
        SourcesError: the sources file cannot be used.
        UsageError, DiskError: as `run_export`.
    """
    from copydesk.faces import out
    from tasks.discover.sources_file import load_sources

    count = run_export(load_sources(sources_file), path)
    out.print(f"{count} feeds were written to {path}.", markup=False, highlight=False)


def read_opml(path: Path) -> list[Entry]:
    """The feeds of an OPML file as entries of sources.yaml, each URL once; folders of feeds are walked through.

    Raises:
        UsageError: it is missing, no OPML, declares entities, or names no feed.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f"{path} has more than {MAX_BYTES // 1_000_000} MB: that is no list of feeds.")
        body = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}): name an OPML file.") from error
    entries = parse_opml(body, str(path))
    if not entries:
        raise UsageError(f"{path} names no feed: no outline has an xmlUrl that is an http(s) URL.")
    return entries


def parse_opml(body: bytes, name: str = "the file") -> list[Entry]:
    """The entries that the content of an OPML file makes.

    Raises:
        UsageError: it is no OPML, or declares entities.
    """
    try:
        prolog = read_prolog(body)
    except ListingError as error:
        raise UsageError(f"{name}: {error.detail}.") from error
    if prolog.root != "opml":
        raise UsageError(f"{name} is no OPML: its first element is <{prolog.root or 'nothing'}>.")
    try:
        root = etree.fromstring(body, etree.XMLParser(**SAFE))
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise UsageError(f"{name} is no valid XML: {one_line(str(error), 200)}.") from error
    entries: dict[str, Entry] = {}
    for outline in root.iter("{*}outline"):
        url = _url(outline)
        if url is not None and url not in entries:
            entries[url] = _entry(outline, url, [str(entry["id"]) for entry in entries.values()])
    return list(entries.values())


def write_opml(sources: Iterable[Source], path: Path) -> int:
    """Write the feeds among the sources; how many there were. An empty list writes nothing.

    Raises:
        DiskError: the file cannot be written.
    """
    feeds = [source for source in sources if source.kind is SourceKind.FEED and source.url]
    if feeds:
        with disk_errors(path):
            write_durably(path, opml_bytes(feeds))
    return len(feeds)


def opml_bytes(feeds: Iterable[Source]) -> bytes:
    """The feeds as OPML."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Sources of Copydesk"
    body = etree.SubElement(root, "body")
    for source in feeds:
        name = source.name or source.id
        # `id` and `language` are ours: readers leave attributes out that they do not know.
        facts = {"type": "rss", "text": name, "title": name, "xmlUrl": source.url or "", "id": source.id}
        etree.SubElement(body, "outline", **facts, **({LANGUAGE: source.language} if source.language else {}))
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return written


def _url(outline: Element) -> str | None:
    """xmlUrl, whatever the case of its letters; normalised, for comparison and use."""
    return page_url(_attribute(outline, "xmlurl"), "")


def _entry(outline: Element, url: str, taken: list[str]) -> Entry:
    name = one_line(_attribute(outline, "title") or _attribute(outline, "text"), MAX_NAME)
    wanted = slug(_attribute(outline, "id") or name or site_of(url))
    entry = {"id": free_id(wanted, taken), "kind": "feed", "url": url, "name": name, LANGUAGE: _language(outline)}
    return {key: value for key, value in entry.items() if value}


def _language(outline: Element) -> str | None:
    """The language, where the model of a source takes it."""
    written = (_attribute(outline, LANGUAGE) or "").strip()
    primary, dash, rest = written.partition("-")
    spelt = primary.lower() + dash + rest
    try:
        return Source(id="x", kind=SourceKind.FEED, url="https://x.org/", language=spelt).language if spelt else None
    except ValueError:
        return None


def _attribute(outline: Element, name: str) -> str | None:
    return next((value for key, value in outline.attrib.items() if key.lower() == name), None)
