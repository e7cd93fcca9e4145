"""Which decisions stand, and which runs they take back."""

import pytest

from tasks.io.decisions import in_force
from tasks.publish.retracted import retracted_runs
from tests.sql.dataset import decision

RETRACT = decision("d1", "retract_run", "r1", 1)
UNDO = decision("d2", "undo", "d1", 2)
REDO = decision("d3", "undo", "d2", 3)
AT_ONCE = decision("a0", "undo", "d1", 1)


@pytest.mark.parametrize(
    ("decisions", "standing"),
    [
        ([], []),
        ([RETRACT], ["d1"]),
        ([RETRACT, UNDO], []),
        ([UNDO, RETRACT], []),
        ([RETRACT, UNDO, REDO], ["d1"]),
        ([RETRACT, AT_ONCE], []),
        ([RETRACT, decision("d4", "undo", "unknown", 2)], ["d1"]),
    ],
    ids=["none", "one", "undone", "in any order", "undo of the undo", "undone in the same moment", "undo of nothing"],
)
def test_decisions_in_force(decisions: list[dict[str, object]], standing: list[str]) -> None:
    """An undo takes back its target, unless it was itself taken back."""
    assert [row["decision_id"] for row in in_force(decisions)] == standing


def test_first_retraction_of_a_run_counts() -> None:
    """A run that is retracted twice is one row, of the first decision that stands."""
    again = decision("d9", "retract_run", "r1", 9)
    assert [row["decision_id"] for row in retracted_runs([again, RETRACT])] == ["d1"]
    assert [row["decision_id"] for row in retracted_runs([again, RETRACT, UNDO])] == ["d9"]
