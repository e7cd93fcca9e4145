"""The format of articles.duckdb, in a file of its own: who only opens the database needs no model of its tables."""

DATABASE_FORMAT = 1
"""What this version writes and reads."""
