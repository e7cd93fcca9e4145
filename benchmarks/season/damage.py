"""What each kind of break does to an article, or to the list of a night."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from benchmarks.season.breaks import Break, swappable
from benchmarks.season.drafts import Draft, hash_start
from benchmarks.season.sources import Paper
from benchmarks.season.words import CONSENT, Pool, pool

COLLAPSED = 0.12
"""Share of its articles that a collapsed source still lists."""
FLOOD = 4
"""Copies of each article in a flood of duplicates, at most."""
REFUSED = {"template_loses_body": 0.75, "boilerplate_bodies": 0.2, "half_bodies": 0.05, "encoding_lost": 0.1}
"""Share of the pages of a broken source that parse refuses, because it finds no text in them."""
JUNK_AUTHORS = ("Share", "Facebook", "Follow us", "Read more", "Newsletter", "Comments")

Spoil = Callable[[random.Random, Draft, Paper, Pool], bool]
"""Changes a draft; whether it did (a date that reads the same when swapped is as it was)."""


def spoil(rng: random.Random, broken: Break, paper: Paper, draft: Draft, words: Pool) -> None:
    """Do to an article what its source's break does, and label it."""
    if broken.kind.startswith("partial"):
        if rng.random() >= broken.share:
            return
        if broken.kind != "partial_dates":
            draft.template = draft.template.replace("/article/", "/variant/")
    if SPOILERS[broken.kind](rng, draft, paper, words):
        draft.broken = broken.kind


def spoil_list(rng: random.Random, broken: Break, paper: Paper, drafts: list[Draft]) -> list[Draft]:
    """The night's articles after a break that is one of the list: fewer, more, or without a section."""
    if broken.kind == "volume_collapse":
        return [draft for draft in drafts if rng.random() < COLLAPSED]
    if broken.kind == "section_missing":
        return [draft for draft in drafts if draft.section != missing_section(paper)]
    if broken.kind == "duplicates_flood":
        return [copy for draft in drafts for copy in (draft, *_copies(rng, draft))]
    return drafts


def missing_section(paper: Paper) -> str:
    """The section that is lost when one is: the largest."""
    return max(paper.sections, key=lambda name: paper.sections[name])


def second_url(draft: Draft) -> Draft:
    """The same article under a second URL, as papers list it in two sections."""
    return replace(draft, url=draft.url.replace("www.", "amp."))


def _copies(rng: random.Random, draft: Draft) -> list[Draft]:
    count = rng.randint(1, FLOOD)
    return [
        replace(draft, url=f"{draft.url}?s={rng.randrange(10**8)}", broken="duplicates_flood") for _ in range(count)
    ]


def _no_authors(_rng: random.Random, draft: Draft, _paper: Paper, _words: Pool) -> bool:
    draft.authors = []
    return True


def _junk_authors(rng: random.Random, draft: Draft, _paper: Paper, _words: Pool) -> bool:
    draft.authors = list(JUNK_AUTHORS[: rng.randint(2, 3)])
    return True


def _no_date(_rng: random.Random, draft: Draft, _paper: Paper, _words: Pool) -> bool:
    draft.published_at = draft.modified_at = None
    return True


def _no_title(rng: random.Random, draft: Draft, paper: Paper, _words: Pool) -> bool:
    draft.title = rng.choice((paper.site.split(".")[0].capitalize(), "Menu", "Read more", f"{paper.site} news"))
    return True


def _one_title(_rng: random.Random, draft: Draft, paper: Paper, words: Pool) -> bool:
    start = hash_start(paper.source_id, len(words.words) - 5)
    draft.title = " ".join(words.words[start : start + 4]).capitalize()
    return True


def _no_image(_rng: random.Random, draft: Draft, _paper: Paper, _words: Pool) -> bool:
    draft.image_url = None
    return True


def _fragment(rng: random.Random, draft: Draft, _paper: Paper, _words: Pool) -> bool:
    """One paragraph of the article, or a caption."""
    draft.set_text(rng.choice(draft.paragraphs))
    return True


def _teaser(rng: random.Random, draft: Draft, _paper: Paper, _words: Pool) -> bool:
    """The first lines, and three dots."""
    words = draft.paragraphs[0].split()
    draft.set_text(" ".join(words[: rng.randint(24, 45)]) + " …")
    return True


