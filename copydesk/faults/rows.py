"""All rows of the list of faults that are played, in their order."""

from copydesk.faults.model import Row
from copydesk.faults.rows_a import ROWS_A
from copydesk.faults.rows_a_more import ROWS_A_MORE
from copydesk.faults.rows_b import ROWS_B
from copydesk.faults.rows_c import ROWS_C

ROWS: tuple[Row, ...] = (*ROWS_A, *ROWS_A_MORE, *ROWS_B, *ROWS_C)

UNPLAYED = {
    "C7": "the gap of a feed: a matter of what earlier runs have listed",
}
"""Rows of sections A, B and C that have no case here, and why."""


def row(name: str) -> Row:
    """The row of this name, as in A9.

    Raises:
        KeyError: there is none.
    """
    return {one.id: one for one in ROWS}[name]
