"""What a statement of SQL does, before it is carried out: whether it is one, and only reads.

What does not belong here: carrying it out (query.py, and for strangers sandbox.py). Imports nothing but DuckDB, because
the child process of a stranger's query starts with it.
"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import duckdb

from tasks.errors import TableError, UsageError

READING_PRAGMAS = frozenset(
    {"collations", "database_list", "database_size", "functions", "platform", "show", "show_databases", "show_tables",
     "show_tables_expanded", "storage_info", "table_info", "version"}
)  # fmt: skip
"""PRAGMA statements that only show something."""

READING_WORDS = frozenset(
    {"select", "with", "from", "pivot", "unpivot", "values", "table", "describe", "summarize", "("}
)
"""First words of a statement that DuckDB calls MULTI (a PIVOT takes two steps) and that only reads."""

INSTEAD: dict[str, str] = {
    "copy": "use --format and --output to write the answer to a file",
    "export": "use --format and --output to write the answer to a file",
    "attach": "open the dataset in your own DuckDB to join other databases",
    "install": "open the dataset in your own DuckDB to use extensions",
    "load": "open the dataset in your own DuckDB to use extensions",
    "with": "leave COPY, INSERT, UPDATE and DELETE out of its WITH",
    "set": "open the dataset in your own DuckDB to change settings",
}
"""What to do instead of a statement that is refused, by its first word."""

READING_NODES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
"""Kinds of query that only read. Since 2.0 a WITH may hold COPY_QUERY_NODE, INSERT_QUERY_NODE and the like, and DuckDB
calls the whole a SELECT: `with a as (copy t to 'file') select 1` writes the file (observed)."""

WRITING_WORDS = frozenset({"copy", "insert", "update", "delete", "merge"})
"""Keywords that a MULTI statement may not have: it is not to be had as a tree."""

ACTING_FUNCTIONS = frozenset(
    {"json_execute_serialized_sql", "query", "checkpoint", "force_checkpoint", "enable_logging", "disable_logging",
     "truncate_duckdb_logs", "write_log", "enable_profiling", "disable_profiling", "create_external_resource",
     "register_external_resource", "register_external_resource_type", "deregister_external_resource",
     "destroy_external_resource"}
)  # fmt: skip
"""Functions that do more than read, or carry out a text that nobody has looked through. A SELECT may call them:
`from json_execute_serialized_sql(json_serialize_sql('with a as (copy ...) select 1'))` wrote a file (observed, 2.0)."""

_EXPLAIN = re.compile(r"^\s*explain\b\s*(?:analyze\b)?\s*(?:\((?:\s*(?:analyze|format)\b[^)]*)\))?", re.IGNORECASE)
_PRAGMA = re.compile(r"\s*pragma\s+(\w+)", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)
_FIRST_WORD = re.compile(r"\w+|\(")


def reading_statement(sql: str) -> str:
    """The one statement of the text.

    Raises:
        UsageError: it is none, several, wrong, or does more than read.
    """
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise UsageError(sentence_of(error)) from error
    if len(statements) != 1:
        raise UsageError(f"Give one statement; this text has {len(statements)}.")
    if not _reads(statements[0]):
        word = _first_word(_EXPLAIN.sub("", statements[0].query, count=1))
        called = sorted(ACTING_FUNCTIONS & set(_called(statements[0].query)))
        if called:
            raise UsageError(f"{called[0].upper()} is refused, because `copydesk sql` only reads: leave it out.")
        instead = INSTEAD.get(word, "SELECT, WITH, FROM, DESCRIBE, SHOW, SUMMARIZE and EXPLAIN are what it answers")
        raise UsageError(f"{word.upper()} is refused, because `copydesk sql` only reads: {instead}.")
    return str(statements[0].query)


def stranger_statement(sql: str) -> str:
    """The one statement of a text that a stranger may have sent: a SELECT, or an EXPLAIN of one.

    Raises:
        UsageError: it is anything else, or wrong.
    """
    statement = reading_statement(sql)
    kind = duckdb.extract_statements(_EXPLAIN.sub("", statement, count=1))[0].type
    if kind == duckdb.StatementType.MULTI:
        raise UsageError("Only one SELECT is answered here: name the columns of a PIVOT, as in ON site IN ('a', 'b').")
    if kind != duckdb.StatementType.SELECT:
        raise UsageError(f"{kind.name} is refused: SELECT, WITH, FROM, DESCRIBE, SHOW and EXPLAIN are answered here.")
    return statement


def _reads(statement: duckdb.Statement) -> bool:
    kind, text = statement.type, statement.query
    if kind == duckdb.StatementType.EXPLAIN:  # EXPLAIN ANALYZE carries out what it explains
        bare_text, found = _EXPLAIN.subn("", text, count=1)
        inner = duckdb.extract_statements(bare_text) if found else []
        return len(inner) == 1 and _reads(inner[0])
    if kind == duckdb.StatementType.SELECT:
        tree = _tree(text)
        return not (set(_nodes(tree)) - READING_NODES or ACTING_FUNCTIONS & set(_functions(tree)))
    if kind == duckdb.StatementType.PRAGMA:
        named = _PRAGMA.match(text)
        return named is not None and named[1].lower() in READING_PRAGMAS
    multi = bool(kind == duckdb.StatementType.MULTI) and _first_word(text) in READING_WORDS
    return multi and not (WRITING_WORDS & set(_keywords(text)) or ACTING_FUNCTIONS & set(_called(text)))


def _tree(text: str) -> Any:
    """The parsed statement.

    Raises:
        UsageError: DuckDB cannot give it; what cannot be looked at is not carried out.
    """
    with duckdb.connect() as parser:
        tree = json.loads(parser.execute("select json_serialize_sql($1)", [text]).fetchall()[0][0])
    if tree["error"]:
        raise UsageError(f"The statement cannot be looked through ({tree['error_message']}): write it otherwise.")
    return tree


def _nodes(tree: Any) -> Iterator[str]:
    """The kind of each query in a parsed statement, at any depth."""
    return (part["type"] for part in _parts(tree) if str(part.get("type", "")).endswith("_NODE"))


def _functions(tree: Any) -> Iterator[str]:
    """The name of each function that a parsed statement calls, in lower case."""
    return (str(part["function_name"]).lower() for part in _parts(tree) if "function_name" in part)


def _parts(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


def _keywords(text: str) -> Iterator[str]:
    raw = text.encode()
    for place, kind in duckdb.tokenize(text):
        if kind == duckdb.token_type.keyword:
            yield _first_word(raw[place:].decode(errors="replace"))


def _called(text: str) -> Iterator[str]:
    """Each name before an opening parenthesis, in lower case; of a statement that is not to be had as a tree."""
    raw = text.encode()
    tokens = [(place, kind) for place, kind in duckdb.tokenize(text) if kind != duckdb.token_type.comment]
    for (place, _), (after, _) in pairwise(tokens):
        if raw[after : after + 1] == b"(":
            word = raw[place:after].decode(errors="replace")
            yield _COMMENT.sub(" ", word).strip().strip('"').lower()


def _first_word(text: str) -> str:
    found = _FIRST_WORD.search(text)
    return found[0].lower() if found else ""


def bare(error: duckdb.Error) -> str:
    """What DuckDB says, on one line, without its class and the place."""
    head = str(error).strip().partition("\n\nLINE ")[0]
    return re.sub(r"^[\w ]+ Error: ", "", " ".join(head.split())).rstrip(".!")


def sentence_of(error: duckdb.Error, names: Iterable[str] = ()) -> str:
    """DuckDB's error as one sentence with a hint, and the place in the statement below it.

    Args:
        error: The error.
        names: Views and tables that there are.
    """
    place = str(error).strip().partition("\n\nLINE ")[2]
    sentence = bare(error)
    listed = ", ".join(names)
    if isinstance(error, duckdb.CatalogException) and "Table" in sentence and listed:
        sentence += f" There are: {listed}"
    end = "" if sentence.endswith("?") else "."
    return f"SQL: {sentence}{end}" + (f"\nline {place}" if place else "")


def unreadable(error: duckdb.Error) -> TableError:
    """What is told when a file of the tables is not where the views say."""
    return TableError(f"A published file cannot be read ({bare(error)}); run Copydesk once more to publish again.")
