"""What opens a line that leads to another article, by language.

CAPITALS rows count only in capitals before a colon, PHRASE rows in any case; HEADING rows are whole paragraphs.
A label that is an ordinary word (Read, Watch) stands in CAPITALS only: "Read: The Overstory" may be a critic's list.
"""

from tasks.clean.model import Pattern

CAPITALS: tuple[Pattern, ...] = (
    Pattern(
        "label_capitals",
        "en",
        (
            "READ", "READ NOW", "READ THIS", "READ ALSO", "READ MORE", "READ NEXT", "ALSO READ", "MUST READ",
            "RELATED", "RELATED STORY", "RELATED STORIES", "RELATED ARTICLE", "RELATED ARTICLES", "RELATED NEWS",
            "RELATED VIDEO", "WATCH", "WATCH NOW", "WATCH ALSO", "ALSO WATCH", "LISTEN", "LISTEN NOW", "VIDEO",
            "VIDEOS", "PHOTOS", "GALLERY", "PHOTO GALLERY", "IN PHOTOS", "IN PICTURES", "PODCAST", "SEE ALSO",
            "SEE MORE", "DON'T MISS", "DON’T MISS", "FROM THE ARCHIVES", "YOU MAY ALSO LIKE", "MORE ON THIS",
            "MORE ON THIS STORY", "FULL STORY", "READ THE FULL STORY",
        ),
        "READ: Council delays vote on harbour wall",
        "READ: it is the only advice that the old teacher ever gave",
    ),
    Pattern(
        "label_capitals",
        "es",
        (
            "LEA TAMBIÉN", "LEA TAMBIEN", "LEE TAMBIÉN", "LEE ADEMÁS", "LEA ADEMÁS", "LEÉ TAMBIÉN", "LEER MÁS",
            "TAMBIÉN LEE", "TE PUEDE INTERESAR", "LE PUEDE INTERESAR", "VER TAMBIÉN", "VEA TAMBIÉN", "MIRA TAMBIÉN",
            "MIRÁ TAMBIÉN", "VIDEO", "VÍDEO", "FOTOS", "GALERÍA", "MÁS INFORMACIÓN", "NOTA RELACIONADA",
            "NOTICIA RELACIONADA",
        ),
        "LEA TAMBIÉN: El alcalde aplaza la obra del puerto",
        "LEA: Fue mi hermana quien me enseñó a leer",
    ),
    Pattern(
        "label_capitals",
        "fr",
        (
            "À LIRE", "A LIRE", "LIRE", "LIRE AUSSI", "À LIRE AUSSI", "A LIRE AUSSI", "LIRE ÉGALEMENT",
            "À LIRE ÉGALEMENT", "VOIR AUSSI", "À VOIR", "REGARDER", "REGARDEZ", "VIDÉO", "VIDEO", "EN IMAGES",
            "DIAPORAMA", "À ÉCOUTER", "POUR ALLER PLUS LOIN",
        ),
        "LIRE AUSSI : Le port de pêche attend ses travaux",
        "LIRE : un verbe que les enfants apprennent trop tard",
    ),
    Pattern(
        "label_capitals",
        "de",
        (
            "LESEN SIE AUCH", "LESEN SIE HIER", "LESEN SIE MEHR", "LESEN SIE DAZU", "AUCH INTERESSANT", "MEHR DAZU",
            "MEHR ZUM THEMA", "ZUM THEMA", "SEHEN SIE AUCH", "VIDEO", "IM VIDEO", "FOTOSTRECKE", "PODCAST",
            "LESETIPP",
        ),
        "LESEN SIE AUCH: Stadtrat vertagt Beschluss zum Hafen",
        "VIDEO: das Wort kommt vom lateinischen Verb für sehen",
    ),
    Pattern(
        "label_capitals",
        "it",
        (
            "LEGGI", "LEGGI ANCHE", "LEGGI DI PIÙ", "LEGGI TUTTO", "GUARDA", "GUARDA ANCHE", "GUARDA IL VIDEO",
            "VIDEO", "FOTO", "APPROFONDISCI", "VEDI ANCHE", "POTREBBE INTERESSARTI", "ASCOLTA",
        ),
        "LEGGI ANCHE: Il consiglio rinvia il voto sul porto",
        "LEGGI: ce ne sono troppe, dice il giurista",
    ),
    Pattern(
        "label_capitals",
        "pt",
        (
            "LEIA MAIS", "LEIA TAMBÉM", "LEIA AINDA", "VEJA TAMBÉM", "VEJA MAIS", "SAIBA MAIS", "ASSISTA", "VÍDEO",
            "VIDEO", "FOTOS", "OUÇA", "CONFIRA TAMBÉM",
        ),
        "LEIA TAMBÉM: Câmara adia votação sobre o porto",
        "VEJA: O senhor ainda acredita no acordo?",
    ),
    Pattern(
        "label_capitals",
        "nl",
        ("LEES OOK", "LEES MEER", "LEES VERDER", "BEKIJK OOK", "KIJK OOK", "VIDEO", "LUISTER OOK",
         "MEER LEZEN", "ZIE OOK"),
        "LEES OOK: Raad stelt besluit over haven uit",
        "VIDEO: dat woord bestond toen nog niet",
    ),
)  # fmt: skip

