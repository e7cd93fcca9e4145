"""How four languages quote: their marks, verbs of saying, pronouns, articles, titles and roles. Data only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Speech:
    """What the finder knows of one language; several words stand in one text, parted by spaces or bars."""

    marks: tuple[tuple[str, str], ...]
    """Opening marks, and all that close each."""
    verbs: str
    """Verbs of saying that tell who says it, by bars."""
    inverted: str
    """Verbs with the pronoun in them, by bars: the group `he` is the pronoun. Empty where there are none."""
    pronouns: str
    articles: str
    prepositions: str
    """Those that join a place or an office to a role: ambassador to Manila."""
    after: str
    """Words at which a role ends: said the minister on Monday."""
    titles: str
    """What stays with a name."""
    roles: str
    """Words in capitals that stand before a name and are none."""
    role_ends: str
    """Ends of such words, by bars, in languages that join words; empty in others."""
    according: str
    """What names a source without a verb, by bars."""
    that: str


_DOUBLE = ('"', '"')

SPEECH: dict[str, Speech] = {
    "en": Speech(
        marks=(("“", "”"), _DOUBLE, ("«", "»")),
        verbs="said|says|told|tells|added|adds|explained|explains|stated|noted|warned|warns|insisted|argued|argues|"
        "asked|replied|wrote|announced|declared|claimed|recalled|stressed|emphasi[sz]ed|admitted|"
        "acknowledged|continued|concluded|remarked|urged|vowed|promised|pledged",
        inverted="",
        pronouns="he she",
        articles="the a an",
        prepositions="to of for in at from",
        after="on in at to of for from during after before until when while as who that which with by about and but or "
        "if last this yesterday today earlier later also then again",
        titles="Mr Mrs Ms Miss Dr Gen Lt Col Maj Capt Sgt Adm Sen Rep Gov Prof Rev Sir Dame Lord Lady",
        roles="President Vice Prime Minister Foreign Defense Defence Finance Interior Justice Home Secretary "
        "Senator Governor Mayor Chief Director Chairman Chairwoman Ambassador General Colonel Captain Major "
        "Police Spokesman Spokeswoman Professor King Queen Prince Princess Pope Bishop Father Judge Coach "
        "Deputy State Assistant Attorney Commissioner "
        "Councillor Councilmember Inspector Sergeant Detective Constable Congressman Congresswoman CEO Skipper Nurse",
        role_ends="",
        according="according to",
        that="that",
    ),
    "de": Speech(
        marks=(("„", "“”"), ("»", "«"), _DOUBLE),
        verbs="sagte|sagt|erklärte|erklärt|betonte|betont|meinte|meint|kritisierte|forderte|warnte|schrieb|"
        "schreibt|ergänzte|versicherte|äußerte|erläuterte|berichtete|fügte|antwortete|stellte|hob",
        inverted="",
        pronouns="er sie",
        articles="der die das ein eine",
        prepositions="in von aus für zu",
        after="am im in an auf bei vor nach zu von der des dem den als und aber gegenüber laut hinzu klar hervor "
        "weiter dazu auch noch",
        titles="Dr Prof Herr Frau",
        roles="Bundeskanzler Bundeskanzlerin Kanzler Kanzlerin Präsident Präsidentin Bundespräsident Minister "
        "Ministerin Sprecher Sprecherin Bürgermeister Bürgermeisterin Trainer Trainerin Chef Chefin General "
        "Richter Richterin Professor Professorin Direktor Direktorin König Königin Papst Polizei "
        "Innenminister Innenministerin Außenminister Außenministerin Finanzminister Ministerpräsident "
        "Ministerpräsidentin Polizeisprecher Polizeisprecherin Regierungssprecher Vorsitzende Vorsitzender "
        "Parteichef Parteichefin",
        role_ends="rat|rätin|leiter|leiterin|vorsteher|vorsteherin|referent|referentin|direktor|direktorin|sprecher|sprecherin|"
        "minister|ministerin|meister|meisterin|chef|chefin|präsident|präsidentin|schwester|schwestern|bruder|brüder|anwalt|"
        "anwältin|forscher|forscherin|kanzler|kanzlerin|vorsitzende|vorsitzender|trainer|trainerin|lehrer|lehrerin|richter|"
        "richterin|pfarrer|pfarrerin|bauer|bäuerin|expertin|experte|wirt|wirtin|händler|händlerin|arzt|ärztin",
        according="laut|so",
        that="dass",
    ),
    "fr": Speech(
        marks=(("«", "»"), ("“", "”"), _DOUBLE),
        verbs="(?:a |avait )?(?:déclaré|dit|affirmé|expliqué|ajouté|indiqué|précisé|assuré|souligné|estimé|rappelé|"
        "lancé|répondu|prévenu|confié|insisté|écrit|reconnu)|déclare|affirme|explique|ajoute|indique|précise|"
        "assure|souligne|estime|rappelle|répond|confie|insiste",
        inverted="a-t-(?P<he>il|elle) (?:déclaré|dit|affirmé|expliqué|ajouté|indiqué|précisé|assuré|souligné|estimé|"
        "rappelé|lancé|répondu)|(?:déclare|affirme|explique|ajoute|indique|précise|assure|souligne|estime|"
        "rappelle|dit)-t-(?P<he_2>il|elle)",
        pronouns="il elle",
        articles="le la les un une",
        prepositions="de du des à en",
        after="à au aux de du des en dans sur lors après avant devant qui que et mais pour lundi mardi mercredi "
        "jeudi vendredi samedi dimanche hier",
        titles="M Mme Mlle Me Dr",
        roles="Président Premier Ministre Maire",
        role_ends="",
        according="selon|d’après|d'après",
        that="que",
    ),
    "es": Speech(
        marks=(("«", "»"), ("“", "”"), _DOUBLE),
        verbs="dijo|dice|afirmó|afirma|declaró|explicó|explica|añadió|agregó|señaló|señala|aseguró|asegura|indicó|"
        "sostuvo|manifestó|advirtió|comentó|expresó|subrayó|insistió|respondió|contó|reconoció|escribió|ha "
        "(?:dicho|afirmado|asegurado|explicado|señalado|declarado)",
        inverted="",
        pronouns="él ella",
        articles="el la los las un una",
        prepositions="de del en para",
        after="a al en de del con por para durante tras que y pero este el la ayer hoy",
        titles="Sr Sra Srta Dr Dra Don Doña",
        roles="Presidente Presidenta Ministro Ministra Alcalde Alcaldesa",
        role_ends="",
        according="según",
        that="que",
    ),
}

_NO_NAMES = (
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July "
    "August September October November December The This That These Those It He She They We You But And Or In "
    "On At As If When While After Before For From With To Of Last Asked Montag Dienstag Mittwoch Donnerstag "
    "Freitag Samstag Sonntag Der Die Das Ein Eine Er Sie Es Wir Im Am Und Aber Le La Les Un Une Il Elle Mais "
    "Et El Los Las Una Él Ella Pero Y"
)
NO_NAMES = frozenset(_NO_NAMES.split())
"""Words in capitals, at the beginning of a sentence or anywhere, that are no names."""
