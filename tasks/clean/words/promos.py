"""What opens a line that leads to another article, by language, as templates (see `tasks.clean.forms`).

CAPITALS rows count only in capitals before a colon, PHRASE rows in any case.
A label that is an ordinary word (Read, Watch) stands in CAPITALS only: "Read: The Overstory" may be a critic's list.
"""

from tasks.clean.model import Pattern

_MEDIA_EN = (
    "(story|stories|article|articles|news|video|videos|coverage|reading|content|report|reports|link|links|posts)"
)

CAPITALS: tuple[Pattern, ...] = (
    Pattern(
        "label_capitals",
        "en",
        (
            "read (now|this|here|)", "(watch|listen|see|look|hear) (now|live|here|)", "(video|videos|photos|gallery|podcast|audio|map|timeline|graphic|infographic|quiz|poll|slideshow|interactive)",
            "photo gallery", "in (photos|pictures|photo|numbers|charts)", "related", "explainer", "explained",
            "full (story|report|coverage|list|text|statement)", "from the archives", "opinion", "analysis", "editorial", "fact check", "live updates", "live blog", "live", "exclusive", "breaking", "just in",
            "see (also|more)", "recommended", "trending", "must watch", "don't miss", "background", "earlier",
        ),
        "READ: Council delays vote on harbour wall",
        "READ: it is the only advice that the old teacher ever gave",
    ),
    Pattern(
        "label_capitals",
        "es",
        ("(mira|mirá|escucha)", "(video|vídeo|videos|fotos|galería|podcast|audio|en fotos|en imágenes)",
         "además", "opinión", "análisis", "en vivo", "más"),
        "VIDEO: El alcalde aplaza la obra del puerto",
        "LEA: Fue mi hermana quien me enseñó a leer.",
    ),
    Pattern(
        "label_capitals",
        "fr",
        ("(à |)(lire|voir|écouter|regarder|relire|revoir)", "a lire", "(regardez|écoutez|lisez)", "(vidéo|video|vidéos|en images|en vidéo|diaporama|podcast|infographie|photos)",
         "en direct", "décryptage", "analyse", "entretien", "enquête", "reportage", "tribune"),
        "LIRE : Le port de pêche attend ses travaux",
        "LIRE : un verbe que les enfants apprennent trop tard",
    ),
    Pattern(
        "label_capitals",
        "de",
        ("(video|im video|videos|fotostrecke|fotos|podcast|bildergalerie|grafik|interview|kommentar|analyse|liveticker|hintergrund)", "lesen"),
        "VIDEO: Stadtrat vertagt Beschluss zum Hafen",
        "VIDEO: das Wort kommt vom lateinischen Verb für sehen",
    ),
    Pattern(
        "label_capitals",
        "it",
        ("(leggi|guarda|ascolta|approfondisci)", "(video|il video|foto|le foto|fotogallery|podcast|la diretta|intervista)"),
        "GUARDA: Il consiglio rinvia il voto sul porto",
        "LEGGI: ce ne sono troppe, dice il giurista",
    ),
    Pattern(
        "label_capitals",
        "pt",
        ("(assista|ouça|leia|veja)", "(vídeo|video|vídeos|fotos|galeria|podcast|análise|opinião|ao vivo)"),
        "ASSISTA: Câmara adia votação sobre o porto",
        "VEJA: o senhor ainda acredita no acordo?",
    ),
    Pattern(
        "label_capitals",
        "nl",
        ("(video|foto's|podcast|kijk|luister|lees|live|analyse|interview|bekijk)",),
        "VIDEO: Raad stelt besluit over haven uit",
        "VIDEO: dat woord bestond toen nog niet",
    ),
)  # fmt: skip

