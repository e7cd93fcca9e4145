"""What marks the place of an advertisement, by language.

LONG rows are sentences of their own that no journalist writes; they also go when glued to one.
SHORT rows are single words that a journalist may write; they go only as a whole paragraph, or in capitals glued to one.
"""

from tasks.clean.model import Pattern

STEMS: dict[str, tuple[str, ...]] = {
    "en": ("adverti", "sponsor", "below ad"),
    "es": ("publicid", "anuncio"),
    "fr": ("publicit", "annonce"),
    "de": ("anzeige", "werbung"),
    "it": ("pubblicit",),
    "pt": ("publicid", "anúncio"),
    "nl": ("advertenti", "reclame"),
}
"""A paragraph without one of these in lower case has no marker."""

LONG: tuple[Pattern, ...] = (
    Pattern(
        "long",
        "en",
        (
            "article continues after this advertisement", "article continues below this advertisement",
            "article continues after advertisement", "article continues below advertisement",
            "story continues after this advertisement", "story continues below this advertisement",
            "story continues after advertisement", "story continues below advertisement", "story continues below ad",
            "content continues below advertisement", "continue reading after the advertisement",
            "continues below advertisement", "continues after advertisement",
            "text continues after the advertisement", "advertisement - continue reading below",
            "advertisement – continue reading below", "advertisement — continue reading below",
            "advertisement. scroll to continue reading", "advertisement. scroll to continue",
            "continue reading below advertisement",
        ),
        "Story continues below advertisementThe council voted at noon.",
        "The words “Story continues below advertisement” stood in the middle of the page.",
    ),
    Pattern(
        "long",
        "es",
        (
            "la nota continúa después de la publicidad", "el artículo continúa después de la publicidad",
            "la noticia continúa después de la publicidad", "continúa después de la publicidad",
            "continúa leyendo después del anuncio", "sigue leyendo después de la publicidad",
            "el artículo continúa tras la publicidad",
        ),
        "Continúa después de la publicidadEl alcalde dijo que no.",
        "La serie continúa después de la publicidad, dijo el locutor.",
    ),
    Pattern(
        "long",
        "fr",
        (
            "la suite après la publicité", "la suite après cette publicité", "l’article continue après la publicité",
            "l'article continue après la publicité", "la suite de l'article après la publicité",
            "la suite de l’article après la publicité", "lire la suite après la publicité",
            "l’article se poursuit après la publicité", "l'article se poursuit après la publicité",
        ),
        "La suite après cette publicité",
        "La suite après la publicité sera plus drôle, a promis l’animateur.",
    ),
    Pattern(
        "long",
        "de",
        (
            "nach der anzeige weiterlesen", "artikel wird nach der anzeige fortgesetzt",
            "artikel wird nach der werbung fortgesetzt", "der artikel wird nach der anzeige fortgesetzt",
            "der artikel geht nach der anzeige weiter", "weiterlesen nach der anzeige",
            "nach der werbung weiterlesen", "text wird nach der anzeige fortgesetzt",
        ),
        "Weiterlesen nach der Anzeige",
        "Nach der Anzeige weiterlesen wollte er nicht mehr.",
    ),
    Pattern(
        "long",
        "it",
        (
            "continua a leggere dopo la pubblicità", "l'articolo continua dopo la pubblicità",
            "l’articolo continua dopo la pubblicità", "continua dopo la pubblicità",
            "la lettura continua dopo la pubblicità",
        ),
        "Continua a leggere dopo la pubblicità",
        "Il film continua dopo la pubblicità, ha detto il conduttore.",
    ),
    Pattern(
        "long",
        "pt",
        (
            "continua após a publicidade", "a matéria continua após a publicidade",
            "a notícia continua após a publicidade", "o artigo continua após a publicidade",
            "continua depois da publicidade", "continua após o anúncio", "continue lendo após o anúncio",
        ),
        "Continua após a publicidadeO ministro negou tudo.",
        "A novela continua após a publicidade, avisou o apresentador.",
    ),
    Pattern(
        "long",
        "nl",
        (
            "lees verder onder de advertentie", "lees verder na de advertentie",
            "artikel gaat verder onder advertentie", "tekst gaat verder onder de advertentie",
            "het artikel gaat verder onder de advertentie", "tekst loopt door onder de advertentie",
        ),
        "Tekst loopt door onder de advertentie",
        "Lees verder onder de advertentie, stond er, en niemand deed het.",
    ),
)  # fmt: skip

SHORT: tuple[Pattern, ...] = (
    Pattern("short", "en", ("advertisement", "advertisements", "sponsored content"), "ADVERTISEMENTThe mayor left.",
            "Advertisement is the engine of the industry."),
    Pattern("short", "es", ("publicidad",), "PUBLICIDAD", "Publicidad engañosa, dice la oficina."),
    Pattern("short", "fr", ("publicité",), "Publicité", "Publicité ou information ?"),
    Pattern("short", "de", ("anzeige", "werbung"), "ANZEIGE", "Anzeige gegen unbekannt"),
    Pattern("short", "it", ("pubblicità",), "- Pubblicità -", "Pubblicità progresso per tutti."),
    Pattern("short", "pt", ("publicidade",), "PUBLICIDADEOs ministros negaram.", "Publicidade enganosa é crime."),
    Pattern("short", "nl", ("advertentie", "reclame"), "(Advertentie)", "Advertentie kost krant lezers"),
)  # fmt: skip

CAPITALISED: tuple[str, ...] = ("Advertisement",)
"""English only: a capital may follow these glued, because no English word begins so."""
