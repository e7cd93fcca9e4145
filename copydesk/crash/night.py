"""The run that is killed: 200 documents from fetch to publish, without a Prefect server, on top of an earlier night."""

import asyncio
import logging
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from prefect.logging import disable_run_logger

from flows.begin import begin_run
from flows.calls import directly
from flows.inputs import sources_of
from flows.settings import load_settings
from flows.steps import collect, recover_dead
from tasks.errors import CopydeskError
from tasks.io.folder import DataFolder

DOCUMENTS = 200
EDITED = 40
"""Documents of the first night, all of which the second finds changed."""
EMPTY_EVERY = 25
"""One document in so many has no text, and ends in quarantine."""
FIRST_NIGHT = datetime(2026, 3, 1, 2, 15, tzinfo=UTC)
REFUSED = 3
"""Exit status of a run that ended with a sentence of ours."""


def write_documents(folder: Path, night: int) -> Path:
    """The folder of a night's documents: EDITED on the first, DOCUMENTS from the second on."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(EDITED if night == 1 else DOCUMENTS):
        edition = 2 if night > 1 and number < EDITED else 1
        path = folder / f"text-{number:03}.txt"
        path.write_text(_text(number, edition), encoding="utf-8")
        changed = (FIRST_NIGHT + timedelta(days=edition, minutes=number)).timestamp()
        os.utime(path, (changed, changed))
    return folder


def _text(number: int, edition: int) -> str:
    if number % EMPTY_EVERY == EMPTY_EVERY - 1:
        return ""
    lines = [f"Headline number {number} of the paper"]
    lines += [f"Sentence {line} of text {number} speaks of {number * 97 + line} ordinary things." for line in range(6)]
    if number % 4 == 0:
        lines.append("READ MORE: Ten other stories that you will like")
    lines.append(f"Edition {edition} was the last that went to print.")
    return "\n\n".join(lines)


def run_night(data: Path, documents: Path, night: int) -> None:
    """Finish what died, then run the night of that number over the documents.

    Raises:
        SystemExit: with status REFUSED, after one sentence on standard error.
    """
    logging.disable(logging.CRITICAL)
    settings = load_settings(data=data, allow_loopback=True, delay_s=0.0, workers=0)
    folder = DataFolder(data)
    try:
        folder.prepare()
        begun = begin_run(
            folder,
            "nightly",
            sources_of([documents], "paper.example"),
            settings.recorded(),
            now=FIRST_NIGHT + timedelta(days=night),
        )

        async def whole() -> None:
            await recover_dead(begun, settings, directly)
            await collect(begun, settings, directly)

        with disable_run_logger():
            asyncio.run(whole())
    except CopydeskError as error:
        os.write(2, f"{error}\n".encode())
        raise SystemExit(REFUSED) from error
