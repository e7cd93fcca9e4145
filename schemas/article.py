"""The article table: one row is one reading of an article in time."""

from typing import Annotated

import pandera.polars as pa
import polars as pl

from schemas.table import IntList, StringList, Table, Timestamp
from schemas.text import PARAGRAPH_BREAK as PARAGRAPH_BREAK  # told here too; there it costs no import of polars

BLOCK = pl.Struct({"kind": pl.String(), "text": pl.String(), "level": pl.Int8(), "url": pl.String()})
WORD_CHANGE = pl.Struct({"place": pl.Int32(), "old": pl.String(), "new": pl.String()})
ENTRY = pl.Struct({"published_at": pl.Datetime("us", "UTC"), "title": pl.String(), "url": pl.String()})
IMAGE = pl.Struct({
    "url": pl.String(), "alt": pl.String(), "caption": pl.String(), "credit": pl.String(),
    "width": pl.Int32(), "height": pl.Int32(), "place": pl.Int32(), "is_lead": pl.Boolean(),
})  # fmt: skip
EXTRA_FIELD = pl.Struct({"name": pl.String(), "value": pl.String()})
FIELD_SOURCE = pl.Struct({"field": pl.String(), "origin": pl.String(), "value": pl.String()})


def org(name: str | None) -> dict[str, str | None]:
    """The metadata that names a column's schema.org NewsArticle property (None: it has none)."""
    return {"schema_org": name}


