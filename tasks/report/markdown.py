"""A run's report as Markdown. Pure: the same summary and facts give the same text.

What comes from pages, listings or sources.yaml is shown as text, never obeyed as Markdown, HTML or a link.
"""

import re
from collections.abc import Iterable, Sequence

from schemas.reasons import REASON_TEXT, Reason, State
from schemas.summary import Counts, RunSummary, SourceSummary
from tasks.report.facts import Row, RunFacts

LONGEST = 200
"""Most characters of a text of pages in a report."""

_SPECIAL = re.compile(r"""[\\`*_{}\[\]()#+!|~<>&:@$="']|^-|^\d+[.)]|(?<=www)\.""", re.IGNORECASE)
"""What Markdown, HTML or an automatic link may take for a sign; each is written as its number."""


def escape(text: object) -> str:
    """The text on one line, at most `LONGEST` characters, with every sign as a character reference.

    >>> escape("a|<b>")
    'a&#124;&#60;b&#62;'
    """
    line = "".join(char if char.isprintable() else " " for char in " ".join(str(text).split()))
    cut = line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
    return _SPECIAL.sub(lambda found: "".join(f"&#{ord(sign)};" for sign in found[0]), cut)


def report_markdown(summary: RunSummary, facts: RunFacts) -> str:
    """The whole report: how the run ended, the funnel, and what was refused, missed, cut and changed."""
    parts = [
        f"# Run {escape(summary.run_id)}: {escape(summary.status)}",
        _head(summary),
        "## Where every URL went",
        balance(summary.counts),
        _table(["source", *_funnel_names(summary.counts)], _source_rows(summary)),
        *map(_source_trouble, (source for source in summary.sources if source.status != "ok")),
        *_section("Alarms", ["alarm", "source or site", "count", "of", "last seen"], facts.alarms),
        *_section("What was refused", ["severity", "reason", "rule", "pages", "for example"], facts.refusals, 1),
        *_section("What could not be read", ["state", "reason", "pages", "for example"], facts.misses, 1),
        *_section("What was cut or repaired", ["kind", "receipts", "versions", "characters less"], facts.cuts),
        *_section("What changed", ["kind of change", "versions", "sites"], facts.changes),
    ]
    return "\n\n".join(parts) + "\n"


def balance(counts: Counts) -> str:
    """The funnel as one line: found = known + the states that occurred.

    >>> balance(Counts(found=3, known=1, stored=2))
    'found 3 = known 1 + stored 2'
    """
    states = "".join(f" + {state.value} {count}" for state, count in counts.states.items() if count)
    wrong = "" if counts.balanced else f" (does not balance: {counts.difference:+d})"
    return f"found {counts.found} = known {counts.known}{states}{wrong}"


def funnel_rows(summary: RunSummary) -> list[dict[str, str | int]]:
    """One row for each source and one for all, with every state: the table artifact."""
    named = [(source.source_id, source.counts) for source in summary.sources] + [("all", summary.counts)]
    return [
        {
            "source": escape(name),
            "found": counts.found,
            "known": counts.known,
            **{state.value: count for state, count in counts.states.items()},
            "also_listed": counts.also_listed,
        }
        for name, counts in named
    ]


def _head(summary: RunSummary) -> str:
    minutes, seconds = divmod(round((summary.ended_at - summary.started_at).total_seconds()), 60)
    line = f"Flow {escape(summary.flow)}, begun {summary.started_at:%Y-%m-%d %H:%M:%S} UTC, {minutes} min {seconds} s."
    return f"{line}\n{escape(summary.reason)}" if summary.reason else line


def _funnel_names(counts: Counts) -> list[str]:
    return ["found", "known", *_occurring(counts)]


def _occurring(counts: Counts) -> list[State]:
    return [state for state, count in counts.states.items() if count]


def _source_rows(summary: RunSummary) -> list[list[str | int]]:
    named = [(source.source_id, source.counts) for source in summary.sources] + [("all", summary.counts)]
    shown = _occurring(summary.counts)
    return [[name, counts.found, counts.known, *(counts.states[state] for state in shown)] for name, counts in named]


def _source_trouble(source: SourceSummary) -> str:
    return f"- {escape(source.source_id)}: {escape(source.detail or source.reason or source.status)}"


def _section(title: str, names: Sequence[str], rows: Sequence[Row], reason_at: int | None = None) -> list[str]:
    """Heading, table and the sentences of its reasons; nothing when there is no row."""
    if not rows:
        return []
    known = {} if reason_at is None else {str(row[reason_at]): _sentence(str(row[reason_at])) for row in rows}
    meanings = "\n".join(f"- {escape(code)}: {text}" for code, text in sorted(known.items()) if text)
    return [f"## {title}", _table(names, rows), *([meanings] if meanings else [])]


def _sentence(code: str) -> str:
    return REASON_TEXT[Reason(code)] if code in set(Reason) else ""


def _table(names: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    lines = [names, ["---"] * len(names), *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: str | int) -> str:
    return str(value) if isinstance(value, int) else escape(value)
