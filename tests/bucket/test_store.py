"""The door to a bucket: conditional puts, lost answers, and what is said when it refuses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from moto.s3.models import s3_backends

from tasks.errors import BucketDownError, BucketError, DataFolderError, NewerFormatError
from tasks.io.bucket.address import COPIES, parse
from tasks.io.bucket.store import Bucket, open_bucket
from tasks.io.folder import DataFolder
from tests.bucket.conftest import SECRET
from tests.bucket.faults import always, once
from tests.bucket.server import ObjectStore


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("s3://bucket", ("bucket", "")),
        ("s3:/bucket/a/b/", ("bucket", "a/b")),
        ("s3://bucket/a b//ü%20", ("bucket", "a b/ü%20")),
        ("s3://key:word@bucket/a", None),
        ("s3://B", None),
        ("s3://ab/x?versionId=1", None),
        ("/srv/s3:/bucket", None),
        ("gs://bucket", None),
    ],
)
def test_addresses_are_taken_apart(text: str, found: tuple[str, str] | None) -> None:
    """Credentials, queries and other stores are no address."""
    assert parse(text) == found


def test_two_servers_have_two_copies_and_one_address_has_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A bucket of the same name elsewhere is another; a slash more is the same."""
    monkeypatch.setenv(COPIES, str(tmp_path))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    one, same = DataFolder(Path("s3://bucket/x")), DataFolder(Path("s3://bucket//x/"))
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:2")
    assert one == same
    assert (one.name, one.root.parent) == ("s3://bucket/x", tmp_path)
    assert DataFolder(Path("s3://bucket/x")).root != one.root
    assert DataFolder(Path("s3://bucket/y")).root != one.root


def test_an_object_is_put_once_and_swapped_by_its_tag(bucket: str) -> None:
    """Only who knows the last tag changes it; names with spaces, percent signs and umlauts are taken as they are."""
    store, key = open_bucket(bucket), "a b/ü%20.json"
    tag = store.put_if_absent(key, b"1")
    assert tag is not None
    assert store.put_if_absent(key, b"2") is None
    assert store.put_if_absent(key, b"1") == tag
    new = store.swap(key, b"2", tag)
    assert new not in (None, tag)
    assert store.swap(key, b"3", tag) is None
    assert store.swap("none", b"3", tag) is None
    found = store.get(key)
    assert found is not None
    assert (found.content, found.tag) == (b"2", new)
    assert store.get("none") is None
    store.delete(key)
    store.delete(key)
    assert store.get(key) is None


def test_a_file_is_sent_once_and_brought_whole(bucket: str, object_store: ObjectStore, tmp_path: Path) -> None:
    """The same file is not sent again, another of the same length is; what breaks off leaves nothing behind."""
    store, path, back = open_bucket(bucket), tmp_path / "a", tmp_path / "new" / "b"
    for content, puts in ((b"one", 1), (b"one", 1), (b"two", 2)):
        path.write_bytes(content)
        store.put_file("x/a", path)
        assert sum(request.method == "PUT" for request in object_store.asked) == puts
    assert store.bring("x/a", back)
    assert back.read_bytes() == b"two"
    assert not store.bring("x/none", tmp_path / "c")
    with object_store.doing(always("503")), pytest.raises(BucketDownError):
        store.bring("x/a", tmp_path / "d")
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["a", "b", "new"]


def test_H8_a_list_of_more_than_a_thousand_keys_is_whole(bucket: str) -> None:
    """Pages of a thousand are read to the last one, also from a key on."""
    name, keys = bucket.split("/")[2], [f"log/{number:05d}" for number in range(2003)]
    backend = s3_backends["123456789012"]["aws"]
    for key in keys:
        backend.put_object(name, f"news desk/{key}", b"x")
    backend.put_object(name, "news desk/log2/x", b"x")
    store = open_bucket(bucket)
    assert list(store.sizes("log").items()) == [(key, 1) for key in keys]
    assert list(store.sizes("log", after=keys[999])) == keys[1000:]


PUTS: list[tuple[str, Callable[[Bucket, str], Any]]] = [
    ("absent", lambda store, _: store.put_if_absent("new", b"2")),
    ("swap", lambda store, tag: store.swap("old", b"2", tag)),
    ("put", lambda store, _: store.put("old", b"2") or "done"),
]


@pytest.mark.faults
@pytest.mark.parametrize("wrong", ["500", "503", "lost 500", "lost 503", "cut", "hang up"])
@pytest.mark.parametrize(("kind", "put"), PUTS, ids=[name for name, _ in PUTS])
def test_H8_a_put_whose_answer_is_lost_is_known_as_ours(
    bucket: str, object_store: ObjectStore, wrong: str, kind: str, put: Callable[[Bucket, str], Any]
) -> None:
    """Done or not done at the first try, it is there once afterwards, and whoever put it is told so."""
    store = open_bucket(bucket)
    tag = store.put_if_absent("old", b"1")
    with object_store.doing(once(wrong)):
        assert put(store, str(tag)) is not None
    found = store.get("new" if kind == "absent" else "old")
    assert found is not None
    assert found.content == b"2"


