"""Quotes: what stands between quotation marks, who says it, and by which verb. Pure, one text at a time."""
