"""How words are counted."""

import pytest

from schemas.text import word_count


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" \n\n ", 0),
        ("one", 1),
        ("one two\n\nthree", 3),
        ("It's 3 words", 3),
        ("naïve café – so", 4),
        ("渡轮将于星期五出售。", 9),
        ("NATO は金曜日に。", 6),
        ("เรือข้ามฟากจะถูกขาย", 5),
        ("العبّارة ستُباع اليوم", 3),
        ("페리는 금요일에 팔린다", 3),
    ],
)
def test_word_count(text: str, words: int) -> None:
    """Pieces between spaces; Han and kana count singly, Thai by fours."""
    assert word_count(text) == words
