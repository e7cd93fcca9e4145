"""From extracted text to clean text, with a receipt for every character that goes."""

RULES_VERSION = "5"
"""Version of the cleaning rules: raised whenever a repair, its order or a word of its tables changes what comes out."""
