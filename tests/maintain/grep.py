"""Looks into every file of a data folder for a text: packed, columnar and plain ones alike."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from tasks.io.archived import decoded_body
from tasks.io.captures import DecodeError, iter_records


def found_in(root: Path, *texts: str) -> list[str]:
    """Paths below the folder, sorted, of the files that hold one of the texts."""
    needles = [text.encode() for text in texts]
    return sorted(
        str(path.relative_to(root))
        for path in root.rglob("*")
        if path.is_file() and any(needle in content for content in contents(path) for needle in needles)
    )


def contents(path: Path) -> Iterator[bytes]:
    """A file's bytes as they lie there, and unpacked in every way that is ours."""
    yield path.read_bytes()
    if path.name.endswith(".warc.gz"):
        try:
            yield gzip.decompress(path.read_bytes())
        except (OSError, EOFError, zlib.error):
            yield b""
        for record in iter_records(path):
            try:
                yield decoded_body(record)
            except DecodeError:
                yield record.payload
    elif path.suffix == ".parquet":
        yield str(pq.read_table(path).to_pylist()).encode()
