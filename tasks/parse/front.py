"""What stands before an article's text and has a column of its own: headline, section, byline, date.

Only whole blocks among the first few go, and only when every word in them is accounted for by such a field, so that no
sentence can be taken for one.
"""

import re
from collections.abc import Sequence

from tasks.parse.authors import AGENCIES
from tasks.parse.dates import CLOCK, EASTERN, ISO, NUMERIC, WORDED
from tasks.parse.model import Block, Body, Fact
from tasks.parse.titles import fold

MOST_FRONT = 8
"""Blocks that may stand before the text."""
LONGEST_FRONT = 120
"""Characters from which a block is text, and ends the front; no headline of ours is dropped for its length."""
DATES = (ISO, WORDED, EASTERN, NUMERIC)
BESIDE_WORDS = """
    by von por par di da door av af text texto texte words story report reporting and und y et e en
    on at am um uhr el le la de a m p pm gmt utc est edt pst pdt cet cest
    published posted updated modified changed created publicado actualizado veröffentlicht aktualisiert geändert
    erstellt publié mis à jour pubblicato aggiornato gepubliceerd stand
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
    lunes martes miércoles jueves viernes sábado domingo lundi mardi mercredi jeudi vendredi samedi dimanche
    lunedì martedì mercoledì giovedì venerdì sabato domenica segunda terça quarta quinta sexta feira
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
"""
BESIDE = frozenset(BESIDE_WORDS.split())
"""Words that a byline may have beside names and dates, folded as titles.fold does."""


def without_front(body: Body, title: str | None, facts: Sequence[Fact], authors: Sequence[str]) -> Body:
    """The body without leading blocks that only repeat the title, a section, the authors or a date.

    Args:
        body: the blocks as they were found.
        title: the page's title as it was chosen.
        facts: what the page states; its sections are looked at, and the authors (agencies too) named outside its text.
        authors: their names as they were chosen.
    """
    told = {fold(fact.value) for fact in facts if fact.field == "section"}
    told.add(fold(title or ""))
    named = (fact.value for fact in facts if fact.field == "authors" and fact.family != "dom")
    names = AGENCIES | {word for name in (*authors, *named) for word in fold(name).split()}
    kept: list[Block] = []
    for place, block in enumerate(body.blocks):
        words = fold(block.text)
        if words not in told and (place >= MOST_FRONT or len(block.text) > LONGEST_FRONT):
            kept.extend(body.blocks[place:])
            break
        if place >= MOST_FRONT or not (words in told or is_byline(block.text, names)):
            kept.append(block)
    return body if len(kept) == len(body.blocks) else Body(tuple(kept))


def is_byline(text: str, names: frozenset[str]) -> bool:
    """Whether the text is nothing but names and dates, and words that stand beside them.

    >>> is_byline("Por Lucía Peñalver, 3 de marzo de 2025", frozenset({"lucía", "peñalver"}))
    True
    >>> is_byline("By the end of March 2025 all was over", frozenset({"lucía", "peñalver"}))
    False
    """
    rest = text
    for pattern in DATES:
        rest = pattern.sub(" ", rest)
    dated = len(rest) < len(text)
    words = re.findall(r"\w+", fold(CLOCK.sub(" ", rest)))
    return (dated or any(word in names for word in words)) and all(word in BESIDE or word in names for word in words)
