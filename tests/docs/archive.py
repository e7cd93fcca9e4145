"""A web archive with a few news pages, written with warcio."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

PAGE = """<!doctype html><html lang="en"><head><title>{title}</title><meta property="og:type" content="article"></head>
<body><article><h1>{title}</h1>{paragraphs}</article></body></html>"""
SENTENCE = "The {number}th passenger of the evening said that the crossing to {title} had been calm and on time again."


def write_archive(path: Path, pages: Mapping[str, str]) -> None:
    """Write one response for each URL; the value is the headline of its page."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, title in pages.items():
            lines = (SENTENCE.format(number=number, title=title) for number in range(3, 9))
            html = PAGE.format(title=title, paragraphs="".join(f"<p>{line}</p>" for line in lines))
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            record = writer.create_warc_record(url, "response", payload=BytesIO(html.encode()), http_headers=headers)
            writer.write_record(record)
