"""What `articles.duckdb` holds: one model for each of its views and tables, made from the models of the tables on disk.

What does not belong here: how a view is built, which `sql/` says.
"""

from typing import Annotated

import pandera.polars as pa
import polars as pl

from schemas.article import VIEW_COLUMNS, WORD_CHANGE, Article
from schemas.ledger import Ledger
from schemas.quarantine import Quarantine
from schemas.quote import Quote
from schemas.reporting import REPORTING
from schemas.table import StringList, Table, Timestamp
from schemas.tables import TABLES
from schemas.words import Term, TermDay, TextRow

_JACCARD = "Shingles in common with the older text of the story that is nearest, 0 to 1; null for the first."
_PLACE = "Where its row lies: file_id of the table files times 2^32, plus the number of the row in that file, from 0."
_CHANGE_SHARE = "Share of words that are not in both that text and this one; null for the first."


class CurrentArticle(Article):
    """The current version of an article: the one with the greatest (captured_at, run_seq, version_id)."""

    duplicate_of: str = pa.Field(nullable=True, description=VIEW_COLUMNS["duplicate_of"])
    story_id: str = pa.Field(nullable=True, description=VIEW_COLUMNS["story_id"])
    gone_at: Timestamp = pa.Field(nullable=True, description=VIEW_COLUMNS["gone_at"])


class Edit(Table):
    """One version that followed another one of its article, and the words that it changed."""

    article_id: str = pa.Field(description="The article.")
    site: str = pa.Field(description="Its site.")
    url: str = pa.Field(description="URL that was fetched.")
    title: str = pa.Field(description="Headline of the new version.")
    previous_id: str = pa.Field(description="Version before it by captured_at, as known when it was stored.")
    version_id: str = pa.Field(unique=True, description="The new version.")
    previous_at: Timestamp = pa.Field(description="When the version before it was captured, UTC.")
    captured_at: Timestamp = pa.Field(description="When the new version was captured, UTC.")
    kind_of_change: str = pa.Field(
        description="typo, correction, addition, rewrite, truncation, reverted, stealth_edit or reprocessed."
    )
    change_share: float = pa.Field(nullable=True, ge=0, le=1, description="Share of words changed.")
    word_changes: Annotated[pl.List, WORD_CHANGE] = pa.Field(
        nullable=True, description="Each stretch that differs: place, old words, new words."
    )
    word_diff: str = pa.Field(
        nullable=True, description="The same in one line: [-old words-] {+new words+}, stretches parted by dots."
    )


class StealthEdit(Edit):
    """One edit that changed a number, a name or another fact, without a notice of correction."""


class Author(Table):
    """One author on one site, over the current articles that are no copies of others."""

    name: str = pa.Field(description="The name, as the site writes it.")
    site: str = pa.Field(description="The site.")
    article_count: pl.Int64 = pa.Field(ge=1, description="Articles with this name among their authors.")
    word_count: pl.Int64 = pa.Field(nullable=True, ge=0, description="Words of these articles together.")
    sections: StringList = pa.Field(description="Sections that they stand in, by name.")
    first_at: Timestamp = pa.Field(description="The earliest of them by published_at, or captured_at where it is null.")
    last_at: Timestamp = pa.Field(description="The latest of them, by the same time.")


class SourceHealth(Table):
    """One source as its runs found it: whether it can be read, since when not, and what it gave."""

    source_id: str = pa.Field(unique=True, description="Source of sources.yaml.")
    kind: str = pa.Field(description="feed, sitemap, url_list, folder or warc.")
    status: str = pa.Field(description="Of its last run: ok, or failed when its listing could not be read.")
    reason: str = pa.Field(nullable=True, description="Code of the reason when it failed in its last run.")
    detail: str = pa.Field(nullable=True, description="What its last run said of it.")
    run_count: pl.Int64 = pa.Field(ge=1, description="Runs that read it.")
    failed_in_a_row: pl.Int64 = pa.Field(ge=0, description="Runs since its listing was last readable.")
    last_run_at: Timestamp = pa.Field(description="End of the last run that read it, UTC.")
    last_ok_at: Timestamp = pa.Field(nullable=True, description="End of the last run in which it was readable, UTC.")
    last_stored_at: Timestamp = pa.Field(nullable=True, description="End of the last run that stored a version, UTC.")
    stored_count: pl.Int64 = pa.Field(ge=0, description="Versions stored in its last seven runs.")
    refused_count: pl.Int64 = pa.Field(ge=0, description="Pages quarantined or held in its last seven runs.")
    lost_count: pl.Int64 = pa.Field(ge=0, description="Pages blocked or failed in its last seven runs.")
    gap_estimate: pl.Int64 = pa.Field(
        nullable=True, ge=0, description="Articles probably missed in its last seven runs; null when none is known."
    )


