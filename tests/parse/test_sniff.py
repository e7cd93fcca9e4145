"""What bytes are, whatever their label says."""

import pytest

from schemas.reasons import Reason
from tasks.parse.sniff import Form, form_of, magic_name
from tests.parse.pages_kit import refusal

FORMS = [
    ("<!doctype html><p>x", "text/html", "https://a.example/x", Form.HTML),
    ("<!-- note --><html><p>x", None, "https://a.example/x", Form.HTML),
    ('<?xml version="1.0"?><!DOCTYPE html><html>', "application/xhtml+xml", "https://a.example/x", Form.HTML),
    ("<p>Fragment", "text/html", "https://a.example/x", Form.HTML),
    ("<html><p>x", "text/plain", "https://a.example/x", Form.HTML),
    ("A headline\nA line", "text/plain", "file:///a.txt", Form.TEXT),
    ("A headline\nA line", None, "file:///a.txt", Form.TEXT),
    ('{"title": "x"}', "application/json", "https://a.example/x", Form.JSON),
    ('{"title": "x"}', None, "file:///a.json", Form.JSON),
    ('{"title": "x"}', "text/html", "https://a.example/x", None),
    ('<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "text/html", "https://a.example/x", None),
    ('<urlset xmlns="x"></urlset>', "text/html", "https://a.example/x", None),
    ("just words, 3 < 4 and 5 > 4", "text/html", "https://a.example/x", None),
    ("\x01\x02\x03\x04" * 50 + "<p>", "text/html", "https://a.example/x", None),
]


@pytest.mark.parametrize(("text", "content_type", "url", "form"), FORMS)
def test_form_of(text: str, content_type: str | None, url: str, form: Form | None) -> None:
    """Markup wins over labels, documents need a label, everything else is no page."""
    assert form_of(text, content_type, url)[0] is form


@pytest.mark.parametrize(
    "payload",
    [b"%PDF-1.7\n1 0 obj", b"\x89PNG\r\n\x1a\n0000", b"GIF89a0000", b"PK\x03\x04zip", b"\xff\xd8\xff\xe0jpeg"],
)
def test_magic(payload: bytes) -> None:
    """Known first bytes are told by name, and such a page is refused as no HTML, with the name."""
    name = magic_name(payload)
    assert name is not None
    found = refusal(payload)
    assert (found.reason, found.value) == (Reason.NOT_HTML, name)


def test_magic_spares_text() -> None:
    """Text is no binary format."""
    assert magic_name(b"<html>%PDF-") is None
