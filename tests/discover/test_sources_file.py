"""sources.yaml: what it may say, and that every mistake is named with file, line, field and a suggestion."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.source import Source, SourceKind
from tasks.discover.sources_file import MAX_ERRORS, Problem, load_sources, parse_sources, pick_sources
from tasks.errors import SourcesError
from tasks.io.yaml_tree import YamlError

ROOT = Path(__file__).resolve().parents[2]
GOOD = "sources:\n  - id: a\n    kind: feed\n    url: https://x.org/rss\n"


def load(tmp_path: Path, text: str | bytes) -> list[Source]:
    """The sources of a file with this content."""
    path = tmp_path / "sources.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_sources(path)


def complaints(tmp_path: Path, text: str | bytes) -> list[str]:
    """The lines that the file with this content is refused with, without the file's name."""
    with pytest.raises(SourcesError) as caught:
        load(tmp_path, text)
    lines = str(caught.value).splitlines()
    assert all(line.startswith("sources.yaml:") for line in lines)
    return [line.removeprefix("sources.yaml:") for line in lines]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1: the file is empty"),
        ("# nothing\n", "1: the file is empty"),
        ("- id: a\n", "1: the list of sources must stand under the key 'sources:'"),
        ("sources:\n", "1: there is no list of sources"),
        ("sources: {}\n", "1: there is no list of sources"),
        ("source:\n  - id: a\n", "1: 'source' is not known at the top of the file; did you mean 'sources'?"),
        (GOOD + "sources: []\n", "5: 'sources:' stands there twice"),
        ("sources:\n  - a\n", "2: source number 1: must be a list of fields"),
        ("sources:\n  - id: a\n  \tkind: feed\n", "3: not YAML: "),
        ("sources: [1, 2\n", "2: not YAML: "),
        (GOOD.replace("kind", "knd"), "3: source 'a': field 'knd' is not known; did you mean 'kind'?"),
        (GOOD.replace("feed", "fed"), "3: source 'a': field 'kind': 'fed' is not right: feed, sitemap"),
        (GOOD.replace("    kind: feed\n", ""), "2: source 'a': field 'kind' is missing"),
        (GOOD.replace("id: a", "id: A b"), "2: source 'A b': field 'id': 'A b' is not right"),
        (GOOD.replace("https", "htps"), "4: source 'a': field 'url': 'htps://x.org/rss' must begin with http://"),
        (GOOD + "    kind: feed\n", "5: source 'a': field 'kind' stands there twice (first in line 3)"),
        (GOOD + "    headers:\n      X-A: b\n      x-a: c\n",
         "7: source 'a': field 'headers': 'x-a' stands there twice (first in line 6)"),
        (GOOD + "    cookies: {a: b, c: d, a: e}\n", "5: source 'a': field 'cookies': 'a' stands there twice"),
        (GOOD + "    cookies: {a: b, A: e}\n", None),
        (GOOD + "    respect: [noindex, noias]\n", "5: source 'a': field 'respect': 'noias' is not right: write a"),
        (GOOD + "    respect: tdm\n", None),
        (GOOD.replace("kind: feed", "kind: warc").replace("url: https://x.org/rss", "path: p") + "    respect: [tdm]\n",
         "2: source 'a': kind warc has nothing to respect"),
        (GOOD + "    checks:\n      body_word: off\n",
         "5: source 'a': field 'checks': there is no check 'body_word'; did you mean 'body_words'?"),
        (GOOD + "    checks: {body_words: {max: few}}\n", "5: source 'a': field 'checks': body_words: max must be a"),
        (GOOD + "    checks: off\n", "5: source 'a': field 'checks': write names of checks"),
        (GOOD + "    checks: {title_is_site: off, title_is_site: warn}\n",
         "5: source 'a': field 'checks': 'title_is_site' stands there twice"),
        (GOOD + "    checks: {title_is_site: off, body_words: {min: 5}}\n", None),
        (GOOD + "    unknown_fields: freez\n", "5: source 'a': field 'unknown_fields': 'freez' is not right: evolve"),
        (GOOD + GOOD[9:], "5: source 'a': the id is taken (line 2)"),
        (GOOD + "    limit: many\n", "5: source 'a': field 'limit': 'many' is not right: write a number, 1 or more"),
        (GOOD + "    limit: 0\n", "5: source 'a': field 'limit': '0' is not right"),
        (GOOD + "    limit: [1]\n", "5: source 'a': field 'limit': write a number"),
        (GOOD + "    limit: {a: 1}\n", "5: source 'a': field 'limit': write a number"),
        (GOOD + "    enabled: maybe\n", "5: source 'a': field 'enabled': 'maybe' is not right: write true or false"),
        (GOOD + "    enabled: 'no'\n", None),
        (GOOD + "    verify_tls:\n", "5: source 'a': field 'verify_tls': '' is not right: write true or false"),
        (GOOD + "    time_zone: utcc\n", "5: source 'a': field 'time_zone': 'utcc' is not a time zone; did you mean"),
        (GOOD + "    country: de\n", "5: source 'a': field 'country': 'de' is not right: "),
        (GOOD + "    include: ['^/a']\n", "5: source 'a': field 'include': '^/a' looks like a regular expression"),
        (GOOD + "    exclude:\n      - /a[\n", "5: source 'a': field 'exclude': '/a[' has a '[' without its ']'"),
        (GOOD + "    path: x\n", "2: source 'a': kind feed needs a url, and no path"),
        (GOOD + "    ? [a]\n    : b\n", "5: source 'a': field '' is not known"),
        (GOOD + "    <<: {limit: 1}\n", "5: source 'a': field '<<' is not known"),
        (b"\xff\xfe", "1: the file is not UTF-8"),
        (GOOD.encode() + b"    name: caf\xe9\n", "5: the file is not UTF-8"),
        (GOOD + "    name: a\x00b\n", "1: not YAML: "),
        (GOOD + "---\n" + GOOD, "5: not YAML: "),
    ],
)  # fmt: skip
def test_errors_name_line_and_field(tmp_path: Path, text: str | bytes, expected: str | None) -> None:
    """Each mistake is one line that begins with its line number, and says what should stand there."""
    if expected is None:
        assert len(load(tmp_path, text)) == 1
    else:
        found = complaints(tmp_path, text)
        assert len(found) == 1
        assert found[0].startswith(expected), found[0]


