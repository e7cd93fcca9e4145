"""Headings over lists of other articles, by language, as templates (see `tasks.clean.forms`): whole lines only.

Every label of `tasks.clean.words.promos.PHRASE` is a heading too.
"""

from tasks.clean.model import Pattern

HEADING: tuple[Pattern, ...] = (
    Pattern(
        "heading",
        "en",
        (
            "related", "related (video|videos|story|stories|article|articles|news|post|posts|content|coverage|topic|topics|link|links|reading|tags|gallery|galleries|slideshows)", "more related stories", "(read|watch|see|show|load|view) (more|less|also|next|here|more here|more videos|more stories|more comments|all comments|comments|all)",
            "more (stories|news|videos|articles|headlines|from this section|from this topic|from this author|on this story|on this topic|to read|coverage|like this|to explore|top stories|from us|in this section|for you)", "(most|more) (read|popular|viewed|watched|shared|commented|recent|recent stories|emailed)", "(trending|popular) (now|stories|news|topics|videos|today|this week|articles|)",
            "(top|latest|recent|recommended|featured|suggested|breaking|other|similar|popular|latest top|big) (stories|news|videos|articles|headlines|reads|reading|posts|picks|for you|links)", "(editor's|editors'|editors) (pick|picks|choice)",
            "(the |)latest", "you (may|might|could) (also |)(like|enjoy|be interested in|have missed)", "(what|where) to (read|watch) next", "up next", "next up", "don't miss( it| this|)", "in case you missed it", "also (read|watch|on|see)", "from (the archives|around the web|our partners|our network)", "sponsored stories", "promoted stories", "paid content",
            "recommended( for you| by| stories|)", "click (here |)(to|for) (read |see |)more", "click here", "continue reading( here|)", "keep reading", "skip (to|past) (main content|newsletter promotion|next story)", "(view|leave|post|read) (a |the |)(comment|comments)", "comments", "advertise with us", "top stories today", "must (reads|watch|read)", "story continues", "article topics", "in this (article|story)", "watch (more|now|live|video|the video)", "play video", "listen to (this|the) (article|story)", "read full (article|story)", "about the author", "people (are|were) also reading", "explore more( on these topics| topics|)", "topics( in this (article|story)|)", "recommended stories list of (2|3|4|5) items", "list of (2|3|4|5) items", "end of list",
        ),
        "RELATED VIDEOS",
        "Most read the notice twice.",
    ),
    Pattern(
        "heading",
        "es",
        (
            "(noticias|notas|artículos|contenidos|contenido|videos|video|vídeos|temas|enlaces|historias|notas) (relacionadas|relacionados|relacionado|destacadas|destacados|recomendadas|recomendados)", "(lo|las|los) (más|mas) (leído|leídas|leídos|visto|vistas|vistos|comentado|compartido|reciente|noticias|popular|destacado)",
            "(más|últimas|otras) (noticias|información|sobre este tema|historias|notas|en esta sección|artículos|de esta sección)", "(también |)(te|le|les) (puede|podría) interesar", "(te|le|les) recomendamos", "recomendado(s|) para (ti|usted)", "recomendados", "archivado en", "(ver|mostrar|cargar) (más|comentarios|también|todo)", "(seguir|sigue) leyendo", "no te pierdas", "comentarios", "temas", "(últimas|última) (hora|noticias)",
        ),
        "Noticias relacionadas",
        "Más información tendrán los vecinos el lunes.",
    ),
    Pattern(
        "heading",
        "fr",
        (
            "(articles|contenus|sujets|vidéos|vidéo|thèmes|dossiers) (liés|associés|associées|associée|similaires|recommandés|recommandées|connexes|les plus lus)", "(les |nos |)(articles |vidéos |)les? ?plus (lus|lues|vus|vues|récents|partagés|commentés|consultés)", "les (articles |vidéos |)(plus|plus) (lus|lues|vues|récents|partagés|commentés|consultés)", "(nos |les |)(derniers|dernières|autres) (articles|actualités|vidéos|infos)", "(dans|sur) (la même rubrique|le même thème|le même sujet|ce sujet|ce thème|cet article)",
            "(recommandé|recommandés|sélectionné|suggéré) pour vous", "vous (aimerez|pourriez) (aussi|également|aimer|aussi aimer)", "(pour|et) aller plus loin", "à (lire|voir|ne pas manquer|découvrir)( aussi| également|)", "(lire|voir) (plus|tous les articles|tous les commentaires|les commentaires|la suite)", "l'essentiel", "le plus lu", "la rédaction vous conseille", "commentaires", "thématiques( associées|)", "plus d'(articles|actualités|infos)", "à la une",
        ),
        "Sur le même sujet",
        "Sur le même sujet, le maire est resté muet.",
    ),
    Pattern(
        "heading",
        "de",
        (
            "(die |)(meistgelesen|meistgelesene|meistgelesenen|meistgeklickt|meistkommentiert|beliebt|beliebte|beliebteste|neueste|aktuelle|weitere|ähnliche|verwandte|passende|empfohlene|mehr) (artikel|themen|meldungen|nachrichten|beiträge|videos|inhalte|news|texte|links)", "meistgelesen", "meistgeklickt", "mehr (zum thema|lesen|aus dem ressort|aus|artikel|anzeigen|laden|dazu|aus diesem ressort|von uns)", "(lesen sie|lies) (auch|mehr|mehr zum thema|mehr dazu)", "(video|videos|bilder|fotos|links|artikel) zum (thema|artikel)", "auch interessant", "zum thema", "weiterlesen", "(empfehlungen|empfohlen) (der redaktion|für sie|für dich|)", "das könnte (sie|dich) (auch |)interessieren", "(kommentare|schlagworte|themen|startseite|zur startseite)", "aus dem ressort", "top-themen", "neueste", "das beste aus",
        ),
        "Mehr zum Thema",
        "Mehr zum Thema wollte sie nicht sagen.",
    ),
    Pattern(
        "heading",
        "it",
        (
            "(articoli|notizie|contenuti|video|temi|argomenti|articolo|post) (correlati|correlate|correlato|consigliati|consigliate|simili|collegati|più letti|recenti|suggeriti)", "(i|le|gli) (più|articoli più|notizie più|video più) (letti|lette|visti|viste|commentati|condivisi|recenti)", "(altre|ultime|ultim'ora|tutte le) (notizie|news)", "(ti |)(potrebbe|potrebbero) (interessarti|interessare|anche interessarti|interessarti anche|interessare anche)", "(consigliati|consigliato|raccomandati|scelti) per (te|voi)", "(sullo stesso|nello stesso) (argomento|tema)", "(per|da) approfondire", "(leggi|guarda|vedi|mostra) (anche|tutto|altro|altri|di più|commenti)", "da non perdere", "commenti", "in primo piano", "argomenti",
        ),
        "Articoli correlati",
        "I più letti erano i gialli.",
    ),
    Pattern(
        "heading",
        "pt",
        (
            "(notícias|matérias|artigos|conteúdo|conteúdos|vídeos|vídeo|temas|tópicos) (relacionadas|relacionados|relacionado|recomendadas|recomendados)", "(as |os |)mais (lidas|lidos|vistas|vistos|acessadas|comentadas|recentes|populares)", "(mais|últimas|outras) (notícias|notícias sobre|vídeos|sobre este assunto)", "(leia|veja|saiba|ver|ler|confira) (mais|também|tudo)", "recomendad(o|a|os|as) para você", "(você pode|poderá) (gostar|também gostar)", "em destaque", "comentários", "continue lendo", "não perca",
        ),
        "Notícias relacionadas",
        "Mais lidas foram as cartas do poeta.",
    ),
    Pattern(
        "heading",
        "nl",
        (
            "(gerelateerde|aanbevolen|populaire|recente|meer|andere|meest gelezen|soortgelijke|verwante) (artikelen|artikels|onderwerpen|berichten|nieuws|video's|verhalen|video)", "gerelateerd( nieuws|)", "(meest|best) (gelezen|bekeken|populair|recent)", "meer (nieuws|over dit onderwerp|lezen|hierover|uit deze rubriek|laden|van|video's)", "(lees|zie|bekijk|kijk) (ook|meer|verder|alles)", "aanbevolen( voor jou| voor u|)", "net binnen", "reacties", "trending", "laatste nieuws", "ook interessant", "onderwerpen",
        ),
        "Gerelateerde artikelen",
        "Meest gelezen werd het boek in Gent.",
    ),
    Pattern("heading", "sv", ("(relaterade|rekommenderade|liknande|fler|senaste) (artiklar|nyheter|ämnen|texter)", "mest (läst|lästa|sett|delat)", "(läs|se) (mer|också|även)", "mer (om ämnet|i ämnet|från|nyheter)", "senaste nytt", "ämnen i artikeln", "rekommenderat"),
            "Mest läst", "Mest läst blev boken i Lund."),
    Pattern("heading", "da", ("(relaterede|anbefalede|lignende|flere|seneste) (artikler|nyheder|emner)", "mest (læste|læst|sete|sete)", "(læs|se) (mere|også)", "mere om emnet", "seneste nyt"),
            "Mest læste", "Mest læst blev bogen i Ribe."),
    Pattern("heading", "no", ("(relaterte|anbefalte|lignende|flere|siste) (saker|artikler|nyheter|emner)", "mest (lest|leste|sett)", "(les|se) (mer|også)", "mer om saken", "siste nytt"),
            "Mest lest", "Mest lest ble boken i Voss."),
    Pattern("heading", "fi", ("(lisää|uusimmat|suosituimmat) (aiheesta|uutiset|jutut)", "luetuimmat( jutut| uutiset|)", "lue (myös|lisää)", "aiheeseen liittyvää", "suosittelemme"),
            "Luetuimmat", "Luetuimmat kirjat olivat dekkareita."),
    Pattern("heading", "pl", ("(powiązane|polecane|podobne|najnowsze|inne|ostatnie) (artykuły|tematy|wiadomości|materiały|wideo)", "(najczęściej|najchętniej) (czytane|oglądane|komentowane)", "najpopularniejsze", "(czytaj|zobacz) (także|też|również|więcej|dalej)", "polecamy", "więcej na ten temat", "komentarze", "tematy"),
            "Polecane artykuły", "Najczęściej czytane są kryminały."),
    Pattern("heading", "cs", ("(související|podobné|doporučené|nejnovější|další) (články|témata|zprávy|obsah)", "nejčtenější( články| zprávy|)", "(čtěte|přečtěte si) (také|více|dále)", "mohlo by vás zajímat", "více k tématu", "diskuse"),
            "Související články", "Nejčtenější jsou detektivky."),
    Pattern("heading", "ro", ("(știri|articole) (similare|recomandate|pe aceeași temă|recente)", "cele mai (citite|noi|populare)( știri| articole|)", "(citește|vezi) (și|mai mult|mai multe)", "recomandări", "ultimele știri", "te-ar putea interesa( și|)"),
            "Cele mai citite", "Cele mai citite sunt romanele."),
    Pattern("heading", "hu", ("(kapcsolódó|ajánlott|további|legfrissebb) (cikkek|cikkeink|hírek|tartalmak|videók)", "(legolvasottabb|legnézettebb|legfrissebb)( cikkek| hírek|)", "ez is érdekelheti?", "ajánlataink", "hozzászólások"),
            "Kapcsolódó cikkek", "A legolvasottabb könyv a krimi."),
    Pattern("heading", "tr", ("(ilgili|benzer|önerilen|son|diğer) (haberler|haber|içerikler|konular|videolar)", "en çok (okunan|okunanlar|izlenen|izlenenler|konuşulanlar)", "(bunlar da ilginizi çekebilir|ilginizi çekebilir)", "son dakika", "yorumlar"),
            "İlgili haberler", "En çok okunan kitap bir polisiyeydi."),
    Pattern("heading", "id", ("(berita|artikel|topik|video|konten) (terkait|lainnya|terpopuler|terbaru|pilihan|rekomendasi|populer|terkini)", "(terpopuler|terkini|terbaru|populer|rekomendasi)", "(baca|lihat|simak) (juga|selengkapnya|lainnya|semua)", "(pilihan|rekomendasi) (editor|redaksi|untuk anda|untukmu)", "paling (banyak dibaca|populer)", "(komentar|tag terkait)"),
            "Berita terkait", "Terpopuler di antaranya adalah novel."),
    Pattern("heading", "ru", ("(материалы|новости|статьи|ещё|еще) по теме", "(самое|самые) (читаемое|популярное|читаемые|обсуждаемое)", "читайте (также|далее|ещё|еще)", "(последние|главные|другие) новости", "рекомендуем", "популярное", "комментарии"),
            "Материалы по теме", "Самое читаемое в городе — детективы."),
    Pattern("heading", "uk", ("(матеріали|новини|статті) (за темою|по темі)", "(найпопулярніше|найчитаніше|популярне)", "читайте (також|далі|ще)", "(останні|головні|інші) новини", "рекомендуємо", "коментарі"),
            "Матеріали за темою", "Найчитаніше в місті — детективи."),
)  # fmt: skip