PHRASE: tuple[Pattern, ...] = (
    Pattern(
        "label_phrase",
        "en",
        (
            "read more", "read also", "also read", "must read", "read next", "read the full story", "related story",
            "related stories", "related article", "related articles", "related news", "related video",
            "related coverage", "related reading", "more on this story", "more on this topic", "you may also like",
            "you might also like", "watch also", "also watch", "recommended reading", "more from our archive",
        ),
        "Read more: Council delays vote on harbour wall",
        "Read more: that was the only thing she asked of her pupils.",
    ),
    Pattern(
        "label_phrase",
        "es",
        (
            "lea también", "lee también", "leé también", "lea además", "lee además", "también lee",
            "también puedes leer", "te puede interesar", "le puede interesar", "te puede gustar",
            "le recomendamos leer", "nota relacionada", "noticias relacionadas", "ver también", "vea también",
            "leer más", "mira también", "mirá también", "sigue leyendo",
        ),
        "Te puede interesar: El alcalde aplaza la obra del puerto",
        "Vea también: la ley no dice nada de los puertos pequeños.",
    ),
    Pattern(
        "label_phrase",
        "fr",
        (
            "lire aussi", "à lire aussi", "a lire aussi", "lire également", "à lire également", "voir aussi",
            "à voir aussi", "à lire sur le sujet", "lire la suite", "sur le même sujet", "pour aller plus loin",
            "à relire",
        ),
        "À lire aussi : Le port de pêche attend ses travaux",
        "Lire aussi : il le fallait, mais personne ne le voulait.",
    ),
    Pattern(
        "label_phrase",
        "de",
        (
            "lesen sie auch", "lesen sie hier", "lesen sie dazu", "lesen sie mehr", "lesen sie weiter", "lies auch",
            "mehr zum thema", "auch interessant", "das könnte sie auch interessieren", "mehr dazu", "weiterlesen",
            "passend dazu", "lesetipp",
        ),
        "Lesen Sie auch: Stadtrat vertagt Beschluss zum Hafen",
        "Auch interessant: Der Hafen ist älter als die Stadt.",
    ),
    Pattern(
        "label_phrase",
        "it",
        (
            "leggi anche", "leggi di più", "leggi tutto", "guarda anche", "vedi anche", "potrebbe interessarti",
            "potrebbe interessarti anche", "per approfondire", "articoli correlati",
        ),
        "Leggi anche: Il consiglio rinvia il voto sul porto",
        "Per approfondire: il libro di Rossi sul porto.",
    ),
    Pattern(
        "label_phrase",
        "pt",
        ("leia mais", "leia também", "leia ainda", "veja também", "veja mais", "saiba mais",
         "confira também", "ler mais", "leia a seguir"),
        "Leia também: Câmara adia votação sobre o porto",
        "Saiba mais: o porto abre às 9h e fecha às 18h.",
    ),
    Pattern(
        "label_phrase",
        "nl",
        ("lees ook", "lees meer", "lees verder", "bekijk ook", "kijk ook", "zie ook", "meer lezen", "luister ook"),
        "Lees ook: Raad stelt besluit over haven uit",
        "Zie ook: de wet van 1954, artikel 3.",
    ),
)  # fmt: skip

