"""The committed files as one DuckDB file that answers SQL."""
