"""What marks the place of an advertisement, by language, as templates (see `tasks.clean.forms`).

LONG rows are sentences of their own that no journalist writes; they also go when glued to one.
SHORT rows are single words that a journalist may write; they go as a whole line, or glued to a sentence without a space.
LINE rows go as a whole line only.
"""

from tasks.clean.model import Pattern

STEMS: dict[str, tuple[str, ...]] = {
    "en": (
        "adverti",
        "sponsor",
        "advert",
        "below ad",
        "after ad",
        "this ad",
        "the ad",
        "skip ad",
        "reading below",
        "continues below",
        "scroll",
        "paid content",
        "partner content",
    ),
    "es": ("publici", "anuncio", "patrocin"),
    "fr": ("publicit", "annonce", "sponsor", "après la pub", "contenu partenaire"),
    "de": ("anzeige", "werb", "sponsor", "gesponser"),
    "it": ("pubblicit", "annuncio", "inserzion", "sponsor"),
    "pt": ("publicid", "anúncio", "patrocin"),
    "nl": ("advertenti", "reclame"),
    "sv": ("annons", "reklam"),
    "da": ("annonce", "reklame"),
    "no": ("annonse", "reklame"),
    "fi": ("maino", "ilmoituksen"),
    "pl": ("reklam",),
    "cs": ("reklam", "inzerc"),
    "ro": ("publicit", "reclam"),
    "hu": ("hirdetés", "reklám"),
    "tr": ("reklam",),
    "id": ("iklan", "gulir", "scroll", "advertisement"),
    "ru": ("реклам",),
    "uk": ("реклам",),
}
"""A paragraph without one of these in lower case has no marker, but for a line that is looked up as a whole."""

_TEXT = "(article|story|content|text|post|report|page|news|interview|review|column|coverage|reading)"
_AFTER = "(after|below|beneath|under|underneath|following)"
_AD = (
    "(this |the |our |an |these |)(advertisement|advertisements|ad|ads|advert|adverts|advertising|commercial break"
    "|sponsored message|sponsored content|message from our sponsor|message from our sponsors|promotion)"
)
_SCROLL = "scroll (down |)(to|for) (continue|keep|read|more|continue with|the rest)"

