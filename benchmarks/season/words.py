"""Made-up sentences in five languages: real small words, invented others, so that a text looks like its language.

What does not belong here: which article gets which sentence.
"""

import random
from dataclasses import dataclass
from functools import cache

GLUE = {
    "en": "the a of to in and that for on with as at by from was were had has will be is are it this which their",
    "de": "der die das und in zu den von mit ist für auf im dem nicht ein eine als auch es an werden aus nach über",
    "fr": "le la les de des du et en un une que dans pour par sur au avec est sont pas plus ce cette qui ont été",
    "es": "el la los las de del y en un una que por con para se no su al lo como más pero sus este ha fue son",
    "pt": "o a os as de do da e em um uma que por com para se não seu ao mais como mas foi são pela está",
}
SYLLABLES = {
    "en": "ba den ster ling ford ham wick ton mar cot low hurst cra ble sho ther nel pin grew kel dor mint",
    "de": "berg stein burg feld schaf ten mün lich keit ung hau sen wer grü bach köp fel schlü zwei dorf rat",
    "fr": "mon ville roux beau chan tel lière gné deau mar tin rou geau fleu bel cour tré pon vail nois cé",
    "es": "villa mar tín gon cía ral dad ción ñez cam pos rio sol tor rez món bra val cén lle gar dón",
    "pt": "ção nhã vei ra mar tins são pau lho rei cam pos lão gui mães bra ga lis bo ari vão cer dei",
}
CONSENT = {
    "en": "We and our partners store information on a device, such as cookies, and process personal data. You can "
    "accept or manage your choices by clicking below, or at any time on the privacy policy page. Your choices will be "
    "signalled to our partners and will not affect browsing data. Accept all. Reject all. Manage settings.",
    "de": "Wir und unsere Partner speichern Informationen auf einem Gerät, zum Beispiel Cookies, und verarbeiten "
    "personenbezogene Daten. Sie können Ihre Auswahl unten treffen oder jederzeit in der Datenschutzerklärung ändern. "
    "Ihre Auswahl wird unseren Partnern mitgeteilt. Alle akzeptieren. Ablehnen. Einstellungen verwalten.",
    "fr": "Nos partenaires et nous stockons des informations sur votre appareil, comme les cookies, et traitons des "
    "données personnelles. Vous pouvez accepter ou gérer vos choix ci-dessous, ou à tout moment sur la page de "
    "confidentialité. Vos choix seront signalés à nos partenaires. Tout accepter. Tout refuser. Paramétrer.",
    "es": "Nosotros y nuestros socios almacenamos información en un dispositivo, como cookies, y tratamos datos "
    "personales. Puede aceptar o administrar sus opciones abajo, o en cualquier momento en la página de privacidad. "
    "Sus opciones se comunicarán a nuestros socios. Aceptar todo. Rechazar todo. Configurar.",
    "pt": "Nós e os nossos parceiros armazenamos informações num dispositivo, como cookies, e tratamos dados pessoais. "
    "Pode aceitar ou gerir as suas opções abaixo, ou a qualquer momento na página de privacidade. As suas opções serão "
    "comunicadas aos nossos parceiros. Aceitar tudo. Rejeitar tudo. Gerir definições.",
}
"""What stands on a consent page, in wordings of our own."""


@dataclass(frozen=True)
class Pool:
    """The sentences, words and names of one language.

    Attributes:
        sentences: each with the number of its words.
        words: single words, for titles.
        names: names of people.
    """

    sentences: tuple[tuple[str, int], ...]
    words: tuple[str, ...]
    names: tuple[str, ...]


@cache
def pool(language: str, size: int = 4000) -> Pool:
    """The language's pool; the same in every season."""
    rng = random.Random(f"words/{language}")  # noqa: S311 - no secret is made here
    syllables, glue = SYLLABLES[language].split(), GLUE[language].split()
    words = tuple(sorted({"".join(rng.choices(syllables, k=rng.randint(1, 3))) for _ in range(3000)}))
    names = tuple(f"{rng.choice(words).capitalize()} {rng.choice(words).capitalize()}" for _ in range(1500))
    return Pool(tuple(_sentence(rng, words, glue) for _ in range(size)), words, names)


def _sentence(rng: random.Random, words: tuple[str, ...], glue: list[str]) -> tuple[str, int]:
    count = rng.randint(8, 24)
    said = [rng.choice(glue) if rng.random() < 0.45 else rng.choice(words) for _ in range(count)]
    if rng.random() < 0.3:
        said[rng.randrange(count)] = str(rng.randint(2, 3000))
    if rng.random() < 0.25:
        at = rng.randrange(count)
        said[at] = f"“{said[at]}”"
    text = " ".join(said)
    return text[0].upper() + text[1:] + ".", count