HEADING: tuple[Pattern, ...] = (
    Pattern(
        "heading",
        "en",
        (
            "related video", "related videos", "related story", "related stories", "related article",
            "related articles", "related news", "related posts", "related content", "related coverage",
            "related topics", "related links", "related reading", "related stories:", "read more", "read more here",
            "read also", "also read", "read next", "read the full story", "more on this story", "more on this topic",
            "more stories", "more related stories", "you may also like", "you might also like", "recommended stories",
            "recommended articles", "recommended for you", "recommended reading", "more from this section",
            "most read", "trending stories", "trending now", "editor's picks", "editor’s picks", "editors' picks",
            "editors’ picks", "latest stories", "watch more videos", "show more", "click here to read more",
            "click for more",
        ),
        "RELATED VIDEOS",
        "Most read the notice twice.",
    ),
    Pattern(
        "heading",
        "es",
        (
            "noticias relacionadas", "notas relacionadas", "artículos relacionados", "contenido relacionado",
            "videos relacionados", "lea también", "lee también", "leer más", "te puede interesar",
            "le puede interesar", "más noticias", "lo más leído", "lo más visto", "ver también", "temas relacionados",
            "también te puede interesar", "te recomendamos",
        ),
        "Noticias relacionadas",
        "Más información tendrán los vecinos el lunes.",
    ),
    Pattern(
        "heading",
        "fr",
        (
            "articles liés", "à lire aussi", "lire aussi", "a lire aussi", "lire la suite", "sur le même sujet",
            "les plus lus", "voir aussi", "sur le même thème", "à lire également", "lire plus", "vidéos associées",
            "nos articles les plus lus",
        ),
        "Sur le même sujet",
        "Sur le même sujet, le maire est resté muet.",
    ),
    Pattern(
        "heading",
        "de",
        (
            "mehr zum thema", "lesen sie auch", "das könnte sie auch interessieren", "weitere artikel",
            "ähnliche artikel", "verwandte artikel", "verwandte themen", "meistgelesen", "meistgelesene artikel",
            "auch interessant", "mehr lesen", "weiterlesen", "zum thema", "weitere meldungen", "mehr aus dem ressort",
        ),
        "Mehr zum Thema",
        "Mehr zum Thema wollte sie nicht sagen.",
    ),
    Pattern(
        "heading",
        "it",
        (
            "leggi anche", "articoli correlati", "notizie correlate", "potrebbe interessarti",
            "potrebbe interessarti anche", "leggi tutto", "i più letti", "le più lette", "video correlati",
            "guarda anche", "contenuti correlati",
        ),
        "Articoli correlati",
        "I più letti erano i gialli.",
    ),
    Pattern(
        "heading",
        "pt",
        (
            "leia também", "leia mais", "notícias relacionadas", "matérias relacionadas", "artigos relacionados",
            "veja também", "mais lidas", "mais lidos", "saiba mais", "conteúdo relacionado", "vídeos relacionados",
            "recomendadas para você",
        ),
        "Notícias relacionadas",
        "Mais lidas foram as cartas do poeta.",
    ),
    Pattern(
        "heading",
        "nl",
        (
            "lees ook", "lees meer", "lees verder", "gerelateerde artikelen", "gerelateerd nieuws", "meest gelezen",
            "zie ook", "meer over dit onderwerp", "aanbevolen artikelen", "bekijk ook",
        ),
        "Gerelateerde artikelen",
        "Meest gelezen werd het boek in Gent.",
    ),
)  # fmt: skip
