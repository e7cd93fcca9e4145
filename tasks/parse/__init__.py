"""Parse: captures -> articles as the page has them. Nothing is cleaned here; what cannot be read gets a reason."""

PARSER_VERSION = "1"
"""Goes into every row. Raise it when the same bytes may now give another title, body, date or set of authors,

so that reprocess finds the rows that an older parser read; not for changes of speed, names or messages."""
