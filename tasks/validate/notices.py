"""Texts that are no article's: notices of a site's machinery, letters of a wrong table, tags of HTML.

Each pattern with a text that it must match and one that it must not; a test tries them. The regular expressions are
those of the Rust crate regex (polars), which take linear time on any input.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pattern:
    """A pattern with its proof."""

    regex: str
    matches: str
    spares: str


NOTICES: tuple[Pattern, ...] = (
    Pattern(
        r"enable (?:javascript|cookies)(?: and cookies)? (?:to continue|in your browser|to view)",
        "Please enable JavaScript in your browser to read this page.",
        "The new rules enable cookies to be refused with one click.",
    ),
    Pattern(
        r"(?:we|our (?:\d+ )?partners) (?:use cookies|store (?:and/or access )?information on a device)",
        "We and our 412 partners store and/or access information on a device.",
        "Bakers use cookies as a test of an oven, she said.",
    ),
    Pattern(
        r"(?:by clicking|click) [\"“']?(?:i agree|agree|accept(?: all)?)[\"”']?,? (?:you|to) (?:agree|consent|accept)",
        "By clicking “Accept all” you agree to the storing of cookies.",
        "He clicked on accept, and they agreed to meet.",
    ),
    Pattern(
        r"(?:verify|confirm|checking) (?:that |if )?(?:you are|you're|your browser) (?:a human|not a robot|before)",
        "Checking your browser before accessing the site.",
        "Officers verify that you are who you say.",
    ),
    Pattern(
        r"(?:you don't|you do not) have permission to access (?:this|\S+ on this)",
        "You don't have permission to access this resource.",
        "The council did not have permission to fell the tree.",
    ),
    Pattern(
        r"this content is not available in your (?:region|country|location)",
        "This content is not available in your region.",
        "The vaccine is not available in his region yet.",
    ),
    Pattern(
        r"wir (?:und unsere (?:\d+ )?partner )?(?:verwenden cookies|nutzen cookies|benötigen ihre (?:ein|zu)\w+)",
        "Wir und unsere Partner benötigen Ihre Zustimmung.",
        "Wir verwenden Mehl und Butter, sagt der Bäcker.",
    ),
    Pattern(
        r"bitte (?:aktivieren|erlauben) sie (?:javascript|cookies)",
        "Bitte aktivieren Sie JavaScript.",
        "Bitte aktivieren Sie das Licht, stand auf dem Schild.",
    ),
    Pattern(
        r"nous (?:et nos (?:\d+ )?partenaires )?utilisons (?:des )?cookies|veuillez activer javascript",
        "Nous et nos partenaires utilisons des cookies.",
        "Nous utilisons des tracteurs, dit-il.",
    ),
    Pattern(
        r"(?:nosotros y nuestros socios )?(?:utilizamos|usamos) cookies|habilit[ae] javascript",
        "Utilizamos cookies propias y de terceros.",
        "Utilizamos barcas pequeñas, dijo el pescador.",
    ),
    Pattern(
        r"(?:utilizziamo|usiamo) (?:i )?cookie|noi e i nostri partner (?:archiviamo|utilizziamo)",
        "Noi e i nostri partner archiviamo informazioni sul dispositivo.",
        "Usiamo il forno a legna, dice la cuoca.",
    ),
    Pattern(
        r"(?:nós )?(?:utilizamos|usamos) (?:os )?cookies|ative o javascript",
        "Usamos cookies para melhorar a sua experiência.",
        "Usamos barcos de madeira, disse ela.",
    ),
)  # fmt: skip
"""A notice is only looked for in bodies of few words: a report on cookies quotes such a line, and goes on."""

NOTICE = "(?i)" + "|".join(f"(?:{pattern.regex})" for pattern in NOTICES)

NOTICE_HINTS = (
    "cookie", "javascript", "information on a device", "agree", "consent", "accept", "a human", "a robot", "before",
    "permission to access", "not available in your", "benötigen ihre", "noi e i nostri partner",
)  # fmt: skip
"""Every notice has one of these. To look for them all costs a fifth of trying the patterns."""

MOJIBAKE_PATTERN = Pattern(
    "[ÃÂÐÑ][\u0080-\u00bf]|â[\u0080-\u00bf€]|ï»¿",
    "Der BÃ¼rgermeister sagte: â€žNein.â€œ",
    "NÃO, disse São Paulo; Ñandú, Ðuro, château, 20 Â und mehr",
)
MOJIBAKE = MOJIBAKE_PATTERN.regex

MARKUP_PATTERN = Pattern(
    r"</?(?:p|div|span|br|a|img|script|iframe|strong|em|ul|li|h[1-6])(?:\s[^<>]*)?/?>",
    'He said <a href="/x">no</a>.',
    "If a < b and c > d, the sum <is> right.",
)
MARKUP = MARKUP_PATTERN.regex
