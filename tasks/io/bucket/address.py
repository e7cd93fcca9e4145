"""What an address of data in an object store means, and where this machine's copy of them lies."""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from schemas.identity import digest

_ADDRESS = re.compile(r"s3:/+([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/+([^?#\x00-\x1f]*?))?/*")
"""Bucket and prefix; a Path has lost one of the slashes. Matches: s3:/bucket/news. Not: s3://key:word@bucket/x."""

COPIES = "COPYDESK_COPIES"
"""The variable that names the folder in which copies of buckets lie."""

ENDPOINT = "AWS_ENDPOINT_URL"


def parse(text: str) -> tuple[str, str] | None:
    """Bucket and prefix of an address; None where it is none. The prefix has no slash at its ends.

    >>> parse("s3://bucket/news/paper/")
    ('bucket', 'news/paper')
    """
    found = _ADDRESS.fullmatch(text)
    return None if found is None else (found[1], re.sub(r"/+", "/", found[2] or "").strip("/"))


def spelled(bucket: str, prefix: str) -> str:
    """The address of bucket and prefix, always spelled the same way."""
    return f"s3://{bucket}/{prefix}" if prefix else f"s3://{bucket}"


def copy_folder(bucket: str, prefix: str) -> Path:
    """Where this machine's copy of what lies there is kept; buckets of one name on two servers have two copies."""
    key = digest("copy", os.environ.get(ENDPOINT, ""), bucket, prefix)[:8]
    words = re.sub(r"[^A-Za-z0-9.-]+", "-", f"{bucket}-{prefix}").strip("-")[:60]
    return _copies() / f"{words}-{key}"


def _copies() -> Path:
    given = os.environ.get(COPIES)
    if given:
        return Path(given).expanduser().absolute()
    share = os.environ.get("XDG_DATA_HOME")
    return (Path(share) if share else Path.home() / ".local" / "share") / "copydesk"


def endpoint_name() -> str:
    """The server that the environment names, for messages; without a user's name or password that may stand in it."""
    given = os.environ.get(ENDPOINT)
    if not given:
        return "AWS"
    parts = urlsplit(given)
    return parts.netloc.rsplit("@", 1)[-1] or "an endpoint that is no URL"
