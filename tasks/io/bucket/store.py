"""The one door to a bucket: get, list, put, put if absent, compare and swap, delete.

Whoever puts if absent or swaps is told whether its own content is there afterwards, also when the answer to a put
that had succeeded was lost. Credentials come from the environment, and only from there.
"""

import hashlib
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tasks.errors import BucketDownError, BucketError
from tasks.io.bucket.address import ENDPOINT, parse, spelled
from tasks.io.bucket.errors import code_of, explained, status_of
from tasks.io.folder import disk_errors

if TYPE_CHECKING:
    from obstore.store import S3Store

CREDENTIALS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")

RETRIES = 5
"""How often the client asks again after 5xx, SlowDown or a broken connection, with growing pauses."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(milliseconds=100), timedelta(seconds=5)
TIMEOUT_S = 60
CONNECT_S = 10

PIECE = 16_000_000
"""Larger objects are fetched in pieces of so many bytes, so that none takes longer than the client waits."""

LOST_ANSWERS = 3
"""How often a conditional put is tried whose answer got lost; in between it is looked what is there."""

T = TypeVar("T")


@dataclass(frozen=True)
class Found:
    """An object's content, and the tag that a swap names."""

    content: bytes
    tag: str


class Bucket:
    """The objects below one address. Keys have no slash at their begin. Safe for several threads.

    Raises (also by every method):
        BucketError: it cannot be used as things are; the message says what to do.
        BucketDownError: it does not answer now, after several tries.
    """

    def __init__(self, bucket: str, prefix: str) -> None:
        self.address = spelled(bucket, prefix)
        self._store = _client(bucket, prefix, self.address)

    def get(self, key: str) -> Found | None:
        """The object; None when there is none."""
        import obstore

        def read() -> Found:
            answer = obstore.get(self._store, key)
            return Found(bytes(answer.bytes()), str(answer.meta["e_tag"]))

        return self._or_none(read, "read")

    def size(self, key: str) -> tuple[int, str] | None:
        """Bytes and tag of the object; None when there is none."""
        import obstore

        def read() -> tuple[int, str]:
            found = obstore.head(self._store, key)
            return int(found["size"]), str(found["e_tag"]).strip('"')

        return self._or_none(read, "read")

    def sizes(self, folder: str, after: str | None = None) -> dict[str, int]:
        """Keys below a folder, in order, to their bytes; only those after a key, where one is named."""
        import obstore

        def read() -> dict[str, int]:
            pages = obstore.list(self._store, folder, offset=after)
            return {found["path"]: int(found["size"]) for page in pages for found in page}

        return self._tried(read, "list")

    def bring(self, key: str, path: Path) -> bool:
        """Write the object into a file, whole or not at all; False when there is none."""
        import obstore

        aside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.tmp")

        def read() -> bool:
            answer = obstore.get(self._store, key)
            size = int(answer.meta["size"])
            with disk_errors(path), aside.open("wb") as file:
                if size <= PIECE:
                    file.write(answer.bytes())
                else:
                    for start in range(0, size, PIECE):
                        end = min(start + PIECE, size)
                        file.write(obstore.get_range(self._store, key, start=start, end=end))
                file.flush()
                os.fsync(file.fileno())
            return True

        with disk_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        try:
            if self._or_none(read, "read") is None:
                return False
            with disk_errors(path):
                aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
        return True

    def put(self, key: str, content: bytes) -> None:
        """Write the object, whatever was there."""
        import obstore

        self._tried(lambda: obstore.put(self._store, key, content), "write")

    def put_file(self, key: str, path: Path) -> None:
        """Write a file as an object, in parts where it is large; nothing is sent when the same is there."""
        import obstore

        there = self.size(key)
        if there is not None and there[0] == path.stat().st_size and there[1] == _md5(path):
            return
        self._tried(lambda: obstore.put(self._store, key, path), "write")

    def put_if_absent(self, key: str, content: bytes) -> str | None:
        """Write the object unless there is one; its tag where this content is there now, else None."""
        return self._conditional(key, content, "create")

    def swap(self, key: str, content: bytes, tag: str) -> str | None:
        """Write the object if it still has that tag; its new tag where this content is there now, else None."""
        return self._conditional(key, content, {"e_tag": tag})

    def delete(self, key: str) -> None:
        """Remove the object; one that is gone already is no failure."""
        import obstore

        self._or_none(lambda: obstore.delete(self._store, key), "delete")

    def _conditional(self, key: str, content: bytes, mode: Any) -> str | None:
        import obstore
        from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError

        for _ in range(LOST_ANSWERS):
            try:
                return str(obstore.put(self._store, key, content, mode=mode)["e_tag"])
            except (BaseError, OSError) as error:
                # 409: of two conditional puts at once S3 may let neither win. No status: the answer got lost.
                if status_of(error) not in (None, 409):
                    if isinstance(error, (AlreadyExistsError, PreconditionError)):
                        return self._tag_if(key, content)
                    raise explained(error, self.address, "write") from None
                failure = explained(error, self.address, "write")
            if (tag := self._tag_if(key, content)) is not None:
                return tag
        raise failure

    def _tag_if(self, key: str, content: bytes) -> str | None:
        """The object's tag where it has this content."""
        found = self.get(key)
        return found.tag if found is not None and found.content == content else None

    def _or_none(self, work: Callable[[], T], doing: str) -> T | None:
        try:
            return self._tried(work, doing)
        except FileNotFoundError:
            return None

    def _tried(self, work: Callable[[], T], doing: str) -> T:
        from obstore.exceptions import BaseError

        try:
            return work()
        except FileNotFoundError as error:
            if code_of(error) == "NoSuchBucket":
                raise explained(error, self.address, doing) from None
            raise
        except (BaseError, OSError) as error:
            raise explained(error, self.address, doing) from None


