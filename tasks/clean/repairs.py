"""The repairs in their order, as data.

The order is part of the rules: what stands after the text goes before desk initials are looked for.
"""

from tasks.clean.appeals import find_appeals
from tasks.clean.credits import find_credits
from tasks.clean.datelines import find_datelines
from tasks.clean.encoding import ENTITIES, MOJIBAKE, find_entities, find_mojibake
from tasks.clean.initials import find_initials
from tasks.clean.invisible import CONTROLS, SPACES, find_controls, find_spaces
from tasks.clean.markers import find_ad_markers
from tasks.clean.memory import find_site_lines
from tasks.clean.model import Pattern, Repair
from tasks.clean.notices import find_notices
from tasks.clean.promos import find_promo_headings, find_promo_links
from tasks.clean.shortcodes import find_shortcodes
from tasks.clean.slips import SLIPS, find_slips
from tasks.clean.words.ads import LINE, LONG, SHORT
from tasks.clean.words.agencies import SIGNED
from tasks.clean.words.appeals import LINES, NEWSLETTER, SOCIAL
from tasks.clean.words.credits import CREDIT
from tasks.clean.words.credits import SIGNED as SIGNED_CREDIT
from tasks.clean.words.headings import HEADING
from tasks.clean.words.initials import INITIALS
from tasks.clean.words.notices import NOTICES
from tasks.clean.words.promos import CAPITALS, PHRASE
from tasks.clean.words.shortcodes import SHORTCODES

_BOTH = ("title", "body")
_ALL = (*_BOTH, "authors", "section", "summary", "tags")

REPAIRS: tuple[Repair, ...] = (
    Repair("mojibake", find_mojibake, "Words that were UTF-8 decoded by another table, when ftfy is sure.", _ALL),
    Repair("entity", find_entities, "HTML entities that were escaped twice.", _ALL),
    Repair(
        "control", find_controls, "Control, bidi, zero-width and tag characters that the script does not need.", _BOTH
    ),
    Repair("whitespace", find_spaces, "Odd spaces, runs of white space, white space at the edges.", _BOTH),
    Repair(
        "site_memory", find_site_lines, "Lines that the site repeats on different articles, as far as it was learned."
    ),
    Repair(
        "shortcode", find_shortcodes, "Shortcodes in square brackets, with straight or curly quotes, also unclosed."
    ),
    Repair("ad_marker", find_ad_markers, "Advertisement markers, also glued to a sentence.", needs_language=True),
    Repair(
        "promo_link", find_promo_links, "Paragraphs that lead to another article: READ: headline.", needs_language=True
    ),
    Repair("promo_heading", find_promo_headings, "Headings over other articles: RELATED VIDEO.", needs_language=True),
    Repair("appeal", find_appeals, "Newsletter and social lines.", needs_language=True),
    Repair(
        "credit", find_credits, "Credits of pictures, and captions in the form of the agencies.", needs_language=True
    ),
    Repair(
        "notice",
        find_notices,
        "Notices at the edges: where the text came from, who wrote it, whose it is.",
        needs_language=True,
    ),
    Repair("dateline", find_datelines, "Agency tags and datelines; they move to the columns agency and dateline."),
    Repair(
        "editor_initials",
        find_initials,
        "Desk initials after the last sentence; they move to the column editor_initials.",
        needs_language=True,
    ),
    Repair("slip", find_slips, "Keyboard slips of a whitelist, in the text's own quote style.", needs_language=True),
)

TABLES: dict[str, tuple[Pattern, ...]] = {
    "mojibake": MOJIBAKE,
    "entity": ENTITIES,
    "control": CONTROLS,
    "whitespace": SPACES,
    "site_memory": (),  # its rules are rows of `site_lines`, one site each
    "shortcode": SHORTCODES,
    "ad_marker": LONG + SHORT + LINE,
    "promo_link": CAPITALS + PHRASE,
    "promo_heading": HEADING,
    "appeal": NEWSLETTER + SOCIAL + LINES,
    "credit": CREDIT + SIGNED_CREDIT,
    "notice": NOTICES,
    "dateline": SIGNED,
    "editor_initials": INITIALS,
    "slip": SLIPS,
}
"""The rows of each repair's table, for the tests and for docs/cleaning.md."""