PHRASE: tuple[Pattern, ...] = (
    Pattern(
        "label_phrase",
        "en",
        (
            "(also |)(read|watch|listen) (more|also|next|on)", "(also|must) (read|watch|see|listen)", "must-(read|watch|see)",
            "(read|see|watch|get|view) (the|our|this) (full |whole |)(story|article|report|coverage|review|interview|video|explainer|analysis|list)( here|)",
            "(read|see) (related|more on this|more here|more about this)",
            "related", f"related {_MEDIA_EN}", "(more|read more|further) (on this (story|topic|subject|issue)|reading|coverage|details|from our archive)", "more on this",
            "(you|readers) (may|might|could) (also |)(like|enjoy|be interested in|want to read|want to see)", "recommended (reading|story|stories|article|articles|video|videos|for you)",
            "also (on|in|from) (this site|our site|this topic|this section)", "(don't|do not) miss (this|it|out|)", "(what|where) to (read|watch) next",
            "more from (our archive|the archive|this section|this series|this author)", "in case you missed it", "continue reading", "up next", "top stories", "read full story", "for more on this story", "more stories", "latest news", "from our partners", "from around the web", "story related",
        ),
        "Read more: Council delays vote on harbour wall",
        "Read more: that was the only thing she asked of her pupils.",
    ),
    Pattern(
        "label_phrase",
        "es",
        (
            "(lee|lea|leé|leer|ver|vea|mira|mirá|mire|consulta|escucha|descubre) (también|además|más|aquí|ahora|tambien)",
            "(además|también) (lee|lea|lee en|puedes leer|puede leer|te puede interesar|le puede interesar)",
            "(te|le|os|les) (puede|podría|pueden) (interesar|gustar)", "(quizás|tal vez) te interese", "(te|le) (recomendamos|sugerimos)( leer|)", "sigue leyendo", "no te (lo |)pierdas", "no se pierda",
            "(nota|noticia|notas|noticias|artículo|artículos|contenido|contenidos|video|videos|historia|historias) (relacionada|relacionado|relacionadas|relacionados)",
            "(más|mayor) (información|noticias|sobre este tema|sobre el tema)", "(lee|lea|ver) (la nota|la noticia|el artículo|el reportaje) completa", "(para|por) saber más", "puedes leer",
        ),
        "Te puede interesar: El alcalde aplaza la obra del puerto",
        "Vea también: la ley no dice nada de los puertos pequeños.",
    ),
    Pattern(
        "label_phrase",
        "fr",
        (
            "(article réservé à nos abonnés |)(à |a |)(lire|voir|écouter|découvrir|regarder|relire|revoir) (aussi|également|encore|plus|ensuite)",
            "(à |a |)(lire|voir|découvrir) (sur le sujet|sur le même sujet|sur ce sujet|dans notre dossier|en intégralité)",
            "(à |)(re|)lire (la suite|notre (analyse|enquête|dossier|entretien|reportage|article|décryptage|éditorial|tribune|récit)|l'(analyse|enquête|entretien|article|éditorial|interview)|le (reportage|décryptage|récit|portrait|dossier|billet)|la (tribune|chronique|critique))",
            "(retrouvez|voir|consultez) (notre dossier|nos articles|la vidéo|aussi|également)", "(sur le même|dans le même) (sujet|thème)", "pour (aller plus loin|en savoir plus)", "en savoir plus", "en images", "(lire|voir) (tous |)nos articles",
            "(articles|contenus|sujets) (liés|associés|similaires)", "(vous aimerez|cela peut vous intéresser|ça peut vous intéresser)( aussi|)",
        ),
        "À lire aussi : Le port de pêche attend ses travaux",
        "Lire aussi : il le fallait, mais personne ne le voulait.",
    ),
    Pattern(
        "label_phrase",
        "de",
        (
            "(lesen|sehen|hören|schauen) sie (auch|hier|dazu|mehr|weiter|jetzt)( auch|mehr|)", "(lesen|sehen) sie (hierzu|dazu) (auch|mehr)", "lies (auch|hier|mehr|dazu|weiter)( auch|)", "(siehe|sehen|hören) auch", "lesen sie (auch |)(unser|das|den|die) (interview|kommentar|analyse|reportage)",
            "(mehr|alles|weiteres|hintergrund|hintergründe) (zum thema|dazu|hierzu|über das thema)", "zum thema", "(auch|ebenfalls) (interessant|lesenswert)", "(das |dies |)(könnte|dürfte) (sie|dich|euch) (auch |)interessieren", "(hier |)(mehr|weiter) lesen", "hier (mehr |weiter)lesen", "weiterlesen", "(passend|lesen) (dazu|zum thema)",
            "(lesetipp|lese-tipp|buchtipp|videotipp)", "(mehr|weitere) (nachrichten|artikel|informationen|infos|meldungen|berichte)", "im video", "hier geht's weiter",
        ),
        "Lesen Sie auch: Stadtrat vertagt Beschluss zum Hafen",
        "Auch interessant: Der Hafen ist älter als die Stadt.",
    ),
    Pattern(
        "label_phrase",
        "it",
        (
            "(leggi|guarda|vedi|ascolta|scopri|leggete|guardate) (anche|di più|tutto|qui|pure|il resto|l'articolo)", "(leggi|guarda) (l'articolo completo|il video|le foto|l'intervista|la notizia|la gallery)",
            "(ti |)(potrebbe|potrebbero|può) (interessare|interessarti|anche interessare|anche interessarti)( anche|)", "(per|da) (approfondire|saperne di più|leggere|non perdere)", "(articoli|articolo|notizie|notizia|contenuti|video) (correlati|correlato|correlate|correlata|consigliati|simili)", "(sullo stesso|sul) (argomento|tema)", "continua a leggere",
        ),
        "Leggi anche: Il consiglio rinvia il voto sul porto",
        "Per approfondire: il libro di Rossi sul porto.",
    ),
    Pattern(
        "label_phrase",
        "pt",
        (
            "(leia|veja|ler|ver|saiba|confira|assista|ouça|entenda) (mais|também|ainda|a seguir|aqui)", "(você|você também) (pode|poderá) (gostar|se interessar)", "(notícias|notícia|matéria|matérias|artigos|artigo|conteúdo) (relacionadas|relacionada|relacionados|relacionado)", "(mais|últimas) notícias", "(pode|poderá) (lhe |)interessar", "não perca", "para saber mais",
        ),
        "Leia também: Câmara adia votação sobre o porto",
        "Saiba mais: o porto abre às 9h e fecha às 18h.",
    ),
    Pattern(
        "label_phrase",
        "nl",
        ("(lees|bekijk|kijk|zie|luister|lees hier|lees nu|beluister) (ook|meer|verder|terug|hier)", "meer (lezen|weten|nieuws|over dit onderwerp|hierover)", "(gerelateerd|gerelateerde) (nieuws|artikel|artikelen)", "(dit|deze) vind je misschien ook (leuk|interessant)", "mis niet"),
        "Lees ook: Raad stelt besluit over haven uit",
        "Zie ook: de wet van 1954, artikel 3.",
    ),
    Pattern("label_phrase", "sv", ("(läs|se|lyssna|titta|hör) (också|även|mer|vidare|på)( här|)", "(mer|mera) (om ämnet|i ämnet|att läsa)", "(relaterat|relaterade artiklar)", "läs (hela artikeln|mer om)"),
            "Läs också: Kommunen skjuter upp beslutet om hamnen", "Läs också: det finstilta är viktigt."),
    Pattern("label_phrase", "da", ("(læs|se|hør|lyt) (også|mere|videre|til)( her|)", "(relaterede artikler|relateret)", "mere om emnet"),
            "Læs også: Kommunen udsætter beslutningen om havnen", "Læs også: det med småt er vigtigt."),
    Pattern("label_phrase", "no", ("(les|se|hør|lytt) (også|mer|videre|til)( her|)", "(relaterte saker|relatert)", "mer om saken", "saken fortsetter"),
            "Les også: Kommunen utsetter vedtaket om havnen", "Les også: det med liten skrift er viktig."),
    Pattern("label_phrase", "fi", ("(lue|katso|kuuntele) (myös|lisää|tästä|lisää aiheesta)", "aiheeseen liittyvää", "lisää aiheesta"),
            "Lue myös: Kunta lykkää päätöstä satamasta", "Lue myös: pieni teksti on tärkeä."),
    Pattern("label_phrase", "pl", ("(czytaj|zobacz|przeczytaj|obejrzyj|sprawdź|posłuchaj|polecamy) (także|też|również|więcej|dalej|teraz)", "(więcej|artykuły) (na ten temat|w tym temacie|powiązane)", "(powiązane|polecane|podobne) (artykuły|tematy|wiadomości)"),
            "Czytaj także: Rada odracza uchwałę o porcie", "Czytaj także: drobny druk jest ważny."),
    Pattern("label_phrase", "cs", ("(čtěte|přečtěte si|podívejte se|sledujte|poslechněte si) (také|též|i|více|dále|si)", "(související|podobné) (články|témata|zprávy)", "více k tématu"),
            "Čtěte také: Rada odkládá usnesení o přístavu", "Čtěte také: drobné písmo je důležité."),
    Pattern("label_phrase", "ro", ("(citește|citeşte|citiți|vezi|ascultă|urmărește) (și|şi|mai mult|mai departe|aici)", "(știri|articole) (similare|recomandate|pe aceeași temă)", "pe aceeași temă"),
            "Citește și: Consiliul amână votul pentru port", "Citește și: literele mici sunt importante."),
    Pattern("label_phrase", "hu", ("(olvassa|olvasd|nézze|nézd) (el |meg |)(ezt |)is", "(kapcsolódó|ajánlott) (cikkek|cikk|cikkeink|videó)", "(további|bővebben) (cikkek|részletek|erről)"),
            "Olvassa el ezt is: A tanács elhalasztotta a döntést", "Olvassa el ezt is: az apró betű fontos."),
    Pattern("label_phrase", "tr", ("(ilgili|benzer|önerilen) (haber|haberler|içerikler|video)", "(bunu|bunları) da (oku|okuyun|okuyabilirsiniz|izleyin)", "ayrıca (bakın|okuyun)"),
            "İlgili haber: Meclis liman kararını erteledi", "İlgili haber: küçük yazılar önemlidir."),
    Pattern("label_phrase", "id", ("(baca|simak|lihat|tonton|saksikan|dengarkan) (juga|selengkapnya|pula|lebih lanjut|selanjutnya)", "(berita|artikel|konten|topik) (terkait|lainnya|serupa|pilihan)", "(jangan lewatkan|pilihan redaksi|pilihan editor)"),
            "Baca juga: Dewan Tunda Pemungutan Suara", "Baca juga: huruf kecil itu penting."),
    Pattern("label_phrase", "ru", ("(читайте|смотрите|слушайте) (также|еще|ещё|далее|подробнее)", "(по теме|материалы по теме|ещё по теме|статьи по теме)"),
            "Читайте также: Совет отложил решение о порте", "Читайте также: мелкий шрифт важен."),
    Pattern("label_phrase", "uk", ("(читайте|дивіться|слухайте) (також|ще|далі)", "(за темою|по темі|матеріали за темою)"),
            "Читайте також: Рада відклала рішення про порт", "Читайте також: дрібний шрифт важливий."),
)  # fmt: skip
