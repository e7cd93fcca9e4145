"""What looks like a desk editor's initials and is something else."""

from tasks.clean.model import Pattern

KNOWN: frozenset[str] = frozenset(
    {
        "AA", "AAA", "AARP", "ABC", "ACLU", "AFC", "AFL", "AFP", "AG", "AI", "AIDS", "ALS", "AM", "AMA", "ANC", "AP",
        "API", "APEC", "ARF", "ASEAN", "ATM", "ATP", "AU", "AWS", "BA", "BAE", "BBC", "BC", "BCE", "BJP", "BMW", "BP",
        "BPI", "BRT", "BSP", "BT", "CAF", "CBC", "CBI", "CBS", "CD", "CDC", "CDU", "CEO", "CERN", "CFA", "CFO", "CIA",
        "CNBC", "CNN", "CO", "COO", "COP", "COVID", "CPI", "CPU", "CSI", "CSU", "CTO", "CV", "DA", "DC", "DDT", "DEA",
        "DFA", "DHL", "DHS", "DJ", "DNA", "DNC", "DOE", "DOH", "DOJ", "DVD", "ECB", "ECHO", "EFE", "EFL", "EMT",
        "END", "EPA", "ER", "ERA", "ESA", "ESPN", "EST", "ET", "EU", "EV", "EVS", "FA", "FAA", "FAO", "FAQ", "FARC",
        "FBI", "FC", "FCC", "FDA", "FDP", "FED", "FEMA", "FIA", "FIFA", "FM", "FTC", "GATT", "GB", "GDP", "GDR", "GE",
        "GM", "GMA", "GMT", "GNP", "GOP", "GPS", "GPU", "HBO", "HD", "HIV", "HIVS", "HMS", "HP", "HQ", "HR", "HSBC",
        "IAEA", "IBM", "ICC", "ICE", "ICJ", "ICU", "ID", "IED", "ILO", "IMF", "INC", "IOC", "IOM", "IPO", "IQ", "IRA",
        "IRS", "ISIS", "ISS", "IT", "ITV", "IV", "IVF", "JFK", "JP", "KFC", "KGB", "KKK", "LA", "LAPD", "LED", "LGBT",
        "LNG", "LPG", "LSD", "LTD", "MBA", "MD", "MEP", "MEPS", "MGM", "MI", "MIT", "MLB", "MLS", "MMA", "MP", "MPS",
        "MRI", "MSF", "MTV", "MVP", "NAFTA", "NASA", "NATO", "NBA", "NBC", "NCAA", "NFL", "NGO", "NGOS", "NHL", "NHS",
        "NHTS", "NOAA", "NPA", "NPR", "NRA", "NSA", "NSC", "NYC", "NYPD", "OECD", "OK", "ONU", "OPEC", "OSCE", "OTAN",
        "PA", "PAC", "PBA", "PBS", "PC", "PCR", "PDF", "PGA", "PH", "PHD", "PIN", "PKK", "PLC", "PLO", "PM", "PMO",
        "PNP", "PP", "PPE", "PR", "PS", "PSG", "PSOE", "PTA", "PTI", "PTSD", "PVC", "QC", "RAF", "RAM", "REM", "RNA",
        "RNC", "ROTC", "RPG", "RSF", "RSV", "RTL", "SA", "SAG", "SARS", "SAS", "SAT", "SEC", "SIM", "SMS", "SNP",
        "SOS", "SPD", "STD", "STEM", "SUV", "SWAT", "TASS", "TB", "THE", "TNT", "TV", "UAE", "UAW", "UFC", "UFO",
        "UK", "UN", "UNEP", "UPS", "US", "USA", "USB", "USS", "USSR", "UTC", "VAT", "VFA", "VIP", "VP", "VR", "WBA",
        "WEF", "WFP", "WHO", "WNBA", "WTA", "WTO", "WWE", "WWF", "WWI", "WWII", "YMCA", "YPG", "ZDF", "ARD", "ORF",
        "SRF", "RAI", "TVE", "RTVE", "TF1", "NHK", "KBS", "SVT", "NOS", "VRT", "DW", "RT", "CGTN", "PTV", "BBVA",
        "EEUU", "PAN", "PRI", "PT", "PSD", "PSDB", "AFD", "BDI", "DGB", "ÖVP", "SPÖ", "FPÖ", "SVP", "GMBH", "KG",
        "USW", "NRW", "DDR", "BRD", "UDSSR", "RN", "LR", "LFI", "PCF", "EELV", "SNCF", "RATP", "EDF", "CGT", "CFDT",
        "PIB", "TVA", "ADN", "VIH",
    }
)  # fmt: skip
"""Abbreviations that end sentences and answers."""

