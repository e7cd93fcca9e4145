"""How papers ask readers to subscribe, to follow and to share, by language.

LINES are templates of whole lines (see `tasks.clean.forms`); NEWSLETTER and SOCIAL rows are regular expressions of whole
lines. A row needs the paper's imperative with its object, and nothing after it but what such lines go on with, so that
a report on somebody else's newsletter stays.
"""

from tasks.clean.model import Pattern

TRIGGER: tuple[str, ...] = (
    "newsletter", "briefing", "inbox", "mail", "alert", "subscri", "lettre", "nieuwsbrief", "nyhetsbrev",
    "nyhedsbrev", "facebook", "twitter", "instagram", "youtube", "whatsapp", "telegram", "tiktok", "linkedin",
    "threads", "bluesky", "google news", "conversation", " x", "@", "podcast", "app", "correo", "posta", "privacy",
    "updates", "canal", "kanal", "uutiskirje", "рассылк", "розсилк", "hírlevél", "bülten", "bolet",
)  # fmt: skip
"""A line without one of these in lower case is no appeal of NEWSLETTER or SOCIAL."""

_ADJ = r"(?:[\w’'-]+ ){0,5}"
_STOPLESS = r"[^.!?“”\"«»]{0,140}"
_REST = rf"(?:[,:]? (?!was\b|were\b|is\b|said\b|has\b|had\b){_STOPLESS})?"
_TAIL = rf"(?:[,:]? (?:and|to|for|by|here|now|today|at|on|or|with|from|in|every|each|straight|directly|so|below|if)\b{_STOPLESS})?"
_LETTER = r"(?:newsletters?|e-?mails?|e-?mail alerts?|alerts|mailing list|(?:daily|morning|evening|weekly|news)? ?briefings?|bulletins?|digest|updates)"
_PAPER = rf"{_ADJ}(?:paper|newspaper|channel|podcast|magazine)"
_BOLETIN = r"(?:newsletters?|boletín|boletines|boletin|lista de correo|alertas)"
_INFOLETTRE = r"(?:newsletters?|infolettres?|lettres? d['’](?:information|info)|alertes)"
_NEWSBRIEF = r"(?:newsletter|newsletters|infobrief)"

