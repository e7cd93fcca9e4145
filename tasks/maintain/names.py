"""How files are named that take the place of others. Pure."""

import re

_STAMP = re.compile(r"(?:\.[0-9a-f]{8})?\.parquet$")


def successor(path: str, key: str) -> str:
    """The name of the file that takes the place of one: the same run and shard, with the last digits of the key.

    >>> successor("month=2026-03/r1-00000.parquet", "20260302T021500Z-forget0a1b2c3d")
    'month=2026-03/r1-00000.0a1b2c3d.parquet'
    >>> successor("month=2026-03/r1-00000.0a1b2c3d.parquet", "20260303T021500Z-forget99999999")
    'month=2026-03/r1-00000.99999999.parquet'
    """
    return _STAMP.sub(f".{key[-8:]}.parquet", path)
