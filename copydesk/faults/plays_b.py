"""Cases of section B that need more than one look."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

from copydesk.faults.answers import STORY, article, moved, page, text
from copydesk.faults.bench import Bench, candidate
from copydesk.faults.model import MismatchError, expect
from copydesk.faults.plays_a import NOW, ended
from schemas.reasons import Reservation
from tasks.io.captures import CaptureWriter, read_record
from tasks.io.http import HttpClient
from tasks.io.robots import RobotsCache

DELAY_S = 0.08


def expect_gaps(spans: Iterable[tuple[float, float]], delay_s: float) -> None:
    """Look at the times at which the server was asked.

    Raises:
        MismatchError: two requests were nearer than the delay.
    """
    gaps = [begin - end for (_, end), (begin, _) in pairwise(sorted(spans))]
    if not gaps or min(gaps) < delay_s:
        raise MismatchError(f"smallest gap {min(gaps, default=0.0):.3f} s of {len(gaps)}, not {delay_s} s")


async def asked_again_after_a_day(bench: Bench) -> None:
    """Yesterday's rules hold for 24 hours; then the new ones do, for pages that were queued before too."""
    open_, shut = text("User-agent: *\nDisallow: /z"), text("User-agent: *\nDisallow: /")
    host = bench.serve({"/robots.txt": (open_, shut), "*": STORY})
    rows = await bench.fetch([candidate(f"http://{host}/1")])
    [kept] = [row for row in rows if row["kind"] == "robots"]
    for hours, allowed, requests in ((23, True, 1), (25, False, 2)):
        old = kept | {"captured_at": NOW - timedelta(hours=hours)}
        async with HttpClient(bench.http()) as client:
            with CaptureWriter(bench.run.folder, bench.run.run_id, NOW, f"{bench.name}later") as writer:
                robots = RobotsCache(bench.run.folder, writer, NOW)
                robots.warm([old], same_run=False)
                decision = await robots.allowed(client, f"http://{host}/2", source_id="faults")
        expect(f"allowed after {hours} h", decision.allowed, allowed)
        expect("requests for robots.txt", bench.server.count(host, "/robots.txt"), requests)


async def crawl_delay(bench: Bench) -> None:
    """The server sees the wished pause; one beyond the cap is told in the host's row."""
    wished = bench.serve({"/robots.txt": text(f"User-agent: *\nCrawl-delay: {DELAY_S}"), "*": STORY}, "wish")
    far = bench.serve({"/robots.txt": text("User-agent: *\nCrawl-delay: 86400"), "*": STORY}, "far")
    urls = [f"http://{host}/{number}" for host in (wished, far) for number in range(3)]
    rows = await bench.fetch([candidate(url) for url in urls], max_crawl_delay_s=0.1)
    expect_gaps(bench.server.spans[wished], DELAY_S)
    ends = [ended(row) for row in rows[:6]]
    expect("ends", ends, ["fetched"] * 4 + ["deferred host_paused"] * 2)
    [row] = [row for row in rows if row["kind"] == "robots" and far in row["url"]]
    expect("crawl_delay_s", row["crawl_delay_s"], 86_400.0)
    expect(f"told in {row['detail']!r}", "86400 s" in (row["detail"] or ""), True)


async def two_fetchers(bench: Bench) -> None:
    """Two shards of one run and one of another, all on one host at the same time, one by way of redirects."""
    host = bench.serve({"*": STORY}, "busy")
    door = bench.serve({f"/{number}": moved(f"http://{host}/door{number}") for number in range(3)}, "door")
    other = bench.later(f"{bench.run.run_id}-other")
    work = [
        bench.fetch([candidate(f"http://{host}/a{n}") for n in range(4)], "a", delay_s=DELAY_S),
        bench.fetch([candidate(f"http://{host}/b{n}") for n in range(4)], "b", delay_s=DELAY_S),
        other.fetch([candidate(f"http://{host}/c{n}") for n in range(4)], "c", delay_s=DELAY_S),
        other.fetch([candidate(f"http://{door}/{n}") for n in range(3)], "d", delay_s=DELAY_S),
    ]
    rows = [row for part in await asyncio.gather(*work) for row in part if row["kind"] == "page"]
    expect("ends", {ended(row) for row in rows}, {"fetched"})
    expect("pages", bench.server.count(host), 15)
    expect_gaps(bench.server.spans[host], DELAY_S)


async def one_address(bench: Bench) -> None:
    """With a pause for addresses, hosts that share one are asked as if they were one."""
    hosts = [bench.serve({"*": STORY}, f"name{number}") for number in range(3)]
    rows = await bench.fetch(
        [candidate(f"http://{host}/{number}") for number in range(2) for host in hosts], address_delay_s=DELAY_S
    )
    expect("ends", {ended(row) for row in rows[:6]}, {"fetched"})
    expect_gaps((span for host in hosts for span in bench.server.spans[host]), DELAY_S)


async def reserved(bench: Bench) -> None:
    """All that is reserved stands in the article's row; a page that is refused for it leaves no text behind."""
    robots = text("User-agent: *\nContent-Signal: ai-train=no\nAllow: /\n\nUser-agent: CCBot\nDisallow: /")
    story = page(article(head='<meta name="robots" content="noarchive">'), TDM_Reservation="1")
    host = bench.serve({"/robots.txt": robots, "*": story})
    await bench.fetch([candidate(f"http://{host}/page", source_id="faults")])
    expect("parsed", set((await bench.parse()).values()), {"article"})
    [row] = bench.articles()
    expect("reservations", row["reservations"], ["ai_agents", "ai_train", "noarchive", "tdm"])
    respect = {"faults": frozenset({Reservation.NOARCHIVE})}
    rows = await bench.fetch([candidate(f"http://{host}/other", source_id="faults")], "later", respect=respect)
    expect("end", ended(rows[0]), "blocked reserved")
    record = read_record(bench.run.folder, rows[0]["capture_uri"], rows[0]["capture_offset"])
    expect("kept of it", (record.payload, record.problem, record.status), (b"", None, 200))
    expect("digest", rows[0]["payload_digest"], None)
    expect("looked at again later", rows[0]["next_try_at"] > NOW, True)
