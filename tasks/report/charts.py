"""Small charts as SVG. They hold numbers and names of our own only: the library does not escape what it writes.

Colours come from the page's classes, so that one drawing does for dark and light.
"""

from collections.abc import Sequence

import svg
from markupsafe import Markup

WIDTH, HEIGHT, EDGE = 200.0, 44.0, 4.0

Value = float | int | None


def stacked_bar(parts: Sequence[tuple[str, int]]) -> Markup:
    """One bar across the page, a stretch for each (class, number) that is not 0."""
    total = sum(count for _, count in parts) or 1
    drawn: list[svg.Element] = []
    left = 0.0
    for name, count in parts:
        width = 100.0 * count / total
        if count:
            drawn.append(svg.Rect(class_=["part", f"is-{name}"], x=_n(left), y=0, width=_n(width), height=10))
        left += width
    return _drawing(100, 10, drawn, "stack", stretched=True)


def bar(value: float, most: float, kind: str = "plain") -> Markup:
    """A bar as long as the value's share of the most."""
    width = 100.0 * min(1.0, value / most) if most > 0 else 0.0
    drawn = [
        svg.Rect(class_=["rail"], x=0, y=0, width=100, height=6),
        svg.Rect(class_=["fill", kind], x=0, y=0, width=_n(width), height=6),
    ]
    return _drawing(100, 6, drawn, "bar", stretched=True)


def spread_bar(middle: float, slow: float, most: float) -> Markup:
    """From nothing to the slow value in a pale tone, and a mark at the middle one."""
    scale = 100.0 / most if most > 0 else 0.0
    at = min(98.8, middle * scale)
    drawn = [
        svg.Rect(class_=["rail"], x=0, y=0, width=100, height=6),
        svg.Rect(class_=["fill", "pale"], x=0, y=0, width=_n(min(100.0, slow * scale)), height=6),
        svg.Rect(class_=["fill", "mark"], x=_n(at), y=0, width=1.2, height=6),
    ]
    return _drawing(100, 6, drawn, "bar", stretched=True)


def band_line(values: Sequence[Value], lows: Sequence[Value], highs: Sequence[Value]) -> Markup:
    """A line over the band that was usual, the last value as a dot: outside of the band in another colour.

    All three have the same length, oldest first; None is a gap.
    """
    known = [float(one) for one in (*values, *lows, *highs) if one is not None]
    top = max([*known, 1.0])
    drawn: list[svg.Element] = []
    edges = [
        (at, low, high)
        for at, (low, high) in enumerate(zip(lows, highs, strict=True))
        if low is not None and high is not None
    ]
    if len(edges) > 1:
        upper = [_point(at, len(values), high, 0, top) for at, _, high in edges]
        lower = [_point(at, len(values), low, 0, top) for at, low, _ in reversed(edges)]
        drawn.append(svg.Polygon(class_=["band"], points=_flat([*upper, *lower])))
    drawn += _line(values, 0, top)
    return _drawing(WIDTH, HEIGHT, drawn + _dot(values, lows, highs, top), "line")


def trend_line(values: Sequence[Value]) -> Markup:
    """A line between its own lowest and highest value, with a dot at its end; None is a gap."""
    known = [float(one) for one in values if one is not None]
    if not known:
        return Markup("")
    low, high = min(known), max(known)
    if high - low < 1e-9:
        low, high = low - 1, high + 1
    drawn = _line(values, low, high)
    last = values[-1]
    if last is not None:
        x, y = _point(len(values) - 1, len(values), last, low, high)
        drawn.append(svg.Circle(class_=["dot"], cx=_n(x), cy=_n(y), r=3))
    return _drawing(WIDTH, HEIGHT, drawn, "line")


def _dot(values: Sequence[Value], lows: Sequence[Value], highs: Sequence[Value], top: float) -> list[svg.Element]:
    last, low, high = values[-1], lows[-1], highs[-1]
    if last is None:
        return []
    is_odd = low is not None and high is not None and not low <= last <= high
    x, y = _point(len(values) - 1, len(values), last, 0, top)
    return [svg.Circle(class_=["dot", "odd"] if is_odd else ["dot"], cx=_n(x), cy=_n(y), r=3.2)]


def _line(values: Sequence[Value], low: float, high: float) -> list[svg.Element]:
    """Stretches of the line between its gaps."""
    drawn: list[svg.Element] = []
    stretch: list[tuple[float, float]] = []
    for at, value in enumerate([*values, None]):
        if value is not None:
            stretch.append(_point(at, len(values), value, low, high))
        elif stretch:
            if len(stretch) > 1:
                drawn.append(svg.Polyline(class_=["stroke"], points=_flat(stretch)))
            stretch = []
    return drawn


def _point(at: int, count: int, value: float, low: float, high: float) -> tuple[float, float]:
    x = EDGE + (WIDTH - 2 * EDGE) * (at / (count - 1) if count > 1 else 1)
    return x, HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (float(value) - low) / (high - low)


def _flat(points: Sequence[tuple[float, float]]) -> list[svg.Point]:
    return [svg.Point(_n(x), _n(y)) for x, y in points]


def _n(number: float) -> float:
    return round(number, 2)


def _drawing(
    width: float, height: float, drawn: Sequence[svg.Element], kind: str, *, stretched: bool = False
) -> Markup:
    """The SVG; what it shows is said in words beside it, so it is hidden from readers of the screen."""
    made = svg.SVG(
        viewBox=svg.ViewBoxSpec(0, 0, width, height),
        class_=["chart", kind],
        preserveAspectRatio=svg.PreserveAspectRatio("none") if stretched else None,
        elements=list(drawn),
        extra={"aria-hidden": "true"},
    )
    return Markup(made.as_str())  # noqa: S704 - numbers and class names of our own, nothing from outside
