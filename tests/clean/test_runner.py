"""The order of repairs, what is switched off, what needs a language, and texts that do not come to rest."""

import pytest

from schemas.reasons import RemovalKind
from tasks.clean.model import Context, Draft, Edit, Repair
from tasks.clean.receipts import rebuild
from tasks.clean.repairs import REPAIRS, TABLES
from tasks.clean.runner import MAX_ROUNDS, clean_text

JUNK = "One.\n\nREAD: Ferry sold to rival\n\nREAD MORE: Port closed\n\nRead more: Wall built\n\nTwo."


def test_every_repair_has_a_name_and_a_table() -> None:
    """Names are unique, and each repair's rows are named under it."""
    names = [repair.name for repair in REPAIRS]
    assert len(set(names)) == len(names)
    assert set(TABLES) == set(names)


def test_what_closes_a_text_goes_before_desk_initials() -> None:
    """The order that the seed needs: shortcodes and promos stand before the initials in the list."""
    order = [repair.name for repair in REPAIRS]
    for name in ("shortcode", "ad_marker", "promo_link", "promo_heading", "appeal"):
        assert order.index(name) < order.index("editor_initials")


@pytest.mark.parametrize(
    ("off", "left"),
    [
        ({"promo_link"}, JUNK),
        ({"promo_link.label_capitals"}, "One.\n\nREAD: Ferry sold to rival\n\nREAD MORE: Port closed\n\nTwo."),
        ({"promo_link.label_phrase"}, "One.\n\nRead more: Wall built\n\nTwo."),
        ({"promo_link.no_such_rule"}, "One.\n\nTwo."),
    ],
)
def test_repairs_and_rules_can_be_switched_off(off: set[str], left: str) -> None:
    """A repair by its name, a rule by repair and name."""
    assert clean_text(JUNK, Context(language="en", off=frozenset(off)), REPAIRS).text == left


@pytest.mark.faults
def test_E9_unknown_language_gets_language_free_repairs_only() -> None:
    """Without a language, only receipts of repairs that need none."""
    text = "Uno\xa0dos.\n\nREAD: Ferry sold\n\nADVERTISEMENT\n\n[x-play id=’1’]"
    cleaned = clean_text(text, Context(language=None), REPAIRS)
    needing = {repair.name for repair in REPAIRS if repair.needs_language}
    assert {receipt.repair for receipt in cleaned.receipts} == {"whitespace", "shortcode"}
    assert not needing & {receipt.repair for receipt in cleaned.receipts}


def test_title_gets_only_its_own_repairs() -> None:
    """A headline that looks like a promo is a headline."""
    cleaned = clean_text("READ:  the ferry &amp; you", Context("title", "en"), REPAIRS)
    assert cleaned.text == "READ: the ferry & you"


def _grow(draft: Draft, _context: Context) -> list[Edit]:
    return [Edit(0, 1, "grow", RemovalKind.TYPO, draft.text[0] * 2)]


def test_text_that_does_not_settle_keeps_every_character() -> None:
    """After the last round without rest the text is the extracted one, without receipts, and says so."""
    cleaned = clean_text("abc", Context(), [Repair("grow", _grow, "never ends")])
    assert (cleaned.text, cleaned.receipts, cleaned.settled) == ("abc", (), False)
    assert MAX_ROUNDS >= 4


@pytest.mark.parametrize(
    ("paragraphs", "cut", "left", "receipts"),
    [
        ("J\n\nb\n\nc", "J", "b\n\nc", ["J\n\n"]),
        ("a\n\nJ\n\nc", "J", "a\n\nc", ["J\n\n"]),
        ("a\n\nb\n\nJ", "J", "a\n\nb", ["\n\nJ"]),
        ("a\n\nJ\n\nJ", "J", "a", ["\n\nJ", "\n\nJ"]),
        ("J\n\na\n\nJ\n\nb\n\nJ", "J", "a\n\nb", ["J\n\n", "J\n\n", "\n\nJ"]),
        ("J\n\nJ", "J", "", ["J", "\n\nJ"]),
        ("J", "J", "", ["J"]),
        ("a J b", "J", "a b", ["J "]),
        ("J b", "J", "b", ["J "]),
        ("a J", "J", "a", [" J"]),
        ("aJb", "J", "ab", ["J"]),
    ],
)
def test_cut_takes_one_break_or_the_spaces_beside_it(paragraphs: str, cut: str, left: str, receipts: list[str]) -> None:
    """A whole paragraph goes with one break; a cut inside leaves one space."""

    def find(draft: Draft, _context: Context) -> list[Edit]:
        return [Edit(i, i + 1, "j", RemovalKind.SITE_LINE) for i, c in enumerate(draft.text) if c == cut]

    cleaned = clean_text(paragraphs, Context(), [Repair("j", find, "cuts a letter")])
    assert cleaned.text == left
    assert [receipt.text for receipt in cleaned.receipts] == receipts
    assert rebuild(cleaned.text, cleaned.receipts) == paragraphs
