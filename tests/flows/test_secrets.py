"""Placeholders of sources.yaml: filled in from variables and blocks, missed with a sentence, recorded as written."""

import json
from pathlib import Path
from typing import Any

import pytest

from flows.begin import begin_run, load_run
from flows.secrets import check_environment, resolve_access
from flows.settings import load_settings
from flows.stage_settings import fetch_settings, list_settings
from schemas.source import Source
from tasks.discover.sources_file import load_sources
from tasks.errors import SourcesError
from tasks.io.folder import DataFolder

VALUE = "hush-hush-7"
FEED: dict[str, Any] = {"id": "paper", "kind": "feed", "url": "https://www.paper.org/rss"}


def source(**changes: Any) -> Source:
    """A feed with access."""
    return Source.model_validate(FEED | changes)


FULL = source(
    headers={"X-Key": "${KEY}", "X-Plain": "yes"},
    cookies={"sid": "a${KEY}b"},
    credentials={"user": "${USER_NAME}", "password": "${secret:paper}"},
)
KNOWN = {"KEY": VALUE, "USER_NAME": "ann"}


async def blocks(name: str) -> str:
    """A Secret block named paper, and no other."""
    return {"paper": "word"}[name]


async def test_everything_is_filled_in() -> None:
    """Variables and blocks, also inside a value; the site is the registered domain; https stays https."""
    access = (await resolve_access([FULL, source(id="free")], KNOWN, blocks))["paper"]
    assert (access.headers, access.cookies) == ({"X-Key": VALUE, "X-Plain": "yes"}, {"sid": f"a{VALUE}b"})
    assert (access.user, access.password, access.sites) == ("ann", "word", frozenset({"paper.org"}))
    assert (access.plain_http, await resolve_access([source()], {}, blocks)) == (False, {})


@pytest.mark.parametrize(
    ("changes", "known", "told"),
    [
        ({"headers": {"X-Key": "${NO_KEY}"}}, {}, ("'paper'", "'headers'", "NO_KEY is not set")),
        ({"cookies": {"sid": "${KEY}"}}, {"KEY": ""}, ("'paper'", "'cookies'", "KEY is not set")),
        ({"headers": {"X-Key": "${KEY}"}}, {"KEY": f"{VALUE}\nX: y"}, ("'headers'", "cannot be sent")),
        ({"cookies": {"sid": "${KEY}"}}, {"KEY": f"{VALUE};x"}, ("'cookies'", "cannot be sent")),
        ({"headers": {"X-Key": "${secret:none}"}}, {}, ("'headers'", "block none", "KeyError")),
        ({"headers": {"A": "${secret:none}", "B": "${NO_KEY}"}}, {}, ("NO_KEY is not set",)),
    ],
)
async def test_what_is_missing_is_named(changes: dict[str, Any], known: dict[str, str], told: tuple[str, ...]) -> None:
    """Source, field and variable are named, the environment first; a value never is."""
    with pytest.raises(SourcesError) as raised:
        await resolve_access([source(**changes)], known, blocks)
    assert all(piece in str(raised.value) for piece in told)
    assert VALUE not in str(raised.value)


def test_doctor_looks_without_blocks() -> None:
    """Variables can be looked at by themselves."""
    check_environment([FULL], KNOWN)
    with pytest.raises(SourcesError, match="USER_NAME"):
        check_environment([FULL], {"KEY": VALUE})


async def test_only_placeholders_are_recorded(folder: DataFolder) -> None:
    """Neither run.json nor the run's settings hold a value; a run that is taken up again gets its access anew."""
    access = await resolve_access([FULL], KNOWN, blocks)
    settings = load_settings(data=folder.root)
    begun = begin_run(folder, "nightly", [FULL], settings.recorded(), key="abcdef0123456789", access=access)
    again = begin_run(folder, "nightly", [], settings.recorded(), key="abcdef0123456789", access=access)
    recorded = (folder.run(begun.context.run_id) / "run.json").read_text()
    kept = "".join(path.read_text() for path in folder.root.rglob("*") if path.is_file())
    assert "${KEY}" in json.dumps(json.loads(recorded)["sources"])
    assert not [secret for secret in (VALUE, "ann") if secret in kept + repr(begun)]
    assert (again.access, load_run(folder, begun.context.run_id).access) == (access, {})
    assert fetch_settings(begun, settings).access == access
    assert list_settings(begun, settings, FULL).access == access["paper"]
    assert not list_settings(begun, settings, source(id="free")).access.sites
    assert VALUE not in repr(fetch_settings(begun, settings))


def test_sources_yaml_takes_them(tmp_path: Path) -> None:
    """As written in the file; a mistake is named without the value that stands there."""
    path = tmp_path / "sources.yaml"
    text = (
        "sources:\n  - id: paper\n    kind: feed\n    url: https://paper.org/rss\n    headers:\n      X-Key: ${KEY}\n"
    )
    path.write_text(text)
    assert load_sources(path)[0].headers == {"X-Key": "${KEY}"}
    for wrong, told in (
        (f"X-Api-Key: {VALUE}", "looks like a secret"),
        (f"Cookie: {VALUE}", "cookies"),
        (f"User-Agent: {VALUE}", "sets itself"),
        (f"X-A: ${{{VALUE} }}", "no placeholder|is none"),
        (f"- {VALUE}", "names and values"),
        ("X-A: [x]", "names and values"),
    ):
        path.write_text(text.replace("X-Key: ${KEY}", wrong))
        with pytest.raises(SourcesError, match=told) as raised:
            load_sources(path)
        assert VALUE not in str(raised.value)
        assert "sources.yaml:5: source 'paper'" in str(raised.value)


@pytest.mark.parametrize(
    ("entry", "is_taken"),
    [
        (FEED | {"cookies": {"consent": "YES+1"}}, True),
        (FEED | {"credentials": {"user": "ann", "password": "${P}"}}, True),
        (FEED | {"credentials": {"user": "ann", "password": "word"}}, False),
        (FEED | {"credentials": {"user": "ann"}}, False),
        (FEED | {"credentials": {"user": "a", "password": "${P}"}, "headers": {"authorization": "${T}"}}, False),
        (FEED | {"cookies": {"a b": "x"}}, False),
        (FEED | {"headers": {"X": "${secret:A b}"}}, False),
        ({"id": "a", "kind": "folder", "path": "x", "site": "paper.org", "headers": {"X": "y"}}, False),
        ({"id": "a", "kind": "url_list", "path": "x", "headers": {"X": "y"}}, False),
        ({"id": "a", "kind": "url_list", "path": "x", "site": "Paper", "headers": {"X": "y"}}, False),
        ({"id": "a", "kind": "url_list", "path": "x", "site": "paper.org", "headers": {"X": "y"}}, True),
    ],
)
def test_which_entries_are_taken(entry: dict[str, Any], is_taken: bool) -> None:
    """A secret is no part of the file, and everything sent has a site that it is for."""
    try:
        made = Source.model_validate(entry)
    except ValueError:
        assert not is_taken
    else:
        assert is_taken
        assert Source.model_validate(made.model_dump(mode="json")) == made
