"""Which person a text means: the forms of one name linked within one article. Pure.

Precision comes first: where two people could be meant, or where a word in capitals may be a place, there is no name.
"""

import re
from dataclasses import dataclass, field
from functools import cache

from tasks.publish.quotes.rules import CAP, name_pattern, one_of
from tasks.publish.quotes.words import NO_NAMES, SPEECH

_SUFFIX = re.compile(r",? (?:Jr|Sr)\b\.?$| I{2,3}$| IV$")


@dataclass
class People:
    """The names of one article."""

    text: str
    language: str
    full: dict[str, set[str]] = field(default_factory=dict)
    """Surname to the forms of two words and more that end in it."""

    def __post_init__(self) -> None:
        """Collect the full names of the text."""
        for found in re.finditer(name_pattern(self.language), self.text):
            form = self.bare(found[0])
            before = self.text[max(found.start() - 20, 0) : found.start()].split()
            if form and self._is_preposition(before):
                words = _core(form, self.language)
                form = " ".join(words[-2:]) if len(words) in (2, 3) and self._stands_alone(words[-1]) else ""
            if form and len(_core(form, self.language)) > 1:
                self.full.setdefault(_core(form, self.language)[-1], set()).add(form)

    def bare(self, name: str) -> str:
        """A name without possessive, and without what stands before it: roles, the first word of a sentence, a firm's.

        It may be empty.
        """
        words = re.sub(r"[’']s$", "", name).split(" ")
        is_none = [self._is_none(word) for word in words]
        begin = max(
            (at + 1 for at, none in enumerate(is_none[:-1]) if none or words[at][-2:] in ("’s", "'s")), default=0
        )
        return "" if is_none[begin] else " ".join(words[begin:])

    def _is_none(self, word: str) -> bool:
        ends = _role_ends(self.language)
        return word in _no_names(self.language) or (bool(ends) and word.lower().endswith(ends))

    def longest(self, form: str) -> str:
        """The longest form that the article has of a name; the same form where two people share its surname."""
        core = _core(form, self.language)
        known = self.full.get(core[-1], set())
        if len(core) > 1:
            known = {one for one in known if _core(one, self.language)[0] == core[0]}
        if len({(_core(one, self.language)[0]) for one in known}) > 1:
            return form
        return max([*known, form], key=lambda one: (len(one), one))

    def named(self, spoken_as: str) -> str | None:
        """The name in what stands for a speaker, in its longest form; None when it has none that is certain."""
        found = re.search(rf"(?P<name>{name_pattern(self.language)})$", spoken_as)
        if found is None:
            return None
        name, before = self.bare(found["name"]), spoken_as[: found.start()].split()
        if name and self._is_preposition(before):
            name = self._behind_place(name)
        has_article = bool(before) and before[0].lower() in SPEECH[self.language].articles.split()
        core = _core(name, self.language) if name else []
        if not core or (has_article and (len(before) == 1 or len(core) == 1)):
            return None  # the Kremlin, der Minister: no person's name
        return self.longest(name)

    def _is_preposition(self, before: list[str]) -> bool:
        return bool(before) and before[-1] in SPEECH[self.language].prepositions.split()

    def _behind_place(self, name: str) -> str:
        """Of `ambassador to Manila Igor Khovaev` the person; nothing of `minister of Foreign Affairs`."""
        words = _core(name, self.language)
        return " ".join(words[1:]) if len(words) == 3 and self._stands_alone(words[-1]) else ""

    def _stands_alone(self, surname: str) -> bool:
        """Whether a sentence begins with the surname alone: so it is no place."""
        return bool(re.search(rf"(?:^|[.!?”] |\n){re.escape(surname)} [a-z]", self.text))

    def is_name(self, words: str) -> bool:
        """Whether words in capitals at the beginning of a sentence are a name, and not only its first word."""
        if " " in words or words in self.full:
            return True
        return bool(re.search(rf"[a-z,] {re.escape(words)}\b", self.text))

    def of_role(self, role: str) -> str | None:
        """The one person of whom the article says that he or she is that: ambassador; None when it is not one."""
        joined = rf"(?: {one_of(SPEECH[self.language].prepositions)} (?:the )?{CAP})?"
        name = rf"(?P<name>{CAP}(?: {CAP}){{1,3}})"
        found = {
            self.longest(bare)
            for one in re.finditer(rf"\b{re.escape(role)}{joined} {name}", self.text)
            if (bare := self.bare(one["name"]))
        }
        return found.pop() if len(found) == 1 else None


def _core(form: str, language: str) -> list[str]:
    """The words of a name without titles, initials and suffixes."""
    titles = _titles(language)
    words = _SUFFIX.sub("", form).split(" ")
    kept = [word for word in words if word.rstrip(".").lower() not in titles and not re.fullmatch(r"[A-ZÀ-Þ]\.?", word)]
    return kept or words[-1:]


@cache
def _no_names(language: str) -> frozenset[str]:
    return NO_NAMES | frozenset(SPEECH[language].roles.split())


@cache
def _role_ends(language: str) -> tuple[str, ...]:
    return tuple(filter(None, SPEECH[language].role_ends.split("|")))


@cache
def _titles(language: str) -> frozenset[str]:
    return frozenset(word.lower() for word in SPEECH[language].titles.split())
