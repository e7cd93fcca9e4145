"""Made-up prose for tests of near-duplicates: sentences of made-up words, with names and numbers."""

import random
import re

WORDS = [
    a + b + c
    for a in ("ba", "de", "gi", "lo", "mu", "ne", "ra", "si")
    for b in "rnlstk"
    for c in ("a", "en", "ig", "os")
]
NAMES = [word.capitalize() for word in WORDS[::3]]


def prose(seed: int, sentences: int = 12) -> list[str]:
    """Sentences of a story with its own names and numbers."""
    rng = random.Random(seed)
    names = rng.sample(NAMES, 5)
    return [_sentence(rng, names) for _ in range(sentences)]


def _sentence(rng: random.Random, names: list[str]) -> str:
    words = [rng.choice(WORDS) for _ in range(rng.randint(10, 18))]
    words[rng.randrange(1, len(words) - 1)] = rng.choice(names)
    words[-1] = str(rng.randint(2, 900)) if rng.random() < 0.4 else words[-1]
    return words[0].capitalize() + " " + " ".join(words[1:]) + "."


def text(seed: int, sentences: int = 12) -> str:
    """The sentences as paragraphs of three."""
    return paragraphs(prose(seed, sentences))


def paragraphs(sentences: list[str]) -> str:
    """Sentences as paragraphs of three."""
    return "\n\n".join(" ".join(sentences[start : start + 3]) for start in range(0, len(sentences), 3))


def reworded(sentences: list[str], seed: int, share: float) -> list[str]:
    """The sentences with a share of their plain words replaced; names and numbers stay."""
    rng = random.Random(seed)
    return [
        " ".join(rng.choice(WORDS) if word in WORDS and rng.random() < share else word for word in sentence.split(" "))
        for sentence in sentences
    ]


WEATHER = """
<sky> weather is on its way to the coast for <day>. The high will be near <40-99> with a low around <10-39>. Winds from
the west at <3-40> miles an hour will ease after sunset. The chance of rain stands at <1-99> percent, and up to <1-30>
hundredths of an inch may fall inland. Boaters should keep an eye on the seas, which will run to <2-15> feet. The next
full forecast follows in the morning, and the long outlook for the week can be found on the page of the weather service
at any hour of the day.
"""
MARKETS = """
Stocks <move> in New York as investors waited for the Federal Reserve. The Dow Jones Industrial Average moved <1-400>
points to <9000-40000>, while the Nasdaq Composite closed at <7000-20000>. The Standard and Poor's index ended the
session at <2000-6000>. Crude oil for delivery next month settled at <40-140> dollars on the New York Mercantile
Exchange. Traders said that volume was in line with the average of the month and that the mood on the floor was calm
ahead of the figures on jobs that the Department of Labor publishes on Friday.
"""
DEATH = """
It is with heavy hearts that the family of <name> <name>, <50-99>, of <name> tells of the passing of a beloved parent
and grandparent on the morning of <day> the <1-28>th. Born in <name> in <1920-1970>, the departed worked for many years
at the mill of <name> and sang in the choir of the church. A service of memory will be held in <name> Hall at <9-17>
in the afternoon, followed by coffee. Instead of flowers the family asks for gifts to <name> Hospice in <name>.
"""
FILLINGS = {
    "sky": ("Sunny", "Cloudy", "Wet"),
    "move": ("rose", "fell", "slipped"),
    "day": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "name": NAMES,
}


def filled(template: str, seed: int) -> str:
    """The template with other facts for each seed; <3-40> is a number, <name> one of `FILLINGS`."""
    rng = random.Random(seed)

    def fill(mark: re.Match[str]) -> str:
        low, _, high = mark[1].partition("-")
        return str(rng.randint(int(low), int(high))) if high else str(rng.choice(FILLINGS[low]))

    return re.sub("<(.*?)>", fill, " ".join(template.split()))