LONG: tuple[Pattern, ...] = (
    Pattern(
        "long",
        "en",
        (
            f"(the |this |your |our |)(main |full |){_TEXT} (continues|resumes|continued|goes on|is continued) {_AFTER} {_AD}",
            f"(continues|continued|resumes) {_AFTER} {_AD}",
            f"(continue|keep) (reading|watching|scrolling) (the (article|story) |this (article|story) |){_AFTER} {_AD}",
            "scroll (down |)to (continue|keep) (reading|with content|with the article|with the story|with article)",
            f"(advertisement|ad) ({_SCROLL}|scroll to continue reading|scroll to continue with content|continue reading below)",
            f"(advertisement|ad)( -| –| —|.|:) ({_SCROLL}|scroll to continue reading|scroll to continue with content"
            "|continue reading below|story continues below|article continues below)",
            "(this|the) advertisement has not loaded yet, but your article continues below.",
            "skip (this |the |)(advertisement|ad|advert)",
        ),
        "Story continues below advertisementThe council voted at noon.",
        "The words “Story continues below advertisement” stood in the middle of the page.",
    ),
    Pattern(
        "long",
        "es",
        (
            "((el|este) (artículo|texto|contenido|reportaje)|(la|esta) (nota|noticia|historia|información|entrevista|lectura)) "
            "(continúa|sigue|continua) (después|debajo|luego|abajo) (de|del) (la |esta |este |)"
            "(publicidad|anuncio|aviso publicitario)",
            "((el|este) (artículo|texto|contenido|reportaje)|(la|esta) (nota|noticia|historia|información|entrevista|lectura)) "
            "(continúa|sigue|continua) (tras|bajo) (la|esta|el|este) (publicidad|anuncio)",
            "(continúa|continuar|sigue|seguir|continúe|siga) (leyendo |con la lectura |la lectura |)"
            "(después|debajo|luego|tras|bajo) (de |del |)(la |esta |el |este |)(publicidad|anuncio)",
        ),
        "Continúa después de la publicidadEl alcalde dijo que no.",
        "La serie continúa después de la publicidad, dijo el locutor.",
    ),
    Pattern(
        "long",
        "fr",
        (
            "(lire |)(la |)suite (de l'article |de votre article |de cet article |du texte |)"
            "(après|sous|ci-dessous après) (la|cette|l'|notre)( publicité|annonce| pub)",
            "(l'article|le texte|cet article|votre article|la lecture|le contenu) (continue|se poursuit|reprend) "
            "(ci-dessous |)(après|sous) (la publicité|cette publicité|l'annonce|cette annonce|la pub)",
            "(continuer|poursuivre|continuez|poursuivez) (la |votre |)lecture après (la publicité|cette publicité|l'annonce)",
            "(passer|fermer) (la|cette) publicité",
        ),
        "La suite après cette publicité",
        "La suite après la publicité sera plus drôle, a promis l’animateur.",
    ),
    Pattern(
        "long",
        "de",
        (
            "(der |dieser |)(artikel|text|beitrag|bericht) (wird|geht|läuft) (nach|unter|unterhalb|hinter) "
            "(der|dieser) (anzeige|werbung|werbeanzeige) (fortgesetzt|weiter)",
            "(nach|unter) (der|dieser) (anzeige|werbung|werbeunterbrechung) (weiterlesen|geht es weiter|geht's weiter)",
            "(artikel |)(weiterlesen|weiter) (nach|unter) (der|dieser) (anzeige|werbung)",
            "lesen sie (nach|unter) der (anzeige|werbung) weiter",
        ),
        "Weiterlesen nach der Anzeige",
        "Nach der Anzeige weiterlesen wollte er nicht mehr.",
    ),
    Pattern(
        "long",
        "it",
        (
            "(l'articolo|il testo|la notizia|la lettura|il contenuto) (continua|prosegue) "
            "(dopo|sotto) (la pubblicità|questa pubblicità|l'annuncio|il messaggio pubblicitario|l'inserzione)",
            "(continua|prosegui|prosegue|continuare) (a leggere |la lettura |)(dopo|sotto) "
            "(la pubblicità|questa pubblicità|l'annuncio|gli annunci)",
        ),
        "Continua a leggere dopo la pubblicità",
        "Il film continua dopo la pubblicità, ha detto il conduttore.",
    ),
    Pattern(
        "long",
        "pt",
        (
            "(a (matéria|notícia|reportagem|leitura)|o (artigo|texto|conteúdo)) continua (após|depois|abaixo) "
            "(a |o |da |do |)(publicidade|anúncio)",
            "(continua|continue lendo|continue a ler|continuar lendo) (após|depois|abaixo) "
            "(a |o |da |do |)(publicidade|anúncio)",
        ),
        "Continua após a publicidadeO ministro negou tudo.",
        "A novela continua após a publicidade, avisou o apresentador.",
    ),
    Pattern(
        "long",
        "nl",
        (
            "(het |)(artikel|verhaal|bericht|de tekst|tekst) (gaat|loopt) (verder|door) (na|onder) (de |deze |)(advertentie|reclame)",
            "lees (verder|door) (na|onder) (de |deze |)(advertentie|reclame)",
        ),
        "Tekst loopt door onder de advertentie",
        "Lees verder onder de advertentie, stond er, en niemand deed het.",
    ),
    Pattern("long", "sv", ("(artikeln|texten|läsningen) fortsätter (efter|under|nedanför) (annonsen|reklamen)",),
            "Artikeln fortsätter efter annonsen", "Artikeln fortsätter efter annonsen, lovade redaktören."),
    Pattern("long", "da", ("(artiklen|teksten) fortsætter (efter|under) (annoncen|reklamen)",),
            "Artiklen fortsætter efter annoncen", "Artiklen fortsætter efter annoncen, lovede redaktøren."),
    Pattern("long", "no", ("(artikkelen|saken|teksten) fortsetter (etter|under) (annonsen|reklamen)",),
            "Artikkelen fortsetter under annonsen", "Saken fortsetter etter annonsen, lovet redaktøren."),
    Pattern("long", "fi", ("(juttu|artikkeli|teksti) jatkuu (mainoksen|ilmoituksen) (jälkeen|alla)",),
            "Juttu jatkuu mainoksen jälkeen", "Juttu jatkuu mainoksen jälkeen, toimittaja lupasi."),
    Pattern(
        "long",
        "pl",
        (
            "(dalsza część|dalszy ciąg|ciąg dalszy) (artykułu |tekstu |materiału |)(pod|po) (reklamą|reklamie)",
            "(artykuł|tekst|materiał) (jest |)(kontynuowany|dostępny) (pod|po) (reklamą|reklamie)",
        ),
        "Dalsza część artykułu pod reklamą",
        "Dalsza część artykułu pod reklamą, obiecał redaktor.",
    ),
    Pattern("long", "cs", ("(článek|text) pokračuje (pod|za|po) (reklamou|reklamě|inzercí)",
                           "pokračování (článku |)(pod|po|za) (reklamou|reklamě)"),
            "Článek pokračuje pod reklamou", "Článek pokračuje pod reklamou, slíbil redaktor."),
    Pattern("long", "ro", ("articolul continuă după (publicitate|reclamă)", "citește mai departe după (publicitate|reclamă)"),
            "Articolul continuă după publicitate", "Articolul continuă după publicitate, a promis redactorul."),
    Pattern("long", "hu", ("a cikk (a hirdetés|a reklám) után folytatódik", "a hirdetés után folytatjuk"),
            "A cikk a hirdetés után folytatódik", "A cikk a hirdetés után folytatódik, ígérte a szerkesztő."),
    Pattern("long", "tr", ("(haberin|yazının) devamı reklam(dan|ın) (sonra|altında)",),
            "Haberin devamı reklamdan sonra", "Haberin devamı reklamdan sonra, dedi spiker."),
    Pattern(
        "long",
        "id",
        (
            "(artikel|berita|tulisan|konten) (ini |)(berlanjut|dilanjutkan) (setelah|di bawah) iklan( ini| berikut|)",
            "(lanjutkan|lanjut|teruskan) (membaca |baca |)(setelah|di bawah) iklan( ini|)",
            "(gulir|scroll) (ke bawah |)untuk (lanjut|melanjutkan|meneruskan) (membaca|bacaan|baca)",
        ),
        "Artikel berlanjut setelah iklan",
        "Artikel berlanjut setelah iklan, janji redaktur itu.",
    ),
    Pattern("long", "ru", ("продолжение (статьи |текста |)(после|под) (рекламы|рекламой)",),
            "Продолжение после рекламы", "Продолжение после рекламы, пообещал ведущий."),
    Pattern("long", "uk", ("продовження (статті |тексту |)(після|під) (реклами|рекламою)",),
            "Продовження після реклами", "Продовження після реклами, пообіцяв ведучий."),
)  # fmt: skip

