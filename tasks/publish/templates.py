"""The numbered SQL files of `sql/`: where they lie, and how values get into them.

What does not belong here: SQL itself, and values of pages; only names and texts of our own are filled in.
"""

import re
from pathlib import Path

from tasks.errors import CopydeskError

PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")

FIRST = "010_table_view.sql"


def sql_folder() -> Path:
    """The folder of the SQL files: `sql/` of a checkout, `copydesk/sql/` of an installed wheel.

    Found from this file, because stages may not import copydesk. The wheel's place is looked at first: an installed
    package of another make may be called `sql`.

    Raises:
        CopydeskError: it is in neither place, so the installation is broken.
    """
    root = Path(__file__).resolve().parents[2]
    for folder in (root / "copydesk" / "sql", root / "sql"):
        if (folder / FIRST).is_file():
            return folder
    raise CopydeskError(f"The SQL files of Copydesk are missing below {root}: install it again.")


def load(name: str) -> str:
    """The text of one SQL file."""
    return (sql_folder() / name).read_text(encoding="utf-8")


def fill(template: str, **values: str) -> str:
    """The template with each `{{name}}` replaced; the values are SQL already (use `sql_text` and `named`).

    >>> fill("select {{what}}", what="1")
    'select 1'

    Raises:
        KeyError: the template names a value that is not given.
    """
    return PLACEHOLDER.sub(lambda found: values[found[1]], template)


def named(name: str) -> str:
    """The text as a quoted SQL name."""
    return '"' + name.replace('"', '""') + '"'