ABBREVIATIONS: frozenset[str] = frozenset(
    {
        "bros", "capt", "cmdr", "col", "corp", "dept", "dist", "dr", "etc", "fig", "gen", "gov", "hon", "inc", "jr",
        "lt", "ltd", "maj", "messrs", "mr", "mrs", "ms", "mt", "no", "nos", "pres", "prof", "pvt", "rep", "reps",
        "rev", "sen", "sens", "sgt", "sr", "st", "supt", "univ", "vol", "vs", "bzw", "usw", "sra", "srta", "ing",
        "arq", "lic", "prov", "núm", "pág", "vgl",
    }
)  # fmt: skip
"""Words whose full stop ends no sentence: `Gov. JP` is a name."""

WORDS: frozenset[str] = frozenset(
    {
        "sic", "tba", "tbc", "tbd", "aka", "etc", "ibid", "cont", "end", "ends", "ed", "eds", "nd", "via", "reg", "ret",
        "more", "the", "and", "or", "he", "she", "his", "her", "him", "hers", "it", "in", "on", "off", "no", "yes",
        "aged", "left", "top", "see", "lol", "omg", "idem", "new", "old", "dec", "jan", "feb", "mar", "apr", "jun", "jul",
        "aug", "sep", "sept", "oct", "nov", "min", "max", "one", "two", "six", "ten", "both", "ok", "wow", "pdf", "usd",
        "eur", "gbp", "php", "mph", "kmh", "km", "kg", "cm", "mm", "ml", "am", "pm", "ca", "vgl", "bzw", "usw", "ebd",
        "foto", "bild", "red", "anm", "dts", "alle", "oben", "sin", "con", "fin", "tt", "fr", "de", "es", "www", "com",
        "live", "free", "ohne", "mit", "und", "was", "wie", "your", "you", "not", "all", "any", "aapl", "goog", "nyse",
    }
)  # fmt: skip
"""Short words, dates and measures that end a text in brackets or after a slash."""

DOTTED: frozenset[str] = frozenset(
    {"US", "USA", "UK", "UN", "EU", "DC", "UAE", "AM", "PM", "BC", "AD", "EEUU", "IE", "EG"}
)
"""Abbreviations that papers write with full stops; other letters with full stops are names."""

LABELS: tuple[str, ...] = (
    "editor", "editors", "edited", "editing", "ed", "eds", "author", "text", "words", "compiled", "desk", "report",
    "redaktion", "red", "text", "autor", "autorin", "bericht", "von", "redacción", "redaccion", "edición", "texto", "por",
    "rédaction", "texte", "par", "redazione", "testo", "redação", "edição", "redactie", "tekst", "door", "redaktör",
    "redaktør", "redaktionen", "redakcja", "oprac", "opr", "oprac", "źródło", "redaksi", "penulis", "oleh", "pewarta",
    "redakce", "redacția", "szerk", "toimitus", "haber", "redaktor", "редактор", "автор", "текст",
)  # fmt: skip
"""What may stand before initials, in any of our languages, with a colon or a full stop."""

INITIALS: tuple[Pattern, ...] = (
    Pattern("after_last_sentence", "", (), "The council will vote on the wall on Tuesday. QRW/LBX",
            "The letter went to both offices, he said. WHO/CDC"),
    Pattern("own_paragraph", "", (), "The council will vote on the wall on Tuesday.\n\nQRW/LBX",
            "The council will vote on the wall on Tuesday.\n\nUN/EU"),
)  # fmt: skip
