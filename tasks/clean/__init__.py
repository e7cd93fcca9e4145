"""From extracted text to clean text, with a receipt for every character that goes."""
