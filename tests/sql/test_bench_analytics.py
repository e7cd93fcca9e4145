"""The benchmark of analytics on a few articles: it runs to its end, and its texts are like those of news."""

from pathlib import Path

from benchmarks.analytics.articles import articles, make_language
from benchmarks.analytics.bench import measure, searches


def test_the_benchmark_measures_what_it_says(tmp_path: Path) -> None:
    """Every figure is there and positive, and the indexes are smaller than the texts."""
    found = measure(tmp_path, 600, 300, make_language(words=5_000))
    assert all(value > 0 for value in found.values())
    named = {"attention_s", "top_terms_s", "search_ms_median", "index_articles_per_s", "index_size_ratio", "connect_s"}
    assert named <= set(found)
    assert found["search_size_ratio"] < found["index_size_ratio"] < 1


def test_its_texts() -> None:
    """The same language, day and count give the same articles; they have the length of news, and sentences."""
    language = make_language(words=5_000)
    made = articles(language, 3, 200)
    assert made.equals(articles(language, 3, 200))
    assert 2_000 < made["body"].str.len_bytes().mean() < 4_000  # type: ignore[operator]  # the mean of any column may be a date
    assert made["body"].str.contains(r"^[A-Z][^.]+\.\s+[A-Z]").mean() > 0.9  # type: ignore[operator]  # as above
    assert made["body"].n_unique() == 200
    queries = list(searches(language.words, "2024-01-01"))
    assert len(queries) == len(set(queries)) == 60