class Alarm(Table):
    """One thing that a person should look at: a listing that fails, a publisher who refuses, a source that changed."""

    kind: str = pa.Field(
        description="listing_fails, source_blocked, site_blocked, one_text, source_held or source_odd."
    )
    subject: str = pa.Field(description="The source, or for site_blocked the site.")
    count: pl.Int64 = pa.Field(
        ge=0,
        description="Runs in a row that failed, pages that were refused, held, say one text, or counted by the radar.",
    )
    of_count: pl.Int64 = pa.Field(
        ge=0, description="Of so many pages asked for or counted; for listing_fails as count."
    )
    seen_at: Timestamp = pa.Field(description="End of the run that found it, UTC.")
    detail: str = pa.Field(nullable=True, description="What was seen last, for people; escaped.")


class TableCheck(Table):
    """One check of a whole table; `fresh` is asked of each source."""

    code: str = pa.Field(description="The check.")
    severity: str = pa.Field(isin=["reject", "warn"], description="reject: the table is wrong; warn: worth a look.")
    table_name: str = pa.Field(description="The table or view that was counted.")
    subject: str = pa.Field(nullable=True, description="The source, where a check is asked of each.")
    is_ok: bool = pa.Field(description="Whether found is at most most.")
    found: float = pa.Field(ge=0, description="Rows that break the rule; for fresh, hours before the last run.")
    most: float = pa.Field(ge=0, description="What is accepted; for fresh four times the usual, and 72 hours or more.")
    message: str = pa.Field(description="One sentence for people on what is wrong when it is not ok.")


class KeptCapture(Ledger):
    """One response that is kept: a row of the ledger with the place of its capture in a WARC file."""


class Superseded(Table):
    """One version that is no longer the current one of its article."""

    version_id: str = pa.Field(unique=True, description="The version.")
    until_at: Timestamp = pa.Field(description="captured_at of the version that followed, UTC.")
    outdated_at: Timestamp = pa.Field(description="When the first version that came to follow it was recorded, UTC.")
    place: pl.Int64 = pa.Field(unique=True, description=_PLACE)


class Doubled(Table):
    """One row of a version that a second run stored again at the same time; article_versions leaves it out."""

    version_id: str = pa.Field(description="The version.")
    run_id: str = pa.Field(description="The second run.")


class ArticleNote(Table):
    """What later articles and fetches say of one current version; the view articles joins it."""

    version_id: str = pa.Field(unique=True, description="The version.")
    place: pl.Int64 = pa.Field(unique=True, description=_PLACE)
    duplicate_of: str = pa.Field(nullable=True, description=VIEW_COLUMNS["duplicate_of"])
    story_id: str = pa.Field(nullable=True, description=VIEW_COLUMNS["story_id"])
    gone_at: Timestamp = pa.Field(nullable=True, description=VIEW_COLUMNS["gone_at"])


class StoryMember(Table):
    """One version that tells a story which another article tells too; the views articles and stories join it."""

    version_id: str = pa.Field(unique=True, description="The version.")
    story_id: str = pa.Field(description=VIEW_COLUMNS["story_id"])
    jaccard: float = pa.Field(nullable=True, description=_JACCARD)
    change_share: float = pa.Field(nullable=True, description=_CHANGE_SHARE)


