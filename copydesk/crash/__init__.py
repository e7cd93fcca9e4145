"""Runs that are killed on purpose, at every call that changes the disk, and what must be left of them.

    tracer.py   a process of ours whose calls to the kernel are counted, failed or cut off, native libraries included
    night.py    the run that is killed: 200 documents, from fetch to publish, on top of an earlier night
    state.py    what must be the same after all: the logical hash; and a reader that queries all the while
    matrix.py   every way to die, times every call; what came of each

Used by `copydesk selftest --crash` and by the tests. Nothing of the user's is touched.
"""
