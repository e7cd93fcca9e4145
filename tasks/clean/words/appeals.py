"""How papers ask readers to subscribe or to follow them, by language: patterns of whole paragraphs.

A row needs a first-person word (our, us) or the paper's imperative with its object, so that a report on somebody else's
newsletter stays.
"""

from tasks.clean.model import Pattern

_ADJECTIVES = r"(?:[\w’'-]+ ){0,4}"
_REST = r"(?: [^.!?“”\"]{0,100})?"
_TAIL = r"(?:[,:]? (?:and|to|for|by|here|now|today|at|on|or|with|from|in)\b[^.!?“”\"]{0,120})?"
_LETTER = r"(?:newsletters?|email alerts?|e-mail alerts?|mailing list|daily briefing|morning briefing)"
_PAPER = rf"{_ADJECTIVES}(?:paper|newspaper|channel|podcast)"
_BOLETIN = r"(?:newsletter|boletín|boletines)"
_INFOLETTRE = r"(?:newsletters?|infolettres?|lettre d['’]information)"

NEWSLETTER: tuple[Pattern, ...] = (
    Pattern(
        "newsletter",
        "en",
        (
            rf"(?:sign up|subscribe|register)(?: here| now| today)? (?:to|for) our {_ADJECTIVES}{_LETTER}{_TAIL}",
            rf"(?:get|receive) our {_ADJECTIVES}{_LETTER}{_TAIL}",
            rf"(?:sign up|subscribe) (?:to|for) (?:the|our) {_ADJECTIVES}{_LETTER}",
            rf"subscribe (?:now|today|here)(?: to (?:continue|keep) reading| to our {_PAPER})?",
            r"click here to (?:subscribe|sign up)(?: (?:to|for) our (?:[\w’'-]+ ?){1,4})?",
        ),
        "Sign up for our free morning newsletter and get the news by seven.",
        "Sign up for our newsletter was all that the page of the vanished company said.",
    ),
    Pattern(
        "newsletter",
        "es",
        (
            r"(?:suscríbete|suscríbase|suscribite|regístrate|apúntate)(?: aquí| gratis| ya)? a "
            rf"(?:nuestr[oa]|nuestros) {_ADJECTIVES}{_BOLETIN}{_REST}",
            rf"recib[ea] (?:gratis )?nuestr[oa] {_ADJECTIVES}{_BOLETIN}{_REST}",
        ),
        "Suscríbete a nuestro boletín diario.",
        "La empresa pidió que la gente se suscribiera a nuestro boletín, según la carta.",
    ),
    Pattern(
        "newsletter",
        "fr",
        (
            r"(?:inscrivez-vous|abonnez-vous|recevez)(?: gratuitement| dès maintenant)?(?: à| chaque matin)? "
            rf"(?:notre|nos) {_ADJECTIVES}{_INFOLETTRE}{_REST}",
        ),
        "Inscrivez-vous à notre newsletter quotidienne",
        "Inscrivez-vous avant lundi à la mairie.",
    ),
    Pattern(
        "newsletter",
        "de",
        (
            r"(?:abonnieren sie|bestellen sie|abonniere)(?: hier| jetzt)? (?:kostenlos )?unseren "
            rf"{_ADJECTIVES}newsletter{_REST}",
            rf"(?:melden sie sich|melde dich)(?: hier| jetzt)? (?:für|zu) unse(?:ren|rem) {_ADJECTIVES}newsletter an",
        ),
        "Abonnieren Sie unseren kostenlosen Newsletter",
        "Melden Sie sich beim Amt für den Kurs an.",
    ),
    Pattern(
        "newsletter",
        "it",
        (rf"iscriviti(?: qui| gratis)? alla nostra {_ADJECTIVES}newsletter{_REST}",),
        "Iscriviti alla nostra newsletter",
        "Iscriviti, gli disse la madre, o resti a casa.",
    ),
    Pattern(
        "newsletter",
        "pt",
        (
            r"(?:assine|receba|inscreva-se)(?: aqui| já)?(?: n?[ao]s?| em)? nossas? "
            rf"{_ADJECTIVES}newsletters?{_REST}",
        ),
        "Assine nossa newsletter",
        "Assine aqui, disse o tabelião, e ele assinou.",
    ),
    Pattern(
        "newsletter",
        "nl",
        (
            r"(?:meld je|meld u|schrijf je|schrijf u)(?: hier| nu)?(?: gratis)? (?:aan|in) voor onze "
            rf"{_ADJECTIVES}nieuwsbrief{_REST}",
        ),
        "Meld je aan voor onze dagelijkse nieuwsbrief",
        "Schrijf u in voor het examen, zei de leraar.",
    ),
)