class Story(Table):
    """One article of a story: syndicated copies and rewrites of one text, on one site or many, each article once."""

    story_id: str = pa.Field(description="article_id of the article that told it first, by (captured_at, url).")
    article_id: str = pa.Field(description="An article that told it.")
    version_id: str = pa.Field(description="The first of its versions that did.")
    is_first: bool = pa.Field(description="Whether the story has its name from this article.")
    first_seen_at: Timestamp = pa.Field(description="When that version was fetched, UTC.")
    published_at: Timestamp = pa.Field(nullable=True, description="When its publisher says it was published, UTC.")
    site: str = pa.Field(description="Who published it: registered domain.")
    agency: str = pa.Field(nullable=True, description="News agency named in the text.")
    url: str = pa.Field(description="Its URL.")
    title: str = pa.Field(description="Its headline.")
    jaccard: float = pa.Field(nullable=True, description=_JACCARD)
    change_share: float = pa.Field(nullable=True, description=_CHANGE_SHARE)


class RetractedRun(Table):
    """One run whose rows were taken back by a decision; no other view shows them."""

    run_id: str = pa.Field(unique=True, description="The run.")
    decision_id: str = pa.Field(description="Decision that took it back.")
    note: str = pa.Field(nullable=True, description="Why, in the person's words.")
    actor: str = pa.Field(nullable=True, description="Who decided.")
    decided_at: Timestamp = pa.Field(description="When, UTC.")


class RetractionSpell(Table):
    """One stretch of time in which a run was taken back."""

    run_id: str = pa.Field(description="The run.")
    from_at: Timestamp = pa.Field(description="When it was taken back, UTC.")
    until_at: Timestamp = pa.Field(nullable=True, description="When that was undone, UTC; null: it stands.")


class RetractedVersion(Table):
    """One version that no view shows because its run was taken back; changes_since tells readers to drop it."""

    version_id: str = pa.Field(description="The version.")
    article_id: str = pa.Field(description="Its article.")
    url: str = pa.Field(description="URL that was fetched.")
    site: str = pa.Field(description="Its site.")
    captured_at: Timestamp = pa.Field(description="When it was captured, UTC.")
    run_id: str = pa.Field(description="The run.")


class CommitOrder(Table):
    """One committed run, also one that was taken back, with its place in the order of commits."""

    run_id: str = pa.Field(unique=True, description="The run.")
    run_seq: pl.Int64 = pa.Field(description="Its place, from 1.")
    ended_at: Timestamp = pa.Field(description="When its rows were staged for commit, UTC.")


class OpenRefusal(Quarantine):
    """One refusal that is still open: not closed, not decided about, and its page was not published since."""


class ClosedRefusal(Table):
    """One refusal that a reprocess closed, because its page passes by now."""

    quarantine_id: str = pa.Field(unique=True, description="The refusal.")


class HeldPage(Quarantine):
    """One refusal of severity hold that nobody has decided about, of a page that was not published since."""


class SettledHold(Table):
    """One source and run whose held pages were released or dropped, by the last decision that stands."""

    run_id: str = pa.Field(description="The run that held them.")
    source_id: str = pa.Field(description="The source.")
    kind: str = pa.Field(description="release or drop.")
    decision_id: str = pa.Field(description="The decision.")
    note: str = pa.Field(nullable=True, description="Why, in the person's words.")
    actor: str = pa.Field(nullable=True, description="Who decided; copydesk where the source's own wish did.")
    decided_at: Timestamp = pa.Field(description="When, UTC.")


class Absence(Table):
    """One stretch of runs in which a page answered 404 or 410."""

    url: str = pa.Field(description="URL of the page.")
    from_seq: pl.Int64 = pa.Field(description="Place of the first such run in the order of commits.")
    gone_at: Timestamp = pa.Field(description="When it was first seen so, UTC.")
    until_seq: pl.Int64 = pa.Field(nullable=True, description="Place of the run that found it there again.")


class HiddenRow(Table):
    """One version that is not current, by its place in the word index; words are counted without it."""

    part: pl.Int64 = pa.Field(description="Number of the file of articles, as in text_rows.")
    row_no: pl.Int32 = pa.Field(ge=0, description="Place of the version in that file, from 0.")


class PublishedFile(Table):
    """One committed Parquet file that the views read."""

    table_name: str = pa.Field(description="Table that it belongs to.")
    path: str = pa.Field(unique=True, description="Its absolute path.")
    file_id: pl.Int64 = pa.Field(unique=True, description="Its number in this database.")
    past_rows: pl.Binary = pa.Field(
        nullable=True,
        description="A bit for each row of a file of articles, set where the version is no longer the current one of "
        "its article; null when all are current. The last bits may stand for no row.",
    )