@pytest.mark.faults
@pytest.mark.parametrize(("kind", "put"), PUTS[:2], ids=[name for name, _ in PUTS[:2]])
def test_H8_of_two_conditional_puts_none_may_win_at_first(
    bucket: str, object_store: ObjectStore, kind: str, put: Callable[[Bucket, str], Any]
) -> None:
    """S3 answers 409 then; it is tried again."""
    store = open_bucket(bucket)
    tag = store.put_if_absent("old", b"1")
    with object_store.doing(once("409")):
        assert put(store, str(tag)) is not None


@pytest.mark.faults
def test_H8_a_lost_answer_does_not_hide_that_another_was_faster(bucket: str, object_store: ObjectStore) -> None:
    """Ours was not done, another's is there by the second try: then it is theirs."""
    store = open_bucket(bucket)

    def fault(_: Any) -> str | None:
        object_store.fault = None
        store.put("new", b"theirs")
        return "hang up"

    object_store.fault = fault
    assert store.put_if_absent("new", b"ours") is None


SENTENCES = [
    ("403 InvalidAccessKeyId", "AWS_ACCESS_KEY_ID"),
    ("403 SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY does not belong"),
    ("400 ExpiredToken", "AWS_SESSION_TOKEN has expired"),
    ("403", "may not"),
    ("403 SomethingNew", "may not"),
    ("301 PermanentRedirect", "AWS_REGION"),
    ("501 NotImplemented", "no conditional puts"),
]


@pytest.mark.faults
@pytest.mark.parametrize(("wrong", "said"), SENTENCES)
def test_H8_a_refusal_names_what_to_correct_and_no_secret(
    bucket: str, object_store: ObjectStore, wrong: str, said: str
) -> None:
    """The variable, not its value, and nothing of what the server answered."""
    store = open_bucket(bucket)
    works: list[Callable[[], object]] = [
        lambda: store.get("x"),
        lambda: store.sizes("x"),
        lambda: store.put("x", b""),
        lambda: store.put_if_absent("x", b""),
        lambda: store.delete("x"),
    ]
    with object_store.doing(always(wrong)):
        for work in works:
            with pytest.raises(BucketError, match=said) as caught:
                work()
            told = f"{caught.value!r} {caught.value.__cause__!r}"
            assert SECRET not in told
            assert "AKIATEST" not in told
            assert "<" not in told
            assert not caught.value.retryable


@pytest.mark.faults
@pytest.mark.parametrize("wrong", ["500", "503", "hang up"])
def test_H8_a_store_that_is_down_may_be_asked_again_later(bucket: str, object_store: ObjectStore, wrong: str) -> None:
    """After several tries it is an error that Prefect's retries know as passing."""
    store = open_bucket(bucket)
    object_store.asked.clear()
    with object_store.doing(always(wrong)), pytest.raises(BucketDownError, match="try again") as caught:
        store.put_if_absent("x", b"1")
    assert caught.value.retryable
    assert len(object_store.asked) > 3
    assert store.get("x") is None


@pytest.mark.parametrize("missing", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_a_missing_credential_is_named(bucket: str, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """Before anything is asked, and nowhere else are credentials looked for."""
    monkeypatch.delenv(missing)
    with pytest.raises(BucketError, match=f"{missing} is not set"):
        DataFolder(Path(bucket)).check()


def test_a_missing_bucket_is_said(bucket: str) -> None:
    """Nothing is made for it here either."""
    folder = DataFolder(Path("s3://nobody-made-this/x"))
    for work in (folder.check, folder.prepare):
        with pytest.raises(BucketError, match="no such bucket"):
            work()
    assert not folder.root.exists()


@pytest.mark.faults
def test_H8_a_store_that_knows_no_conditions_is_refused(bucket: str, object_store: ObjectStore) -> None:
    """It would let two writers undo each other without a word."""
    with object_store.doing(always("blind")), pytest.raises(BucketError, match="does not mind If-None-Match"):
        DataFolder(Path(bucket)).prepare()
    assert open_bucket(bucket).sizes("") == {}


def test_a_newer_format_and_an_emptied_bucket_are_refused(bucket: str) -> None:
    """A copy never goes on where the bucket says something else."""
    folder, store = DataFolder(Path(bucket)), open_bucket(bucket)
    folder.prepare()
    store.put("format.json", b'{"format": 999}')
    with pytest.raises(NewerFormatError, match=r"s3://.*upgrade Copydesk"):
        folder.prepare()
    store.delete("format.json")
    with pytest.raises(DataFolderError, match="holds no data any more"):
        folder.check()
