"""`make bench-clean`: what cleaning does to the bodies that trafilatura finds on the development sets, and how fast.

    python -m benchmarks.clean.bench --bench ../shared/bench

Bodies are trafilatura's (precision mode); title, authors and language are read by our parse, as in a run. The memory
of each site learns from the site's own pages of the set, without labels. `cross-checked by site` means: the gain is
told for five folds of sites, and its 95 % interval comes from drawing sites anew. The last line is one JSON object.
"""

import argparse
import json
import logging
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks.clean.generator import generate
from benchmarks.parse.bench import load_score
from benchmarks.parse.compare import bootstrap, by_site, measure, page_counts
from benchmarks.parse.data import FOLDS, SETS, fold_of, read_set
from tasks.clean.article import KEEPS_TEXT, CleanArticle, clean_article
from tasks.clean.memory import SiteRule, SiteRules
from tasks.clean.memory_judge import Page, learn
from tasks.clean.model import Context
from tasks.clean.repairs import REPAIRS
from tasks.clean.runner import clean_text
from tasks.parse.decode import decode
from tasks.parse.dom import parse_dom
from tasks.parse.fields import choose_heads
from tasks.parse.gather import gather
from tasks.parse.language import choose_language
from tasks.parse.model import Listed

Doubles = NDArray[np.float64]
START = datetime(2026, 1, 1, tzinfo=UTC)
SEED, CASES = 23, 3000
MANY = 5
"""Pages of a site from which its memory is expected to help."""
PROMO = "The Harbour Quiz waits for you on every Friday evening"
"""A line that asks nothing of the reader: the memory needs most pages for such."""
CARRIES = 0.3
"""Share of a site's pages that carry it."""


@dataclass(frozen=True)
class Text:
    """One page of a set: what trafilatura and our parse read, and what is known to be right."""

    site: str
    title: str
    authors: tuple[str, ...]
    language: str | None
    body: str
    truth: dict[str, Any]


def read_texts(bench: Path, dataset: str, limit: int | None) -> list[Text]:
    """The pages of a set, extracted."""
    from trafilatura import extract

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    texts = []
    for number, source in enumerate(read_set(bench, dataset)):
        if limit is not None and number >= limit:
            break
        found = extract(source.html, include_comments=False, include_tables=True, favor_precision=True) or ""
        body = "\n\n".join(line for line in found.split("\n") if line.strip())
        title, authors, language = _heads(source.html, source.url, body)
        texts.append(Text(source.site, title, authors, language, body, source.truth))
    return texts


def _heads(html: bytes, url: str, body: str) -> tuple[str, tuple[str, ...], str | None]:
    dom = parse_dom(decode(html, "text/html").text)
    if dom is None:
        return "", (), None
    gathered = gather(dom.tree, url, Listed())
    heads = choose_heads(gathered.facts, url)
    language = choose_language(gathered.facts, body)
    return heads.title.value if heads.title else "", heads.authors, language.value if language else None


def learn_rules(texts: Sequence[Text]) -> dict[str, SiteRules]:
    """What the memory learns of each site of a set."""
    pages: dict[str, list[Page]] = defaultdict(list)
    for number, text in enumerate(texts):
        pages[text.site].append(Page(str(number), START + timedelta(minutes=number), text.body))
    return {site: as_rules(learn(own)) for site, own in pages.items() if len(own) > 1}


def as_rules(lines: Iterable[Any]) -> SiteRules:
    """Learned lines as the rules that cleaning takes."""
    rules = SiteRules()
    for line in lines:
        rules[" ".join(line.text.split())] = SiteRule(line.text, line.position, "learned")
    return rules


def clean(texts: Sequence[Text], rules: dict[str, SiteRules]) -> list[CleanArticle]:
    """The cleaned pages of a set."""
    none = SiteRules()
    return [
        clean_article(
            text.title,
            text.body,
            language=text.language,
            columns={"authors": text.authors},
            site_rules=rules.get(text.site, none),
        )
        for text in texts
    ]


@dataclass(frozen=True)
class Measured:
    """One set before and after cleaning: what each page adds to the set's measure."""

    dataset: str
    sites: list[str]
    before: Doubles
    after: Doubles

    def of(self, chosen: NDArray[np.bool_]) -> tuple[float, float]:
        """The measure before and after, of some pages."""
        return _score(self.before[chosen]), _score(self.after[chosen])

    @property
    def everything(self) -> NDArray[np.bool_]:
        """All pages."""
        return np.ones(len(self.sites), dtype=bool)

    @property
    def folds(self) -> list[float]:
        """The gain on the sites of each fold."""
        numbers = np.array([fold_of(site) for site in self.sites])
        pairs = (self.of(numbers == fold) for fold in range(FOLDS))
        return [after - before for before, after in pairs]

    @property
    def many(self) -> NDArray[np.bool_]:
        """Pages of sites with many pages."""
        counts = Counter(self.sites)
        return np.array([counts[site] >= MANY for site in self.sites])


def _score(counts: Doubles) -> float:
    return float(measure(counts.sum(axis=0, keepdims=True))[0]) if len(counts) else float("nan")


def measure_set(score: ModuleType, dataset: str, texts: Sequence[Text], cleaned: Sequence[CleanArticle]) -> Measured:
    """The set's counts before and after."""
    before = [page_counts(score, dataset, text.truth, text.body) for text in texts]
    pairs = zip(texts, cleaned, strict=True)
    after = [page_counts(score, dataset, text.truth, article.body.text) for text, article in pairs]
    return Measured(dataset, [text.site for text in texts], np.array(before), np.array(after))


