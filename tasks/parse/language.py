"""The language of an article: what the page declares, else its script, else what resiliparse tells of the body."""

import re
from collections.abc import Sequence

from resiliparse.parse.lang import detect_fast

from tasks.parse.model import Fact

ORDER = ("site_rule", "html", "json_ld", "meta", "listing", "json_ld_page", "open_graph")
"""og:locale comes last: templates leave it at en_US."""
CODE = re.compile(r"([a-z]{2})(?:$|[-_,; ])", re.IGNORECASE)
SAMPLE = 3000
SHORTEST = 60
"""Characters from which a text is looked at."""
LANGUAGE_CODES = """
    ar bg bn ca cs da de el en es et eu fa fi fr gl gu he hi hr hu hy id is it ja ka kk kn ko lt lv mk ml mr ne nl no
    pa pl pt ro ru sk sl sq sr sv sw ta te th tl tr uk ur uz vi zh
"""
LANGUAGES = LANGUAGE_CODES.split()
"""ISO 639-1 codes that are told apart. Small neighbours (lb, af) would cost large ones their lead."""
GAPS: tuple[tuple[int, int], ...] = ((300, 15), (SHORTEST, 30))
"""Characters of a text, and by how much the best language must be nearer than the next (resiliparse's ranks).

On 1,000 pages of ../shared/bench that declare a language: the first 80 characters give 66 % of the languages and 1.4 %
wrong ones, 300 give 93 % and 1.4 %, 3,000 give 98 % and 1.4 % (where now and then the declaration is wrong).
"""
SCRIPTS: tuple[tuple[str, re.Pattern[str], float], ...] = (
    ("ja", re.compile("[\u3040-\u30ff]"), 0.1),
    ("ko", re.compile("[\uac00-\ud7af]"), 0.5),
    ("zh", re.compile("[\u3400-\u4dbf\u4e00-\u9fff]"), 0.5),
    ("th", re.compile("[\u0e00-\u0e7f]"), 0.5),
)
"""Scripts that one language alone is written in, and their share of the letters. Japanese has kana among its Han."""
SHORTEST_SCRIPT = 20
"""Letters from which the script is believed."""


def declared_code(value: str) -> str | None:
    """The ISO 639-1 code that a declaration begins with.

    >>> declared_code("de-AT"), declared_code("german")
    ('de', None)
    """
    match = CODE.match(value)
    return match[1].lower() if match else None


def choose_language(facts: Sequence[Fact], body: str) -> Fact | None:
    """The ISO 639-1 code with its origin; None when nothing declares it and the body does not tell."""
    for origin in ORDER:
        for fact in facts:
            if fact.field == "language" and fact.family == origin and (code := declared_code(fact.value)):
                return Fact("language", fact.origin, code)
    told = detect_language(body)
    return None if told is None else Fact("language", "body", told)


def detect_language(text: str) -> str | None:
    """The code of the language that the text is surely in; None for short or mixed text.

    >>> detect_language("El puerto volvió a abrir este miércoles, y el alcalde dijo que las obras costaron menos. " * 4)
    'es'
    >>> detect_language("Ok") is None
    True
    """
    sample = text[:SAMPLE]
    if (code := _by_script(sample)) is not None:
        return code
    gap = next((gap for least, gap in GAPS if len(sample) >= least), None)
    if gap is None:
        return None
    told: list[tuple[str, int]] = detect_fast(sample, n_results=2, langs=LANGUAGES)  # type: ignore[assignment]  # its stub knows one result only
    if not told or (len(told) > 1 and told[1][1] - told[0][1] < gap):
        return None
    return str(told[0][0])


def _by_script(text: str) -> str | None:
    if text.isascii():
        return None
    letters = sum(map(str.isalpha, text))
    if letters < SHORTEST_SCRIPT:
        return None
    return next((code for code, script, share in SCRIPTS if len(script.findall(text)) >= share * letters), None)