def _half(rng: random.Random, draft: Draft, _paper: Paper, _words: Pool) -> bool:
    kept = max(1, round(len(draft.paragraphs) * rng.uniform(0.3, 0.55)))
    draft.set_text("\n\n".join(draft.paragraphs[:kept]))
    return True


def _now(rng: random.Random, draft: Draft, _paper: Paper, _words: Pool) -> bool:
    draft.published_at = (draft.captured_at - timedelta(seconds=rng.uniform(0, 3))).replace(microsecond=0)
    return True


def _swapped(_rng: random.Random, draft: Draft, _paper: Paper, _words: Pool) -> bool:
    told = draft.published_at
    if told is None or not swappable(told.date()):
        return False
    draft.published_at = told.replace(month=told.day, day=told.month)
    return True


def _future(_rng: random.Random, draft: Draft, paper: Paper, _words: Pool) -> bool:
    if draft.published_at is None:
        return False
    draft.published_at += timedelta(days=(1, 7, 30, 365)[hash_start(f"future/{paper.source_id}", 4)])
    return draft.published_at > draft.captured_at


def _consent(_rng: random.Random, draft: Draft, paper: Paper, _words: Pool) -> bool:
    draft.set_text(CONSENT[paper.language])
    draft.authors, draft.published_at, draft.modified_at, draft.image_url = [], None, None, None
    draft.page_chars = round(len(CONSENT[paper.language]) * 1.3)
    draft.template = f"{paper.source_id}/0/consent//0"
    draft.cut_chars = 0
    return True


def _boilerplate(rng: random.Random, draft: Draft, paper: Paper, words: Pool) -> bool:
    """The list of other articles, much the same on every page of the night."""
    lines = random.Random(f"{paper.source_id}/{draft.captured_at:%j}")  # noqa: S311
    heads = [" ".join(lines.choices(words.words, k=8)).capitalize() for _ in range(14)]
    shown = heads[rng.randrange(3) :]
    draft.set_text("\n\n".join(["Most read", *shown, "Follow us", "Sign up for our newsletter", "All rights reserved"]))
    return True


def _mojibake(_rng: random.Random, draft: Draft, _paper: Paper, _words: Pool) -> bool:
    """UTF-8 that was read as Windows-1252."""
    draft.paragraphs = [_misread(text) for text in draft.paragraphs]
    draft.title, draft.authors = _misread(draft.title), [_misread(name) for name in draft.authors]
    return True


def _misread(text: str) -> str:
    return text.encode().decode("cp1252", errors="replace")


def _lost_letters(_rng: random.Random, draft: Draft, _paper: Paper, _words: Pool) -> bool:
    """What is not ASCII became U+FFFD, or a question mark."""
    draft.paragraphs = [text.encode("ascii", "replace").decode().replace("?", "\ufffd") for text in draft.paragraphs]
    return True


def _other_language(rng: random.Random, draft: Draft, paper: Paper, _words: Pool) -> bool:
    """The edition for another country, as served to a crawler that stands there."""
    other = pool("en" if paper.language != "en" else "es")
    draft.language = "en" if paper.language != "en" else "es"
    chosen = rng.choices(other.sentences, k=max(4, draft.word_count // 16))
    draft.paragraphs, draft.word_count = [text for text, _ in chosen], sum(count for _, count in chosen)
    draft.title = " ".join(rng.choices(other.words, k=7)).capitalize()
    return True


def _untouched(_rng: random.Random, _draft: Draft, _paper: Paper, _words: Pool) -> bool:
    return False


SPOILERS: dict[str, Spoil] = {
    "template_loses_authors": _no_authors,
    "template_loses_dates": _no_date,
    "template_loses_title": _no_title,
    "template_loses_body": _fragment,
    "teasers": _teaser,
    "half_bodies": _half,
    "authors_lost": _no_authors,
    "authors_junk": _junk_authors,
    "dates_lost": _no_date,
    "titles_constant": _one_title,
    "dates_now": _now,
    "dates_swapped": _swapped,
    "dates_future": _future,
    "images_lost": _no_image,
    "consent_bodies": _consent,
    "boilerplate_bodies": _boilerplate,
    "encoding": _mojibake,
    "encoding_lost": _lost_letters,
    "language_flip": _other_language,
    "volume_collapse": _untouched,
    "duplicates_flood": _untouched,
    "section_missing": _untouched,
    "partial_teasers": _teaser,
    "partial_authors": _no_authors,
    "partial_dates": _no_date,
}
