"""One page for many sites is nobody's page."""

from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from schemas.capture import Capture
from schemas.table import frame
from tasks.fetch.model import FetchSettings
from tasks.fetch.portals import find_portals, refuse_portals
from tasks.io.staging import RunContext, write_part
from tests.conftest import NIGHT
from tests.fetch.cases import candidate, captures

SAME = "sha1:SAME"


def row(number: int, **changes: Any) -> dict[str, Any]:
    """A page of a site of its own that was fetched."""
    url = f"https://s{number}.test/story"
    known = candidate(url)
    facts = {"kind": "page", "outcome": "fetched", "final_url": url, "http_status": 200, "attempt_count": 1}
    place = {"capture_uri": "captures/x.warc.gz", "capture_offset": 0, "capture_length": 9, "captured_at": NIGHT}
    own = {name: known[name] for name in ("url_id", "url", "site", "source_id")}
    return own | facts | place | {"payload_digest": f"sha1:{number}"} | changes


CASES: list[tuple[str, list[dict[str, Any]], int]] = [
    ("pages of their own", [row(n) for n in range(9)], 0),
    ("one body for three sites", [row(0), *(row(n, payload_digest=SAME) for n in (1, 2, 3))], 3),
    ("one body for two sites", [row(n, payload_digest=SAME) for n in (1, 2)], 0),
    (
        "one body for many pages of two sites",
        [row(n, payload_digest=SAME, site=f"s{n % 2}.test") for n in range(9)],
        0,
    ),
    ("no body is no body", [row(n, payload_digest=None) for n in range(5)], 0),
    ("all led to one URL", [row(n, final_url="http://login.hotel.test/") for n in range(3)], 3),
    ("all led to their own", [row(n, final_url=f"https://www.s{n}.test/story") for n in range(5)], 0),
    ("only what was fetched", [row(n, payload_digest=SAME, outcome="not_modified") for n in range(5)], 0),
    ("pages of an archive", [row(n, payload_digest=SAME, capture_uri="/old.warc.gz") for n in range(5)], 0),
    ("robots.txt may be alike", [row(n, payload_digest=SAME, kind="robots") for n in range(5)], 0),
    ("nothing at all", [], 0),
]


@pytest.mark.faults
@pytest.mark.parametrize(("rows", "count"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_A26_one_page_for_many_sites_is_found(rows: list[dict[str, Any]], count: int) -> None:
    """Only what came from the network, was fetched, and is the same for three sites or more."""
    assert find_portals(frame(Capture, rows)).height == count


@pytest.mark.faults
def test_A26_a_portals_pages_fail_and_are_read_by_nobody(run: RunContext) -> None:
    """Their rows are failed and due soon, what parse made of their shards goes, other shards stay."""
    shards = {"0000": [row(0), row(1, payload_digest=SAME)], "0001": [row(2, payload_digest=SAME)], "0002": [row(4)]}
    shards["0001"].append(row(3, payload_digest=SAME, etag='"v1"', last_full_at=NIGHT))
    for shard, rows in shards.items():
        write_part(run.part("fetch", "captures", shard), Capture, frame(Capture, rows))
        write_part(run.part("parse", "articles", shard), Capture, frame(Capture, rows))
    assert refuse_portals(run, FetchSettings()) == ["0000", "0001"]
    assert [run.part("parse", "articles", shard).exists() for shard in shards] == [False, False, True]
    found = captures(run, "0000") + captures(run, "0001") + captures(run, "0002")
    assert [one["url"] for one in found] == [one["url"] for rows in shards.values() for one in rows]
    failed = pl.DataFrame([one for one in found if one["outcome"] == "failed"])
    assert failed.height == 3
    assert failed["reason"].unique().to_list() == ["captive_portal"]
    assert failed["next_try_at"].unique().to_list() == [run.now + timedelta(hours=6)]
    assert failed["detail"].str.contains("for 3 sites").all()
    assert failed.select(pl.col("etag", "payload_digest", "last_full_at").is_null().all()).row(0) == (True, True, True)
    assert refuse_portals(run, FetchSettings()) == []


def test_a_run_without_captures_has_no_portal(run: RunContext) -> None:
    """Nothing fetched, nothing to refuse."""
    assert refuse_portals(run, FetchSettings()) == []
