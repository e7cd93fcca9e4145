"""The faults that Copydesk survives, as rows: a local server that misbehaves, and what must come of it.

Used by `copydesk selftest --faults` on the user's machine and by the tests. Everything stays on 127.0.0.1.
"""
