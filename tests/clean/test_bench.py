"""What `make bench-clean` counts, on texts made up here."""

from benchmarks.clean.bench import Text, as_rules, clean, lost_paragraphs, measure_set, pages_until_learned
from benchmarks.clean.generator import generate

SENTENCE = "The council of the old harbour town met on Monday to speak about the wall."
PROMO = "READ: Ferry sold to its rival in the north"


class Score:
    """Stands in for the scorer beside the sets: characters of the truth that are there."""

    @staticmethod
    def segments(truth: dict[str, list[str]], text: str) -> tuple[int, int, int, int]:
        """Snippets that are there, that should not be, and that are missing."""
        found = sum(part in text for part in truth["with"])
        return found, sum(part in text for part in truth["without"]), len(truth["with"]) - found, 0


def made(body: str, **truth: list[str]) -> Text:
    """A page with what is known of it."""
    return Text("a.example", "The wall", (), "en", body, truth)


def test_a_new_promo_is_gone_with_its_eighth_page() -> None:
    """Where 30 % of the pages of a site carry it, and it asks nothing of the reader."""
    assert pages_until_learned() == 8


def test_before_and_after() -> None:
    """A promo that goes raises what is measured; a paragraph of the labels that goes is told with its repair."""
    texts = [made(f"{SENTENCE}\n\n{PROMO}\n\n{SENTENCE}", **{"with": [SENTENCE], "without": [PROMO]})] * 6
    cleaned = clean(texts, {"a.example": as_rules(())})
    found = measure_set(Score, "trafilatura", texts, cleaned)  # type: ignore[arg-type] - a class instead of a module
    before, after = found.of(found.everything)
    assert before < after == 1.0
    assert found.many.all()
    assert lost_paragraphs(texts[0], cleaned[0]) == []
    known = made(texts[0].body, texts=[texts[0].body])
    assert lost_paragraphs(known, cleaned[0]) == [("promo_link", PROMO)]


def test_the_junk_that_is_counted_is_held_out() -> None:
    """No language of the half to develop on is in all that is reported alone."""
    assert {case.language for case in generate("held_out", 23, 300)} - {"en", "es", "fr", "de", "it"}
