"""News agencies as they sign, and the places that stand alone in datelines.

Sources: the agencies' own style; AP Stylebook, "datelines" (cities that stand without a country or state).
"""

from tasks.clean.model import Pattern

AGENCIES: frozenset[str] = frozenset(
    {
        "AAP", "AFP", "AGI", "ANI", "ANP", "ANSA", "AP", "APA", "ATS", "Adnkronos", "Agência Brasil", "Agência Lusa",
        "Anadolu", "BNS", "Belga", "Bernama", "Bloomberg", "CNA", "CTK", "ČTK", "CP", "The Canadian Press", "DPA",
        "EFE", "EP", "Europa Press", "IANS", "Interfax", "Jiji", "Keystone-SDA", "Kyodo", "KNA", "Lusa", "MTI", "NTB",
        "Notimex", "PA", "PAP", "PNA", "PTI", "Reuters", "Ritzau", "SDA", "SID", "SITA", "STT", "TASS", "TT", "Télam",
        "UNI", "UPI", "Xinhua", "Yonhap", "afp", "ats", "dpa", "epd", "sda", "dpa-AFX", "AFP-Jiji",
        "Thomson Reuters Foundation", "RIA", "RIA Novosti", "Ukrinform", "AWP", "awp", "CNN", "CNN Business", "VOA",
        "RFE/RL", "Field Level Media", "Antara", "ANTARA", "Folhapress", "FOLHAPRESS", "Estadão Conteúdo", "Agência Estado", "Agência O Globo",
        "Agência Senado", "Colpisa", "Servimedia", "Prensa Latina", "Andina", "LaPresse", "Askanews", "Italpress",
        "IAR", "ISBnews", "TASR", "HINA", "Hina", "SRNA", "Tanjug", "Fena", "Agerpres", "Mediafax", "BTA", "DHA", "İHA",
        "UNIAN", "УНИАН", "ТАСС", "РИА Новости", "Интерфакс", "Укрінформ", "Novum", "FNB", "SPK", "Lehtikuva", "tmn",
        "lsw", "lnw", "lby", "lno", "lhe", "lrs", "lni", "lbn",
    }
)  # fmt: skip
"""Upper and lower case count: (PAP) signs, (pap) does not."""

FULL_NAMES: tuple[str, ...] = (
    "press", "presse", "agency", "agence", "agentur", "agencia", "agência", "agenzia", "news", "reuters", "union",
    "federation", "association", "associated", "international", "trust", "authority", "party", "office", "institute",
    "council", "ministry",
)  # fmt: skip
"""A place does not contain these words; `Associated Press (AP) - ` is a sentence on the agency."""

PARTICLES: frozenset[str] = frozenset(
    {"am", "an", "de", "del", "der", "des", "di", "do", "du", "el", "la", "le", "of", "on", "sur", "upon", "bei"}
)
"""Words that may stand small inside a place."""