def lost_paragraphs(text: Text, article: CleanArticle) -> list[tuple[str, str]]:
    """(repair, paragraph) of each whole paragraph that was cut and that the truth has."""
    truth = " ".join(" ".join(text.truth.get("texts") or ()).split())
    found = []
    for receipt in article.body.receipts:
        if receipt.kind not in KEEPS_TEXT and not receipt.replacement:
            told = [" ".join(part.split()) for part in receipt.text.split("\n\n")]
            found += [(receipt.repair, part) for part in told if part.count(" ") >= 3 and part in truth]
    return found


def junk_gone() -> float:
    """Share of held-out generated junk that the repairs take away."""
    cases = generate("held_out", SEED, CASES)
    gone = (case.is_clean(clean_text(case.text, Context(language=case.language), REPAIRS).text) for case in cases)
    return sum(gone) / CASES


def pages_until_learned() -> int:
    """How many pages must carry a new promo line before it is learned, where 30 % of a site's pages carry it."""
    pages: list[Page] = []
    carrying = 0
    for number in range(200):
        facts = [f"Clerk {number * 7 + part} of ward {number + part} read report {number * part}." for part in range(8)]
        if number % 10 in (1, 4, 8):
            facts.insert(2 + number % 4, PROMO)
            carrying += 1
        pages.append(Page(str(number), START + timedelta(hours=number), "\n\n".join(facts)))
        if any(line.text == PROMO for line in learn(pages)):
            return carrying
    raise SystemExit("The promo line was never learned.")


def speed(texts: Sequence[Text], rules: dict[str, SiteRules]) -> float:
    """Articles per CPU-second, cleaned with the memory of their sites; what is compiled once is not counted."""
    clean(texts[:40], rules)
    started = time.process_time()
    clean(texts, rules)
    return len(texts) / (time.process_time() - started)


def main() -> None:
    """Run, print the tables, and the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS, help="which sets; all by default")
    parser.add_argument("--limit", type=int, help="pages of each set; for trying it out")
    args = parser.parse_args()
    if not args.bench.is_dir():
        raise SystemExit(f"{args.bench} is not there: the development sets are needed to measure cleaning.")
    score, told = load_score(args.bench), dict[str, float]()
    for dataset in args.sets:
        texts = read_texts(args.bench, dataset, args.limit)
        rules = learn_rules(texts)
        cleaned = clean(texts, rules)
        found = measure_set(score, dataset, texts, cleaned)
        _print_set(found, texts, cleaned)
        if dataset == SETS[0]:  # the figures of the last line are this set's
            before, after = found.of(found.everything)
            told |= {f"{dataset}_f1_before": round(before, 4), f"{dataset}_f1_after": round(after, 4)}
            told["articles_per_cpu_s"] = round(speed(texts, rules))
        print(f"{dataset} is done", file=sys.stderr)
    told |= {"generated_junk_gone": round(junk_gone(), 4), "pages_until_learned": pages_until_learned()}
    print(json.dumps(told))


def _print_set(found: Measured, texts: Sequence[Text], cleaned: Sequence[CleanArticle]) -> None:
    console = Console(width=120)
    low, high = bootstrap(by_site(found.after.tolist(), found.sites), by_site(found.before.tolist(), found.sites))
    table = Table("pages", "count", "before", "after", "gain", title=f"{found.dataset}, {len(set(found.sites))} sites")
    for name, chosen in (("all", found.everything), (f"of sites with {MANY} or more", found.many)):
        before, after = found.of(chosen)
        row = (f"{before:.4f}", f"{after:.4f}", f"{after - before:+.4f}") if chosen.any() else ("-", "-", "-")
        table.add_row(name, str(int(chosen.sum())), *row)
    console.print(table)
    folds = ", ".join(f"{gain:+.4f}" for gain in found.folds)
    console.print(f"cross-checked by site: 95 % interval [{low:+.4f}, {high:+.4f}]; folds {folds}")
    if found.before.shape[1] == 4:
        recall = [counts[:, 2].sum() / counts[:, 3].sum() for counts in (found.before, found.after)]
        console.print(f"recall {recall[0]:.4f} before, {recall[1]:.4f} after")
    _print_removals(console, texts, cleaned)


def _print_removals(console: Console, texts: Sequence[Text], cleaned: Sequence[CleanArticle]) -> None:
    receipts, articles, chars = Counter[str](), Counter[str](), Counter[str]()
    lost: Counter[str] = Counter()
    for text, article in zip(texts, cleaned, strict=True):
        own = article.body.receipts
        receipts.update(receipt.repair for receipt in own)
        articles.update({receipt.repair for receipt in own})
        for receipt in own:
            chars[receipt.repair] += receipt.char_count - len(receipt.replacement)
        lost.update(repair for repair, _ in lost_paragraphs(text, article))
    table = Table("repair", "receipts", "articles", "characters", "paragraphs that the labels have")
    for repair in (one.name for one in REPAIRS):
        if receipts[repair]:
            counts = (receipts[repair], articles[repair], chars[repair], lost[repair])
            table.add_row(repair, *map(str, counts))
    console.print(table)


if __name__ == "__main__":
    main()
