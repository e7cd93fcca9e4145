"""Articles made up for `make bench-links`, with the truth of which belong together. It imports nothing of ours.

A tenth of the articles are stories told by several sites: copies (another headline, a cut tail, a credit line), light
edits, cuts to a part, and rewrites of the sentences. Another tenth come from templates: weather, markets, deaths.
The rest stand alone, but sites end many of their articles with the same lines.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FIRST_DAY = datetime(2025, 1, 1, tzinfo=UTC)
SYLLABLES = (
    "ba be bi bo bu da de di do du fa fe fi fo ga ge go ha he hi ho ka ke ki ko la le li lo lu ma me mi mo na ne ni "
    "no pa pe pi po ra re ri ro sa se si so ta te ti to va ve vi wa we wi za zo cra dre flo gri sta tre blu sno"
)
GLUE = "the a of to in and that for on with as at by from was were had has will be is are it this which their his her"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SKY = ("cloudy with showers", "mostly sunny", "overcast", "clear and dry", "foggy at first", "sunny with some clouds")
MOVES = ("rose", "fell", "climbed", "slipped", "gained", "dropped")
WINDS = ("north", "south", "west", "east")
TEMPLATES = {
    "weather": """
<day> will be <sky> in and around <place>, forecasters said in their daily bulletin. Temperatures will reach <-3..34>
degrees in the afternoon and go down to <-9..21> degrees during the night. Winds come from the <wind> at <3..60>
kilometres an hour, with gusts of up to <20..110> on the hills. The chance of rain is <0..100> percent, up to <0..30>
millimetres may fall. The sun rises at <4.00..8.59> and sets at <16.00..21.59>. Drivers are asked to keep their distance
and to look out for water on the roads. The next bulletin will be issued in the morning. All values are those of the
station at the airport.
""",
    "markets": """
Stocks <move> on <day> as investors weighed the news of the day. The Vessen 40 index <move> <1..400> points, or
<0.10..3.00> percent, to close at <9000..16000>. The broader Harlan Composite <move> <0.10..3.00> percent to
<2000.00..4000.00>. Shares of <name> were the day's winners with a plus of <3.0..19.0> percent, while <name> lost
<3.0..19.0> percent. The yield of the ten-year government bond stood at <1.000..5.000> percent. Oil cost <50.00..120.00>
dollars a barrel, gold <1500..3000> dollars an ounce. Trading volume was <0.80..4.00> billion shares. This report was
written by an automatic system.
""",
    "death": """
