"""Labels for blocks, from what the development sets say of whole pages."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

TOKEN = re.compile(r"\w+")
GRAM = 4
Doubles = NDArray[np.float64]


def label_by_body(texts: Sequence[str], bodies: Sequence[str]) -> tuple[Doubles, Doubles, int]:
    """Each block's share that is in the reference body, each block's tokens, and the body's tokens.

    Of several reference bodies the one that most of the page's text is in.
    """
    sizes = np.array([len(TOKEN.findall(text)) for text in texts], dtype=np.float64)
    labelled = [(_shares(texts, body), len(TOKEN.findall(body))) for body in bodies]
    shares, length = max(labelled, key=lambda pair: float((pair[0] * sizes).sum()))
    return shares, sizes, length


def _shares(texts: Sequence[str], body: str) -> Doubles:
    tokens = TOKEN.findall(body.lower())
    grams = {tuple(tokens[i : i + GRAM]) for i in range(len(tokens) - GRAM + 1)}
    lines = {" ".join(TOKEN.findall(line.lower())) for line in body.split("\n")}
    joined = f" {' '.join(tokens)} "
    blocks = [TOKEN.findall(text.lower()) for text in texts]
    shares = np.zeros(len(blocks))
    unsure = []
    for index, block in enumerate(blocks):
        if len(block) >= GRAM:
            shares[index] = _covered(block, grams)
        elif block and " ".join(block) in lines:
            shares[index] = 1.0
        elif block and f" {' '.join(block)} " in joined:
            shares[index] = 0.5
            unsure.append(index)
    _settle_repeats(shares, blocks, joined)
    for index in unsure:
        if shares[index]:
            shares[index] = float(_continues(index, blocks, shares, joined))
    return shares


def _covered(block: list[str], grams: set[tuple[str, ...]]) -> float:
    hit = np.zeros(len(block), dtype=np.bool_)
    for start in range(len(block) - GRAM + 1):
        if tuple(block[start : start + GRAM]) in grams:
            hit[start : start + GRAM] = True
    return float(hit.mean())


def _settle_repeats(shares: Doubles, blocks: list[list[str]], joined: str) -> None:
    """Of blocks with the same words, keep as many as the body has, those amid the most body text."""
    sizes = np.array([len(block) for block in blocks])
    mass = shares * sizes * (sizes >= 8)
    padded = np.concatenate([np.zeros(5), np.cumsum(mass), np.full(4, mass.sum())])
    near = padded[9:] - padded[:-9] - mass if len(mass) else mass
    same: dict[str, list[int]] = {}
    for index, block in enumerate(blocks):
        if shares[index] > 0.4:
            same.setdefault(" ".join(block), []).append(index)
    for words, indexes in same.items():
        if len(indexes) > 1:
            for index in sorted(indexes, key=lambda i: -near[i])[joined.count(f" {words} ") :]:
                shares[index] = 0.0


def _continues(index: int, blocks: list[list[str]], shares: Doubles, joined: str) -> bool:
    """Whether the body has the short block right after the block before it, or right before the one after it."""
    for other in (index - 1, index + 1):
        if 0 <= other < len(blocks) and blocks[other] and shares[other] > 0.6:
            pair = blocks[other][-3:] + blocks[index] if other < index else blocks[index] + blocks[other][:3]
            if f" {' '.join(pair)} " in joined:
                return True
    return False


def label_by_snippets(texts: Sequence[str], wanted: Sequence[str], unwanted: Sequence[str]) -> Doubles:
    """1 for blocks that hold or are held by a wanted snippet, 0 for unwanted, -1 for all that nothing is known of."""
    clean = [" ".join(text.split()) for text in texts]
    labels = np.full(len(clean), -1.0)
    for label, snippets in ((0.0, unwanted), (1.0, wanted)):
        for snippet in (" ".join(snippet.split()) for snippet in snippets):
            found = [index for index, text in enumerate(clean) if snippet in text]
            found = found or [index for index, text in enumerate(clean) if len(text) > 12 and text in snippet]
            labels[found] = label
    return labels
