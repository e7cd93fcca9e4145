"""How far the repairs reach, on junk that they were not written on; and what they must not touch."""

import json
import lzma
import random
from pathlib import Path

import pytest

from benchmarks.clean.generator import adversarial, generate
from tasks.clean.article import KEEPS_TEXT
from tasks.clean.model import Context
from tasks.clean.receipts import rebuild
from tasks.clean.repairs import REPAIRS
from tasks.clean.runner import clean_text

LEAST = 0.95
"""Share of held-out junk that must go."""


def test_held_out_junk_goes_and_leads_back() -> None:
    """Most pieces of held-out seeds, wordings and languages go alone, and cleaning twice changes nothing."""
    cases = generate("held_out", 11, 600)
    gone = 0
    for case in cases:
        context = Context(language=case.language)
        cleaned = clean_text(case.text, context, REPAIRS)
        assert rebuild(cleaned.text, cleaned.receipts) == case.text
        assert clean_text(cleaned.text, context, REPAIRS).receipts == ()
        gone += case.is_clean(cleaned.text)
    assert gone >= LEAST * len(cases)


@pytest.mark.parametrize("around", ["{}", "He waited.\n\n{}", "{}\n\nHe waited."], ids=["alone", "last", "first"])
def test_the_adversarial_set_is_not_touched(around: str) -> None:
    """Not one of the texts that look like junk has a receipt, wherever it stands."""
    touched = [
        text
        for language, text in adversarial()
        if clean_text(around.format(text), Context(language=language), REPAIRS).receipts
    ]
    assert touched == []


@pytest.mark.shared
def test_true_sentences_are_not_touched(shared: Path) -> None:
    """500 sentences of true paragraphs, drawn at test time, lose nothing."""
    with lzma.open(shared / "bench/data/news424/truth.jsonl.xz", "rt", encoding="utf-8") as file:
        bodies = [row["texts"][0] for row in map(json.loads, file) if row.get("texts")]
    lines = [line.strip() for body in bodies for line in body.split("\n")]
    sentences = [line for line in lines if line.endswith(".") and len(line.split()) > 7]
    for sentence in random.Random(5).sample(sentences, 500):
        receipts = clean_text(sentence, Context(language="en"), REPAIRS).receipts
        assert [receipt for receipt in receipts if receipt.kind not in KEEPS_TEXT] == [], sentence
