"""Where a text quotes: the stretches between quotation marks, nested ones within the outer, over paragraphs. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.text import PARAGRAPH_BREAK
from tasks.publish.quotes.words import Speech


@dataclass(frozen=True)
class Span:
    """One stretch between marks; of several paragraphs when each of them opens anew and only the last closes."""

    begin: int
    """Place of the opening mark."""
    end: int
    """Place behind the closing mark."""
    text: str


def find_spans(body: str, speech: Speech) -> list[Span]:
    """The outermost quotes of a text, in order; what is opened and never closed is none."""
    found: list[Span] = []
    open_from: tuple[int, str, list[str]] | None = None
    for begin, paragraph in _paragraphs(body):
        at = 0
        if open_from is not None:
            mark = open_from[1]
            if not paragraph.startswith(mark):
                open_from = None
            else:
                end = _closing(paragraph, 1, mark, speech)
                open_from[2].append(paragraph[1 : end if end is not None else len(paragraph)])
                if end is None:
                    continue
                found.append(Span(open_from[0], begin + end + 1, PARAGRAPH_BREAK.join(open_from[2]).strip()))
                open_from, at = None, end + 1
        open_from = _read(paragraph, begin, at, speech, found)
    return found


def _read(paragraph: str, begin: int, at: int, speech: Speech, found: list[Span]) -> tuple[int, str, list[str]] | None:
    """Take up the quotes of a paragraph; what is left open at its end."""
    while (opened := _opening(paragraph, at, speech)) is not None:
        end = _closing(paragraph, opened + 1, paragraph[opened], speech)
        if end is None:
            return begin + opened, paragraph[opened], [paragraph[opened + 1 :]]
        found.append(Span(begin + opened, begin + end + 1, paragraph[opened + 1 : end].strip()))
        at = end + 1
    return None


def _paragraphs(body: str) -> Iterator[tuple[int, str]]:
    begin = 0
    for paragraph in body.split(PARAGRAPH_BREAK):
        yield begin, paragraph
        begin += len(paragraph) + len(PARAGRAPH_BREAK)


def _opening(text: str, at: int, speech: Speech) -> int | None:
    """The next mark that opens: one with a letter or number behind it, and nothing of a word before it."""
    marks = "".join(opening for opening, _ in speech.marks)
    for place in range(at, len(text)):
        if (
            text[place] in marks
            and not text[place - 1 : place].isalnum()
            and text[place + 1 : place + 2].strip(".,;:)")
        ):
            return place
        if text[place] in marks and text[place] == "«" and text[place + 1 : place + 2].isspace():
            return place
    return None


def _closing(text: str, at: int, mark: str, speech: Speech) -> int | None:
    """The mark that closes what `mark` opened; the same kind may stand within it."""
    closers, depth = dict(speech.marks)[mark], 1
    for place in range(at, len(text)):
        if text[place] in closers and not (text[place] == mark and text[place + 1 : place + 2].isalnum()):
            depth -= 1
        elif text[place] == mark and mark not in closers:
            depth += 1
        if depth == 0:
            return place
    return None
