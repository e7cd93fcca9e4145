"""The design that lost: argued rules. Kept so that its figures can be taken again (docs/extraction.md).

The article is in the deepest element that holds three quarters of the page's prose. In it a block stays if it reads
like prose, or is a heading or list item beside prose, and neither its names nor its first words say that it is for
something else.
"""

import re

import numpy as np
from numpy.typing import NDArray

from tasks.parse.extractor.features import BASE_COLUMNS, Hints, link_labels, place_columns, text_columns
from tasks.parse.extractor.places import places_of
from tasks.parse.extractor.walk import Page
from tasks.parse.extractor.words import is_bad, name_words

MOST_LINKS = 0.5
PROSE_CHARS = 60

OPENINGS: tuple[tuple[str, str, str, str], ...] = (
    ("related", r"(?:also )?read (?:more|also|next)\b|see also\b|more (?:from|on|stories|news)\b|related\b"
                r"|recommended\b|you may\b|don.t miss\b|up next\b|lesen sie|lire aussi|lea también|leggi anche",
     "Read more: how it began", "Readers were more surprised"),
    ("signup", r"(?:sign up|log in|subscribe|register|follow us|click here|download (?:the|our)|join (?:us|our))\b",
     "Sign up for our newsletter", "Signs of the times"),
    ("share", r"(?:share|print|save|copy link|teilen|partager)\b.{0,40}$", "Share this article", "Shares fell again"),
    ("legal", r"©|copyright\b|all rights reserved|we (?:may earn|use cookies)", "© 2020 Somebody", "We saw him there"),
    ("advertisement", r"advertisement\b|sponsored\b|anzeige\b", "Advertisement", "Adverts were dear"),
    ("credit", r"(?:photo|image|picture|foto|bild|credit)s?\b ?(?:by|:|/|via)", "Photo: A. Person", "Photography"),
    ("tags", r"(?:tags?|topics?|filed under|categories)\b ?:", "Tags: sport, chess", "Tagging along"),
)  # fmt: skip
"""Name, how such a line begins, one that does and one that does not."""
OPENING = re.compile("|".join(pattern for _, pattern, _, _ in OPENINGS), re.IGNORECASE)

_COLUMN = {name: place for place, name in enumerate(BASE_COLUMNS)}


def keep_by_rules(page: Page, hints: Hints) -> NDArray[np.bool_]:
    """Which blocks of the page (at least one) the rules keep."""
    bad_names = [is_bad(name_words(key)) for key in page.nodes.key]
    places = places_of(page, bad_names)
    texts = text_columns(page.texts, link_labels(page), hints)
    base = np.concatenate([texts, place_columns(page, places, texts)], axis=1)

    def column(name: str) -> NDArray[np.float32]:
        return np.asarray(base[:, _COLUMN[name]])

    good = column("best75_in") > 0
    allowed = good & (column("bad") == 0) & (column("link_share") < MOST_LINKS)
    allowed &= (column("own_figcaption") + column("near_figure") + column("path_nav") + column("path_footer")) == 0
    allowed &= np.array([not OPENING.match(text) for text in page.texts])
    prose = allowed & (column("chars") >= PROSE_CHARS) & (column("ends") > 0)
    small = allowed & (
        (column("level") > 1) | (column("near_li") > 0) | (column("own_p") > 0) | (column("near_td") > 0)
    )
    around = np.convolve(prose.astype(np.int64), np.ones(7, dtype=np.int64))[3 : 3 + len(prose)] > 0
    after_first = np.maximum.accumulate(prose)
    before_last = np.maximum.accumulate(prose[::-1])[::-1]
    lists = (column("near_li") > 0) | (column("near_td") > 0)
    return np.asarray(prose | (small & around & after_first & (before_last | lists)))
