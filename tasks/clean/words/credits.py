"""How papers sign pictures, by language: labels before a name, as templates (see `tasks.clean.forms`)."""

from tasks.clean.model import Pattern

CREDIT: tuple[Pattern, ...] = (
    Pattern(
        "label",
        "en",
        ("(photo|photos|photograph|photographs|picture|pictures|image|images|illustration|graphic|video)( credit| credits| by| courtesy of| courtesy|)",
         "(file|handout|representative|representational) (photo|image|picture|photo by)", "(credit|credits|gallery credit|source of photo|image source|photo source)", "courtesy of", "(photo|image|picture) (from|via|courtesy)"),
        "Photo: Ada Berg/Harbour Press",
        "Photo: the harbour at dusk, before the storm",
    ),
    Pattern("label", "es", ("(foto|fotos|fotografía|fotografías|imagen|imágenes|crédito|créditos|ilustración)( de| por|)", "(foto|imagen) (de archivo|cortesía)"),
            "Foto: Ada Montes / Agencia Norte", "Foto: la que guardaba en el cajón"),
    Pattern("label", "fr", ("(photo|photos|photographie|crédit|crédits|image|images|illustration|dessin)( de| par| photo| photos|)", "(photo|image) d'(archives|illustration)"),
            "Crédit photo : Ada Laforge", "Photo : celle que gardait la grand-mère"),
    Pattern("label", "de", ("(foto|fotos|bild|bilder|quelle|bildquelle|fotoquelle|bildnachweis|bildrechte|archivfoto|symbolbild|symbolfoto|illustration|grafik)( von|)",),
            "Foto: Ada Berg/Nordbild", "Quelle: das Wort meint hier den Ursprung des Baches"),
    Pattern("label", "it", ("(foto|fotografia|immagine|crediti|credits|credit|illustrazione)( di| da|)", "foto d'archivio"),
            "Foto: Ada Monti", "Foto: quella che teneva nel cassetto"),
    Pattern("label", "pt", ("(foto|fotos|fotografia|imagem|crédito|créditos|ilustração)( de| por|)",), "Foto: Ada Prado/Norte",
            "Foto: a que guardava na gaveta"),
    Pattern("label", "nl", ("(foto|foto's|beeld|fotografie|illustratie|afbeelding)( van| door|)",), "Beeld: Ada Vroom",
            "Beeld: zo noemde hij elk stuk steen"),
    Pattern("label", "sv", ("(foto|bild|fotograf|illustration)",), "Foto: Ada Ek/Nordbild", "Bild: så kallade han varje sten"),
    Pattern("label", "da", ("(foto|billede|illustration)",), "Foto: Ada Holm", "Foto: det var ordet for alt"),
    Pattern("label", "no", ("(foto|bilde|illustrasjon)",), "Foto: Ada Holm", "Foto: det var ordet for alt"),
    Pattern("label", "fi", ("(kuva|kuvat|valokuva)",), "Kuva: Ada Salo", "Kuva: niin hän kutsui jokaista kiveä"),
    Pattern("label", "pl", ("(foto|fot.|zdjęcie|zdjęcia|fot|grafika)",), "Fot. Ada Kania/Nord", "Zdjęcie: to, które trzymała w szufladzie"),
    Pattern("label", "cs", ("(foto|fotografie|snímek)",), "Foto: Ada Nová", "Foto: ta, kterou měla v zásuvce"),
    Pattern("label", "ro", ("(foto|sursa foto|fotografie|imagine)",), "Sursa foto: Ada Popa", "Foto: cea pe care o ținea în sertar"),
    Pattern("label", "hu", ("(fotó|fénykép|kép|forrás)",), "Fotó: Ada Nagy", "Fotó: az, amelyet a fiókban tartott"),
    Pattern("label", "tr", ("(fotoğraf|fotoğraflar|görsel)",), "Fotoğraf: Ada Demir", "Fotoğraf: çekmecede sakladığı"),
    Pattern("label", "id", ("(foto|gambar|sumber foto|ilustrasi|dok)( oleh|)",), "Foto: Ada Sari/Nusa", "Foto: yang disimpannya di laci"),
    Pattern("label", "ru", ("(фото|фотография|иллюстрация)",), "Фото: Ада Норд", "Фото: то, что она хранила в ящике"),
    Pattern("label", "uk", ("(фото|світлина|ілюстрація)",), "Фото: Ада Норд", "Фото: те, що вона зберігала в шухляді"),
)  # fmt: skip

SIGNED: tuple[Pattern, ...] = (
    Pattern("agency_photo", "", (), "AP Photo/Ada Berg", "AP Photo is a service for papers."),
    Pattern("copyright", "", (), "© 2026 Ada Berg/Getty Images", "© is the sign of it"),
    Pattern("caption", "", (), "FILE PHOTO: The harbour is seen at dusk on May 3, 2024. REUTERS/Ada Berg/File Photo",
            "FILE PHOTO: the words stood on every print that he sold."),
    Pattern("closing_credit", "", (), "The harbour at dusk. (Photo by Ada Berg/Getty Images)",
            "The harbour at dusk (photo by a child) hangs in the hall."),
)  # fmt: skip

PHOTO_AGENCIES = (
    "AP", "AFP", "Reuters", "REUTERS", "Getty", "Getty Images", "EPA", "EFE", "dpa", "DPA", "Shutterstock", "Alamy", "PA",
    "Bloomberg", "Xinhua", "ANSA", "Ansa", "LaPresse", "Imago", "IMAGO", "picture alliance", "Press Association", "Zuma",
    "Belga", "ANP", "TT", "PAP", "NTB", "Ritzau", "Keystone", "APA", "Anadolu", "Sipa", "Europa Press", "Folhapress",
    "Lusa", "ANTARA", "Antara", "Unsplash", "Pixabay", "iStock", "Wikimedia", "Flickr",
)  # fmt: skip
PARTICLES: frozenset[str] = frozenset(
    {"via", "by", "de", "da", "do", "di", "del", "der", "den", "van", "von", "dos", "du", "la", "le", "for", "and", "und",
     "et", "y", "e", "para", "para el", "für", "the", "of", "dpa", "epa", "afp", "picture", "alliance", "al", "el", "bin"}
)  # fmt: skip
"""Words that may stand small in a credit."""
