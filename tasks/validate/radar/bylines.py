"""Shapes of texts that stand where an author should, and are none.

Each pattern with a text that it must match and one that it must not; a test tries them. No page is judged by them
alone: they are counted, and a source that names its agency by one word has done so before.
"""

from tasks.validate.notices import Pattern

ODD_AUTHORS: tuple[Pattern, ...] = (
    Pattern(r"^[^\s\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]*$", "Share", "Ana Costa"),
    Pattern(r"\d", "5 min read", "Maria de la Cruz"),
    Pattern(r"[@/|<>{}=#]|\.(?:com|net|org)\b", "news@paper.example", "J. R. O'Neill-Smith"),
    Pattern(
        r"\b(?:share|follow|subscribe|comments?|print|copy link|read more|sign (?:in|up)|log ?in|newsletter)\b",
        "Follow us",
        "Sharon Printz",
    ),
    Pattern(
        r"\b(?:teilen|folgen|drucken|kommentare?|abonnieren|mehr lesen|anmelden)\b",
        "Jetzt folgen",
        "Anna Druckenmiller",
    ),
    Pattern(
        r"\b(?:partager|imprimer|commentaires?|s'abonner|compartir|imprimir|comentarios?|suscr[ií]bete|partilhar|"
        r"condividi|stampa)\b",
        "Partager cet article",
        "Jean Partagère",
    ),
    Pattern(
        r"^.{60,}$",
        "The council met on the hill above the old harbour and voted for a new road",
        "Ana María del Carmen Ruiz",
    ),
)

ODD_AUTHOR = "(?i)" + "|".join(f"(?:{pattern.regex})" for pattern in ODD_AUTHORS)
