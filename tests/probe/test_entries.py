"""Adding entries to a sources.yaml that people keep by hand; OPML in and out."""

from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from copydesk.entries import append_entries, entry_text, free_id, slug
from copydesk.opml import opml_bytes, parse_opml, read_opml, run_export, run_import, write_opml
from schemas.source import Source, SourceKind
from tasks.discover.items import one_line
from tasks.discover.sources_file import load_sources
from tasks.errors import DiskError, SourcesError, UsageError

NEW = {"id": "new", "kind": "feed", "url": "https://y.org/rss", "name": "No: 1 #news"}
ONE = "- id: a\n  kind: feed\n  url: https://x.org/rss\n"


def indented(text: str, by: str = "  ") -> str:
    """The lines, moved to the right."""
    return "".join(f"{by}{line}\n" for line in text.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        f"sources:\n{ONE}",
        f"# mine\nsources:   # all of them\n\n  # the first\n{indented(ONE)}  # the end\n\n\n",
        f"sources:\n{indented(ONE, '      ')}".rstrip(),
        f"sources:\r\n{ONE}".replace("\n", "\r\n").replace("\r\r", "\r"),
        f"\ufeffsources:\n{ONE}",
    ],
    ids=["empty", "blank", "flat", "commented", "wide, no line end", "CRLF", "byte order mark"],
)
def test_an_entry_is_added_and_all_else_is_kept(tmp_path: Path, text: str) -> None:
    """What stood there stands there still, comments included, and the file loads."""
    path = tmp_path / "sources.yaml"
    path.write_bytes(text.encode())
    assert append_entries(path, [NEW]) == ["new"]
    written = path.read_text(encoding="utf-8")
    assert text.strip().lstrip("\ufeff").replace("\r", "") in written
    sources = load_sources(path)
    assert (sources[-1].id, sources[-1].name, sources[-1].url) == ("new", NEW["name"], NEW["url"])
    assert len(sources) == (2 if "id: a" in text else 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sources: [{id: a, kind: feed, url: https://x.org/rss}]\n", "nothing can be added"),
        ("sources:\n  - id: a\n", "field 'kind' is missing"),
        ("- a\n", "sources:"),
        ("\t:\n", "not YAML"),
    ],
)
def test_a_file_that_cannot_be_added_to_is_left_alone(tmp_path: Path, text: str, message: str) -> None:
    """One clear error, and not a byte is changed."""
    path = tmp_path / "sources.yaml"
    path.write_text(text)
    with pytest.raises(SourcesError, match=message):
        append_entries(path, [NEW])
    assert path.read_text() == text


def test_a_taken_id_gets_a_number(tmp_path: Path) -> None:
    """Also within what is added at once; a file that is missing is made."""
    path = tmp_path / "sources.yaml"
    entries = [NEW | {"url": f"https://y.org/{number}"} for number in range(3)]
    assert append_entries(path, entries) == ["new", "new-2", "new-3"]
    assert len(free_id("x" * 64, ["x" * 64])) <= 64


def test_a_folder_that_is_missing_is_one_sentence(tmp_path: Path) -> None:
    """No traceback for a wrong path."""
    with pytest.raises(DiskError):
        append_entries(tmp_path / "no" / "sources.yaml", [NEW])


NAMES = st.text(min_size=1, max_size=60)


@example("a\x85b\u2028c")
@example("one\n two\n\n three: '")
@given(NAMES)
def test_any_name_survives_the_file(name: str) -> None:
    """Whatever a site calls itself, the entry is YAML that says the same, on one line."""
    text = "sources:\n" + entry_text([NEW | {"name": name}])
    assert yaml.safe_load(text)["sources"][0]["name"] == one_line(name)


@given(st.text(max_size=80))
def test_a_slug_is_an_id(name: str) -> None:
    """The model takes it."""
    assert Source(id=slug(name), kind=SourceKind.FEED, url="https://x.org/").id


OPML = """<?xml version="1.0"?><opml version="1.0"><head/><body>
<outline text="Papers"><outline type="rss" text="A &amp; B" xmlUrl="HTTPS://X.org/rss?utm_source=r" htmlUrl="https://x.org"/>
<outline text="No feed"/><outline title="T" text="t" XMLURL="http://y.org/" language="EN-gb"/></outline>
<outline text="double" xmlUrl="https://x.org/rss"/><outline text="bad" xmlUrl="javascript:alert(1)"/>
<outline text="A &amp; B" xmlUrl="https://z.org/" language="klingon, spoken"/></body></opml>"""


def test_opml_becomes_entries() -> None:
    """Folders are walked through; doubles and what is no http(s) URL are left out; names are kept, ids unique."""
    assert parse_opml(OPML.encode()) == [
        {"id": "a-b", "kind": "feed", "url": "https://x.org/rss", "name": "A & B"},
        {"id": "t", "kind": "feed", "url": "http://y.org/", "name": "T", "language": "en-gb"},
        {"id": "a-b-2", "kind": "feed", "url": "https://z.org/", "name": "A & B"},
    ]


@pytest.mark.faults
@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "no OPML"),
        (b"<html></html>", "first element is <html>"),
        (b"<opml><body>", "no valid XML"),
        (b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body>&x;</body></opml>', "entities"),
        (b'<!DOCTYPE o [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><opml/>', "entities"),
        (b"\x00\xff\xfe", "no OPML"),
        (b"<opml/>", "names no feed"),
    ],
)
def test_C3_opml_that_is_none_is_refused(tmp_path: Path, body: bytes, message: str) -> None:
    """One sentence; entities are never resolved."""
    path = tmp_path / "feeds.opml"
    path.write_bytes(body)
    with pytest.raises(UsageError, match=message) as caught:
        read_opml(path)
    assert "\n" not in str(caught.value)


def test_opml_that_is_missing_is_one_sentence(tmp_path: Path) -> None:
    """And so is a folder."""
    for path in (tmp_path / "none.opml", tmp_path):
        with pytest.raises(UsageError, match="cannot be read"):
            read_opml(path)


def test_round_trip(tmp_path: Path) -> None:
    """Feeds come back as they were: id, url, name, language; other sources are left out."""
    sources = [
        Source(id="a", kind=SourceKind.FEED, url="https://x.org/rss?a=1&b=2", name='"A" <&> ü', language="pt-BR"),
        Source(id="s", kind=SourceKind.SITEMAP, url="https://x.org/sitemap.xml"),
        Source(id="b", kind=SourceKind.FEED, url="http://127.0.0.1:8000/feed"),
    ]
    assert write_opml(sources, tmp_path / "feeds.opml") == 2
    assert run_import(tmp_path / "feeds.opml", tmp_path / "sources.yaml") == ["a", "b"]
    assert run_import(tmp_path / "feeds.opml", tmp_path / "sources.yaml") == []
    again = load_sources(tmp_path / "sources.yaml")
    assert again == [sources[0], sources[2].model_copy(update={"name": "b"})]
    assert opml_bytes(again) == (tmp_path / "feeds.opml").read_bytes()


def test_nothing_to_export_is_an_error(tmp_path: Path) -> None:
    """No empty file is left."""
    with pytest.raises(UsageError, match="only feeds"):
        run_export([Source(id="s", kind=SourceKind.SITEMAP, url="https://x.org/s")], tmp_path / "x.opml")
    assert not (tmp_path / "x.opml").exists()
