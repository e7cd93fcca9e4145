"""Articles with one piece of junk each, written as other sites write it: what the repairs are measured on.

The wordings (`wordings/`) and the sentences that must stay (`adversarial.json`) were written before the tables of
`tasks/clean/words` were widened, and tasks/ may not import this package. Half of the wordings and shapes of five
languages are to develop on; the other half, five more languages and other seeds are held out, and only those are
reported. Every sentence and headline is invented.
"""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
LANGUAGES = {"develop": ("en", "es", "fr", "de", "it"), "held_out": ("pt", "nl", "sv", "pl", "id")}
"""Languages whose wordings are to develop on in half, and those that are held out as a whole."""
KINDS = (
    "ad_marker", "promo_link", "promo_heading", "shortcode", "initials", "slip",
    "newsletter", "social", "credit", "dateline",
)  # fmt: skip
BREAK = "\n\n"


@dataclass(frozen=True, slots=True)
class Case:
    """An article with one piece of junk.

    Attributes:
        language: ISO 639-1.
        kind: one of `KINDS`.
        shape: how the piece is written into the text.
        junk: the piece.
        text: the paragraphs with the piece.
        kept: what must be left.
    """

    language: str
    kind: str
    shape: str
    junk: str
    text: str
    kept: str

    def is_clean(self, body: str) -> bool:
        """Whether the piece is gone and nothing else: compared without white space and with one kind of apostrophe."""
        return _folded(body) == _folded(self.kept)


def _folded(text: str) -> str:
    return "".join(text.replace("’", "'").split())


Write = Callable[[random.Random, list[str], str], tuple[str, str]]
"""From paragraphs and a piece of junk to the text with it, and the text that must be left."""


def own(rng: random.Random, paragraphs: list[str], junk: str) -> tuple[str, str]:
    """A paragraph of its own, not the first."""
    at = rng.randint(1, len(paragraphs))
    return BREAK.join([*paragraphs[:at], junk, *paragraphs[at:]]), BREAK.join(paragraphs)


def last(_: random.Random, paragraphs: list[str], junk: str) -> tuple[str, str]:
    """The last paragraph."""
    return BREAK.join([*paragraphs, junk]), BREAK.join(paragraphs)


def before(rng: random.Random, paragraphs: list[str], junk: str) -> tuple[str, str]:
    """Glued to the begin of a paragraph, as where one tag ends and the next begins."""
    at = rng.randint(1, len(paragraphs) - 1)
    return BREAK.join([*paragraphs[:at], junk + paragraphs[at], *paragraphs[at + 1 :]]), BREAK.join(paragraphs)


def after(rng: random.Random, paragraphs: list[str], junk: str) -> tuple[str, str]:
    """Glued to the end of a paragraph."""
    at = rng.randint(0, len(paragraphs) - 1)
    return BREAK.join([*paragraphs[:at], paragraphs[at] + junk, *paragraphs[at + 1 :]]), BREAK.join(paragraphs)


def between(_: random.Random, paragraphs: list[str], junk: str) -> tuple[str, str]:
    """Glued between two sentences of one paragraph."""
    kept = [" ".join(paragraphs[:2]), *paragraphs[2:]]
    return BREAK.join([paragraphs[0] + junk + paragraphs[1], *paragraphs[2:]]), BREAK.join(kept)


def on_a_line(_: random.Random, paragraphs: list[str], junk: str) -> tuple[str, str]:
    """On a line of its own within a paragraph, as between two `<br>`."""
    kept = ["\n".join(paragraphs[:2]), *paragraphs[2:]]
    return BREAK.join(["\n".join([paragraphs[0], junk, paragraphs[1]]), *paragraphs[2:]]), BREAK.join(kept)


def broken(rng: random.Random, paragraphs: list[str], junk: str) -> tuple[str, str]:
    """A paragraph whose words are split over tags: a line break, two spaces or a no-break space between two words."""
    return own(rng, paragraphs, junk.replace(" ", rng.choice(["\n", "  ", "\xa0"]), 1))


def over_two(rng: random.Random, paragraphs: list[str], junk: str) -> tuple[str, str]:
    """A label and its headline as two paragraphs, as from two blocks of a page."""
    label, _, headline = junk.partition(": ")
    return own(rng, paragraphs, f"{label}:{BREAK}{headline}" if headline else junk)


def at_begin(_: random.Random, paragraphs: list[str], junk: str) -> tuple[str, str]:
    """Before the first sentence."""
    return BREAK.join([junk + paragraphs[0], *paragraphs[1:]]), BREAK.join(paragraphs)


def at_end(_: random.Random, paragraphs: list[str], junk: str) -> tuple[str, str]:
    """After the last sentence, with a space."""
    return last_joined(" ", paragraphs, junk)


def at_end_line(_: random.Random, paragraphs: list[str], junk: str) -> tuple[str, str]:
    """After the last sentence, on a line of its own."""
    return last_joined("\n", paragraphs, junk)


def last_joined(glue: str, paragraphs: list[str], junk: str) -> tuple[str, str]:
    """The piece after the last sentence."""
    return BREAK.join([*paragraphs[:-1], paragraphs[-1] + glue + junk]), BREAK.join(paragraphs)


