"""Who is quoted with what: marks, verbs and names of four languages, and what is never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.publish.quotes.finder import find_quotes
from tasks.publish.quotes.rules import RULES, Rule
from tasks.publish.quotes.spans import find_spans
from tasks.publish.quotes.words import SPEECH


def named(rule: Rule) -> str:
    """The name of a rule in a test."""
    return f"{rule.language}-{rule.name}-{'behind' if rule.is_behind else 'before'}"


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_each_rule_finds_its_example(rule: Rule) -> None:
    """The example of each pattern has a speaker, and what must be left alone has none."""
    (found,) = find_quotes("", rule.matches, rule.language)
    assert found.spoken_as == rule.who
    assert [one.spoken_as for one in find_quotes("", rule.keeps, rule.language)] in ([], [None])


SPANS = [
    ("en", "He said “one” and “two”.", ["one", "two"]),
    ("en", "“He called it ‘a mess’ and “a shame” too,” she said.", ["He called it ‘a mess’ and “a shame” too,"]),
    ("en", "“First part.\n\n“Second part,” he said.", ["First part.\n\nSecond part,"]),
    ("en", "“Never closed.\n\nNo quote here.", []),
    ("en", 'A 5" pipe and "a long word" here.', ["a long word"]),
    ("de", "„Ja“, sagte sie. »Nein«, sagte er.", ["Ja", "Nein"]),
    ("fr", "« Oui », dit-il. «Non».", ["Oui", "Non"]),
    ("es", "«Sí», dijo. «Dijo “no” ayer».", ["Sí", "Dijo “no” ayer"]),
]


@pytest.mark.parametrize(("language", "text", "quotes"), SPANS)
def test_marks(language: str, text: str, quotes: list[str]) -> None:
    """The outermost quotes are found by the marks of the language, over paragraphs too."""
    spans = find_spans(text, SPEECH[language])
    assert [span.text for span in spans] == quotes
    assert all(text[span.begin] != " " and span.begin < span.end for span in spans)


SPEAKERS = [
    ("Gen. Romeo Brawner Jr. came. “We sail at dawn,” Mr. Brawner said.", ["Gen. Romeo Brawner Jr."]),
    ("“We sail,” said Ann Lee. “And we sail at dawn,” she added.", ["Ann Lee", "Ann Lee"]),
    ("“We sail,” said Ann Lee. “And we sail at dawn.”", ["Ann Lee", "Ann Lee"]),
    ("“We sail,” said Ann Lee.\n\nTom Fox came.\n\n“And we sail at dawn,” he said.", ["Ann Lee", None]),
    ("Rodrigo Duterte and Sara Duterte came. “We sail at dawn,” Duterte said.", ["Duterte"]),
    ("“We sail at dawn,” the Kremlin said.", [None]),
    ("“We sail at dawn,” he said.", [None]),
    ("The mayor Ann Lee came. “We sail at dawn,” the mayor said.", ["Ann Lee"]),
    ("The mayor Ann Lee met mayor Tom Fox. “We sail at dawn,” the mayor said.", [None]),
    ("Russian ambassador to Manila Igor Khovaev said so. Khovaev left. “We sail at dawn,” he said.", ["Igor Khovaev"]),
    ("“Nobody knows who wrote these words on the old wall.”", [None]),
    ("The film “The Long Way Home” was shown.", []),
    ("“We sail at dawn,” said the minister of Foreign Affairs.", [None]),
    ("“We sail at dawn,” President Ann Lee told reporters.", ["Ann Lee"]),
    ("“We sail at dawn,” Vessen’s Ann Lee told reporters.", ["Ann Lee"]),
    ("“We sail at dawn,” Stephen King told reporters.", ["Stephen King"]),
    ("“We sail at dawn,” President said.", [None]),
]


@pytest.mark.parametrize(("text", "speakers"), SPEAKERS)
def test_speakers_are_linked_and_never_guessed(text: str, speakers: list[str | None]) -> None:
    """Forms of one name are one person within the article; where two could be meant there is none."""
    assert [one.speaker for one in find_quotes("", text, "en")] == speakers


@given(st.text(alphabet='“”"„«» aB.,\n', max_size=80), st.sampled_from([*SPEECH, "ja"]))
def test_any_text_is_read(text: str, language: str) -> None:
    """Marks in any order are no error, and every quote stands in the text where it says."""
    for one in find_quotes("", text, language):
        assert one.quote.split("\n")[0].strip()[:1] in text[one.place :]
