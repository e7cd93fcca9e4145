"""docs/analysis.ipynb runs from its first cell to its picture, over the demo's articles, without a server."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from tasks.io.folder import DataFolder
from tests.sql.test_golden import demo

NOTEBOOK = Path(__file__).resolve().parents[2] / "docs" / "analysis.ipynb"


def run_cell(source: str, names: dict[str, Any]) -> Any:
    """Carry out a cell as Jupyter does; what its last line gives."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, NOTEBOOK.name, "exec"), names)  # noqa: S102 - our own notebook
    if not isinstance(last, ast.Expr):
        return None
    return eval(compile(ast.Expression(last.value), NOTEBOOK.name, "eval"), names)  # noqa: S307 - as above


def test_the_notebook_runs_to_its_picture(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cell answers; the picture has a bar for each day and a name for each paper; no output is kept."""
    demo(folder)
    monkeypatch.setenv("COPYDESK_DATA", str(folder.root))
    cells = [cell for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] for cell in cells)
    names: dict[str, Any] = {}
    sites, terms, attention, picture, quoted = (run_cell("".join(cell["source"]), names) for cell in cells)
    names["dataset"].close()
    assert sites.height == 3
    assert terms.height > 0
    assert attention["article_count"].sum() > 0
    drawn = picture._repr_svg_()
    assert drawn.count("<rect") == attention.height
    assert all(f">{site}</text>" in drawn for site in sites["site"])
    assert quoted.columns == ["speaker", "quotes", "for_example"]
