"""The quotes of one article, with who said them. Pure; nothing is guessed: what is not certain is null.

What does not belong here: patterns (rules.py), and where quotes are kept (tasks/publish/quote_files.py).
"""

import re
from dataclasses import dataclass

from tasks.publish.quotes.names import People
from tasks.publish.quotes.rules import CAP, Rule, compiled
from tasks.publish.quotes.spans import Span, find_spans
from tasks.publish.quotes.words import SPEECH

LEAST_WORDS = 7
"""Words of a quote that stands without a speaker: fewer are a title, or words held at arm's length."""

NEAR = 200
"""Characters of the text beside a quote that are looked at."""


@dataclass(frozen=True)
class Quoted:
    """One quote of a text."""

    speaker: str | None
    spoken_as: str | None
    verb: str | None
    quote: str
    place: int


def find_quotes(title: str, body: str, language: str | None) -> list[Quoted]:
    """The quotes of an article, in order; none in a language whose way of quoting is not known.

    >>> find_quotes("", "“We sail at dawn,” said Ann Lee.", "en")[0].speaker
    'Ann Lee'

    Args:
        title: Headline, in which names may stand.
        body: Text; paragraphs parted by one empty line.
        language: ISO 639-1 code.
    """
    if language not in SPEECH:
        return []
    spans = find_spans(body, SPEECH[language])
    reading = _Reading(body, language, People(f"{title}\n{body}", language), spans) if spans else None
    return [] if reading is None else reading.read()


@dataclass
class _Reading:
    """One article while its quotes are read in order."""

    body: str
    language: str
    people: People
    spans: list[Span]
    last: str | None = None
    """Who spoke last by name."""
    last_at: int = 0

    def read(self) -> list[Quoted]:
        """All quotes that somebody says, and those without a speaker that are long enough."""
        found: list[Quoted] = []
        at = 0
        for number, span in enumerate(self.spans):
            self._hear(at, span.begin)
            until = self.spans[number + 1].begin if number + 1 < len(self.spans) else len(self.body)
            one = self._attributed(span, at, until, found[-1] if found and found[-1].spoken_as else None)
            if one.spoken_as or len(one.quote.split()) >= LEAST_WORDS:
                found.append(one)
            at = span.end
        return found

    def _attributed(self, span: Span, since: int, until: int, before: Quoted | None) -> Quoted:
        behind = self.body[span.end : min(span.end + NEAR, until)].partition("\n")[0]
        ahead = self.body[max(span.begin - NEAR, since, self.body.rfind("\n", 0, span.begin) + 1) : span.begin]
        for rule, pattern in compiled(self.language):
            match = pattern.search(behind if rule.is_behind else ahead)
            if match:
                return self._told(rule, match, span)
        if before is not None and _goes_on(self.body[since : span.begin]):
            return Quoted(before.speaker, before.spoken_as, before.verb, span.text, span.begin)
        return Quoted(None, None, None, span.text, span.begin)

    def _told(self, rule: Rule, match: "re.Match[str]", span: Span) -> Quoted:
        groups = match.groupdict()
        spoken_as = next(groups[name] for name in ("who", "he", "he_2") if groups.get(name))
        at = span.end + match.end() if rule.is_behind else span.begin
        speaker = self._person(spoken_as, span.begin)
        if speaker:
            self.last, self.last_at = speaker, at
        return Quoted(speaker, spoken_as, match["verb"], span.text, span.begin)

    def _person(self, spoken_as: str, at: int) -> str | None:
        speech = SPEECH[self.language]
        words = spoken_as.split()
        if spoken_as.lower() in speech.pronouns.split():
            return self.last if self.last and not self._somebody_else(self.last_at, at) else None
        named = self.people.named(spoken_as)
        if named is None and words[0].lower() in speech.articles.split():
            return self.people.of_role(words[-1])
        return named

    def _hear(self, since: int, until: int) -> None:
        """Take note of who is said to have said something without marks, since the last quote."""
        said = rf"(?P<who>{CAP}(?: {CAP}){{0,4}}) (?:{SPEECH[self.language].verbs})\b"
        for match in re.finditer(said, self.body[since:until]):
            before = self.body[max(since + match.start() - 60, 0) : since + match.start()]
            role = re.search(r"(?:\w+ ){1,4}$", before)
            speaker = self.people.named((role[0] if role else "") + match["who"]) or self.people.named(match["who"])
            if speaker:
                self.last, self.last_at = speaker, since + match.end()

    def _somebody_else(self, since: int, until: int) -> bool:
        """Whether a sentence or clause outside of quotes began with another name, so that a pronoun may mean it."""
        text = self.body[since:until]
        for span in self.spans:
            if since <= span.begin < until:
                text = text.replace(self.body[span.begin : span.end], "“”")
        for match in re.finditer(rf"(?:^|[.!?”] |\n|, )((?:{CAP} ?)+)", text):
            name = self.people.bare(match[1].strip())
            if name and self.people.is_name(name) and self.people.longest(name) != self.last:
                return True
        return False


def _goes_on(between: str) -> bool:
    """Whether no more than the attribution of the quote before stands between it and the next one."""
    is_short = len(between) < NEAR and "\n" not in between and between.count(".") <= 1
    return is_short and bool(re.search(r"[,.]\s$", between))
