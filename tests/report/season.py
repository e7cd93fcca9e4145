"""Thirty nights of made-up papers as tables: what the page of a run is looked at with."""

from datetime import timedelta
from random import Random
from typing import Any

from tasks.io.folder import DataFolder
from tests.sql.dataset import Tables, day, seen, version

PAPERS = {"gazette": 42, "harbour-post": 18, "abendblatt": 95, "le-courrier": 7, "wire": 230}
LAST = "night30"
MARKUP = '<script>document.title="taken"</script><img src=https://evil.example/x.png onerror=alert(1)>'
"""What stands in the titles, values and names of others in the last night."""

_OF_SOURCES = ("listing_count", "bad_item_count", "capped_count")


def thirty_nights(folder: DataFolder) -> Tables:
    """Published; the last night has a collapse, a broken source, refusals, cuts, edits and slow hosts."""
    rng, tables = Random(3), Tables(folder)
    for night in range(1, 31):
        _add_night(tables, rng, night)
    _add_last(tables, rng)
    tables.publish()
    return tables


def _add_night(tables: Tables, rng: Random, night: int) -> None:
    run = f"night{night:02d}" if night != 30 else LAST
    found = {
        name: max(1, round(rng.gauss(size, size**0.5) * (0.6 if night % 7 < 2 else 1))) for name, size in PAPERS.items()
    }
    if run == LAST:
        found["abendblatt"] = 9
    rows = [_source(run, name, count, rng) for name, count in found.items()]
    total = {key: sum(row[key] for row in rows) for key in rows[0] if key.endswith("_count") and key not in _OF_SOURCES}
    times = {"started_at": day(night), "ended_at": day(night) + timedelta(minutes=23)}
    tables.add("runs", {"run_id": run, "run_seq": night, "flow": "nightly", "status": "completed", **times, **total})
    tables.add("run_sources", *rows)
    articles = [
        version(
            f"{name}-{run}-{at}",
            night,
            run=run,
            text="The ferry will be sold. " * 9,
            site=f"{name}.example",
            url=f"https://{name}.example/{run}/{at}",
            word_count=max(60, round(rng.gauss(420, 90))),
            published_at=day(night) - timedelta(hours=rng.expovariate(1 / (4 + len(name)))),
            authors=["Ann Example"] if rng.random() < (0.91 if night < 30 else 0.6) else [],
            section="Town" if rng.random() < 0.8 else None,
            language="en",
        )
        for name in PAPERS
        for at in range(6)
    ]
    tables.add("articles", *articles)


def _source(run: str, name: str, found: int, rng: Random) -> dict[str, Any]:
    known, refused = round(found * 0.3), round(found * 0.02)
    lost = 1 if rng.random() < 0.3 else 0
    row = dict.fromkeys(
        ("duplicate_count", "held_count", "gone_count", "failed_count", "deferred_count", "unchanged_count",
         "also_listed_count", "bad_item_count", "capped_count"), 0
    )  # fmt: skip
    return row | {
        "run_id": run, "source_id": name, "kind": "feed", "status": "ok", "found_count": found + known,
        "known_count": known, "quarantined_count": refused, "blocked_count": lost, "listing_count": 1,
        "stored_count": found - refused - lost,
    }  # fmt: skip


def _add_last(tables: Tables, rng: Random) -> None:
    refusal = {"run_id": LAST, "stage": "validate", "severity": "reject", "reason": "check_failed", "field": "body"}
    tables.add(
        "quarantine",
        *(refusal | {"rule": "body_words", "url": f"https://wire.example/{at}", "quarantine_id": f"q{at}",
                     "value": "7", "limits": "at least 20 words", "message": "The body is too short for an article."}
          for at in range(14)),
        *(refusal | {"rule": "authors_lost", "severity": "hold", "url": f"https://gazette.example/{at}",
                     "quarantine_id": f"h{at}", "message": "2 % of 41 pages had an author."} for at in range(41)),
        refusal | {"rule": "title_length", "url": f"javascript:{MARKUP}", "quarantine_id": "x", "value": MARKUP,
                   "limits": "3 to 500 characters", "message": MARKUP},
    )  # fmt: skip
    cut = {"run_id": LAST, "version_id": "v", "article_id": "a", "field": "body", "repair": "r", "replacement": ""}
    kinds = {
        "ad_marker": "Advertisement",
        "newsletter": "Sign up for our newsletter",
        "credit": "Photo: A. Example",
        "promo_link": MARKUP,
    }
    tables.add(
        "removals",
        *(cut | {"rule": kind, "kind": kind, "text": text, "char_count": len(text), "seq": at, "version_id": f"v{at}"}
          for kind, text in kinds.items() for at in range(rng.randint(9, 80))),
    )  # fmt: skip
    before = version("bridge", 29.5, run="night29", text="The bridge cost 12 million.", site="gazette.example")
    after = version("bridge", 30, run=LAST, text="The bridge cost 21 million.", site="gazette.example", title=MARKUP)
    after |= {"kind_of_change": "stealth_edit", "change_share": 0.04, "previous_id": before["version_id"]}
    after |= {
        "word_changes": [{"place": 4, "old": "12 million", "new": "21 million"}, {"place": 9, "old": MARKUP, "new": ""}]
    }
    tables.add("articles", before, after)
    hosts = {"www.gazette.example": 340, "harbour-post.example": 4100, f"x{len(MARKUP)}.example": 900}
    tables.add(
        "ledger",
        *(seen(f"https://{host}/{at}", "stored" if at else "failed", 30, LAST, source_id="wire",
               duration_ms=round(ms * rng.uniform(0.5, 1.6)), reason=None if at else "timeout")
          for host, ms in hosts.items() for at in range(25)),
    )  # fmt: skip
