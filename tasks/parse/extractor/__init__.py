"""Our own body extractor: one walk over the DOM, numbers for each block, two small forests, typed blocks.

`extract_blocks` is the only name that the rest of parse needs. Files in reading order: walk, words, features, context,
forest, judge, keep, extract. Figures, designs that lost and the model's card: docs/extraction.md.
"""

from tasks.parse.extractor.extract import Extraction, Picture, extract_blocks
from tasks.parse.extractor.features import Hints

__all__ = ["Extraction", "Hints", "Picture", "extract_blocks"]