class Article(Table):
    """One version of an article: what the pages of one canonical URL said at one time."""

    version_id: str = pa.Field(
        unique=True,
        description="Key. Hash of article_id, captured_at, capture_digest and content_hash.",
        metadata=org("version"),
    )
    article_id: str = pa.Field(
        description="Hash of the canonical URL; the same for all versions of an article.", metadata=org("identifier")
    )
    supersedes: str = pa.Field(
        nullable=True,
        description="version_id that was current when this one was stored; information only, never join on it.",
        metadata=org(None),
    )
    url: str = pa.Field(
        description="URL that was fetched, normalised; a local file has a file: URL.", metadata=org("url")
    )
    canonical_url: str = pa.Field(
        description="URL that the page names as its own, where that is believable, else url.",
        metadata=org("mainEntityOfPage"),
    )
    site: str = pa.Field(
        description="Registered domain by the Public Suffix List, or the name that the source gives.",
        metadata=org("publisher"),
    )
    source_id: str = pa.Field(description="Source of sources.yaml that listed the URL first.", metadata=org(None))
    title: str = pa.Field(description="Headline without the site's name.", metadata=org("headline"))
    authors: StringList = pa.Field(
        description="Names of people, in the page's order, without jobs and outlets; empty when none is named.",
        metadata=org("author"),
    )
    published_at: Timestamp = pa.Field(
        nullable=True,
        description="When the publisher says it was first published, UTC; null when the page does not say.",
        metadata=org("datePublished"),
    )
    published_at_raw: str = pa.Field(
        nullable=True, description="The publication date as it was written.", metadata=org(None)
    )
    modified_at: Timestamp = pa.Field(
        nullable=True, description="When the publisher says it was last changed, UTC.", metadata=org("dateModified")
    )
    captured_at: Timestamp = pa.Field(
        description="When the page was fetched (for a file: when it was last changed), UTC.", metadata=org(None)
    )
    recorded_at: Timestamp = pa.Field(description="When this row was made, UTC.", metadata=org(None))
    section: str = pa.Field(nullable=True, description="Section of the paper.", metadata=org("articleSection"))
    tags: StringList = pa.Field(description="Keywords that the publisher gives.", metadata=org("keywords"))
    language: str = pa.Field(
        nullable=True, description="ISO 639-1 code; null when it could not be told.", metadata=org("inLanguage")
    )
    summary: str = pa.Field(
        nullable=True, description="The publisher's own summary or standfirst.", metadata=org("abstract")
    )
    body: str = pa.Field(description="Clean text; paragraphs parted by one empty line.", metadata=org("articleBody"))
    blocks: Annotated[pl.List, BLOCK] = pa.Field(
        description="The body as typed blocks (paragraph, heading, list_item, quote, table, caption) in order.",
        metadata=org(None),
    )
    entries: Annotated[pl.List, ENTRY] = pa.Field(
        nullable=True,
        description="Entries of a live blog with their times (UTC), the oldest first; their text is in blocks, by "
        "entry_places.",
        metadata=org("liveBlogUpdate"),
    )
    entry_places: IntList = pa.Field(
        nullable=True,
        description="For each of entries the number of blocks before its first one, from which its text goes to the "
        "next greater place; null where it was not found in the text, and in rows that are older than this column.",
        metadata=org(None),
    )
    images: Annotated[pl.List, IMAGE] = pa.Field(
        nullable=True,
        description="Images of the article in order, without icons, logos, avatars and counters: absolute URL, alt, "
        "caption, credit, declared pixels, place (blocks before it) and whether it leads; null in rows that are older "
        "than this column.",
        metadata=org("associatedMedia"),
    )
    word_count: pl.Int32 = pa.Field(ge=0, description="Words of the body.", metadata=org("wordCount"))
    image_url: str = pa.Field(nullable=True, description="Lead image.", metadata=org("image"))
    access: str = pa.Field(
        nullable=True,
        description="free, metered or paywall; null when the page does not say.",
        metadata=org("isAccessibleForFree"),
    )
    page_kind: str = pa.Field(description="article or live_blog.", metadata=org("@type"))
    agency: str = pa.Field(
        nullable=True, description="News agency named in the text, such as AP.", metadata=org("sourceOrganization")
    )
    dateline: str = pa.Field(nullable=True, description="Place line that opened the text.", metadata=org("dateline"))
    editor_initials: StringList = pa.Field(
        description="Initials of desk editors that closed the text.", metadata=org("editor")
    )
    content_hash: str = pa.Field(description="Hash of title and body.", metadata=org(None))
    kind_of_change: str = pa.Field(
        description="How the version differs from the one before it by captured_at; first for a first.",
        metadata=org(None),
    )
    change_share: float = pa.Field(
        nullable=True,
        ge=0,
        le=1,
        description="Share of words changed against that version; null for a first.",
        metadata=org(None),
    )
    previous_id: str = pa.Field(
        nullable=True,
        description="version_id of that version, as known when this one was stored; null for a first.",
        metadata=org(None),
    )
    word_changes: Annotated[pl.List, WORD_CHANGE] = pa.Field(
        nullable=True,
        description="Stretches of words that differ from that version: place (words of title and body before it), "
        "old words, new words; null for a first.",
        metadata=org(None),
    )
    field_sources: Annotated[pl.List, FIELD_SOURCE] = pa.Field(
        description="For each field the origin that was chosen (json_ld, open_graph, meta, dom, listing ...) and how "
        "it was written there; behind it the other origins that speak of the field, with a null value where they "
        "agree.",
        metadata=org(None),
    )
    flags: StringList = pa.Field(
        description="What a reader should know: date_in_future, encoding_repaired, sources_disagree (of the date), "
        "titles_disagree, authors_disagree ...",
        metadata=org(None),
    )
    reservations: StringList = pa.Field(
        nullable=True,
        description="What the publisher reserves for the page: noindex, noarchive, noai, tdm, ai_train, ai_input, "
        "ai_agents; null in rows that are older than this column.",
        metadata=org("usageInfo"),
    )
    extra_fields: Annotated[pl.List, EXTRA_FIELD] = pa.Field(
        nullable=True,
        description="Keys of a JSON document that no column stands for, with their values as JSON; empty for pages, "
        "null in rows that are older than this column.",
        metadata=org("additionalProperty"),
    )
    template: str = pa.Field(
        nullable=True,
        description="Fingerprint of the page's markup, 16 hexadecimal digits: of two pages of one template few of the "
        "64 bits differ; null for documents, and in rows that are older than this column.",
        metadata=org(None),
    )
    parser_version: str = pa.Field(description="Version of the parser that read the page.", metadata=org(None))
    rules_version: str = pa.Field(
        description="Version of the cleaning rules; behind a + that of each site rule that was applied.",
        metadata=org(None),
    )
    run_id: str = pa.Field(description="Run that made the row.", metadata=org(None))
    capture_uri: str = pa.Field(
        description="WARC file that holds the page: a path below the data folder, or a URI.", metadata=org(None)
    )
    capture_offset: pl.Int64 = pa.Field(ge=0, description="Byte offset of the record in that file.", metadata=org(None))
    capture_digest: str = pa.Field(
        description="Digest of the page's bytes, as in WARC-Payload-Digest.", metadata=org(None)
    )


VIEW_COLUMNS: dict[str, str] = {
    "duplicate_of": "version_id of the oldest article with the same text on another site; null when there is none.",
    "story_id": "Story that the article tells, by the article_id that told it first; null when it stands alone.",
    "gone_at": "When the URL was first seen to answer 404 or 410 since; null while it is there.",
}
"""Columns that only the DuckDB view has, because later articles and fetches change them."""
