"""How a quote and its speaker stand beside each other: one pattern a rule and language, each with examples. Data only.

A pattern is read against the text before the opening mark, up to it, or behind the closing mark. Group `who` is the
speaker, group `verb` what is said of the saying.
"""

import re
from dataclasses import dataclass
from functools import cache

from tasks.publish.quotes.words import SPEECH, Speech

CAP = r"(?:(?!(?:Jr|Sr|II|III|IV)\b)(?:[A-ZÀ-ÖØ-Þ][\w’'\-]*\w|[A-ZÀ-ÖØ-Þ]\b\.?))"
LOWER = r"[a-zß-öø-ÿ][\w\-’']*"
PARTICLE = r"(?:de|del|de la|van|von|der|den|bin|al|el|da|dos|le|la)"
SUFFIX = r"(?:,? (?:Jr|Sr)\b\.?| I{2,3}\b| IV\b)?"


def one_of(words: str) -> str:
    """A pattern for one of the words of a text."""
    return f"(?:{'|'.join(map(re.escape, words.split()))})"


@cache
def name_pattern(language: str) -> str:
    """A name with titles before and suffixes behind it; groups there are none."""
    title = rf"(?:{one_of(SPEECH[language].titles)}\b\.? )"
    return rf"{title}*{CAP}(?: (?:{PARTICLE} )?{CAP}){{0,4}}{SUFFIX}"


def _who(language: str, *, is_behind: bool) -> str:
    """A pronoun; a name with or without what the person is; or what the person is, with an article."""
    speech = SPEECH[language]
    word = rf"(?!{one_of(speech.after)}\b){LOWER}"
    if not is_behind:  # what stands before the verb may say where the person is what
        word = rf"(?:{word}|{one_of(speech.prepositions)}\b)"
    article = rf"(?:{one_of(speech.articles)} |l[’'])"
    name = rf"(?:{article})?(?:{word} ){{0,4}}{name_pattern(language)}"
    role = rf"{article}(?:(?:{CAP}|{word}) ){{0,2}}(?:{word}|{CAP})"
    return rf"(?P<who>{one_of(speech.pronouns)}\b|{name}|{role})"


@dataclass(frozen=True)
class Rule:
    """One way of telling who speaks."""

    name: str
    language: str
    is_behind: bool
    """Whether the pattern is read behind the quote; else before it."""
    pattern: str
    """With `{front}` for a speaker before the verb, `{back}` for one behind it, `{verb}`, `{inverted}` and so on."""
    matches: str
    """Text with a quote that it must find a speaker for; and below whom."""
    who: str
    keeps: str
    """Text with a quote that it must find none for."""


_GAP = r"[^.!?;:“”„«»\"\n]"
"""Within a sentence and outside of quotes."""

