"""From a parsed page or a refusal to the row of a table."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from schemas.identity import article_id, content_hash, digest, version_id
from schemas.reasons import REASON_TEXT, ChangeKind, Reason, Severity
from schemas.text import word_count
from tasks.io.staging import RunContext
from tasks.parse import PARSER_VERSION
from tasks.parse.model import ParsedPage, Refusal
from tasks.parse.text import storable

LONGEST_VALUE = 500

AS_PARSED = (
    "title", "published_at_raw", "section", "language", "summary", "image_url", "access", "page_kind", "template",
)  # fmt: skip
"""Fields of a parsed page that go into the columns of these names as they are."""

Capture = Mapping[str, Any]
"""A row of `Capture` by column."""


def article_row(capture: Capture, page: ParsedPage, run: RunContext) -> dict[str, Any]:
    """The row of an article as extracted; what clean and store set is null, empty or `first` until then."""
    canonical = page.canonical_url or capture["url"]
    article = article_id(canonical)
    content = content_hash(page.title, page.body.text)
    return {
        "version_id": version_id(article, capture["captured_at"], capture["payload_digest"] or "", content),
        "article_id": article,
        **{name: capture[name] for name in ("url", "site", "source_id", "captured_at")},
        **{name: getattr(page, name) for name in AS_PARSED},
        "canonical_url": canonical,
        "authors": list(page.authors),
        "published_at": _utc(page.published_at),
        "modified_at": _utc(page.modified_at),
        "recorded_at": run.now,
        "tags": list(page.tags),
        "body": page.body.text,
        "blocks": [vars(block) for block in page.body.blocks],
        "entries": [
            {"published_at": _utc(entry.published_at), "title": entry.title, "url": entry.url} for entry in page.entries
        ],
        "entry_places": list(page.entry_places),
        "images": [vars(image) for image in page.images],
        "word_count": word_count(page.body.text),
        "editor_initials": [],
        "content_hash": content,
        "kind_of_change": ChangeKind.FIRST.value,
        "field_sources": [vars(fact) for fact in page.field_sources],
        "flags": list(page.flags),
        "extra_fields": [vars(extra) for extra in page.extra_fields],
        "reservations": list(capture.get("reservations") or []),
        "parser_version": PARSER_VERSION,
        "rules_version": "".join(f"+{fact.value}" for fact in page.field_sources if fact.field == "site_rules"),
        "run_id": run.run_id,
        "capture_uri": capture["capture_uri"] or "",
        "capture_offset": capture["capture_offset"] or 0,
        "capture_digest": capture["payload_digest"] or "",
    }


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)


def refusal_row(capture: Capture, refusal: Refusal, run: RunContext, *, is_one_of_many: bool = False) -> dict[str, Any]:
    """The quarantine row of a page that parse refused; several records of one URL get keys of their own."""
    key = (run.run_id, capture["url"], "parse", refusal.rule)
    value = None if refusal.value is None else storable(refusal.value)[:LONGEST_VALUE]
    return {
        **_where(capture, run),
        "quarantine_id": digest(*key, str(capture["capture_offset"])) if is_one_of_many else digest(*key),
        "stage": "parse",
        "reason": refusal.reason.value,
        "rule": refusal.rule,
        "field": refusal.field,
        "value": value,
        "limits": refusal.limits,
        "message": refusal.message,
        "page_kind": None if refusal.page_kind is None else refusal.page_kind.value,
    }


def fetch_refusal_row(capture: Capture, run: RunContext) -> dict[str, Any]:
    """The quarantine row of a response that fetch kept but refused (outcome `refused`)."""
    reason = Reason(capture["reason"]) if capture["reason"] else Reason.BAD_RESPONSE
    return {
        **_where(capture, run),
        "quarantine_id": digest(run.run_id, capture["url"], "fetch", reason.value),
        "stage": "fetch",
        "reason": reason.value,
        "rule": reason.value,
        "field": "body",
        "value": capture["detail"],
        "message": REASON_TEXT[reason],
    }


def _where(capture: Capture, run: RunContext) -> dict[str, Any]:
    """What every quarantine row of a page has: where it came from, when, and in which run."""
    same = ("url", "site", "source_id", "captured_at", "capture_uri", "capture_offset")
    return {
        **{name: capture[name] for name in same},
        "severity": Severity.REJECT.value,
        "recorded_at": run.now,
        "run_id": run.run_id,
    }
