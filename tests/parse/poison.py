"""What the tests put into a child's way; loaded by the child itself, see `ChildLimits.hook`."""

import os
import time

MARK = b"poison:"


def act(payload: bytes) -> None:
    """Do what the page asks for: abort, hang, spin, swell, raise."""
    start = payload.find(MARK)
    if start < 0:
        return
    word = payload[start + len(MARK) :].split(b" ")[0]
    if word == b"abort":
        os.abort()
    elif word == b"hang":
        time.sleep(600)
    elif word == b"spin":
        while True:
            pass
    elif word == b"swell":
        held = bytearray(2_000_000_000)
        held[::4096] = b"x" * len(held[::4096])
    elif word == b"exit":
        os._exit(3)