_NETWORKS = (
    r"(?:facebook|twitter|x|instagram|tiktok|youtube|telegram|whatsapp|linkedin|threads|bluesky|mastodon|google news"
    r"|flipboard|viber|pinterest)"
)
_AND = r"(?:,| and|, and| or| &| y| et| und| e| en)"
_LIST = rf"(?:our )?{_NETWORKS}(?: (?:page|channel|account|feed))?(?:{_AND} {_NETWORKS}){{0,5}}"
_HANDLE = r"(?: (?:for|to|and|at|@)[^.!?“”\"]{0,100}|: ?[^!?\s]{1,80}|,? @\w{1,30})?"

SOCIAL: tuple[Pattern, ...] = (
    Pattern(
        "social",
        "en",
        (
            rf"(?:follow|like|find|join|connect with|add) us on {_LIST}{_HANDLE}",
            rf"subscribe to our {_ADJECTIVES}(?:youtube|telegram|whatsapp) channel{_REST}",
            rf"join our {_NETWORKS} (?:channel|group|community){_REST}",
            rf"share this(?: article| story| post)?(?: on {_LIST})?",
            r"(?:download|get) our (?:free )?(?:mobile )?app(?: (?:for|to|on|from)[^.!?“”\"]{0,100})?",
        ),
        "Follow us on Facebook and Instagram for more news.",
        "“Follow us on Instagram,” the banner over the empty shop still reads.",
    ),
    Pattern(
        "social",
        "es",
        (
            r"(?:síguenos|síganos|seguinos|búscanos|encuéntranos) (?:también )?en (?:nuestro |nuestra )?"
            rf"{_LIST}{_REST}",
            rf"únete a nuestro (?:canal|grupo) de {_NETWORKS}{_REST}",
        ),
        "Síguenos en Facebook y Twitter",
        "Síguenos en el camino, decía el cartel de los peregrinos.",
    ),
    Pattern(
        "social",
        "fr",
        (rf"(?:suivez-nous|retrouvez-nous|rejoignez-nous) sur {_LIST}{_REST}",),
        "Suivez-nous sur Facebook et Instagram",
        "Suivez-nous sur le chemin du port, dit le guide.",
    ),
    Pattern(
        "social",
        "de",
        (rf"(?:folgen sie uns|folge uns|besuchen sie uns) (?:auch )?(?:auf|bei) {_LIST}{_REST}",),
        "Folgen Sie uns auf Facebook und Instagram",
        "Folgen Sie uns auf dem Weg in den Keller, sagte der Wirt.",
    ),
    Pattern(
        "social",
        "it",
        (rf"(?:seguici|ci trovi) (?:anche )?su {_LIST}{_REST}",),
        "Seguici su Facebook e Instagram",
        "Seguici su per la collina, gridò la guida.",
    ),
    Pattern(
        "social",
        "pt",
        (
            rf"(?:siga-nos|siga a gente|nos siga|curta-nos) (?:também )?(?:no|na|em) {_LIST}{_REST}",
            rf"entre no nosso (?:canal|grupo) (?:do|de|no) {_NETWORKS}{_REST}",
        ),
        "Siga-nos no Instagram e YouTube",
        "Siga-nos no caminho, pediu o guia.",
    ),
    Pattern(
        "social",
        "nl",
        (rf"(?:volg ons|vind ons) (?:ook )?op {_LIST}{_REST}",),
        "Volg ons op Facebook en Instagram",
        "Volg ons op de voet, schreef de ploeg.",
    ),
)

OPENINGS: dict[str, frozenset[str]] = {
    "en": frozenset(
        {"sign", "subs", "regi", "get ", "rece", "clic", "foll", "like", "find", "join", "conn", "add ", "shar", "down"}
    ),
    "es": frozenset({"susc", "regí", "apún", "reci", "sígu", "síga", "segu", "búsc", "encu", "únet"}),
    "fr": frozenset({"insc", "abon", "rece", "suiv", "retr", "rejo"}),
    "de": frozenset({"abon", "best", "meld", "folg", "besu"}),
    "it": frozenset({"iscr", "segu", "ci t"}),
    "pt": frozenset({"assi", "rece", "insc", "siga", "nos ", "curt", "entr"}),
    "nl": frozenset({"meld", "schr", "volg", "vind"}),
}
"""First four letters of whatever a row matches: a quick look that spares most paragraphs the patterns."""
