"""Dates as the three papers write them. Our own tables: strftime follows the machine's locale."""

from datetime import datetime

MONTHS: dict[str, tuple[str, ...]] = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio",
        "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ),
    "de": (
        "Januar", "Februar", "März", "April", "Mai", "Juni",
        "Juli", "August", "September", "Oktober", "November", "Dezember",
    ),
}  # fmt: skip
WEEKDAYS: dict[str, tuple[str, ...]] = {
    "es": ("Lunes", "Martes", "Miércoles", "Jueves", "Viernes", "Sábado", "Domingo"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
}


def english(moment: datetime) -> str:
    """As in `February 27, 2026 8:15 am`."""
    half = "am" if moment.hour < 12 else "pm"
    return f"{_month('en', moment)} {moment.day}, {moment.year} {_hour12(moment)}:{moment:%M} {half}"


def spanish(moment: datetime) -> str:
    """As in `Viernes, 27 de febrero de 2026, 6:40 p. m.`."""
    half = "a. m." if moment.hour < 12 else "p. m."
    day = f"{WEEKDAYS['es'][moment.weekday()]}, {moment.day} de {_month('es', moment)} de {moment.year}"
    return f"{day}, {_hour12(moment)}:{moment:%M} {half}"


def german(moment: datetime) -> str:
    """As in `Freitag, 27. Februar 2026, 18.05 Uhr`."""
    day = f"{WEEKDAYS['de'][moment.weekday()]}, {moment.day}. {_month('de', moment)} {moment.year}"
    return f"{day}, {moment:%H.%M} Uhr"


def _month(language: str, moment: datetime) -> str:
    return MONTHS[language][moment.month - 1]


def _hour12(moment: datetime) -> int:
    return moment.hour % 12 or 12
