"""Rules of single sites: what a file may say, what is told of a wrong one, and what becomes of a page."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tasks.errors import RulesError
from tasks.parse.model import Listed, ParsedPage
from tasks.parse.page import parse_page
from tasks.parse.pins import check_pins
from tasks.parse.rows import article_row
from tasks.parse.site_rules import RuleBook, SiteRule, load_rules
from tasks.parse.site_rules.read import parse_rules
from tasks.parse.zygote import Job, parse_job
from tests.parse.pages_kit import CAPTURED, SENTENCE, STORY, URL, page

HERE = Path(__file__).parent
FILE = """
site: harbour-herald.example
rules:
  - id: old
    valid_to: 2024-06-30
    drop: .promo
  - id: new
    valid_from: 2024-07-01
    paths: ["/news/*"]
    drop: [.promo, "aside.more"]
    take:
      title: h2.head
      published_at: time.out@datetime
"""


def read(*rules: SiteRule, body: str) -> ParsedPage:
    """The page with these rules applied."""
    found = parse_page(
        page(body=body).encode(), url=URL, content_type=None, listed=Listed(), captured_at=CAPTURED, rules=rules
    )
    assert isinstance(found, ParsedPage), found
    return found


def test_file_is_read() -> None:
    """Days, paths, single selectors and lists come out as they stand there."""
    site, rules, problems = parse_rules(FILE.encode())
    assert (site, problems) == ("harbour-herald.example", [])
    assert [rule.id for rule in rules] == ["old", "new"]
    assert (rules[0].drop, rules[0].valid_to) == ((".promo",), date(2024, 6, 30))
    assert rules[1].take == (("title", "h2.head"), ("published_at", "time.out@datetime"))


@pytest.mark.parametrize(
    ("day", "url", "ids"),
    [
        ("2024-06-30T23:59:00", URL, ["old"]),
        ("2024-07-01T00:00:00", URL, ["new"]),
        ("2024-07-01T00:00:00", "https://www.harbour-herald.example/sport/a", []),
        ("2024-07-01T00:00:00", "https://other.example/news/a", []),
    ],
)
def test_which_rules_hold(day: str, url: str, ids: list[str]) -> None:
    """A rule holds on its days, both included, on its paths and its site."""
    site, rules, _ = parse_rules(FILE.encode())
    at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    assert [rule.id for rule in RuleBook({site: rules}).of("some-paper", url, at)] == ids


def rule(text: str) -> str:
    """A file with one rule that has these lines."""
    return "site: a.example\nrules:\n  - id: x\n" + "".join(f"    {line}\n" for line in text.split("\n"))


WRONG = [
    ("empty", "", "1: the file needs 'site:' with a domain, and 'rules:' with a list"),
    ("not_yaml", "site: [a", "1: not YAML"),
    ("no_site", "rules:\n  - id: x\n    drop: p", "1: field 'site': write the site's domain"),
    ("no_rules", "site: a.example", "1: field 'rules': write a list of rules"),
    ("misspelt", rule("dorp: p\ndrop: b"), "4: rule 'x': field 'dorp' is not known; did you mean 'drop'?"),
    ("twice", rule("drop: p\ndrop: b"), "5: rule 'x': field 'drop' stands there twice"),
    ("selector", rule("drop: ['.ok', 'div..x']"), "4: rule 'x': field 'drop': 'div..x' is no CSS selector"),
    ("pseudo", rule("drop: 'p:glows'"), "4: rule 'x': field 'drop': 'p:glows' is no CSS selector"),
    ("attribute", rule("drop: a@href"), "4: rule 'x': field 'drop': 'a@href' names an attribute"),
    ("day", rule("drop: p\nvalid_to: May 2024"), "5: rule 'x': field 'valid_to': 'May 2024' is not right: write a day"),
    (
        "days",
        rule("drop: p\nvalid_from: 2024-02-01\nvalid_to: 2024-01-01"),
        "6: rule 'x': field 'valid_to' is before 'valid_from'",
    ),
    ("glob", rule("drop: p\npaths: ['^/a']"), "5: rule 'x': field 'paths': '^/a' looks like a regular expression"),
    ("field", rule("take:\n  titel: h1"), "5: rule 'x': field 'take': take: field 'titel' is not known; did you mean"),
    ("take", rule("take: h1"), "4: rule 'x': field 'take': write fields and their selectors"),
    ("nothing", rule("valid_to: 2024-01-01"), "3: rule 'x': needs 'drop:' or 'take:'"),
    ("no_id", "site: a.example\nrules:\n  - drop: p", "3: rule number 1: field 'id' is missing"),
    ("same_id", rule("drop: p\n") + "  - id: x\n    drop: b", "rule 'x': the id is taken"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_wrong_file(text: str, told: str, tmp_path: Path) -> None:
    """What is wrong is told with file, line, rule and field."""
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RulesError) as caught:
        load_rules(tmp_path)
    assert str(tmp_path / "a.yaml") in str(caught.value)
    assert told in str(caught.value)


def test_own_rules_stand_in_for_shipped_ones(tmp_path: Path) -> None:
    """A site that the user's folder has gets no rule of the shipped folder; a folder that is not there has none."""
    (tmp_path / "herald.yaml").write_text(FILE, encoding="utf-8")
    assert {rule.id for rule in load_rules(tmp_path).sites["harbour-herald.example"]} == {"old", "new"}
    shipped = load_rules(tmp_path / "none").sites["harbour-herald.example"]
    assert [rule.id for rule in shipped] == ["blue-template"]


