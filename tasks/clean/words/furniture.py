"""Words with which a paper speaks to its readers or of its rights, by language: evidence, never enough for a cut.

`CALL` asks for something or tells of the business, `ADDRESS` speaks to the reader; `NOTICE` is enough of the two
alone. Read by the memory of sites only, which needs recurrence on different articles beside it.
Each row is (language, words, a line that has them, a line that has none of them).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of one language, in lower case; each is a whole word or words with single spaces."""

    language: str
    words: tuple[str, ...]
    has: str
    lacks: str


CALL: tuple[Vocabulary, ...] = (
    Vocabulary(
        "en",
        (
            "subscribe", "subscribing", "subscription", "subscriber", "newsletter", "newsletters", "sign up", "inbox",
            "app", "download", "click", "forum", "forums", "podcast", "commission", "commissions", "affiliate",
            "retailer", "retail links", "donate", "bookmark", "follow us", "follow", "join", "email", "e mail",
            "contact", "whatsapp", "facebook", "instagram", "twitter", "alerts", "editors", "editorial", "terms of use",
        ),
        "Download the app and keep your evening edition.",
        "Our harbour was closed for your safety.",
    ),
    Vocabulary(
        "de",
        ("abonnieren", "abo", "newsletter", "app", "klicken", "podcast", "provision", "folgen", "anmelden"),
        "Jetzt unseren Newsletter abonnieren.",
        "Unser Hafen blieb gestern geschlossen.",
    ),
    Vocabulary(
        "fr",
        ("abonnez", "newsletter", "infolettre", "application", "cliquez", "podcast", "commission", "suivez"),
        "Abonnez-vous à notre newsletter.",
        "Notre port est resté fermé hier.",
    ),
    Vocabulary(
        "es",
        ("suscríbete", "suscríbase", "newsletter", "boletín", "aplicación", "clic", "pódcast", "comisión", "síguenos"),
        "Suscríbete a nuestro boletín.",
        "Nuestro puerto quedó cerrado ayer.",
    ),
    Vocabulary(
        "it",
        ("iscriviti", "abbonati", "newsletter", "app", "clicca", "podcast", "commissione", "seguici"),
        "Iscriviti alla nostra newsletter.",
        "Il nostro porto è rimasto chiuso ieri.",
    ),
    Vocabulary(
        "nl",
        ("abonneer", "nieuwsbrief", "app", "klik", "podcast", "commissie", "volg ons", "meld je aan"),
        "Abonneer je op onze nieuwsbrief.",
        "Onze haven bleef gisteren dicht.",
    ),
    Vocabulary(
        "pt",
        ("inscreva", "assine", "newsletter", "aplicativo", "clique", "podcast", "comissão", "siga"),
        "Assine a nossa newsletter.",
        "O nosso porto ficou fechado ontem.",
    ),
)  # fmt: skip

ADDRESS: tuple[Vocabulary, ...] = (
    Vocabulary("en", ("our", "us", "we", "your", "you", "here"), "Tell us what you saw.", "They saw a ship."),
    Vocabulary(
        "de", ("unser", "unsere", "unseren", "unserem", "uns", "wir", "ihr", "ihre", "ihren", "sie", "hier", "jetzt"),
        "Schreiben Sie uns.", "Das Schiff kam gestern.",
    ),
    Vocabulary("fr", ("notre", "nos", "nous", "votre", "vos", "vous", "ici"), "Écrivez-nous ici.", "Le port dort."),
    Vocabulary(
        "es", ("nuestro", "nuestra", "nuestros", "nuestras", "tu", "tus", "te", "aquí", "síguenos"),
        "Lee aquí nuestro diario.", "El puerto duerme.",
    ),
    Vocabulary(
        "it", ("nostro", "nostra", "nostri", "nostre", "tuo", "tua", "tue", "qui", "seguici", "ti"),
        "Leggi qui il nostro giornale.", "Il porto dorme.",
    ),
    Vocabulary("nl", ("onze", "ons", "jouw", "je", "uw", "u", "hier"), "Lees hier onze krant.", "De haven slaapt."),
    Vocabulary("pt", ("nosso", "nossa", "nossos", "nossas", "seu", "sua", "você", "aqui"), "Leia aqui o nosso jornal.",
               "O porto dorme."),
)  # fmt: skip

NOTICE: tuple[Vocabulary, ...] = (
    Vocabulary(
        "en",
        (
            "all rights reserved",
            "copyright",
            "may not be published",
            "affiliate commission",
            "earn a commission",
            "earn us a commission",
            "affiliate links",
            "sign up for",
            "subscribe to",
            "our newsletter",
            "free newsletter",
        ),
        "Copyright 2026 The Harbour Post. All rights reserved.",
        "The rights of the sailors were reserved to the court.",
    ),
    Vocabulary("de", ("alle rechte vorbehalten",), "Alle Rechte vorbehalten.", "Die Rechte der Seeleute."),
    Vocabulary("fr", ("tous droits réservés",), "Tous droits réservés.", "Les droits des marins."),
    Vocabulary("es", ("todos los derechos reservados",), "Todos los derechos reservados.", "Los derechos del mar."),
    Vocabulary("it", ("tutti i diritti riservati", "riproduzione riservata"), "Riproduzione riservata.", "I diritti."),
    Vocabulary("nl", ("alle rechten voorbehouden",), "Alle rechten voorbehouden.", "De rechten van de zee."),
    Vocabulary("pt", ("todos os direitos reservados",), "Todos os direitos reservados.", "Os direitos do mar."),
)