We announce with great sadness the passing of <name> <name>, aged <41..101>, of <name>, who died peacefully at home on
<some> surrounded by family. Born in <name> in <1920..1980>, the deceased is survived by <1..6> children, <1..14>
grandchildren and by <name>, <name> and <name>. A service will be held at <name> Chapel at <8.00..17.59>, with burial to
follow at the <name> cemetery. In place of flowers the family asks for gifts to <name> House. Friends may call at the
funeral home of <name> and <name> the evening before. Condolences can be left in the book that lies there, and on the
pages of the funeral home.
""",
}
"""<name> is one of a list, <3..60> a number with as many decimals as it is written with."""


@dataclass(frozen=True)
class Made:
    """One made-up article."""

    number: int
    site: str
    title: str
    body: str
    captured_at: datetime
    story: int | None
    """Number of the story that it tells; None when it tells its own."""
    kind: str
    """first, copy, edited, cut, rewritten, weather, markets, death or alone."""


class Maker:
    """A made-up language, and articles in it; the same seed makes the same articles."""

    def __init__(self, seed: int, sites: int) -> None:
        """Make the words."""
        self._random = random.Random(seed)  # noqa: S311 - no secret is made here
        pick = self._random.choice
        syllables = SYLLABLES.split()
        self._words = sorted({"".join(pick(syllables) for _ in range(self._random.randint(1, 3))) for _ in range(9000)})
        self._glue = GLUE.split()
        self._names = [word.capitalize() for word in self._random.sample(self._words, 3000)]
        self._sites = [f"paper{number:03d}.example" for number in range(sites)]
        self._tails = {site: self._sentences(4, ()) for site in self._sites}

    def make(self, count: int) -> Iterator[Made]:
        """So many articles, by time of capture."""
        number = story = 0
        while number < count:
            moment = FIRST_DAY + timedelta(minutes=2 * number)
            draw = self._random.random()
            group = self._story() if draw < 0.03 else [self._template(moment) if draw < 0.13 else self._alone()]
            for site, body, kind in group:
                title = " ".join(self._random.sample(self._words, 7)).capitalize()
                told = story if len(group) > 1 else None
                yield Made(number, site, title, body, moment + timedelta(seconds=number % 60), told, kind)
                number += 1
            story += len(group) > 1

    def _sentence(self, names: tuple[str, ...]) -> str:
        pick = self._random
        words = [
            pick.choice(self._glue) if pick.random() < 0.45 else pick.choice(self._words)
            for _ in range(pick.randint(8, 26))
        ]
        for _ in range(pick.choice((0, 1, 1, 2))):
            words[pick.randrange(1, len(words))] = pick.choice(names or self._names)
        if pick.random() < 0.3:
            words[pick.randrange(1, len(words))] = str(pick.randint(2, 4000))
        return (
            " ".join(words).capitalize() + "." if not names else words[0].capitalize() + " " + " ".join(words[1:]) + "."
        )

    def _sentences(self, count: int, names: tuple[str, ...]) -> list[str]:
        return [self._sentence(names) for _ in range(count)]

    def _text(self) -> list[str]:
        names = tuple(self._random.sample(self._names, self._random.randint(6, 14)))
        return self._sentences(self._random.randint(8, 34), names)

    def _alone(self) -> tuple[str, str, str]:
        site = self._random.choice(self._sites)
        sentences = self._text() + (self._tails[site] if self._random.random() < 0.5 else [])
        return site, _join(sentences), "alone"

    def _story(self) -> list[tuple[str, str, str]]:
        sentences = self._text()
        sites = self._random.sample(self._sites, self._random.choice((2, 2, 3, 3, 4, 6, 12)))
        told = [(sites[0], _join(sentences), "first")]
        for site in sites[1:]:
            kind = self._random.choice(("copy", "copy", "edited", "cut", "rewritten"))
            told.append((site, _join(getattr(self, f"_{kind}")(sentences, site)), kind))
        return told

    def _copy(self, sentences: list[str], site: str) -> list[str]:
        return [
            *sentences,
            f"{self._random.choice(self._names)} {self._random.choice(self._words)} reports from {site}.",
        ]

    def _edited(self, sentences: list[str], _site: str) -> list[str]:
        """One word in forty is another one, one sentence is gone, one is new."""
        kept = [self._reworded(text, 0.025) for text in sentences]
        kept[self._random.randrange(len(kept))] = self._sentence(())
        return kept[: -1 if len(kept) > 9 else None]

    def _cut(self, sentences: list[str], _site: str) -> list[str]:
        """The first 55 to 80 percent, as papers cut from the bottom."""
        return sentences[: max(6, round(len(sentences) * self._random.uniform(0.55, 0.8)))]

    def _rewritten(self, sentences: list[str], _site: str) -> list[str]:
        """Every third sentence is worded anew about the same facts, the others keep most of their words."""
        return [self._reworded(text, 0.6 if self._random.random() < 0.33 else 0.03) for text in sentences]

    def _reworded(self, text: str, share: float) -> str:
        words = [
            self._random.choice(self._words)
            if word.islower() and word.isalpha() and self._random.random() < share
            else word
            for word in text.split(" ")
        ]
        return " ".join(words)

    def _template(self, moment: datetime) -> tuple[str, str, str]:
        site = self._random.choice(self._sites[: len(self._sites) // 4 + 1])
        kind = self._random.choice(tuple(TEMPLATES))
        own = {"day": (DAYS[moment.weekday()],), "place": (self._names[sum(map(ord, site)) * 37 % len(self._names)],)}
        choices = {"name": self._names, "some": DAYS, "sky": SKY, "move": MOVES, "wind": WINDS} | own

        def fill(mark: re.Match[str]) -> str:
            low, _, high = mark[1].partition("..")
            if not high:
                return str(self._random.choice(choices[low]))
            digits = len(low.partition(".")[2])
            value = self._random.uniform(float(low), float(high))
            return f"{value:.{digits}f}"

        return site, re.sub("<(.*?)>", fill, " ".join(TEMPLATES[kind].split())), kind


def _join(sentences: list[str]) -> str:
    return "\n\n".join(" ".join(sentences[start : start + 3]) for start in range(0, len(sentences), 3))