ALONE: frozenset[str] = frozenset(
    {
        "ATLANTA", "BALTIMORE", "BOSTON", "CHICAGO", "CINCINNATI", "CLEVELAND", "DALLAS", "DENVER", "DETROIT",
        "HONOLULU", "HOUSTON", "INDIANAPOLIS", "MIAMI", "MILWAUKEE", "MINNEAPOLIS", "PHILADELPHIA", "PHOENIX",
        "PITTSBURGH", "SEATTLE", "WASHINGTON", "AMSTERDAM", "ATHENS", "BAGHDAD", "BANGKOK", "BEIJING", "BEIRUT",
        "BERLIN", "BOGOTA", "BRUSSELS", "BUDAPEST", "CAIRO", "DHAKA", "DJIBOUTI", "DUBLIN", "GENEVA", "GIBRALTAR",
        "HAVANA", "HELSINKI", "ISLAMABAD", "ISTANBUL", "JAKARTA", "JERUSALEM", "JOHANNESBURG", "KABUL", "KYIV",
        "LISBON", "LONDON", "LUXEMBOURG", "MADRID", "MANILA", "MELBOURNE", "MILAN", "MONACO", "MONTREAL", "MOSCOW",
        "MUMBAI", "MUNICH", "NAIROBI", "OSLO", "OTTAWA", "PARIS", "PRAGUE", "ROME", "SEOUL", "SHANGHAI", "SINGAPORE",
        "STOCKHOLM", "SYDNEY", "TEHRAN", "TOKYO", "TORONTO", "VIENNA", "WARSAW", "ZURICH", "ANKARA", "BUCHAREST",
        "DAMASCUS", "DUBAI", "HANOI", "KATHMANDU", "LAGOS", "NICOSIA", "RABAT", "RIYADH", "SANTIAGO", "SOFIA",
        "TAIPEI", "TRIPOLI", "TUNIS", "CARACAS", "LIMA", "QUITO", "VATICAN",
    }
) | {
    "LAS VEGAS", "LOS ANGELES", "NEW ORLEANS", "NEW YORK", "OKLAHOMA CITY", "ST. LOUIS", "SALT LAKE CITY",
    "SAN ANTONIO", "SAN DIEGO", "SAN FRANCISCO", "HONG KONG", "KUALA LUMPUR", "MEXICO CITY", "NEW DELHI",
    "WARSZAWA", "KRAKÓW", "GDAŃSK", "POZNAŃ", "WROCŁAW", "ŁÓDŹ", "LONDYN", "PARYŻ", "MOSKWA", "BRUKSELA", "WASZYNGTON",
    "GÖTEBORG", "MALMÖ", "UPPSALA", "KÖPENHAMN", "KØBENHAVN", "HELSINGFORS", "BERGEN", "TRONDHEIM", "AARHUS", "REYKJAVIK",
    "DEN HAAG", "ROTTERDAM", "UTRECHT", "EINDHOVEN", "GRONINGEN", "BRUSSEL", "PARIJS", "LONDEN", "BERLIJN", "ANTWERPEN",
    "LISBOA", "PORTO", "COIMBRA", "BRAGA", "BRASÍLIA", "BRASILIA", "SÃO PAULO", "BELO HORIZONTE", "CURITIBA", "SALVADOR",
    "RECIFE", "FORTALEZA", "PORTO ALEGRE", "LUANDA", "MAPUTO", "BANDUNG", "SURABAYA", "MEDAN", "SEMARANG", "YOGYAKARTA",
    "MAKASSAR", "DENPASAR", "PALEMBANG", "BOGOR", "BEKASI", "DEPOK", "TANGERANG", "BALIKPAPAN", "ROMA", "MILANO",
    "NAPOLI", "TORINO", "FIRENZE", "GENOVA", "BOLOGNA", "PALERMO", "BRUXELLES", "GENÈVE", "MARSEILLE", "LYON", "LILLE",
    "BARCELONA", "SEVILLA", "VALENCIA", "BILBAO", "BOGOTÁ", "MEDELLÍN", "MONTERREY", "GUADALAJARA", "CIUDAD DE MÉXICO",
    "MONTEVIDEO", "ASUNCIÓN", "LA PAZ", "LA HABANA", "MÜNCHEN", "HAMBURG", "KÖLN", "FRANKFURT", "STUTTGART", "DÜSSELDORF",
    "LEIPZIG", "DRESDEN", "HANNOVER", "WIEN", "GRAZ", "ZÜRICH", "GENF", "BRÜSSEL", "MOSKAU", "ROM", "PEKING", "KIEW",
    "PRAHA", "BRNO", "BRATISLAVA", "BUCUREȘTI", "CLUJ-NAPOCA", "ATHÉNES", "İSTANBUL", "İZMIR", "МОСКВА", "КИЕВ", "КИЇВ",
    "PANAMA CITY", "RIO DE JANEIRO", "SAO PAULO", "SAN SALVADOR", "TEL AVIV", "THE HAGUE", "UNITED NATIONS",
    "VATICAN CITY", "GUATEMALA CITY", "QUEBEC CITY", "BUENOS AIRES", "ABU DHABI", "QUEZON CITY",
}  # fmt: skip
"""Places that are a dateline on their own, in capitals."""

