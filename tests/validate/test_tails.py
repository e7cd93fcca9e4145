"""The tails of the two distributions against sums and samples."""

from math import comb

import numpy as np
import pytest

from tasks.validate.radar.tails import count_tail, share_tail


@pytest.mark.parametrize(("count", "of_count", "share"), [(0, 10, 0.9), (3, 10, 0.5), (10, 10, 0.2), (7, 30, 0.04)])
def test_without_spread_it_is_the_binomial(count: int, of_count: int, share: float) -> None:
    """Both tails, to six digits."""
    terms = [comb(of_count, k) * share**k * (1 - share) ** (of_count - k) for k in range(of_count + 1)]
    below = share_tail(count, of_count, share, 1e-9, upper=False)
    above = share_tail(count, of_count, share, 1e-9, upper=True)
    assert (below, above) == pytest.approx((sum(terms[: count + 1]), sum(terms[count:])), rel=1e-6)


def test_spread_and_size_widen_the_tails() -> None:
    """Against a hundred thousand samples of each."""
    random = np.random.default_rng(5)
    shares = random.beta(0.8 * 49, 0.2 * 49, 100_000)
    sampled = (random.binomial(20, shares) <= 12).mean()
    assert share_tail(12, 20, 0.8, 0.02, upper=False) == pytest.approx(sampled, rel=0.05)
    counts = random.negative_binomial(6, 6 / (6 + 20), 100_000)
    assert count_tail(8, 20.0, 6.0, upper=False) == pytest.approx((counts <= 8).mean(), rel=0.05)
    assert count_tail(40, 20.0, 6.0, upper=True) == pytest.approx((counts >= 40).mean(), rel=0.08)