NEWSLETTER: tuple[Pattern, ...] = (
    Pattern(
        "newsletter",
        "en",
        (
            rf"(?:please )?(?:sign up|signup|subscribe|register|sign-up)(?: here| now| today| free| for free)? (?:to|for) (?:our|the|your|this) {_ADJ}{_LETTER}{_TAIL}",
            rf"(?:sign up|subscribe)(?: here| now| today)? (?:to|for) {_ADJ}{_LETTER}(?: here| now| today| below)?",
            rf"(?:get|receive) (?:our|the|your|all the|more) {_ADJ}(?:newsletters?|briefings?|news|stories|headlines|updates|analysis) {_ADJ}(?:delivered |sent |direct |right |straight |directly )?(?:to|in|into|via|by) (?:your )?(?:e-?mail |mail)?(?:inbox|e-?mail|mailbox){_TAIL}",
            rf"(?:get|receive) our {_ADJ}{_LETTER}{_TAIL}",
            rf"(?:join|be part of) (?:our|the) (?:[\w’'-]+ )?(?:mailing list|newsletter|community|email list){_TAIL}",
            rf"(?:don['’]t|never) miss (?:out on |out |a |any |an )?{_ADJ}(?:news|story|stories|updates?|headlines|thing|beat|post)[.!]? (?:subscribe|sign up|register) (?:to|for) (?:our|the) {_ADJ}{_LETTER}{_TAIL}",
            rf"(?:please )?(?:enter|type|add|submit) your e-?mail(?: address)?(?: here| below)?(?: (?:to|and|for|in) {_STOPLESS})?",
            rf"by (?:signing up|subscribing|clicking|submitting|registering|entering|providing){_STOPLESS}(?:you|i) (?:agree|consent|acknowledge|accept|confirm){_STOPLESS}",
            rf"(?:your|this) (?:subscription|e-?mail(?: address)?) (?:could not|can(?:no|['’])t|has been|was|will be) {_STOPLESS}(?:saved|confirmed|sent|shared|published){_STOPLESS}(?:[.!]? please try again(?: later)?)?",
            rf"subscribe (?:now|today|here)(?: to (?:continue|keep) reading| to our {_PAPER}| for {_STOPLESS}| to {_ADJ}(?:get|receive|read){_STOPLESS})?",
            r"subscribe to (?:continue|keep) reading(?: this (?:article|story))?",
            rf"click here to (?:subscribe|sign up|register)(?: (?:to|for) (?:our|the) {_STOPLESS})?",
            rf"want (?:more|the latest|our best){_STOPLESS}\? (?:sign up|subscribe) (?:to|for|here){_STOPLESS}",
            rf"(?:this|our) newsletter (?:is sent|comes out|goes out|lands){_STOPLESS}",
            rf"(?:sign up|subscribe) (?:and|to) (?:get|receive|have) {_STOPLESS}(?:inbox|e-?mail)",
            rf"(?:please )?(?:sign up|subscribe) (?:for|to) {_ADJ}newsletters? and (?:download|get|follow|never|stay) {_STOPLESS}",
            rf"(?:please )?(?:sign up|subscribe) (?:for|to) {_STOPLESS}(?:delivered|sent|direct|straight) {_STOPLESS}(?:inbox|e-?mail)",
            rf"want {_STOPLESS} (?:delivered|sent) {_STOPLESS}inbox\? {_STOPLESS}(?:account|newsletter|sign up|subscribe|log in){_STOPLESS}",
            rf"you['’]re reading (?:the |our ){_ADJ}newsletter[.!]? (?:sign up|subscribe){_STOPLESS}",
            r"get the [\w.'’ -]{2,40} newsletter",
            rf"get (?:all )?(?:the )?(?:latest|hottest|best|top) {_STOPLESS}(?:to|in) your inbox{_STOPLESS}",
            rf"(?:don['’]t miss: )?want to {_STOPLESS}\? (?:sign up|subscribe) (?:to|for) (?:our|the) {_ADJ}{_LETTER}{_TAIL}",
            rf"subscribe to {_STOPLESS} to (?:bookmark|save|continue reading|keep reading|unlock|access) {_STOPLESS}",
            rf"for more {_STOPLESS}, (?:make sure to |please |be sure to )?(?:sign up|subscribe) (?:for|to) (?:our|the) {_ADJ}{_LETTER}{_TAIL}",
            rf"(?:our|local) (?:journalism|reporting|newsroom) (?:needs|depends on|relies on) (?:your|our readers|readers)\b{_STOPLESS}[.!] (?:please )?(?:subscribe|donate|become a member){_STOPLESS}(?:\.\w{{2,4}})?",
        ),
        "Sign up for our free morning newsletter and get the news by seven.",
        "Sign up for our newsletter was all that the page of the vanished company said.",
    ),
    Pattern(
        "newsletter",
        "es",
        (
            rf"(?:suscríb[ea](?:te|se)|suscribite|suscríbete|suscríbase|suscribirse|regístr[ae](?:te|se)|apúnta(?:te)|apúntese|inscríb[ea](?:te|se)|date de alta)(?: aquí| gratis| ya| hoy| ahora)?(?: a| en)? (?:nuestr[oa]s?|la|el|las|los) {_ADJ}{_BOLETIN}{_REST}",
            rf"(?:regístr[ae](?:te|se)|suscríb[ea](?:te|se)|inscríb[ea](?:te|se)|apúntate)(?: gratis)? para recibir {_ADJ}{_BOLETIN}{_REST}",
            rf"recib[ea] (?:gratis )?(?:nuestr[oa]s?|la|el) {_ADJ}{_BOLETIN}{_REST}",
            rf"recib[ea] (?:gratis |cada \w+ )?{_STOPLESS}(?:en|a) (?:tu|su) (?:correo(?: electrónico)?|e-?mail|bandeja de entrada|buzón)(?: {_STOPLESS})?",
        ),
        "Suscríbete a nuestro boletín diario.",
        "La empresa pidió que la gente se suscribiera a nuestro boletín, según la carta.",
    ),
    Pattern(
        "newsletter",
        "fr",
        (
            rf"(?:inscrivez-vous|abonnez-vous|s['’]inscrire|s['’]abonner|inscris-toi|abonne-toi)(?: gratuitement| dès maintenant| ici)? (?:à|aux|pour) ?(?:notre|nos|la|les|recevoir)? ?{_ADJ}{_INFOLETTRE}{_REST}",
            rf"recevez(?: gratuitement| chaque \w+| tous les \w+)? (?:notre|nos|la|les) {_ADJ}{_INFOLETTRE}{_REST}",
            rf"(?:recevez|retrouvez) {_STOPLESS}dans votre (?:boîte (?:mail|e-?mail|de réception|aux lettres)|messagerie|mail)(?: {_STOPLESS})?",
            rf"(?:votre|vos) (?:adresse (?:e-?mail|électronique|mail)|données){_STOPLESS}(?:newsletters?|lettres? d['’]information|utilisée?s?){_STOPLESS}",
        ),
        "Inscrivez-vous à notre newsletter quotidienne",
        "Inscrivez-vous avant lundi à la mairie.",
    ),
    Pattern(
        "newsletter",
        "de",
        (
            rf"(?:abonnieren sie|bestellen sie|abonniere|abonniert|hier können sie|hier kannst du|sie können|jetzt)(?: hier| jetzt| auch)? ?(?:kostenlos )?(?:unseren|den|unsere|zum|für den)? ?{_ADJ}{_NEWSBRIEF}(?: {_ADJ}(?:abonnieren|bestellen|anmelden|lesen|erhalten))?{_REST}",
            rf"(?:melden sie sich|melde dich|tragen sie sich)(?: hier| jetzt| gleich)? (?:für|zu|zum|in) (?:unse(?:ren|rem)|den|dem) {_ADJ}{_NEWSBRIEF}(?: an| ein)?{_REST}",
            rf"(?:jetzt|hier) (?:für|zum|zu) (?:den|unseren|unserem)? ?{_ADJ}{_NEWSBRIEF} (?:anmelden|registrieren)",
            rf"mit (?:unserem|dem) {_ADJ}{_NEWSBRIEF}(?: {_STOPLESS})? (?:bleiben sie|erhalten sie|sind sie|verpassen sie|bekommen sie){_STOPLESS}",
            rf"(?:erhalten sie|bekommen sie|lesen sie) {_STOPLESS}(?:per e-?mail|per mail|in ihr(?:em)? postfach|im newsletter){_REST}",
            rf"{_NEWSBRIEF} (?:abonnieren|bestellen|anmelden)",
        ),
        "Abonnieren Sie unseren kostenlosen Newsletter",
        "Melden Sie sich beim Amt für den Kurs an.",
    ),
    Pattern(
        "newsletter",
        "it",
        (
            rf"(?:iscriviti|iscrivetevi|abbonati|registrati|iscriversi)(?: qui| gratis| gratuitamente| ora| subito)? (?:alla|alle|per ricevere la|per ricevere le|per ricevere) ?(?:nostra|nostre)? ?{_ADJ}newsletter{_REST}",
            rf"(?:ricevi|ricevete) (?:gratis |ogni \w+ )?(?:la|le|la nostra|le nostre) {_ADJ}newsletter{_REST}",
            rf"(?:ricevi|ricevete) {_STOPLESS}nella (?:tua|vostra) (?:casella (?:di posta|e-?mail|mail)|posta|mail)(?: {_STOPLESS})?",
        ),
        "Iscriviti alla nostra newsletter",
        "Iscriviti, gli disse la madre, o resti a casa.",
    ),
    Pattern(
        "newsletter",
        "pt",
        (
            rf"(?:assine|receba|inscreva-se|cadastre-se|subscreva|registe-se)(?: aqui| já| grátis| gratuitamente)?(?: n?[ao]s?| em| para receber| pela)? ?(?:nossas?|nossos?|a|as)? ?{_ADJ}(?:newsletters?|boletim|boletins){_REST}",
            rf"receba {_STOPLESS}(?:no|em|por) (?:seu |teu )?e-?mail(?: {_STOPLESS})?",
        ),
        "Assine nossa newsletter",
        "Assine aqui, disse o tabelião, e ele assinou.",
    ),
    Pattern(
        "newsletter",
        "nl",
        (
            rf"(?:meld je|meld u|schrijf je|schrijf u|abonneer je|abonneer u)(?: hier| nu)?(?: gratis)? (?:aan|in|op)?(?: voor| op)? ?(?:onze|de|het) {_ADJ}(?:nieuwsbrief|nieuwsbrieven|newsletter)(?: aan| in)?{_REST}",
            rf"ontvang (?:onze|de|elke \w+) {_ADJ}(?:nieuwsbrief|nieuws){_REST}",
        ),
        "Meld je aan voor onze dagelijkse nieuwsbrief",
        "Schrijf u in voor het examen, zei de leraar.",
    ),
    Pattern("newsletter", "sv", (rf"(?:prenumerera|anmäl dig|skriv upp dig)(?: gratis| här| nu)? (?:på|till|för) (?:vårt|våra|nyhets)\w* ?{_ADJ}(?:nyhetsbrev\w*)?{_REST}",),
            "Prenumerera på vårt nyhetsbrev", "Anmäl dig till kursen före måndag."),
    Pattern("newsletter", "da", (rf"(?:tilmeld dig|abonnér på|skriv dig op til)(?: gratis| her| nu)? (?:vores|til vores) {_ADJ}nyhedsbrev\w*{_REST}",),
            "Tilmeld dig vores nyhedsbrev", "Tilmeld dig kurset før mandag."),
    Pattern("newsletter", "no", (rf"(?:meld deg på|abonner på|få)(?: gratis| her| nå)? (?:vårt|våre|vår) {_ADJ}nyhetsbrev\w*{_REST}",),
            "Meld deg på vårt nyhetsbrev", "Meld deg på kurset før mandag."),
    Pattern("newsletter", "fi", (rf"(?:tilaa|liity)(?: ilmainen| maksuton)? {_ADJ}uutiskirj\w+{_REST}",),
            "Tilaa uutiskirjeemme", "Tilaa uusi passi ajoissa."),
    Pattern("newsletter", "pl", (rf"(?:zapisz się|zapisz sie|subskrybuj|zamów)(?: teraz| już dziś)? ?(?:do|na)? ?(?:nasz\w*|naszego)? ?{_ADJ}newsletter\w*{_REST}",),
            "Zapisz się na nasz newsletter", "Zapisz się na kurs przed poniedziałkiem."),
    Pattern("newsletter", "id", (rf"(?:berlangganan|daftar|ikuti|dapatkan)(?: di| ke| untuk)? ?{_ADJ}(?:newsletter|buletin|nawala)(?: kami| harian)?{_REST}",
                                 rf"dapatkan {_STOPLESS}(?:di|ke|lewat|melalui) (?:email|e-mail|kotak masuk|surel)(?: anda| kamu|mu)?(?: {_STOPLESS})?"),
            "Berlangganan newsletter kami", "Daftar calon itu kosong."),
)  # fmt: skip