REGIONS: frozenset[str] = frozenset(
    {
        "Ala.", "Ariz.", "Ark.", "Calif.", "Colo.", "Conn.", "Del.", "Fla.", "Ga.", "Ill.", "Ind.", "Kan.", "Ky.",
        "La.", "Mass.", "Md.", "Mich.", "Minn.", "Miss.", "Mo.", "Mont.", "N.C.", "N.D.", "N.H.", "N.J.", "N.M.",
        "N.Y.", "Neb.", "Nev.", "Okla.", "Ore.", "Pa.", "R.I.", "S.C.", "S.D.", "Tenn.", "Va.", "Vt.", "W.Va.",
        "Wash.", "Wis.", "Wyo.", "Alaska", "Hawaii", "Idaho", "Iowa", "Maine", "Ohio", "Texas", "Utah", "California",
        "Florida", "Ontario", "Alberta", "Manitoba", "Quebec", "British Columbia", "Nova Scotia", "Afghanistan",
        "Algeria", "Argentina", "Australia", "Austria", "Bangladesh", "Belarus", "Belgium", "Bolivia", "Brazil",
        "Bulgaria", "Cambodia", "Cameroon", "Canada", "Chile", "China", "Colombia", "Congo", "Croatia", "Cuba",
        "Cyprus", "Denmark", "Ecuador", "Egypt", "England", "Estonia", "Ethiopia", "Finland", "France", "Gaza Strip",
        "Georgia", "Germany", "Ghana", "Greece", "Haiti", "Honduras", "Hungary", "Iceland", "India", "Indonesia",
        "Iran", "Iraq", "Ireland", "Israel", "Italy", "Ivory Coast", "Japan", "Jordan", "Kenya", "Kosovo", "Laos",
        "Latvia", "Lebanon", "Libya", "Lithuania", "Malaysia", "Mali", "Malta", "Mexico", "Moldova", "Morocco",
        "Mozambique", "Myanmar", "Namibia", "Nepal", "Netherlands", "New Zealand", "Nicaragua", "Niger", "Nigeria",
        "North Korea", "Northern Ireland", "Norway", "Oman", "Pakistan", "Panama", "Paraguay", "Peru", "Philippines",
        "Poland", "Portugal", "Qatar", "Romania", "Russia", "Rwanda", "Saudi Arabia", "Scotland", "Senegal", "Serbia",
        "Slovakia", "Slovenia", "Somalia", "South Africa", "South Korea", "South Sudan", "Spain", "Sri Lanka",
        "Sudan", "Sweden", "Switzerland", "Syria", "Taiwan", "Tanzania", "Thailand", "Tunisia", "Turkey", "Uganda",
        "Ukraine", "United Arab Emirates", "Uruguay", "Uzbekistan", "Venezuela", "Vietnam", "Wales", "West Bank",
        "Yemen", "Zambia", "Zimbabwe",
    }
)  # fmt: skip
"""States and countries as AP and Reuters write them after a place."""

SIGNED: tuple[Pattern, ...] = (
    Pattern("signed", "", (), "HARBOUR CITY, March 3 (Reuters) - The council voted.",
            "The Associated Press (AP) — It began in 1846 — is a cooperative."),
    Pattern("signed_first", "", (), "(ANSA) - ROMA, 03 MAR - Il consiglio ha votato.",
            "(AP) is short for Associated Press."),
    Pattern("place", "", (), "MANILA, Philippines — The council voted.", "EXCLUSIVE — The council voted."),
    Pattern("closing", "", (), "The council voted on Tuesday. (AFP)", "The photo belongs to the agency (AFP)"),
)  # fmt: skip
