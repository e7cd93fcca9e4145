"""What the stages hand to each other: one pandera model a table, and the words that all of them share.

The models are the only description of a table. Arrow schema, empty table, DuckDB comments and
docs/data-dictionary.md are made from them (`schemas.table`, `schemas.dictionary`); nothing is typed twice.
No file here reads a network, a clock or an environment variable.
"""