def test_drop() -> None:
    """What is dropped is gone from body and fields, and the rest is all there."""
    junk = f'<p class="promo">{SENTENCE}Join our club of friends of the harbour today.</p>'
    with_rule = read(SiteRule("a", "x", drop=(".promo",)), body=STORY + junk)
    assert "Join our club" not in with_rule.body.text
    assert with_rule.body.text.count("of the story ends here") == 5
    assert with_rule.flags == ()


def test_take_fields_and_body() -> None:
    """Fields come from where the rule says, with receipts; the body keeps its kinds."""
    story = (
        f'<h2 class="head">The true headline</h2><b class="by">Ann Lee</b><b class="by">Bo Ray</b>'
        f'<i class="out" data-day="2026-02-03">x</i><div class="text"><p>{SENTENCE}</p><h3>A bridge</h3>'
        f"<ul><li>One</li><li>Two</li></ul><blockquote>Quite so.</blockquote></div>{STORY}"
    )
    taken = (("title", "h2.head"), ("authors", ".by"), ("published_at", ".out@data-day"), ("body", "div.text"))
    found = read(SiteRule("a.example", "x", take=taken), body=story)
    assert (found.title, found.authors) == ("The true headline", ("Ann Lee", "Bo Ray"))
    assert found.published_at is not None
    assert found.published_at.date() == date(2026, 2, 3)
    kinds = [block.kind for block in found.body.blocks]
    assert kinds == ["paragraph", "heading", "list_item", "list_item", "quote"]
    origins = {fact.field: fact.origin for fact in reversed(found.field_sources)}
    assert origins["title"] == "site_rule:x"
    assert origins["published_at"] == "site_rule:x"


def test_selector_that_finds_nothing() -> None:
    """The page is read as without the rule, and a flag tells that the template may have changed."""
    found = read(SiteRule("a", "x", take=(("body", ".gone"), ("title", ".gone"))), body=STORY)
    assert found.title == "A story of the harbour"
    assert "Paragraph 4 of the story" in found.body.text
    assert found.flags == ("site_rule_missed",)


def test_rule_that_drops_everything_is_no_silent_row() -> None:
    """A rule that goes too far ends in a refusal with its reason, or at least spares html and body."""
    rules = (SiteRule("a", "x", drop=("*",)),)
    found = parse_job(Job(page().encode(), URL, None, Listed(), CAPTURED, rules))
    assert not isinstance(found, ParsedPage)


def test_row_names_the_rule() -> None:
    """rules_version of the row has the rule with a sign that changes with what it says."""
    one, other = (SiteRule("a.example", "x", drop=(name,)) for name in (".promo", ".club"))
    found = read(one, body=STORY)
    capture = {
        "url": URL, "site": "a", "source_id": "s", "captured_at": CAPTURED, "payload_digest": "d",
        "capture_uri": "u", "capture_offset": 0,
    }  # fmt: skip

    class Run:
        """What a row needs of a run."""

        now, run_id = CAPTURED, "r"

    row = article_row(capture, found, Run())  # type: ignore[arg-type]  # two names are all it looks at
    assert row["rules_version"] == f"+{one.version}"
    assert one.version != other.version
    assert one.version.startswith("a.example/x@")


def test_shipped_rules_read_their_golden_pages() -> None:
    """Each shipped file of rules has a pinned page, which is read as expected, and as the rule says."""
    book = load_rules(None)
    verdicts = list(check_pins(HERE / "rules", book))
    assert {verdict.path.parent.name for verdict in verdicts} == set(book.sites)
    assert [line for verdict in verdicts for line in verdict.differences] == []
    without = [line for verdict in check_pins(HERE / "rules", RuleBook()) for line in verdict.differences]
    assert any(line.startswith("title: ") for line in without)


def test_documented_file_is_read(tmp_path: Path) -> None:
    """The example of docs/site-rules.md is a right file."""
    text = (HERE.parents[1] / "docs" / "site-rules.md").read_text(encoding="utf-8")
    (tmp_path / "a.yaml").write_text(text.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert "talbote.example" in load_rules(tmp_path).sites
