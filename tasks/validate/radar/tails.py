"""How unlikely a count is. Exact tails of the beta-binomial (shares) and the negative binomial (volumes).

Both are the plain distribution (binomial, Poisson) with one more parameter for what nights differ in by themselves:
sections, agencies, a quiet Sunday. With a plain binomial every busy source would alarm on every odd night.
"""

from math import exp, log, log1p


def share_tail(count: int, of_count: int, share: float, spread: float, *, upper: bool) -> float:
    """P(X >= count) or P(X <= count) for X beta-binomial with this mean share.

    Args:
        count: Pages with the value.
        of_count: Of so many.
        share: Usual share, above 0 and below 1.
        spread: Correlation of two pages of one night, above 0 and below 1: the variance is n p (1 - p) (1 + (n - 1)
            spread).
        upper: Whether more is farther off.

    >>> round(share_tail(0, 4, 0.5, 1e-9, upper=False), 4)
    0.0625
    """
    weight = 1 / spread - 1
    a, b = share * weight, (1 - share) * weight
    if upper:
        count, a, b = of_count - count, b, a
    # log P(X = 0) as a sum: the difference of log-gammas loses digits where the spread is small.
    total, term = 0.0, sum(log(b + value) - log(a + b + value) for value in range(of_count))
    for value in range(count + 1):
        total += exp(term)
        if value < of_count:
            term += log(of_count - value) - log(value + 1) + log(a + value) - log(b + of_count - value - 1)
    return min(1.0, total)


def count_tail(count: int, mean: float, size: float, *, upper: bool) -> float:
    """P(X >= count) or P(X <= count) for X negative binomial: variance mean + mean^2 / size.

    >>> round(count_tail(0, 2.0, 1e9, upper=False), 4)
    0.1353
    """
    term = -size * log1p(mean / size)
    factor = log(mean) - log(mean + size)
    below, at = 0.0, exp(term)
    for value in range(count + 1):
        below += at if value < count else 0.0
        if value == count:
            break
        term += log(size + value) - log(value + 1) + factor
        at = exp(term)
    return min(1.0, max(0.0, 1 - below) if upper else below + at)
