"""Where quotes open and close, and where sentences end: what several repairs ask before they cut."""

SENTENCE_END = frozenset('.!?…。！？؟۔।”’"»“›)]')
"""Characters after which a new sentence may stand: marks, and closing quotes and brackets."""


class QuoteDepth:
    """Tells for rising positions of one paragraph whether they stand inside a quote; linear over all questions."""

    def __init__(self, paragraph: str) -> None:
        self._paragraph = paragraph
        self._pairs = (("„", "“") if "„" in paragraph else ("“", "”"), ("«", "»"))
        self._depths = [0, 0]
        self._straight = 0
        self._position = 0

    def inside(self, position: int) -> bool:
        """True when a quote that was opened before `position` is still open there."""
        part = self._paragraph[self._position : position]
        self._position = position
        self._straight += part.count('"')
        for index, (opening, closing) in enumerate(self._pairs):
            self._depths[index] = max(0, self._depths[index] + part.count(opening) - part.count(closing))
        return self._straight % 2 == 1 or any(self._depths)