@pytest.mark.faults
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &a [x]\nsources:\n  - *a\n", "3: aliases (*a) are not read"),
        ("x0: &x0 [l, l]\n" + "".join(f"x{n}: &x{n} [*x{n - 1}, *x{n - 1}]\n" for n in range(1, 40)), "2: aliases"),
        ("sources:\n  - !!python/object/apply:os.system ['true']\n", "2: the tag !!python/object/apply:os.system"),
        ("sources:\n  - id: !!binary YQ==\n    kind: feed\n", "2: the tag !!binary is not allowed"),
        ("sources: !sources\n  - id: a\n", "1: the tag !sources is not allowed"),
        ("sources: " + "[" * 20_000, "1: "),
        ("#" * 1_000_001, "1: the file has 1000001 bytes"),
        (GOOD + "    knd: a\n    verify_tls: 2\n", "5: source 'a': field 'knd'"),
    ],
)
def test_I11_hostile_or_mistyped_config_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    """Aliases, tags, depth and size are refused before they cost anything."""
    assert complaints(tmp_path, text)[0].startswith(expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("[promo_lnk]", "no repair or rule is called 'promo_lnk'; near it are promo_link,"),
        ("[promo_link.label_fraze]", "near it are promo_link.label_phrase"),
        ("[xyz]", "there are mojibake, entity, control"),
        ("[[promo_link]]", "write a list of names of repairs or rules"),
    ],
)
def test_rules_that_are_not_known(tmp_path: Path, value: str, expected: str) -> None:
    """A name that cleaning does not have is told with its line and the names near it."""
    (found,) = complaints(tmp_path, GOOD + f"    rules_off: {value}\n")
    assert found.startswith("5: source 'a': field 'rules_off': ")
    assert expected in found


def test_rules_that_are_switched_off(tmp_path: Path) -> None:
    """Repairs, and single rules of them; one alone needs no brackets."""
    path = tmp_path / "sources.yaml"
    path.write_text(GOOD + "    rules_off: [promo_link, dateline.place]\n", encoding="utf-8")
    assert load_sources(path)[0].rules_off == ("promo_link", "dateline.place")
    path.write_text(GOOD + "    rules_off: slip\n", encoding="utf-8")
    assert load_sources(path)[0].rules_off == ("slip",)


