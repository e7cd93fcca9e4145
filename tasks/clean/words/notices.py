"""What papers say of an article at its begin or end, by language: where it came from, who wrote it, whose it is.

Each row is a regular expression of one whole sentence; `{name}`, `{names}`, `{mail}` and `{handle}` stand for the forms in
`tasks/clean/notices.py`. Letter case counts only in names.
"""

from tasks.clean.model import Pattern

TRIGGER: tuple[str, ...] = (
    "©", "copyright", "rights reserved", "originally", "appeared", "publish", "posted", "print edition",
    "original", "reprint", "permission", "contribut", "reporting", "reported from", "reached", "contact", "mail",
    "follow", "@", "commission", "affiliate", "compensation", "comments", "podcast", "listen", "provided by",
    "produced by", "edited by", "materials", "note:", "publicad", "publicó", "derechos", "colabor", "publié",
    "droits", "contribué", "erschien", "veröffentlicht", "rechte", "mitarbeit", "pubblicat", "diritti",
    "collaborat", "gepubliceerd", "verscheen", "rechten", "publicera", "publicer", "publiser", "julkaist",
    "opublikow", "prawa", "direitos", "editing", "edited", "condensed", "expressed", "not own", "for more",
    "let us know", "tell us", "have your say", "sound off", "share your", "independently", "partnership",
    "our standards", "information from", "updated", "original written",
)  # fmt: skip
"""A paragraph without one of these in lower case holds no notice."""

_PIECE = r"(?:story|article|piece|post|column|essay|op-?ed|interview|excerpt|commentary)"
_TAIL = (
    r"(?!.{0,200}\b(?:said|says|and (?:was|made|has|is|became|won|sold|had|then) (?!republished|reprinted|reposted|used|shared|posted)))"
    r"[^?!]{0,240}"
)
_TITLE = r"(?: ['\"“‘].{1,140}['\"”’],?)?"

_TEXT = "The council met on Monday.\n\nThe vote was close.\n\nThe ferry left at noon.\n\n"

