"""Which capture files retention has removed: rows of `decisions` of kind expire, their target a capture URI."""

from schemas.reasons import DecisionKind
from tasks.io.tables import Snapshot


def expired_captures(snapshot: Snapshot) -> frozenset[str]:
    """capture_uri of each file that was removed by policy; their rows stay, and name what is not there.

    Raises:
        TableError: the table of decisions cannot be read.
    """
    if not snapshot.files("decisions"):
        return frozenset()
    rows = snapshot.read("decisions", ["kind", "target"])
    return frozenset(rows.filter(rows["kind"] == DecisionKind.EXPIRE)["target"].to_list())
