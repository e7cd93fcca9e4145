"""Notices at the edges of a text: those that go, and sentences like them that stay."""

import pytest

from schemas.reasons import RemovalKind
from tasks.clean.model import Context
from tasks.clean.repairs import REPAIRS
from tasks.clean.runner import clean_text

BODY = ["The council met on Monday.", "The vote was close.", "The ferry left at noon.", "Nobody saw it."]
AUTHOR = ("Ana Ruiz", "Jan Berg")


def cleaned(paragraphs: list[str], language: str = "en") -> str:
    """The text after all repairs, by these authors."""
    return clean_text("\n\n".join(paragraphs), Context(language=language, authors=AUTHOR), REPAIRS).text


@pytest.mark.parametrize(
    ("notice", "language"),
    [
        ("This story originally appeared in Harbour Magazine and is republished here with its permission.", "en"),
        ("This article appeared in the Leaders section of the print edition under the headline “High water”", "en"),
        ("Editor’s note: This story was first published on Inland Post.", "en"),
        ("Originally published as The tide comes in", "en"),
        ("Ana Ruiz is the deputy opinion editor. Follow her on X, formerly Twitter, at @anaruiz.", "en"),
        ("Ana Ruiz covers the sea for Harbour Herald.", "en"),
        ("—Staff writer Ana Ruiz can be reached at ana@harbour.example. Follow her on X @anaruiz.", "en"),
        ("Contact Ana Ruiz at aruiz@harbour.example.", "en"),
        ("Reporting by Ana Ruiz; Editing by Jan Berg", "en"),
        ("Ruiz reported from New York.", "en"),
        ("Harbour Herald’s Ana Ruiz contributed to this report.", "en"),
        ("© 2024 The Harbour Times Ltd. All rights reserved. Not to be redistributed, copied or modified.", "en"),
        ("If you buy something through our links, we may earn an affiliate commission. Learn more ›", "en"),
        ("What do you think? Let us know in the comments below!", "en"),
        ("© 2024 Hafenblatt. Alle Rechte vorbehalten.", "de"),
        ("Dieser Artikel erschien zuerst im Hafenblatt.", "de"),
        ("Cet article a été initialement publié dans Le Phare.", "fr"),
        ("Publicado originalmente en El Faro.", "es"),
    ],
)
@pytest.mark.parametrize("place", ["first", "last"])
def test_notices_go(notice: str, language: str, place: str) -> None:
    """At the begin and at the end of a text; who wrote it is told at the end only."""
    if place == "first" and notice.startswith("Ana Ruiz"):
        return
    text = [notice, *BODY] if place == "first" else [*BODY, notice]
    assert cleaned(text, language) == "\n\n".join(BODY)


@pytest.mark.parametrize(
    "sentence",
    [
        "This story was first published in 1843 and made its author rich.",
        "This article of the treaty was originally published in French, the court said, and nobody read it.",
        "The piece was originally published as a pamphlet.",
        "The hotline can be reached at help@harbour.example until Friday.",
        "Ana Ruiz and Jan Berg contributed to the cost of the new pier.",
        "All rights of the fishermen were heard by the court on Monday.",
        "If the members buy through the shop, the club may earn a commission.",
        "Let us know, the mayor said, and went home.",
        "He reported from the cellar that all was well.",
        "Mia Vogel is the deputy opinion editor of the paper that was sold.",
        "Ana Ruiz is a retired boatbuilder and keeps hens in Lowmoor.",
        "“Follow me on Instagram,” he had told them. They did.",
        "Copyright was the word that nobody dared to say.",
        "The film was produced by Ana Ruiz and shown in nine towns.",
    ],
)
def test_sentences_like_them_stay(sentence: str) -> None:
    """Wherever they stand."""
    for text in ([sentence, *BODY], [*BODY, sentence], [*BODY[:2], sentence, *BODY[2:]]):
        assert cleaned(text) == "\n\n".join(text)


@pytest.mark.parametrize("notice", ["© 2024 The Harbour Times Ltd.", "Ana Ruiz covers the sea."])
def test_in_the_middle_they_stay(notice: str) -> None:
    """What stands between paragraphs of a long text may be quoted or told."""
    text = [*BODY, notice, *BODY, "It rained.", "It stopped."]
    assert cleaned(text) == "\n\n".join(text)


def test_a_text_on_its_author_stays() -> None:
    """Where another paragraph names the author, the last one is about that person."""
    text = [*BODY, "Ruiz was born in this town.", "Ana Ruiz is the editor of the paper."]
    assert cleaned(text) == "\n\n".join(text)


def test_a_short_text_keeps_them() -> None:
    """Of three paragraphs none may go, whatever it says."""
    text = [BODY[0], BODY[1], "All rights reserved."]
    assert cleaned(text) == "\n\n".join(text)


def test_receipts_name_the_rule() -> None:
    """Kind, rule and the text with its break."""
    receipts = clean_text("\n\n".join([*BODY, "All rights reserved."]), Context(language="en"), REPAIRS).receipts
    assert [(r.kind, r.rule, r.text) for r in receipts] == [(RemovalKind.NOTICE, "rights", "\n\nAll rights reserved.")]
