"""Words by which papers own up to a correction, in several languages: data, no code.

A phrase counts when the new text has it and the old one lacked it. Each entry: pattern, one sentence that must match,
one that must not. Patterns are matched without regard to case.
"""

from typing import NamedTuple


class Notice(NamedTuple):
    """One way to say that an article was corrected."""

    pattern: str
    match: str
    miss: str


NOTICES: tuple[Notice, ...] = (
    Notice(
        r"\bcorrections?\s*(?::|—|–|appended\b|\(\w+)",
        "Correction: the fire was in March.",
        "The house of correction stood empty.",
    ),
    Notice(
        r"\b(?:this|the) (?:article|story|report|piece|headline)\b.{0,40}\b(?:was|has been|is) (?:corrected|amended)",
        "This article was amended on 3 March to give the right name.",
        "This article was read by thousands.",
    ),
    Notice(
        r"\ban? (?:earlier|previous|prior) version of (?:this|the) (?:article|story|report|headline)",
        "An earlier version of this article misstated the sum.",
        "An earlier version of the bill failed.",
    ),
    Notice(
        r"\bclarification\s*(?::|—|–)",
        "Clarification: the mayor did not vote.",
        "The council asked for clarification of the plan.",
    ),
    Notice(
        r"\b(?:korrektur|berichtigung|korrekturhinweis|richtigstellung)\s*(?::|—|–)",
        "Korrektur: Das Feuer war im März.",
        "Die Korrektur der Pläne dauert an.",
    ),
    Notice(
        r"\bin einer (?:früheren|vorherigen|ersten) (?:version|fassung)\b.{0,60}(?:hieß|stand|wurde|war|haben)",
        "In einer früheren Version dieses Artikels hieß es, er sei 50.",
        "In einer früheren Fassung des Gesetzes fehlte der Satz.",
    ),
    Notice(
        r"\b(?:rectificatif|erratum|errata|précision)\s*(?::|—|–)",
        "Rectificatif : le feu a eu lieu en mars.",
        "La précision du tir étonne.",
    ),
    Notice(
        r"\b(?:rectificación|corrección|fe de errores|fe de erratas)\s*(?::|—|–)",
        "Corrección: el incendio fue en marzo.",
        "La corrección de los planes sigue.",
    ),
    Notice(
        r"\b(?:rättelse|rettelse|oikaisu|correzione|errata corrige|correção|correctie|rectificatie)\s*(?::|—|–)",
        "Rättelse: branden var i mars.",
        "En rättelse av planen väntar.",
    ),
)
