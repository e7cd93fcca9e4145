"""Encodings: which evidence is believed, and that browsers' names are understood."""

import pytest

from tasks.parse.decode import codec_of, decode

GERMAN = "Größe über alles, sagt Jörg: „so ist’s“ – überall"
META = '<html><head><meta charset="{}"></head><body>{}</body></html>'

CASES = [
    ("bom_utf8", b"\xef\xbb\xbf<p>\xc3\xa4</p>", "text/html; charset=iso-8859-1", "utf-8", "bom", "ä"),
    ("bom_utf16", "<p>ä</p>".encode("utf-16"), None, "utf-16", "bom", "ä"),
    ("no_bom_utf16le", ("<html><p>ä</p>" + "x" * 60).encode("utf-16-le"), None, "utf-16-le", "bytes", "ä"),
    ("no_bom_utf16be", ("<html><p>ä</p>" + "x" * 60).encode("utf-16-be"), None, "utf-16-be", "bytes", "ä"),
    ("utf8_against_header", GERMAN.encode(), "text/html; charset=iso-8859-1", "utf-8", "bytes", "Größe"),
    ("header", "Привет, как дела".encode("koi8-r"), "text/html; charset=koi8-r", "koi8-r", "header", "Привет"),
    ("latin1_is_cp1252", GERMAN.encode("cp1252"), "text/html; charset=ISO-8859-1", "cp1252", "header", "„so ist’s“"),
    (
        "meta_beats_default_header",
        META.format("Shift_JIS", "日本語の記事").encode("cp932"),
        "text/html; charset=iso-8859-1",
        "cp932",
        "meta",
        "日本語",
    ),
    (
        "meta_late",
        (META.format("gbk", "新闻报道内容").replace("<head>", "<head>" + " " * 5000)).encode("gbk"),
        "text/html",
        "gb18030",
        "meta",
        "新闻",
    ),
    ("meta_lies_utf16", META.format("utf-16", "plain").encode(), None, "utf-8", "meta", "plain"),
    ("mixed_bytes_stay_utf8", GERMAN.encode() * 5 + b" caf\xe9", "text/html; charset=utf-8", "utf-8", "bytes", "Größe"),
    ("unknown_label", "Größe".encode("cp1252"), "text/html; charset=klingon", "cp1252", "guess", "Größe"),
    ("euc_kr", META.format("euc-kr", "한국어 기사 내용").encode("cp949"), None, "cp949", "meta", "한국어"),
    ("iso_2022_jp", META.format("iso-2022-jp", "日本語").encode("iso2022_jp"), None, "iso2022_jp", "meta", "日本語"),
    ("nothing_declared_ascii", b"<p>plain</p>", None, "utf-8", "bytes", "plain"),
]


@pytest.mark.parametrize(
    ("payload", "header", "encoding", "evidence", "holds"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_decode(payload: bytes, header: str | None, encoding: str, evidence: str, holds: str) -> None:
    """Each kind of evidence gives the encoding that the text was written in, and says which evidence it was."""
    found = decode(payload, header)
    if evidence == "guess":  # a short text: detection may name any of its single-byte relatives
        assert found.evidence in ("guess", "detected")
    else:
        assert (found.encoding, found.evidence) == (encoding, evidence)
        assert holds in found.text


@pytest.mark.parametrize(
    ("label", "codec"),
    [("utf8", "utf-8"), ("latin1", "cp1252"), ("GB2312", "gb18030"), ("x-sjis", "cp932"), ("ks_c_5601-1987", "cp949")],
)
def test_codec_of_known_labels(label: str, codec: str) -> None:
    """Labels mean what they mean to browsers."""
    assert codec_of(label) == codec


@pytest.mark.parametrize("label", ["klingon", "utf-7", "base64", "rot13", "hex", "", "x" * 100])
def test_codec_of_refused_labels(label: str) -> None:
    """Labels that no browser knows, and codecs that are no text encodings, are nobody's."""
    assert codec_of(label) is None