class Published(Table):
    """The one row that says what this database was made from."""

    format: pl.Int32 = pa.Field(ge=1, description="Format of the database; a reader refuses a newer one.")
    folder: str = pa.Field(description="Absolute path of the data folder when it was published.")
    run_count: pl.Int64 = pa.Field(ge=0, description="Committed runs.")
    last_run_id: str = pa.Field(nullable=True, description="The last of them by run_seq; null when there is none.")
    last_run_seq: pl.Int64 = pa.Field(nullable=True, description="Its place in the order of commits.")
    recorded_at: Timestamp = pa.Field(
        nullable=True, description="The newest recorded_at of the ledger, UTC: what was known then is what it shows."
    )


TABLE_VIEWS: dict[str, type[Table]] = {
    "article_versions" if name == "articles" else name: model for name, model in TABLES.items()
}
"""The views that show one table on disk each, by name; `articles` itself shows current versions only."""

DERIVED: dict[str, type[Table]] = {
    "superseded": Superseded,
    "doubled": Doubled,
    "article_notes": ArticleNote,
    "story_members": StoryMember,
    "retracted_runs": RetractedRun,
    "retraction_spells": RetractionSpell,
    "settled_holds": SettledHold,
    "closed_refusals": ClosedRefusal,
    "retracted_versions": RetractedVersion,
    "commit_order": CommitOrder,
    "absences": Absence,
    "hidden_rows": HiddenRow,
    "files": PublishedFile,
    "published": Published,
}
"""What publish computes and keeps as real tables; all small."""

SIDE_VIEWS: dict[str, type[Table]] = {"text_rows": TextRow, "terms": Term, "term_days": TermDay, "quotes": Quote}
"""Views over side files that publish makes from the texts: the word index, in which macros look, and the quotes."""

PUBLISHED: dict[str, type[Table]] = {
    "articles": CurrentArticle,
    **TABLE_VIEWS,
    "edits": Edit,
    "stealth_edits": StealthEdit,
    "authors": Author,
    "sources_health": SourceHealth,
    "alarms": Alarm,
    "table_checks": TableCheck,
    "quarantine_open": OpenRefusal,
    "held": HeldPage,
    "captures": KeptCapture,
    "stories": Story,
    **REPORTING,
    **SIDE_VIEWS,
    **DERIVED,
}
"""Everything in the database that a query can name, in the order of the data dictionary."""

MACROS: dict[str, str] = {
    "articles_as_of": "The version of each article that was current at a time, by captured_at: what the sites said.",
    "attention": "How many articles of each site have a term, of how many, by day, week, month or year (grain) in the "
    "site's own time zone, from one day to another; periods without it have a zero.",
    "changes_since": "What readers who hold the dataset of a run (its run_id) have to load or drop since: one row an "
    "article that is new, changed, gone, back, retracted or forgotten.",
    "coverage": "What we have of a site by day (UTC): pages asked for, captures, pages stored, told again, refused, "
    "lost and gone, and the share of those that we have the text of.",
    "dataset_as_of": "The current version of each article by the rows that were recorded by a time: what we knew.",
    "first_to_report": "Who had a term first: for each site the first version that has it, the earliest site on top.",
    "top_terms": "The words of some days that set them apart from the days before, the most telling first: since and "
    "until, and against, the first of the days before (by default 28).",
    "versions_with": "The versions that have a term, as rows of text_rows, and how often they have it.",
    "word_run": "A text as a run of words, in which each stands between two spaces of its own.",
    "words_of": "The words of a text, as the word index has them.",
}
"""What each macro answers."""

MACRO_ARGUMENTS: dict[str, str] = {
    "articles_as_of": "ts",
    "attention": "term, since := null, until := null, grain := 'day'",
    "changes_since": "run_id",
    "coverage": "site",
    "dataset_as_of": "ts",
    "first_to_report": "term",
    "top_terms": "since, until, against := null",
    "versions_with": "term",
    "word_run": "text",
    "words_of": "text",
}
"""Their arguments. A time is a timestamp, or a text such as '2026-03-02', taken as UTC in `copydesk sql`."""

SCALAR_MACROS = frozenset({"word_run", "words_of"})
"""Macros that give a value; the others give a table."""