SHORT: tuple[Pattern, ...] = (
    Pattern("short", "en", ("advertisement", "advertisements", "(sponsored|paid|partner) content", "paid advertisement"),
            "ADVERTISEMENTThe mayor left.", "Advertisement is the engine of the industry."),
    Pattern("short", "es", ("publicidad", "(contenido|artículo) patrocinado", "(espacio|aviso|anuncio) publicitario"),
            "PUBLICIDAD", "Publicidad engañosa, dice la oficina."),
    Pattern("short", "fr", ("publicité", "contenu (sponsorisé|partenaire)"), "Publicité", "Publicité ou information ?"),
    Pattern("short", "de", ("anzeige", "werbung", "werbeanzeige", "gesponserter inhalt"), "ANZEIGE",
            "Anzeige gegen unbekannt"),
    Pattern("short", "it", ("pubblicità", "contenuto sponsorizzato", "(annuncio|messaggio) pubblicitario",
                            "inserzione pubblicitaria"),
            "- Pubblicità -", "Pubblicità progresso per tutti."),
    Pattern("short", "pt", ("publicidade", "conteúdo patrocinado"), "PUBLICIDADEOs ministros negaram.",
            "Publicidade enganosa é crime."),
    Pattern("short", "nl", ("advertentie", "reclame"), "(Advertentie)", "Advertentie kost krant lezers"),
    Pattern("short", "sv", ("annons", "reklam"), "ANNONS", "Annons i tidningen kostar mer"),
    Pattern("short", "da", ("annonce", "reklame"), "ANNONCE", "Annonce koster avisen læsere"),
    Pattern("short", "no", ("annonse", "reklame"), "ANNONSE", "Annonse koster avisen lesere"),
    Pattern("short", "fi", ("mainos",), "MAINOS", "Mainos maksoi lehdelle lukijoita"),
    Pattern("short", "pl", ("reklama",), "REKLAMA", "Reklama kosztowała gazetę czytelników"),
    Pattern("short", "cs", ("reklama", "inzerce"), "REKLAMA", "Reklama stála noviny čtenáře"),
    Pattern("short", "ro", ("publicitate", "reclamă"), "PUBLICITATE", "Publicitate mascată, spune oficiul."),
    Pattern("short", "hu", ("hirdetés", "reklám"), "HIRDETÉS", "Hirdetés helyett hír, kérte az olvasó."),
    Pattern("short", "tr", ("reklam",), "REKLAM", "Reklam yasağı geldi"),
    Pattern("short", "id", ("iklan", "advertisement"), "IKLAN", "Iklan rokok dilarang"),
    Pattern("short", "ru", ("реклама",), "РЕКЛАМА", "Реклама стоила газете читателей"),
    Pattern("short", "uk", ("реклама",), "РЕКЛАМА", "Реклама коштувала газеті читачів"),
)  # fmt: skip

LINE: tuple[Pattern, ...] = (
    Pattern(
        "line",
        "en",
        (
            "ad", "ads", "advert", "advertising", "sponsored", "promoted", "(ads|sponsored) by (google|taboola|outbrain)",
            "(story|article|content) continues (below|)", "(ad|advertisement|advertising|advertiser) (feature|content)",
            "article content", "paid (post|partnership|promotion)", "report (this |)ad", "remove ads", "(loading|loading) ad",
        ),
        "Ad",
        "Ad spending rose",
    ),
    Pattern("line", "es", ("anuncio", "anuncios", "aviso", "patrocinado"), "Anuncio", "Anuncio del alcalde"),
    Pattern("line", "fr", ("annonce", "annonces", "pub", "sponsorisé"), "Annonce", "Annonce du maire"),
    Pattern("line", "de", ("gesponsert", "anzeigen"), "Gesponsert", "Anzeigen gegen Raser"),
    Pattern("line", "it", ("annuncio", "sponsorizzato"), "Annuncio", "Annuncio del sindaco"),
    Pattern("line", "pt", ("anúncio", "anúncios", "patrocinado"), "Anúncio", "Anúncio do prefeito"),
    Pattern("line", "nl", ("gesponsord", "gesponsorde inhoud"), "Gesponsord", "Gesponsord fietsen voor het goede doel"),
)  # fmt: skip