PLACES: Mapping[str, Mapping[str, tuple[Write, ...]]] = {
    "ad_marker": {"develop": (own, before, after), "held_out": (own, before, after, between, on_a_line, broken, last)},
    "promo_link": {"develop": (own,), "held_out": (own, own, own, broken, over_two, after, last)},
    "promo_heading": {"develop": (own,), "held_out": (own, last, broken)},
    "shortcode": {"develop": (own, after), "held_out": (own, after, before, between, last)},
    "initials": {"develop": (at_end,), "held_out": (at_end, at_end_line, last)},
    "newsletter": {"develop": (own,), "held_out": (own, last, broken)},
    "social": {"develop": (own,), "held_out": (own, last, broken)},
    "credit": {"develop": (own,), "held_out": (own, last)},
    "dateline": {"develop": (at_begin,), "held_out": (at_begin,)},
}
DRESS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "ad_marker": {
        "develop": ("{}", "{}", "— {} —"),
        "held_out": ("{}", "{}", "[{}]", "({})", "*** {} ***", "- {} -", "↓ {} ↓"),
    },
    "promo_link": {"develop": ("{}",), "held_out": ("{}", "{}", "{} »", "({})", "[{}]", "> {}", "• {}")},
    "promo_heading": {"develop": ("{}", "{}:"), "held_out": ("{}", "{}:", "{} »", "— {} —", "» {}", "{} ▼")},
    "newsletter": {"develop": ("{}",), "held_out": ("{}", "{} »", "{} >>", "👉 {}")},
    "social": {"develop": ("{}",), "held_out": ("{}", "{} »", "• {}", "👉 {}")},
}  # fmt: skip
HEADLINE_MARKS = {"develop": ("{}",), "held_out": ("{}", "{}", "“{}”", '"{}"', "‘{}’")}
"""How a promo writes the headline."""


def wordings(language: str) -> dict[str, Any]:
    """The wordings file of a language."""
    read: dict[str, Any] = json.loads((FOLDER / "wordings" / f"{language}.json").read_text(encoding="utf-8"))
    return read


def adversarial() -> list[tuple[str, str]]:
    """(language, text) of each text that looks like junk and must stay."""
    read = json.loads((FOLDER / "adversarial.json").read_text(encoding="utf-8"))
    return [(language, text) for language, texts in read.items() for text in texts]


def generate(split: str, seed: int, count: int) -> list[Case]:
    """`count` cases of a split (develop or held_out), the kinds in turn; the same arguments give the same cases."""
    rng = random.Random(f"{split} {seed}")  # noqa: S311  no secret: the cases must be the same again
    languages = LANGUAGES["develop"] + (LANGUAGES["held_out"] if split == "held_out" else ())
    sources = [wordings(language) for language in languages]
    return list(islice(_cases(rng, split, sources), count))


def _cases(rng: random.Random, split: str, sources: list[dict[str, Any]]) -> Iterator[Case]:
    """Without end: each kind, in a language that has wordings for it."""
    shortcodes = wordings("shortcodes")
    while True:
        for kind in KINDS:
            if kind == "shortcode":
                source = rng.choice(sources)
                marks = rng.choice(shortcodes["quotes"][split])
                yield _case(rng, split, source, kind, rng.choice(shortcodes[split]).replace("{q}", marks))
                continue
            source = rng.choice([source for source in sources if source[kind][split]])
            wording = rng.choice(source[kind][split])
            yield _slip(rng, source, wording) if kind == "slip" else _case(rng, split, source, kind, wording)


def _case(rng: random.Random, split: str, source: dict[str, Any], kind: str, wording: str) -> Case:
    """One article of the source's language with the wording dressed and placed."""
    if "{}" in wording:
        wording = wording.replace("{}", rng.choice(HEADLINE_MARKS[split]).format(rng.choice(source["headlines"])))
    dress = rng.choice(DRESS[kind][split]) if kind in DRESS else "{}"
    shout = kind in ("ad_marker", "promo_heading") and rng.random() < 0.25
    junk = dress.format(wording.upper() if shout else wording)
    place = rng.choice(PLACES[kind][split])
    text, kept = place(rng, _paragraphs(rng, source), junk)
    return Case(source["language"], kind, f"{place.__name__} {dress}", junk, text, kept)


def _paragraphs(rng: random.Random, source: dict[str, Any]) -> list[str]:
    """Three to five paragraphs, one of them a quote, which is neither the first nor the last."""
    sentences = rng.sample(source["sentences"], rng.randint(3, 4))
    sentences.insert(rng.randint(1, len(sentences) - 1), rng.choice(source["quotes"]))
    return sentences


def _slip(rng: random.Random, source: dict[str, Any], word: str) -> Case:
    """An article with a word in which the key beside the apostrophe was hit."""
    paragraphs = _paragraphs(rng, source)
    frame = source["slip_frame"]
    text = BREAK.join([*paragraphs, frame.format(word)])
    return Case(
        source["language"], "slip", "slip", word, text, BREAK.join([*paragraphs, frame.format(word.replace(";", "’"))])
    )