RULES: tuple[Rule, ...] = (
    Rule(
        "who_says_behind", "en", True, r"^[,.]? {front}(?: also| later| then)? {verb}\b",
        "“We sail at dawn with all ships,” the ambassador said.", "the ambassador",
        "“We sail at dawn with all ships,” which nobody had said before.",
    ),
    Rule(
        "says_who_behind", "en", True, r"^[,.]? {verb} {back}(?=[\s,.;:]|$)",
        "“We sail at dawn with all ships,” said Gen. Romeo Brawner Jr. on Monday.", "Gen. Romeo Brawner Jr.",
        "“We sail at dawn with all ships,” said on Monday in Manila.",
    ),
    Rule(
        "according_behind", "en", True, r"^,? {according} {back}(?=[\s,.;:]|$)",
        "“The ship has left the port for good,” according to Maria Santos.", "Maria Santos",
        "“The ship has left the port for good,” according to plan.",
    ),
    Rule(
        "who_says_before", "en", False,
        r"(?:^|[.!?”\"] |\n|, ){front}(?: also| later| then)? {verb}\b{gap}{{0,70}}[,:]? $",
        "Mr. Brawner told reporters: “We sail at dawn with all ships.”", "Mr. Brawner",
        "Nobody had said it before. “We sail at dawn with all ships.”",
    ),
    Rule(
        "who_said_just_before", "en", False, r"(?:^|[.!?”\"] |\n|, ){front} {verb}(?: {gap}{{0,40}})?\. $",
        "This cannot be done alone, he explained. “We need to sail at dawn.”", "he",
        "The port was closed on Monday. “We need to sail at dawn.”",
    ),
    Rule(
        "who_says_behind", "de", True, r"^,? {verb} {back}(?=[\s,.;:]|$)",
        "„Wir laufen morgen mit allen Schiffen aus“, sagte Außenministerin Anna Berger am Montag.",
        "Außenministerin Anna Berger",
        "„Wir laufen morgen mit allen Schiffen aus“, hieß es am Montag.",
    ),
    Rule(
        "so_behind", "de", True, r"^,? {according} {back}(?=[\s,.;:]|$)",
        "„Wir laufen morgen mit allen Schiffen aus“, so Berger.", "Berger",
        "„Wir laufen morgen mit allen Schiffen aus“, so war es geplant.",
    ),
    Rule(
        "who_says_before", "de", False, r"(?:^|[.!?“”] |\n){front} {verb}\b{gap}{{0,60}}: $",
        "Berger sagte am Montag: „Wir laufen morgen aus.“", "Berger",
        "Auf dem Schild steht: „Wir laufen morgen aus.“",
    ),
    Rule(
        "says_who_behind", "fr", True, r"^,? {verb} {back}(?=[\s,.;:]|$)",
        "« Nous partons demain avec tous les navires », a déclaré Anne Leroux lundi.", "Anne Leroux",
        "« Nous partons demain avec tous les navires », dans un communiqué.",
    ),
    Rule(
        "inverted_behind", "fr", True, r"^,? (?P<verb>{inverted})\b",
        "« Nous partons demain avec tous les navires », a-t-elle déclaré.", "elle",
        "« Nous partons demain avec tous les navires », y a-t-il du vent ?",
    ),
    Rule(
        "who_says_before", "fr", False, r"(?:^|[.!?»”] |\n){front} {verb}\b{gap}{{0,60}} ?: $",
        "Anne Leroux a déclaré lundi : « Nous partons demain. »", "Anne Leroux",
        "Le panneau annonce : « Nous partons demain. »",
    ),
    Rule(
        "says_who_behind", "es", True, r"^,? {verb} {back}(?=[\s,.;:]|$)",
        "«Zarpamos mañana con todos los barcos», dijo Ana Torres el lunes.", "Ana Torres",
        "«Zarpamos mañana con todos los barcos», en un comunicado.",
    ),
    Rule(
        "according_behind", "es", True, r"^,? {according} {back}(?=[\s,.;:]|$)",
        "«Zarpamos mañana con todos los barcos», según Ana Torres.", "Ana Torres",
        "«Zarpamos mañana con todos los barcos», según lo previsto.",
    ),
    Rule(
        "who_says_before", "es", False, r"(?:^|[.!?»”] |\n){front} {verb}\b{gap}{{0,60}}: $",
        "Ana Torres dijo el lunes: «Zarpamos mañana».", "Ana Torres",
        "El cartel anuncia: «Zarpamos mañana».",
    ),
)  # fmt: skip


def _filled(rule: Rule, speech: Speech) -> str:
    return rule.pattern.format(
        front=_who(rule.language, is_behind=False), back=_who(rule.language, is_behind=True), gap=_GAP,
        verb=f"(?P<verb>{speech.verbs})", inverted=speech.inverted, according=f"(?P<verb>{speech.according})",
    )  # fmt: skip


@cache
def compiled(language: str) -> tuple[tuple[Rule, "re.Pattern[str]"], ...]:
    """The rules of a language, in their order, with their patterns."""
    return tuple((rule, re.compile(_filled(rule, SPEECH[language]))) for rule in RULES if rule.language == language)