_NETWORKS = (
    r"(?:facebook|facebooku|facebookie|twitter|twitterze|x|instagram|instagramie|tiktok|youtube|telegram|whatsapp|linkedin|threads|bluesky|mastodon|google (?:news|noticias|notícias|actualités)"
    r"|flipboard|viber|pinterest|reddit|messenger|snapchat|spotify|google)"
)
_AND = r"(?:,| and|, and| or| &| y| et| und| e| en| och| og| i| dan| o|/) ?"
_LIST = rf"(?:our |us |nuestr[oa] |notre |unserem |la nostra |nosso )?(?:{_NETWORKS})(?: (?:page|channel|account|feed|group))?(?:{_AND}{_NETWORKS}){{0,6}}"
_HANDLE = r"(?: (?:for|to|and|at|@|so|or)[^.!?“”\"]{0,100}|: ?[^!?\s]{1,80}|,? @\w{1,30})?"
_CHANNEL = r"(?:canal|grupo|comunidad|channel|group|community|chaîne|canale|gruppo|kanal|kanaal|saluran|kanał)"

SOCIAL: tuple[Pattern, ...] = (
    Pattern(
        "social",
        "en",
        (
            rf"follow (?:the )?[\w’'&. -]{{2,60}} on (?:facebook|twitter|x|instagram|tiktok|threads|bluesky|youtube|snapchat|whatsapp|linkedin|telegram)(?: ?,| and\b|$){_STOPLESS}",
            rf"(?:please )?(?:follow|like|find|join|connect with|add|watch|visit|tag|message|chat with|contact) (?:us|our \w+(?: \w+)?) (?:on|at|in|via) {_LIST}{_HANDLE}",
            rf"(?:follow|like|visit|check out) (?:[\w’'&.-]+ ){{1,4}}on {_LIST}{_HANDLE}",
            rf"follow @?\w{{2,30}}(?: on {_LIST})?{_HANDLE}",
            rf"(?:follow|get) (?:our|all our|all the|the) {_ADJ}(?:coverage|updates|news|stories|reporting) (?:on|via) {_LIST}{_HANDLE}",
            rf"(?:click here to )?(?:subscribe to|join|follow) (?:our|the) {_ADJ}(?:{_NETWORKS}) (?:channel|group|community|page|account){_REST}",
            rf"subscribe to our {_ADJ}(?:channel|podcast){_REST}",
            rf"(?:click to )?(?:share|tweet|post|pin)(?: (?:this|it|the|via))?(?: (?:article|story|post|page|news))?(?: (?:on|via|to|with|by) (?:{_LIST}|e-?mail)){_HANDLE}",
            rf"(?:join|start|be part of) the (?:conversation|discussion|debate)(?: (?:in the comments|below|on {_LIST}|at|here|and|with|by)\b{_STOPLESS})?",
            r"(?:download|get) our (?:free |new |official |mobile |news )?app(?: (?:for|to|on|from|now|here|today)[^.!?“”\"]{0,100})?",
            r"(?:email|e-mail|contact|write to|reach) (?:the (?:author|reporter|writer)|us) (?:at|via|on) \S+@\S+",
        ),
        "Follow us on Facebook and Instagram for more news.",
        "“Follow us on Instagram,” the banner over the empty shop still reads.",
    ),
    Pattern(
        "social",
        "es",
        (
            rf"(?:sígu[ea]nos|síganos|seguinos|seguí?nos|síguenos|búscanos|encuéntranos|sigue(?:nos)?|sigue a [\w ]{{2,30}}|sigue toda la (?:información|actualidad)(?: de [\w ]{{2,30}})?) (?:también )?(?:en|a través de) (?:nuestro |nuestra |nuestras |nuestros )?(?:redes sociales|cuenta de |página de |canal de )?(?:{_LIST})?{_REST}",
            rf"(?:únete|unite|súmate|sumate|suscríbete|entra|accede) (?:a|al|en) (?:nuestr[oa] )?{_CHANNEL} (?:de|en) {_NETWORKS}{_REST}",
            rf"(?:compartir|comparte|comparta)(?: (?:esta noticia|este artículo|esta nota|la noticia))? (?:en|por|vía) {_LIST}",
        ),
        "Síguenos en Facebook y Twitter",
        "Síguenos en el camino que lleva al puerto, decía el cartel de los peregrinos.",
    ),
    Pattern(
        "social",
        "fr",
        (
            rf"(?:suivez-nous|retrouvez-nous|rejoignez-nous|abonnez-vous|suivez|retrouvez) ?(?:(?:toute |toutes |)(?:l['’]actualité|nos actualités|l['’]info|nous|notre page|notre compte)(?: de [\w ]{{2,30}})?)? ?(?:aussi |également )?sur (?:notre (?:page|chaîne|compte) |nos )?{_LIST}{_REST}",
            rf"(?:rejoignez|suivez|intégrez) (?:notre|la) (?:chaîne|groupe|communauté|page) {_NETWORKS}{_REST}",
            rf"(?:partager|partagez)(?: (?:cet article|l['’]article))? (?:sur|par|via) (?:{_LIST}|e-?mail)",
        ),
        "Suivez-nous sur Facebook et Instagram",
        "Suivez-nous sur le chemin du port, dit le guide.",
    ),
    Pattern(
        "social",
        "de",
        (
            rf"(?:folgen sie uns|folge uns|folgt uns|besuchen sie uns|finden sie uns|sie finden uns) (?:auch |jetzt )?(?:auf|bei|über) (?:unserem |unserer )?{_LIST}{_REST}",
            rf"(?:jetzt |hier )?(?:unserem|unseren|den|dem) {_ADJ}(?:{_NETWORKS})[- ](?:kanal|channel|account|gruppe) (?:folgen|abonnieren|beitreten)",
            rf"(?:folgen|abonnieren) sie (?:unserem|unseren) (?:{_NETWORKS})[- ](?:kanal|channel)",
            rf"(?:diesen artikel |artikel )?(?:auf|bei|per|via|über) (?:{_LIST}|e-?mail) teilen",
        ),
        "Folgen Sie uns auf Facebook und Instagram",
        "Folgen Sie uns auf dem Weg in den Keller, sagte der Wirt.",
    ),
    Pattern(
        "social",
        "it",
        (
            rf"(?:seguici|ci trovi|seguiteci|segui [\w ]{{2,30}}?) (?:anche )?(?:su|sui|sulla nostra pagina) (?:nostri canali |nostri )?{_LIST}{_REST}",
            rf"(?:unisciti|iscriviti|entra|unitevi) (?:al|nel|alla) (?:nostro |nostra )?{_CHANNEL} {_NETWORKS}{_REST}",
            rf"(?:condividi|condividere)(?: (?:questo articolo|l['’]articolo))? (?:su|via|tramite) {_LIST}",
        ),
        "Seguici su Facebook e Instagram",
        "Seguici su per la collina, gridò la guida.",
    ),
    Pattern(
        "social",
        "pt",
        (
            rf"(?:siga-nos|siga a gente|nos siga|curta-nos|siga o [\w ]{{2,30}}|acompanhe-nos|siga) (?:também )?(?:no|na|em|pelo) (?:nosso |nossa )?{_LIST}{_REST}",
            rf"(?:entre|participe|siga|junte-se|inscreva-se) (?:n?[ao]|do|da)? ?(?:nosso|nossa) {_CHANNEL} (?:do|de|no) {_NETWORKS}{_REST}",
            rf"(?:compartilhar|compartilhe|partilhar|partilhe)(?: (?:esta notícia|este artigo|esta matéria))? (?:no|na|por|via|em) (?:{_LIST}|e-?mail)",
        ),
        "Siga-nos no Instagram e YouTube",
        "Siga-nos no caminho, pediu o guia.",
    ),
    Pattern(
        "social",
        "nl",
        (
            rf"(?:volg ons|vind ons|volg [\w ]{{2,30}}?) (?:ook )?(?:op|via) {_LIST}{_REST}",
            rf"(?:volg|abonneer je op|word lid van) (?:ons|onze) (?:{_NETWORKS})[- ](?:kanaal|groep|pagina){_REST}",
            rf"(?:deel|delen)(?: (?:dit artikel|dit bericht))? (?:op|via) (?:{_LIST}|e-?mail)",
        ),
        "Volg ons op Facebook en Instagram",
        "Volg ons op de voet, schreef de ploeg.",
    ),
    Pattern("social", "sv", (rf"(?:följ oss|gilla oss|hitta oss) (?:också |även )?på {_LIST}{_REST}", rf"dela(?: artikeln| den här artikeln)? (?:på|via) {_LIST}"),
            "Följ oss på Facebook", "Följ oss på vägen till hamnen, sade guiden."),
    Pattern("social", "da", (rf"(?:følg os|find os) (?:også )?på {_LIST}{_REST}", rf"del(?: artiklen)? på {_LIST}"),
            "Følg os på Facebook", "Følg os på vejen til havnen, sagde guiden."),
    Pattern("social", "no", (rf"(?:følg oss|finn oss) (?:også )?på {_LIST}{_REST}", rf"del(?: artikkelen| saken)? på {_LIST}"),
            "Følg oss på Facebook", "Følg oss på veien til havnen, sa guiden."),
    Pattern("social", "fi", (rf"(?:seuraa meitä|tykkää meistä) (?:{_NETWORKS})\w*{_REST}",),
            "Seuraa meitä Instagramissa", "Seuraa meitä satamaan, opas sanoi."),
    Pattern("social", "pl", (rf"(?:śledź nas|obserwuj nas|polub nas|znajdź nas|dołącz do nas) (?:też |także )?(?:na|w) {_LIST}{_REST}", rf"udostępnij(?: artykuł| ten artykuł)? (?:na|przez) {_LIST}"),
            "Obserwuj nas na Instagramie", "Śledź nas na drodze do portu, mówił przewodnik."),
    Pattern("social", "cs", (rf"(?:sledujte nás|najdete nás) (?:také |i )?na {_LIST}\w*{_REST}",),
            "Sledujte nás na Facebooku", "Sledujte nás na cestě do přístavu, řekl průvodce."),
    Pattern("social", "id", (rf"(?:ikuti|follow|like|temukan|simak) (?:kami|kita|akun kami|[\w ]{{2,30}}?) (?:juga )?(?:di|lewat|melalui) {_LIST}{_REST}",
                             rf"(?:bergabung|gabung|ikuti|join) (?:dengan |di |ke )?(?:kanal|grup|saluran|channel) {_NETWORKS}{_REST}",
                             rf"(?:bagikan|sebarkan)(?: artikel ini| berita ini)? (?:di|ke|lewat) {_LIST}"),
            "Ikuti kami di Facebook dan Twitter", "Ikuti kami di jalan menuju pelabuhan, kata pemandu."),
)  # fmt: skip