def test_all_errors_at_once_but_not_too_many(tmp_path: Path) -> None:
    """One look shows all mistakes in the order of their lines, and a file full of them not hundreds."""
    found = complaints(tmp_path, "sources:\n" + "  - id: b\n    kind: fed\n" * 40)
    assert len(found) == MAX_ERRORS + 1
    numbers = [int(line.split(":")[0]) for line in found[:-1]]
    assert numbers == sorted(numbers)
    assert re.fullmatch(r" and \d+ more", found[-1])


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    """A missing file or a folder is one sentence that names it and what to do."""
    with pytest.raises(SourcesError, match=re.escape(str(tmp_path / name)) + r".*--sources"):
        load_sources(tmp_path / name)


def test_words_of_yaml_stay_words(tmp_path: Path) -> None:
    """Norway and its language are no booleans, and a name may be a number."""
    text = (
        GOOD + "    country: NO\n    language: no\n    name: 1984\n    enabled: no\n    delay_s: 2\n    include: /a/*\n"
    )
    source = load(tmp_path, "\ufeff" + text)[0]
    assert (source.country, source.language, source.name, source.enabled) == ("NO", "no", "1984", False)
    assert (source.delay_s, source.include) == (2.0, ("/a/*",))


def test_paths_begin_at_the_file(tmp_path: Path) -> None:
    """A relative path is relative to sources.yaml, not to the working directory."""
    text = "sources:\n  - {id: a, kind: folder, path: docs}\n  - {id: b, kind: warc, path: /srv/x.warc}\n"
    assert [source.path for source in load(tmp_path, text)] == [tmp_path / "docs", Path("/srv/x.warc")]


@given(st.binary(max_size=200) | st.text(alphabet="ab:- \n[]{}&*!'\"#?|>%@`,", max_size=80).map(str.encode))
def test_any_bytes_are_sources_or_problems(raw: bytes) -> None:
    """No content raises anything but the errors that become one sentence."""
    try:
        sources, problems = parse_sources(raw, Path("/"))
    except YamlError as error:
        sources, problems = [], [Problem(error.line, error.message)]
    assert sources or all(problem.line >= 1 and problem.message for problem in problems)
    assert sources or problems


def test_pick_sources() -> None:
    """Without ids the enabled ones; by id also a disabled one; a wrong id is named with the nearest right one."""
    sources = [
        Source(id=name, kind=SourceKind.FOLDER, path=Path("x"), enabled=name != "off") for name in ("one", "two", "off")
    ]
    assert [source.id for source in pick_sources(sources)] == ["one", "two"]
    assert [source.id for source in pick_sources(sources, ["off", "one"])] == ["one", "off"]
    with pytest.raises(SourcesError, match="'tow'; did you mean 'two'"):
        pick_sources(sources, ["tow"])
    with pytest.raises(SourcesError, match="there are one, two, off"):
        pick_sources(sources, ["xyz"])
    with pytest.raises(SourcesError, match="disabled"):
        pick_sources(sources[2:])


def test_shipped_file_loads() -> None:
    """The shipped sources.yaml is right, has a dozen feeds of many countries and languages, and names no secret."""
    sources = load_sources(ROOT / "sources.yaml")
    enabled = pick_sources(sources)
    assert len(enabled) >= 12
    assert len({source.country for source in enabled}) >= 8
    assert len({source.language for source in enabled}) >= 5
    assert all(source.time_zone and source.name and str(source.url).startswith("https://") for source in sources)


def test_shipped_comments_name_every_field() -> None:
    """The comment at the top of the shipped file and docs/sources.md explain each field of the model."""
    head = (ROOT / "sources.yaml").read_text(encoding="utf-8").split("sources:\n")[0]
    docs = (ROOT / "docs/sources.md").read_text(encoding="utf-8")
    for field in Source.model_fields:
        assert re.search(rf"\b{field}  ", head), field
        assert f"| `{field}` |" in docs, field


EXAMPLES = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/sources.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_of_the_docs_loads(tmp_path: Path, example: str) -> None:
    """What docs/sources.md shows can be copied into a file as it stands."""
    assert load(tmp_path, example)


def test_docs_have_an_example_of_every_kind(tmp_path: Path) -> None:
    """No kind of source is left without an example."""
    kinds = {source.kind for example in EXAMPLES for source in load(tmp_path, example)}
    assert kinds == set(type(next(iter(kinds))))
