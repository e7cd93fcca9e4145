"""Articles made up for `make bench-analytics`: the length, vocabulary and repetition of news, no text of anybody's.

Words are drawn by Zipf and Mandelbrot's law from a made-up vocabulary, short words first, so that an index has as many
words, and as many articles for each, as one of real news; each day has words of its own that it talks about.
What does not belong here: measuring (bench.py).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from benchmarks.store.rows import rows

VOCABULARY = 400_000
"""Words, names and slips of some years of news."""

STEPS = 40
"""How finely the frequencies of words are told apart: so many steps for each word."""

SHIFT, SLOPE = 8.0, 1.2
"""Of Mandelbrot's law: a word's frequency is 1 / (rank + SHIFT) ** SLOPE."""

REPEATED = 0.35
"""Share of words that say again what the same text says elsewhere.

With all this the texts are near to those of the set news424: of their first 400 words 0.60 are different ones (news:
0.54), 0.45 of all words are one of 100 (0.44), a word takes 5.6 bytes with what follows it (5.9). They have rather more
words, so their indexes are rather longer.
"""

MEDIAN_WORDS, SPREAD = 480, 0.55
"""Of the lengths of articles, which are log-normal: two to four kilobytes for most."""

SENTENCE, PARAGRAPH = 20, 60
"""Words of one, on average."""

TALK, TALK_SHARE = 40, 0.03
"""How many words a day has of its own, and their share of its texts."""

SYLLABLES = (
    "a e i o ba be bi bo da de di do fa fe ga go ha he in is it ka ko la le lo ma me mi mo na ne no of on or pa pe ra "
    "re ri ro sa se si so ta te ti to un us va ve wa we cra dre flo gri sta tre blu sno ver ment tion ing est ler ston"
)

PLAIN, COMMA, STOP, BREAK = range(4)
ENDS = (" ", ", ", ". ", ".\n\n")
"""What follows a word, by number."""


@dataclass(frozen=True)
class Language:
    """A made-up language."""

    words: list[str]
    """By rank."""
    tokens: pl.Series
    """Each word with each of `ENDS`, then the same in capitals."""
    ranks: np.ndarray
    """Ranks, each as often as its word is used."""


def make_language(seed: int = 1, words: int = VOCABULARY) -> Language:
    """A language of so many words; the same for the same seed and number."""
    draw = np.random.default_rng(seed)
    syllables = SYLLABLES.split()
    parts = draw.integers(1, 7, 2 * words)
    picked = draw.integers(0, len(syllables), (2 * words, 6))
    made = {"".join(syllables[at] for at in row[:count]) for row, count in zip(picked, parts, strict=True)}
    order = sorted(made)
    # Frequent words are short, but not strictly.
    weight = [len(word) + extra for word, extra in zip(order, draw.exponential(14, len(order)), strict=True)]
    ranked = [order[at] for at in np.argsort(weight)][:words]
    shares = 1 / (np.arange(len(ranked)) + SHIFT) ** SLOPE
    steps = STEPS * len(ranked)
    ranks = np.searchsorted(np.cumsum(shares / shares.sum()), (np.arange(steps) + 0.5) / steps).astype(np.int32)
    plain = pl.Series(ranked)
    both = [plain, plain.str.slice(0, 1).str.to_uppercase() + plain.str.slice(1)]
    return Language(ranked, pl.concat([word + end for word in both for end in ENDS]), ranks)


def articles(language: Language, day: int, count: int) -> pl.DataFrame:
    """Rows of `Article` of one day; the same for the same language, day and count."""
    draw = np.random.default_rng((day, count))
    lengths = np.clip(draw.lognormal(np.log(MEDIAN_WORDS), SPREAD, count), 60, 3000).astype(np.int64)
    bodies = _texts(language, draw, lengths)
    titles = _texts(language, draw, draw.integers(5, 12, count)).str.strip_chars(" .,\n")
    made = rows("articles", day, count, words=1)
    return made.with_columns(
        titles.str.replace_all("[.,\n]+ ?", " ").alias("title"),
        bodies.str.strip_chars().alias("body"),
        pl.Series(lengths).cast(made.schema["word_count"]).alias("word_count"),
    )


def _texts(language: Language, draw: np.random.Generator, lengths: np.ndarray) -> pl.Series:
    total = int(lengths.sum())
    ranks = language.ranks[draw.integers(0, len(language.ranks), total)]
    own = draw.integers(100, len(language.words) // 8, TALK)
    talked = draw.random(total) < TALK_SHARE
    ranks[talked] = own[draw.integers(0, TALK, int(talked.sum()))]
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    said = np.repeat(starts, lengths) + (draw.random(total) * np.repeat(lengths, lengths)).astype(np.int64)
    ranks = np.where(draw.random(total) < REPEATED, ranks[said], ranks)
    ends = np.zeros(total, np.int64)
    for kind, one_in in ((COMMA, 15), (STOP, SENTENCE), (BREAK, PARAGRAPH)):
        ends[draw.integers(0, one_in, total) == 0] = kind
    ends[starts[1:] - 1] = STOP
    is_first = np.concatenate([[True], ends[:-1] >= STOP])
    numbers = ranks + len(language.words) * (ends + len(ENDS) * is_first)
    text_no = pl.Series(np.repeat(np.arange(len(lengths)), lengths))
    tokens = pl.DataFrame({"text_no": text_no, "token": language.tokens.gather(pl.Series(numbers))})
    return tokens.group_by("text_no", maintain_order=True).agg(pl.col("token").str.join(""))["token"]
