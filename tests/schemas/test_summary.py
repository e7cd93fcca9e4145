"""The balance of a run."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import PAGE_STATES
from schemas.run import Counts as CountsTable
from schemas.summary import Counts
from schemas.table import polars_schema

COUNTS = st.builds(Counts, **{field.name: st.integers(0, 10**9) for field in fields(Counts)})


def test_counts_are_the_columns_of_a_run() -> None:
    """The dataclass and the columns of runs and run_sources have the same names in the same order."""
    assert list(Counts().as_row()) == list(polars_schema(CountsTable))
    assert list(Counts().states) == list(PAGE_STATES)


@pytest.mark.parametrize(
    ("counts", "difference"),
    [
        (Counts(), 0),
        (Counts(found=3, known=1, stored=2), 0),
        (Counts(found=10, known=1, **{state.value: 1 for state in PAGE_STATES}), 0),
        (Counts(found=2, stored=2, also_listed=7), 0),
        (Counts(found=3, stored=2), 1),
        (Counts(found=1, stored=1, held=1), -1),
    ],
)
def test_balance(counts: Counts, difference: int) -> None:
    """Found is known plus the nine states; what another source listed before does not count."""
    assert counts.difference == difference
    assert counts.balanced is (difference == 0)


@given(parts=st.lists(COUNTS, max_size=4))
def test_sum_of_rows(parts: list[Counts]) -> None:
    """Rows of sources add up to the run, and a row gives back its counts."""
    total = Counts.from_rows(part.as_row() for part in parts)
    assert total == sum(parts, Counts())
    assert total.difference == sum(part.difference for part in parts)
    assert [Counts.from_row(part.as_row()) for part in parts] == parts