def _md5(path: Path) -> str:
    """What S3 calls a whole object's tag, mostly: who gets another one sends the file once too often."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def open_bucket(address: str) -> Bucket:
    """The bucket of an address, one client a process.

    Raises:
        BucketError: a variable with credentials is missing, or the extra is not installed.
    """
    found = parse(address)
    if found is None:
        raise BucketError("That is no address of a bucket: write s3://bucket/prefix, without credentials.")
    missing = [name for name in CREDENTIALS if not os.environ.get(name)]
    if missing:
        raise BucketError(
            f"{spelled(*found)}: {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set: "
            "credentials of an object store come from the environment."
        )
    seen = tuple(os.environ.get(name) for name in (*CREDENTIALS, "AWS_SESSION_TOKEN", "AWS_REGION", ENDPOINT))
    return _cached(found, seen)


@lru_cache(maxsize=8)
def _cached(found: tuple[str, str], _seen: tuple[str | None, ...]) -> Bucket:
    return Bucket(*found)


def _client(bucket: str, prefix: str, address: str) -> "S3Store":
    try:
        from obstore.exceptions import BaseError
        from obstore.store import S3Store
    except ImportError as error:
        raise BucketError(
            f"{address}: object stores need the extra s3: install it with `pip install 'copydesk[s3]'`."
        ) from error
    endpoint = os.environ.get(ENDPOINT, "")
    try:
        return S3Store(
            bucket,
            prefix=prefix or None,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "timeout": timedelta(seconds=TIMEOUT_S),
                "connect_timeout": timedelta(seconds=CONNECT_S),
            },
            retry_config={
                "max_retries": RETRIES,
                "backoff": {"init_backoff": FIRST_PAUSE, "max_backoff": LONGEST_PAUSE, "base": 2},
                "retry_timeout": timedelta(seconds=TIMEOUT_S),
            },
        )
    except (BaseError, ValueError):
        raise BucketError(f"{address}: AWS_ENDPOINT_URL or another AWS_ variable is no good; correct it.") from None


__all__ = ["Bucket", "BucketDownError", "Found", "open_bucket"]