NOTICES: tuple[Pattern, ...] = (
    Pattern(
        "origin",
        "en",
        (
            rf"this {_PIECE}{_TITLE} (?:was |has been |is )?(?:originally|first|previously) (?:published|appeared|posted|ran|republished) (?:on|in|at|by|with|under|here)\b{_TAIL}",
            r"this (?:story|article) (?:was )?originally published (?:\w+ ){0,2}[\d,: apm-]{4,40}",
            rf"this {_PIECE} (?:appeared|appears|ran|was published) (?:in|on) [^?!]{{0,80}}\b(?:print|edition|issue|section)\b{_TAIL}",
            rf"(?:it (?:was |is )|and (?:is|was) )?(?:originally published|republished|reprinted|cross-?posted|excerpted|adapted) (?:here )?(?:on|in|by|as|from|with|under)\b{_TAIL}",
            rf"(?:read|see) the original (?:{_PIECE}|version) (?:on|at|in|here)\b[^?!]{{0,80}}",
            r"(?:material|content)s? (?:is |are )?provided by [^?!]{3,100}",
            r"original written by [^?!]{3,100}",
            r"(?:includes|with) information from (?:the )?[^?!.]{3,60}",
            r"(?:by|posted on by) {names}",
            r"by \w+\.? \d{1,2},? \d{4}",
            r"(?:published|updated|posted|last updated|first published)(?: on| at|:)? (?:\w+\.? \d{1,2},? \d{4}|\d{1,2}\.? \w+ \d{4})[^?!]{0,30}",
        ),
        _TEXT + "This article originally appeared in the spring issue of Harbour Magazine.",
        _TEXT + "This story was first published in 1843 and made its author rich.",
    ),
    Pattern(
        "contact",
        "en",
        (
            r"(?:staff writer |reporter |columnist )?{name}(?: and {name})? (?:can|may) (?:also )?be (?:reached|contacted|emailed|followed)\b[^?!]{0,80}(?:{mail}|{handle})[^?!]{0,140}",
            r"(?:you can |to )?(?:contact|reach|e-?mail|follow) (?:{name}|(?:the )?(?:reporter|writer|author|columnist|staff writer)(?: {name})?|him|her|them|me) (?:at|on|via|by)\b[^?!]{0,60}(?:{mail}|{handle})[^?!]{0,160}",
            r"(?:e-?mail|twitter|x|instagram)(?: {name})?(?: at)?: ?(?:{mail}|{handle})",
            r"follow (?:{name}|him|her|them|me|us) on (?:x|twitter|facebook|instagram|threads|bluesky|linkedin|tiktok)\b[^?!]{0,100}",
        ),
        _TEXT + "Ana Ruiz can be reached at ana.ruiz@harbour-herald.example.",
        _TEXT + "The hotline can be reached at help@harbour.example until Friday.",
    ),
    Pattern(
        "contributed",
        "en",
        (
            r"{names}(?:[^.?!]{{0,80}})? contributed (?:reporting|research|to this (?:report|story|article|piece))\b[^?!]{{0,80}}",
            r"{names} contributed",
            r"(?:contributing|contributors?): [^?!]{{3,200}}",
            r"(?:with |additional )?reporting (?:for this (?:story|article) )?(?:by|from) {names}[^?!]{{0,100}}",
            r"(?:edited|editing|produced) by {names}[^?!]{{0,60}}",
            r"{names} reported from {place}",
            r"(?:this|today['’]s) (?:episode|story|segment|piece|interview) was (?:produced|edited|reported|fact.checked) by [^?!]{{3,160}}",
            r"(?:interview|story|audio|video) (?:[^.?!]{{0,60}} )?produced by {names}",
        ),
        _TEXT + "Ana Ruiz and Jan Berg contributed to this report.",
        _TEXT + "Ana Ruiz and Jan Berg contributed to the cost of the new pier.",
    ),
    Pattern(
        "rights",
        "",
        (
            r"(?:copyright ?)?(?:©|\(c\)) ?(?:copyright )?(?:(?:19|20)\d\d|[^.?!]{3,40})[^?!]{0,140}",
            r"copyright (?:19|20)\d\d[^?!]{0,140}",
            r"all rights (?:are )?reserved[^?!]{0,60}",
            r"(?:this material|it|this content)? ?(?:may not|not to) be (?:published|reproduced|redistributed|copied)\b[^?!]{0,140}",
            r"todos los derechos reservados[^?!]{0,60}",
            r"todos os direitos reservados[^?!]{0,60}",
            r"tous droits (?:de reproduction )?réservés[^?!]{0,60}",
            r"alle rechte vorbehalten[^?!]{0,60}",
            r"tutti i diritti (?:sono )?riservati[^?!]{0,60}",
            r"alle rechten voorbehouden[^?!]{0,60}",
            r"wszelkie prawa zastrzeżone[^?!]{0,60}",
        ),
        _TEXT + "© 2024 Harbour Herald. All rights reserved.",
        _TEXT + "All rights of the fishermen were heard by the court on Monday.",
    ),
    Pattern(
        "disclosure",
        "en",
        (
            r"(?=.{{0,200}}\b(?:we|us|our)\b)[^?!]{{0,120}}\b(?:earn|receive|get|collect)s? (?:an? |some )?(?:small )?(?:affiliate |sales )?(?:commissions?|compensation|affiliate fees?|revenue)\b[^?!]{{0,140}}",
            r"all (?:of the )?(?:products|items) (?:featured |included )?[^?!]{{0,60}}independently (?:selected|chosen|reviewed)\b[^?!]{{0,80}}",
            r"[^?!]{{0,40}}(?:has|have) affiliate partnerships",
            r"the (?:opinions?|views?) expressed (?:here|in this (?:article|column|piece|commentary)) are (?:those of the author|the author['’]s)[^?!]{{0,140}}",
            r"(?:this|the|these|his|her|their|our) (?:interviews?|conversations?|transcripts?|q ?& ?as?|exchanges?|reviews?|responses?|answers|excerpts?|letters?)(?: (?:above|below))? (?:has|have|was|were) (?:also )?(?:been )?(?:lightly |slightly )?(?:edited|condensed|shortened)(?:(?:,| and| or|/|,? and/or) (?:lightly |slightly )?(?:edited|condensed|shortened))? for (?:the sake of |reasons of )?(?:length|clarity|space|brevity|style|concision|grammar)\b[^?!]{{0,60}}",
            r"our standards: [^.?!]{{3,60}}",
            r"the authors? (?:or authors )?(?:do|does) not own (?:shares|stock|a position)[^?!]{{0,120}}",
        ),
        _TEXT + "If you buy something through our links, we may earn an affiliate commission.",
        _TEXT + "If the members buy through the shop, the club may earn a commission.",
    ),
    Pattern(
        "discussion",
        "en",
        (
            r"(?:let us know|tell us|share your (?:thoughts|views|opinions?)|have your say|sound off|leave a comment)\b[^?!]{{0,80}}\b(?:comments?|comment section|below)\b[^?]{{0,40}}",
            r"for more [^?!]{{3,80}} (?:coverage|news|stories|reviews|features)(?: [^?!]{{1,20}})?, (?:visit|go to|see|click|head to) [^?!]{{2,60}}",
            r"for more(?: (?:on|about) [^?!,]{{2,60}})?, (?:read|check out|watch|listen to) [^?!]{{3,120}}",
            r"(?:listen|subscribe|follow|download)\b[^?!]{{0,60}}\b(?:(?:apple|google) podcasts|spotify|stitcher|wherever you (?:get|listen to) your podcasts)\b[^?!]{{0,80}}",
        ),
        _TEXT + "Let us know what you think in the comments below.",
        _TEXT + "Let us know, the mayor said, and went home.",
    ),
    Pattern(
        "origin",
        "es",
        (
            r"este (?:artículo|texto|reportaje)(?: [^.?!]{{1,80}})? (?:fue |se )?(?:publicado|publicó|apareció) originalmente (?:en|por)\b[^?!]{{0,140}}",
            r"publicado originalmente (?:en|por)\b[^?!]{{0,120}}",
        ),
        _TEXT + "Este artículo se publicó originalmente en la revista del puerto.",
        _TEXT + "Este artículo de la ley se publicó originalmente sin la firma del rey.",
    ),
    Pattern(
        "origin",
        "fr",
        (
            r"cet article (?:a été |est )?(?:initialement |d'abord )?(?:publié|paru) (?:initialement |à l'origine )?(?:dans|sur|par|en)\b[^?!]{{0,140}}",
        ),
        _TEXT + "Cet article a été initialement publié dans le magazine du port.",
        _TEXT + "Cet article a été abrogé dans la nuit.",
    ),
    Pattern(
        "origin",
        "de",
        (
            r"dieser (?:artikel|text|beitrag)(?: [^.?!]{{1,60}})? (?:ist |erschien |wurde )(?:zuerst|zuvor|ursprünglich|erstmals)\b[^?!]{{0,120}}",
        ),
        _TEXT + "Dieser Artikel erschien zuerst im Hafenmagazin.",
        _TEXT + "Dieser Artikel der Verfassung ist älter als der Bund.",
    ),
    Pattern(
        "origin",
        "it",
        (
            r"questo articolo è (?:stato )?(?:originariamente )?(?:pubblicato|apparso|uscito) (?:originariamente |per la prima volta )?(?:su|in|sul|nel|da)\b[^?!]{{0,140}}",
        ),
        _TEXT + "Questo articolo è stato pubblicato originariamente su Rivista del Porto.",
        _TEXT + "Questo articolo del codice è stato abrogato.",
    ),
    Pattern(
        "origin",
        "pt",
        (
            r"est[ea] (?:artigo|texto|matéria|reportagem) (?:foi )?(?:publicad[oa] )?originalmente (?:publicad[oa] )?(?:em|n[oa]|por|pel[oa])\b[^?!]{{0,140}}",
        ),
        _TEXT + "Este artigo foi publicado originalmente na revista do porto.",
        _TEXT + "Este artigo da lei foi revogado.",
    ),
    Pattern(
        "origin",
        "nl",
        (r"dit (?:artikel|stuk|verhaal) (?:verscheen|is|werd) (?:eerder|oorspronkelijk|eerst)\b[^?!]{{0,120}}",),
        _TEXT + "Dit artikel verscheen eerder in het havenblad.",
        _TEXT + "Dit artikel van de wet is niet oud.",
    ),
)
"""Sentences that make a paragraph a notice."""

WEAK: tuple[str, ...] = (
    r"learn more[^?!]{0,40}",
    r"(?:he|she|they) (?:is|are|has|have|also|covers?|writes?|lives?|joined|can|holds?|works?|previously|was|were)\b[^?]{0,200}",
    r"note: [^?]{0,120}",
    r"[^?!]{0,60} does not provide investment advice",
    r"however, when you buy [^?]{0,120}",
    r"sign up here",
    r"click here to subscribe[^?!]{0,60}",
    r"(?:you can )?also follow (?:him|her|them)[^?!]{0,80}",
    r"the full (?:interview|episode|conversation) [^?!]{0,80} is available (?:on|at|here)[^?!]{0,80}",
    r"we (?:occasionally|sometimes|often) recommend [^?!]{0,80}",
    r"[^?!]{0,60}newsrooms? operates? independently[^?]{0,120}",
    r"the audio engineers? (?:was|were) [^?!]{3,80}",
    r"find out about [^?!]{0,60}editorial policies",
    r"distributed by [^?!]{3,80}",
    r"submissions are subject to [^?!]{3,80}",
    r"(?:what do you think|do you agree)[^?!]{0,120}",
)
"""Sentences that may stand beside one of NOTICES in its paragraph, in any language's article."""
