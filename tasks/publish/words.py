"""Texts as words: who has which word how often. Pure; all texts of a batch at once.

A word is a run of letters, marks and digits, in lower case, so that an apostrophe parts it: the possessive of a name
counts for the name. Scripts that are written without spaces are read twice. For looking up, each of their characters
is a word of its own, so that any piece of text can be found as a sequence, by SQL too; for counting, ICU's word
iterator and its dictionaries tell the words.
What does not belong here: files (word_files.py), and the ranked search (search_index.py).
"""

import re

import polars as pl
from icu4py.breakers import WordBreaker

from schemas.text import FOUR_TO_ONE_CLASS, ONE_EACH_CLASS

WORDS_VERSION = 1
"""Raised when the same texts would give other words; the files of another version are made again."""

WORD = r"[\p{L}\p{M}\p{N}]+"
"""A word, for polars and for DuckDB (whose `\\w` knows ASCII only)."""

SINGLE = f"[{ONE_EACH_CLASS[1:-1]}{FOUR_TO_ONE_CLASS[1:-1]}]"
"""A character of a script without spaces."""

LONGEST = 64
"""Characters of a word that are kept: what is longer is no word, but a slip or a code."""

WORTH_COUNTING = r"\p{L}.*\p{L}"
"""What is worth counting: two letters at least, so no numbers, and no letter or character alone."""

_SPACELESS = re.compile(SINGLE)
_SPAN = 1 << 32
"""More than there are texts at once."""


def texts_of(articles: pl.DataFrame) -> pl.Series:
    """Title and body of each article in lower case, in Unicode's composed form."""
    joined = pl.concat_str("title", "body", separator="\n").str.normalize("NFC").str.replace_many(["İ"], ["i"])
    return articles.select(joined.str.to_lowercase().str.replace_many(["ς"], ["σ"])).to_series()


def word_counts(texts: pl.Series) -> pl.DataFrame:
    """How often each text has each word: text_no, term, count; sorted by term, then by text.

    Args:
        texts: As `texts_of` gives them; a row's place is its number.
    """
    is_mixed = texts.str.contains(SINGLE)
    if is_mixed.any():
        apart = texts.str.replace_all(f"({SINGLE})", " ${1} ")
        texts = pl.select(pl.when(is_mixed).then(apart).otherwise(texts)).to_series()
    return _counted(texts.str.extract_all(WORD))


def spoken_counts(texts: pl.Series) -> pl.DataFrame:
    """The same for the real words of scripts without spaces, as far as they are worth counting.

    `word_counts` has none of them: there such a character is alone.

    Args:
        texts: As in `word_counts`.
    """
    mixed = texts.str.contains(SINGLE).arg_true().cast(pl.Int32)
    split = pl.Series([_spaceless_words(texts[number]) for number in mixed], dtype=pl.List(pl.String))
    found = _counted(split).filter(pl.col("term").str.contains(WORTH_COUNTING))
    return found.with_columns(mixed.gather(found["text_no"]).alias("text_no"))


def postings(counts: pl.DataFrame) -> pl.DataFrame:
    """One row a word, sorted: term, text_nos (ascending), counts."""
    grouped = counts.group_by("term", maintain_order=True)
    return grouped.agg(pl.col("text_no").alias("text_nos"), pl.col("count").alias("counts"))


def _counted(words: pl.Series) -> pl.DataFrame:
    texts = pl.DataFrame({"text_no": pl.int_range(len(words), dtype=pl.Int64, eager=True), "term": words})
    told = texts.lazy().explode("term").drop_nulls().with_columns(pl.col("term").str.slice(0, LONGEST)).collect()
    # Numbers instead of words, in one key with the text: sorting it costs a third of grouping by words.
    names = told["term"].unique().sort()
    runs = (told["term"].cast(pl.Enum(names)).to_physical().cast(pl.Int64) * _SPAN + told["text_no"]).sort().rle()
    keys, lengths = runs.struct.field("value"), runs.struct.field("len")
    return pl.DataFrame(
        {"term": names.gather(keys // _SPAN), "text_no": keys % _SPAN, "count": lengths},
        schema_overrides={"text_no": pl.Int32, "count": pl.Int32},
    )


def _spaceless_words(text: str) -> list[str]:
    """The words of a text that are in a script without spaces, by ICU.

    >>> _spaceless_words("東京大学の x 😀 กรุงเทพ")
    ['東京', '大学', 'の', 'กรุงเทพ']
    """
    # The iterator takes its dictionary by the script, so the language need not be known; it counts as UTF-16 does.
    raw = text.encode("utf-16-le", "surrogatepass")
    breaks = WordBreaker(text, "und").segments()
    pieces = (raw[2 * begin : 2 * end].decode("utf-16-le", "replace") for begin, end in breaks)
    return [piece for piece in pieces if _SPACELESS.match(piece)]