LINES: tuple[Pattern, ...] = (
    Pattern(
        "share_line",
        "en",
        (
            "(share|tweet|print|save|bookmark|email|copy|like) (this|this article|this story|this post|this page|article|story|post|page|link|the link)", "(share|copy) (this |the |)(link|url|article link)( to clipboard|)",
            "(share|tweet)( on| via| to|) (facebook|twitter|x|linkedin|whatsapp|email|reddit|telegram|pinterest)", "(click to |)(share|print|email)", "(share|gift) (full |this |)article", "(join the|follow the) conversation( in the comments|)( below|)", "(listen|subscribe) (on|to) (apple podcasts|spotify)", "link copied( to clipboard|)", "(leave|post|add) a comment", "show (full |)(articles|more sharing options|comments)", "follow us( on social media| on socials|)", "subscribe( now| today|)", "sign up( now| here|)", "log in( to comment| to continue|)", "create (a free |an |)account",
        ),
        "Share this article",
        "Share this article with a friend, the teacher had written under it.",
    ),
    Pattern("share_line", "es", ("(compartir|comparte|comparta)( esta| este| la| el|) (noticia|artículo|nota|publicación|contenido)", "(copiar|copia) (el |)enlace", "(compartir|imprimir|guardar|enviar por (correo|email))", "(suscríbete|suscríbase|iniciar sesión|regístrate)( ahora| gratis|)", "únete a la conversación"),
            "Comparte esta noticia", "Comparte este artículo de fe con su padre."),
    Pattern("share_line", "fr", ("(partager|partagez|imprimer|sauvegarder|offrir)( cet | l'| )(article|contenu)", "(partager|copier)( le lien|)", "(s'abonner|se connecter|abonnez-vous)", "(réagir|commenter|lire les commentaires)"),
            "Partager cet article", "Partager cet article de foi leur coûta cher."),
    Pattern("share_line", "de", ("(diesen |den |)(artikel|beitrag|link) (teilen|drucken|merken|kopieren|versenden|verschenken|anhören|empfehlen)", "(teilen|drucken|merken|kommentieren|feedback)", "(jetzt |)(abonnieren|anmelden|einloggen)", "(zur|zum) (startseite|merkliste hinzufügen)"),
            "Artikel teilen", "Artikel teilen wollte er nicht."),
    Pattern("share_line", "it", ("(condividi|stampa|salva|copia)( questo articolo| l'articolo| il link| link| notizia|)", "(abbonati|accedi|registrati)( ora| subito|)", "(lascia|scrivi) un commento"),
            "Condividi questo articolo", "Condividi questo articolo, gli chiese, e tacque."),
    Pattern("share_line", "pt", ("(compartilhe|compartilhar|partilhe|partilhar)( esta| este| a| o|) (notícia|matéria|artigo|publicação|reportagem)", "(compartilhar|compartilhe|copiar link|copiar o link)", "(assine|entrar|cadastre-se)( já| agora|)"),
            "Compartilhe esta notícia", "Compartilhe esta matéria de fé com ela."),
    Pattern("share_line", "nl", ("(deel|print|bewaar)( dit| het|) (artikel|bericht|verhaal|nieuws)", "(delen|kopieer link|link kopiëren|reageer|reageren)", "(abonneer|inloggen|log in)( nu|)"),
            "Deel dit artikel", "Deel dit artikel met niemand, stond er."),
    Pattern("share_line", "sv", ("dela( artikeln| artikel| nyheten|)", "(kopiera länk|kopiera länken|skriv ut|logga in)"), "Dela artikeln", "Dela artikeln med ingen, stod det."),
    Pattern("share_line", "da", ("del( artiklen| artikel|)", "(kopiér link|udskriv|log ind)"), "Del artiklen", "Del artiklen med ingen, stod der."),
    Pattern("share_line", "no", ("del( artikkelen| saken|)", "(kopier lenke|skriv ut|logg inn)"), "Del saken", "Del saken med ingen, sto det."),
    Pattern("share_line", "fi", ("jaa( artikkeli| juttu|)", "(kopioi linkki|tulosta)"), "Jaa artikkeli", "Jaa artikkeli kahtia, hän sanoi."),
    Pattern("share_line", "pl", ("(udostępnij|podziel się)( ten| tym|) (artykuł|artykułem)", "(udostępnij|kopiuj link|skopiuj link|drukuj|zaloguj się)"), "Udostępnij ten artykuł", "Udostępnij ten artykuł, prosił, i zamilkł."),
    Pattern("share_line", "cs", ("(sdílet|sdílejte)( článek| tento článek|)", "(kopírovat odkaz|tisknout|přihlásit se)"), "Sdílet článek", "Sdílet článek nechtěl."),
    Pattern("share_line", "id", ("(bagikan|sebarkan)( artikel| berita| artikel ini| berita ini|)", "(salin tautan|salin link|cetak|masuk)"), "Bagikan artikel ini", "Bagikan artikel ini, pintanya, lalu ia diam."),
    Pattern("share_line", "ru", ("(поделиться|поделитесь)( статьей| новостью|)", "(скопировать ссылку|распечатать)"), "Поделиться", "Поделиться он не захотел."),
)  # fmt: skip
