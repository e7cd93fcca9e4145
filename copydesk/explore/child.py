"""The process in which a stranger's query is looked at and carried out; it gives one JSON object and ends.

It gets its order as one line of JSON on standard input, and ends when that is closed: so it never outlives the server.
Nothing of the query is looked at anywhere else, since a text may be made to crash a parser.
What does not belong here: which files and functions are closed (sandbox.py, statements.py).
"""

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import duckdb

from copydesk.answers import as_json, columns_of
from copydesk.sandbox import open_locked, readable_files
from copydesk.statements import sentence_of, stranger_statement
from copydesk.up_children import end_with_parent
from tasks.errors import UsageError

ADDRESS_SPACE = 4 << 30
"""Bytes that the process may have mapped: DuckDB keeps to its own limit, and Python makes an answer of it."""

Order = dict[str, Any]


def limit_process(seconds: int) -> None:
    """Let this process write no file, leave no core, and take no more than its memory and CPU time (two threads)."""
    for kind, most in (
        (resource.RLIMIT_AS, ADDRESS_SPACE),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, 2 * seconds + 5),
    ):
        resource.setrlimit(kind, (most, most))


def carry_out(order: Order) -> dict[str, Any]:
    """The answer as plain values, or `error` as a sentence.

    Args:
        order: `database` (path), `sql`, `rows`, `cell_chars`, `total_chars`: the most of each.
    """
    try:
        statement = stranger_statement(order["sql"])
        database = Path(order["database"])
        with open_locked(database, _files(database)) as connection:
            return _fetched(connection, statement, order)
    except UsageError as error:
        return {"error": str(error).replace("`copydesk sql`", "this page")}
    except duckdb.OutOfMemoryException:
        return {"error": "The query needs more memory than one here may have: ask for fewer rows or columns at once."}
    except duckdb.PermissionException:
        return {"error": "Only the tables of this dataset may be read here, no other file and no address."}
    except duckdb.Error as error:
        return {"error": sentence_of(error)}
    except MemoryError:
        return {"error": "The answer is too large: ask for fewer or shorter columns."}


def _files(database: Path) -> list[str]:
    with duckdb.connect() as reader:
        path = str(database.absolute()).replace("'", "''")
        reader.execute(f"attach '{path}' as copydesk (read_only); use copydesk")
        return readable_files(reader)


def _fetched(connection: duckdb.DuckDBPyConnection, statement: str, order: Order) -> dict[str, Any]:
    begun = time.perf_counter()
    relation = connection.sql(statement).limit(order["rows"] + 1)
    columns, rows, room = columns_of(relation), [], order["total_chars"]
    for row in relation.fetchall():
        cells = [_cell(value, order["cell_chars"]) for value in row]
        rows.append(cells)
        room -= sum(len(cell) if isinstance(cell, str) else 8 for cell in cells)
        if room <= 0:
            break
    return {
        "columns": columns,
        "rows": rows[: order["rows"]],
        "more": len(rows) > order["rows"] or room <= 0,
        "seconds": time.perf_counter() - begun,
    }


def _cell(value: Any, most: int) -> Any:
    plain = as_json(value)
    if not isinstance(plain, bool | int | float | str | None):
        plain = json.dumps(plain, ensure_ascii=False)
    if isinstance(plain, int) and not isinstance(plain, bool) and abs(plain) > 2**53:
        plain = str(plain)
    if isinstance(plain, str) and len(plain) > most:
        return f"{plain[:most]}… ({len(plain)} characters)"
    return plain


def main() -> None:
    """Read the order, limit this process, answer."""
    order = json.loads(sys.stdin.buffer.readline())
    end_with_parent()
    limit_process(order["seconds"])
    answer = json.dumps(carry_out(order)).encode("ascii")
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
