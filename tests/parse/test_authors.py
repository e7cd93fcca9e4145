"""Names out of bylines; no jobs, outlets, addresses, dates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.parse.authors import choose_authors, split_authors
from tasks.parse.model import Fact

SPLIT = [
    ("By Mira Oduya", ["Mira Oduya"]),
    ("By Mira Oduya and Teo Lindqvist", ["Mira Oduya", "Teo Lindqvist"]),
    ("Mira Oduya, Teo Lindqvist & Ann Lee", ["Mira Oduya", "Teo Lindqvist", "Ann Lee"]),
    ("Mira Oduya, Senior Reporter", ["Mira Oduya"]),
    ("By Mira Oduya, Harbour Reporter, Westport", ["Mira Oduya"]),
    ("Von Anke Brüggemann und Uwe Voß", ["Anke Brüggemann", "Uwe Voß"]),
    ("Par Zoé Petit et Luc de la Tour", ["Zoé Petit", "Luc de la Tour"]),
    ("Written by: Ann Lee | March 3, 2026 • 5 min read", ["Ann Lee"]),
    ("Ann Lee Last updated on 17 December 2025", ["Ann Lee"]),
    ("Ann Lee @annlee", ["Ann Lee"]),
    ("Ann Lee (Westport)", ["Ann Lee"]),
    ("Robert E. Lowe, Ph.D.", ["Robert E. Lowe"]),
    ("John Garcia Jr.", ["John Garcia Jr."]),
    ("Martin King, Jr.", ["Martin King Jr."]),
    ("Nelson C.J.", ["Nelson C.J."]),
    ("ANN LEE", ["Ann Lee"]),
    ("BY JP O'HARA AND LUC DE LA TOUR", ["JP O'Hara", "Luc de la Tour"]),
    ("ANN MCKAY", ["ANN MCKAY"]),
    ("ANN DELUCA", ["ANN DELUCA"]),
    ("ZENDAYA", ["ZENDAYA"]),
    ("By Ann Lee; Bo Ek", ["Ann Lee", "Bo Ek"]),
    ("By Ann Lee, Bo Ek and Cy Fox", ["Ann Lee", "Bo Ek", "Cy Fox"]),
    ("By Ann Lee, Bo Ek, and Cy Fox", ["Ann Lee", "Bo Ek", "Cy Fox"]),
    ("Ann Lee and ANN LEE", ["Ann Lee"]),
    ("Por Ana Ruiz y Luis Gil", ["Ana Ruiz", "Luis Gil"]),
    ("Por José Ortega y Gasset", ["José Ortega y Gasset"]),
    ("Por: Ana Costa e Silva", ["Ana Costa e Silva"]),
    ("Di Mario Rossi e Luca Bianchi", ["Mario Rossi", "Luca Bianchi"]),
    ("Door Jan de Vries en Piet Bakker", ["Jan de Vries", "Piet Bakker"]),
    ("Av Kari Nordmann og Ola Hansen", ["Kari Nordmann", "Ola Hansen"]),
    ("Przez Jan Kowalski i Anna Nowak", ["Jan Kowalski", "Anna Nowak"]),
    ("Мария Иванова и Пётр Сидоров", ["Мария Иванова", "Пётр Сидоров"]),
    ("Da Silva", ["Da Silva"]),
    ("Von der Leyen", ["Von der Leyen"]),
    ("Text: Uwe Voß, Redakteur", ["Uwe Voß"]),
    ("Par Zoé Petit, journaliste", ["Zoé Petit"]),
    ("Ana Ruiz, corresponsal en Lima", ["Ana Ruiz"]),
    ("By Ann Lee, Reuters", ["Ann Lee"]),
    ("Ann Lee/AP", ["Ann Lee"]),
    ("Von Uwe Voß, dpa", ["Uwe Voß"]),
    ("Ann Lee For Mailonline", ["Ann Lee"]),
    ("By Ann Lee in London", ["Ann Lee"]),
    ("Kim In Soo", ["Kim In Soo"]),
    ("Ann Lee ann.lee@paper.example", ["Ann Lee"]),
    ("Ann Lee https://x.example/annlee", ["Ann Lee"]),
    ("Ann Lee, Staff Writer", ["Ann Lee"]),
    ("日本太郎", ["日本太郎"]),
    ("John Ford The Associated Press", ["John Ford"]),
]
NOBODY = [
    "",
    "By",
    "https://www.facebook.com/harbourherald",
    "news@harbour-herald.example",
    "@harbourherald",
    "Harbour Herald",
    "The Harbour Herald",
    "Staff Reporter",
    "Newsroom",
    "Editorial Board",
    "Reuters",
    "AFP",
    "Associated Press",
    "admin",
    "12 March 2026",
    "5 min read",
    "Redaktion",
    "undefined",
    "null",
    "262588213843476",
    "<script>",
    "Published by Team",
    "Condé Nast",
    "https://www.facebook.com/SomeCelebs",
    "www.paper.example/Staff",
    "ann.lee@paper.example",
    "AP, Reuters",
    "dpa/afp",
    "Agence France-Presse",
    "Deutsche Presse-Agentur",
    "Agencia EFE",
    "Von der Redaktion",
    "Staff Writer",
    "Mit Material von dpa",
    "Human in the Loop",
    "Ann Lee Founder & Lead Reviewer",
]


@pytest.mark.parametrize(("text", "names"), SPLIT)
def test_split_authors(text: str, names: list[str]) -> None:
    """Bylines give the people, in order."""
    assert split_authors(text, {"harbourherald"}) == names


@pytest.mark.parametrize("text", NOBODY)
def test_split_authors_finds_nobody(text: str) -> None:
    """Outlets, jobs, addresses and dates are no people."""
    assert split_authors(text, {"harbourherald"}) == []


def test_fuller_list_wins() -> None:
    """JSON-LD that names only the first author gives way to a list that begins with it."""
    facts = [Fact("authors", "json_ld", "Ann Lee"), Fact("authors", "meta:author", "Ann Lee, Bo Ek")]
    assert choose_authors(facts) == (["Ann Lee", "Bo Ek"], "meta:author")


def test_other_list_does_not_win() -> None:
    """A longer list of other people does not replace JSON-LD."""
    facts = [Fact("authors", "json_ld", "Ann Lee"), Fact("authors", "meta:author", "Bo Ek, Cy Fox")]
    assert choose_authors(facts)[0] == ["Ann Lee"]


def test_person_who_is_the_site() -> None:
    """On a personal site the declared person is the author though the site bears the name."""
    facts = [Fact("authors", "json_ld:person", "Ann Lee")]
    assert choose_authors(facts, {"annlee"})[0] == ["Ann Lee"]
    assert choose_authors([Fact("authors", "meta:author", "Ann Lee")], {"annlee"})[0] == []


@given(st.text(max_size=80))
def test_names_are_clean(text: str) -> None:
    """No text raises, and no name holds an address, a digit or a line break."""
    for name in split_authors(text):
        assert name == name.strip()
        assert not any(char.isdecimal() or char in "@<>\n" for char in name)
