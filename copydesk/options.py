"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[Path, typer.Option("--data", envvar="COPYDESK_DATA", help="Data folder, or s3://bucket/prefix.")]
SourcesFile = Annotated[Path, typer.Option("--sources", envvar="COPYDESK_SOURCES_FILE", help="File of sources.")]
Note = Annotated[str | None, typer.Option(help="Why; kept with the decision.")]
