"""Lists of URLs: what a line may be, and that no line is lost without a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.discover.items import page_url
from tasks.discover.url_list import _LINE, read_url_list


@pytest.mark.faults
@pytest.mark.parametrize(
    ("body", "urls", "notes"),
    [
        (b"https://x.org/1\nhttps://x.org/2", ["https://x.org/1", "https://x.org/2"], []),
        (b"\xef\xbb\xbf# list\r\n\r\n  https://x.org/1  \r\n", ["https://x.org/1"], []),
        (b"https://x.org/1 # why\nhttps://x.org/2#part\n", ["https://x.org/1", "https://x.org/2"], []),
        (b"https://x.org/1\rhttps://x.org/2\r", ["https://x.org/1", "https://x.org/2"], []),
        (b"https://x.org/1\nHTTPS://X.org/1?utm_source=a\n", ["https://x.org/1"], []),
        (b"x.org/1\nhttps://x.org/1\n", ["https://x.org/1"], ["line 1: 'x.org/1' is not an http(s) URL"]),
        (
            b"# a\n\nhttps://x.org/1 https://x.org/2\nhttps://x.org/3",
            ["https://x.org/3"],
            ["line 3: 'https://x.org/1 https://x.org/2' is not an http(s) URL"],
        ),
        (b"file:///etc/passwd\nhttps://x.org/1", ["https://x.org/1"], ["line 1: 'file:///etc/passwd' is not"]),
        (b"a\x1b[31m\nhttps://x.org/1", ["https://x.org/1"], ["line 1: 'a\\x1b[31m' is not"]),
        ("https://x.org/é\n".encode(), ["https://x.org/%C3%A9"], []),
        ("https://x.org/é\n".encode("latin-1"), ["https://x.org/%C3%A9"], []),
        ("https://x.org/1\n".encode("utf-16"), ["https://x.org/1"], []),
        (b"https://x.org/a\x0cb\nhttps://x.org/1", ["https://x.org/1"], ["line 1: "]),
        ("https://x.org/1\u2028https://x.org/2".encode(), [], ["line 1: "]),
    ],
)
def test_C13_lines(body: bytes, urls: list[str], notes: list[str]) -> None:
    """Marks, line ends, comments, doubles and foreign bytes are taken; a bad line is named with its number."""
    found = read_url_list(body)
    assert [item.url for item in found.items] == urls
    assert len(found.notes) == len(notes)
    assert all(got.startswith(wanted) for got, wanted in zip(found.notes, notes, strict=True))


LINES = st.one_of(
    st.sampled_from(["", "   ", "# a comment", "https://x.org/1", "http://x.org/a?b=1#c", "no url", "ftp://x.org"]),
    st.text(alphabet=st.characters(exclude_characters="\r\n\ufeff", exclude_categories=["Cs"]), max_size=20),
)


@given(st.lists(LINES, max_size=20), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_every_line_is_a_url_a_double_a_comment_or_bad(lines: list[str], end: str, has_mark: bool) -> None:
    """No line vanishes: what is neither empty nor a comment is a URL of the list, or it is counted as bad."""
    found = read_url_list((("\ufeff" if has_mark else "") + end.join(lines)).encode())
    meant = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
    urls = [url for line in meant if _LINE.fullmatch(line) and (url := page_url(line.split()[0], ""))]
    assert [item.url for item in found.items] == list(dict.fromkeys(urls))
    assert found.bad_count == len(meant) - len(urls)


@given(st.binary(max_size=400))
def test_any_bytes_are_read(body: bytes) -> None:
    """No bytes raise; what is read is normalised already."""
    found = read_url_list(body)
    assert all(page_url(item.url, "") == item.url for item in found.items)


def test_pattern_of_a_line() -> None:
    """A URL with or without a comment matches; two words and a bare host do not."""
    assert _LINE.fullmatch("https://x.org/a#b # why")
    assert not _LINE.fullmatch("https://x.org/a b")
    assert not _LINE.fullmatch("x.org/a")
