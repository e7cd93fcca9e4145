"""Pictures of answers: which columns are drawn and how, and that nothing in them breaks a page."""

from typing import Any

import pytest
from markupsafe import Markup

from copydesk.explore.charts import MOST_BARS, MOST_SERIES, Roles, draw, roles_of, ticks
from copydesk.explore.queries import Answer

DAY, TEXT, COUNT = ("day", "DATE"), ("site", "VARCHAR"), ("n", "BIGINT")


def answer(columns: list[tuple[str, str]], *rows: list[Any]) -> Answer:
    """An answer with these rows."""
    return Answer(columns, list(rows), False, 0.1)


@pytest.mark.parametrize(
    ("columns", "roles"),
    [
        ([DAY, COUNT], Roles(0, 1, None)),
        ([TEXT, DAY, COUNT], Roles(1, 2, 0)),
        ([("at", "TIMESTAMP WITH TIME ZONE"), ("share", "DOUBLE")], Roles(0, 1, None)),
        ([TEXT, ("title", "VARCHAR"), ("x", "DECIMAL(18,3)")], Roles(0, 2, None)),
        ([COUNT, ("m", "INTEGER")], Roles(0, 1, None)),
        ([COUNT], Roles(None, 0, None)),
        ([TEXT, DAY], None),
        ([("list", "BIGINT[]")], None),
        ([], None),
    ],
)
def test_which_columns_are_drawn(columns: list[tuple[str, str]], roles: Roles | None) -> None:
    """A number against a time, or else a text; lists are no numbers."""
    assert roles_of(columns) == roles


def test_lines_over_time_one_for_each_name() -> None:
    """The largest ones, in the order of their sums; names stand beside the picture and not in it."""
    rows = [[f"<b>{name}", f"2026-03-0{day}", name * day] for name in range(9) for day in (2, 1, 3)]
    chart = draw(answer([TEXT, DAY, COUNT], *rows), "auto")
    assert chart is not None
    assert chart.names == [f"<b>{name}" for name in range(8, 2, -1)]
    assert len(chart.names) == MOST_SERIES
    assert isinstance(chart.drawing, Markup)
    assert chart.drawing.count("<polyline") == MOST_SERIES
    assert "<b>" not in chart.drawing
    assert chart.note == "The 6 largest of 9."
    assert all(text in chart.drawing for text in ("2026-03-01", "2026-03-03", "30"))


def test_bars_of_names_and_what_is_left_out() -> None:
    """The first ones in the order of the answer; rows without a number have no bar."""
    rows = [["x", None], *([f"<i>{at}", at - 1] for at in range(100))]
    chart = draw(answer([TEXT, COUNT], *rows), "auto")
    assert chart is not None
    assert [bar.label for bar in chart.bars[:2]] == ["<i>0", "<i>1"]
    assert len(chart.bars) == MOST_BARS
    assert "<i>" not in "".join(bar.drawing for bar in chart.bars)
    assert chart.note == "The first 40 of 100 rows."


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (answer([TEXT, COUNT], ["a", 1]), "none"),
        (answer([TEXT], ["a"]), "auto"),
        (answer([TEXT, COUNT]), "auto"),
        (answer([TEXT, COUNT], ["a", None]), "bars"),
        (answer([DAY, COUNT], [None, None]), "line"),
        (answer([DAY, COUNT], ["2026-03-01", 1.7e308], ["2026-03-02", -1.7e308]), "auto"),
    ],
)
def test_where_there_is_nothing_to_draw(given: Answer, kind: str) -> None:
    """None wanted, no numbers, no rows."""
    assert draw(given, kind) is None


@pytest.mark.parametrize(
    "values",
    [[0, 0], [-5, -1], [1e18, 2e18], [1e-9, 3e-9], [5, 5, 5], [-3, None, 3], [True, 2]],
)
@pytest.mark.parametrize("kind", ["auto", "line", "bars"])
def test_odd_values(values: list[Any], kind: str) -> None:
    """Equal, negative, huge and tiny numbers have a picture without nan in it."""
    rows = [[f"2026-03-{at:02d}", value] for at, value in enumerate(values, start=1)]
    chart = draw(answer([DAY, COUNT], *rows), kind)
    assert chart is not None
    drawn = (chart.drawing or "") + "".join(bar.drawing for bar in chart.bars)
    assert "nan" not in drawn
    assert "inf" not in drawn


def test_one_day_is_no_line() -> None:
    """Bars instead."""
    chart = draw(answer([DAY, COUNT], ["2026-03-01", 3]), "line")
    assert chart is not None
    assert [(bar.label, bar.value) for bar in chart.bars] == [("2026-03-01", "3")]


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 87), (-3, 12), (0, 0), (0, 1e-7), (5, 5e12)])
def test_ticks_hold_what_is_drawn(low: float, high: float) -> None:
    """From at most the lowest to at least the highest, in few even steps."""
    marks = ticks(low, high)
    assert marks[0] <= low
    assert marks[-1] >= high
    assert 2 <= len(marks) <= 8
