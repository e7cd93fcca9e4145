"""The names of all repairs and of their rules: what receipts name, and what a source may switch off.

What a repair does stands in `tasks/clean/repairs.py`; a test holds the two together.
"""

from difflib import get_close_matches

REPAIR_RULES: dict[str, tuple[str, ...]] = {
    "mojibake": ("utf8_as_legacy",),
    "entity": ("comparison", "named", "numeric"),
    "control": (
        "bidi_control",
        "control_character",
        "direction_mark",
        "joiner",
        "soft_hyphen",
        "tag_character",
        "zero_width",
    ),
    "whitespace": ("edge", "line_breaks", "odd_space", "run"),
    "site_memory": ("block", "inside", "line", "prefix", "suffix"),
    "shortcode": ("braces", "closing", "known_name", "quoted_attribute", "snake_name", "with_content"),
    "ad_marker": ("line", "long", "short"),
    "promo_link": ("label_capitals", "label_phrase"),
    "promo_heading": ("heading",),
    "appeal": ("newsletter", "share_line", "social"),
    "credit": ("agency_photo", "caption", "closing_credit", "copyright", "label"),
    "notice": ("author", "contact", "contributed", "disclosure", "discussion", "origin", "rights"),
    "dateline": ("closing", "place", "signed", "signed_first"),
    "editor_initials": ("after_last_sentence", "own_paragraph"),
    "slip": ("semicolon_for_apostrophe", "semicolon_for_elision"),
}
"""Repair to its rules; the repairs in the order in which they run."""

RULE_NAMES: frozenset[str] = frozenset(
    name for repair, rules in REPAIR_RULES.items() for name in (repair, *(f"{repair}.{rule}" for rule in rules))
)
"""All that can be switched off: a repair (`promo_link`), or one rule of it (`promo_link.label_phrase`)."""

NEAR = 3
"""Most names that are offered for one that is not known."""


def unknown_rule(name: str) -> str | None:
    """What is wrong with the name of a repair or rule, with the names that are near it; None: nothing.

    >>> unknown_rule("promo_lnk")
    "no repair or rule is called 'promo_lnk'; near it are promo_link, promo_link.label_phrase, promo_heading"
    """
    if name in RULE_NAMES:
        return None
    near = get_close_matches(name.lower(), sorted(RULE_NAMES), n=NEAR, cutoff=0.5)
    near += [] if near else [repair for repair in REPAIR_RULES if name.lower()[:4] in repair][:NEAR]
    known = f"near it are {', '.join(near)}" if near else f"there are {', '.join(REPAIR_RULES)}, and rules of them"
    return f"no repair or rule is called {name!r}; {known}"
