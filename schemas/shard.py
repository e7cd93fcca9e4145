"""What a stage says of one shard: counts, never rows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ShardSummary:
    """One stage's work on one shard: read = passed + refused."""

    stage: str
    shard: str
    read_count: int = 0
    passed_count: int = 0
    refused_count: int = 0
    """Rows in quarantine; a row that several checks refuse counts once."""
    removal_count: int = 0
    """Receipts written (clean only)."""
    warning_count: int = 0
    """Warnings noted in `flags` (validate only)."""
