"""What is wrong with a run itself, as rows like those of the view `alarms`, and every alarm as a sentence."""

from schemas.summary import RunSummary
from tasks.report.facts import Row

LEAST_FREE_BYTES = 2 * 1024**3
"""Less than this free beside the dataset is an alarm: a night of thousands of pages may not fit."""

SUBJECTS = {"site_blocked": "site", "disk_low": "disk", "balance_wrong": "run"}
"""Kind of alarm to what its subject is; of all others it is a source."""


def run_alarms(summary: RunSummary, free_bytes: int) -> tuple[Row, ...]:
    """The alarms of a run: a disk that fills, URLs that got lost.

    Args:
        summary: The run.
        free_bytes: What is free where the dataset lies.
    """
    found: list[Row] = []
    if free_bytes < LEAST_FREE_BYTES:
        found.append(("disk_low", "dataset", free_bytes // 2**20, LEAST_FREE_BYTES // 2**20, ""))
    counts = summary.counts
    if not counts.balanced:
        found.append(("balance_wrong", summary.run_id, counts.known + counts.attempted, counts.found, ""))
    return tuple(found)


RUN_ENDED = "copydesk.run.ended"
"""The event that our flows send at their end (flows/ending.py tells why Prefect's own are not enough)."""


def alarm_subject(kind: str, subject: str) -> str:
    """What an alarm is about, as the id of a resource of Prefect's events.

    >>> alarm_subject("site_blocked", "a.example")
    'copydesk.site.a.example'
    """
    return f"copydesk.{SUBJECTS.get(kind, 'source')}.{subject}"


def alarm_sentence(alarm: Row) -> str:
    """An alarm as a sentence for people.

    >>> alarm_sentence(("listing_fails", "gazette", 3, 3, "No DNS."))
    'The listing of gazette could not be read in 3 runs in a row: No DNS.'
    """
    kind, subject, count, of_count, detail = alarm
    seen = f": {detail}" if detail else "."
    match kind:
        case "listing_fails":
            return f"The listing of {subject} could not be read in {count} runs in a row{seen}"
        case "one_text":
            return f"{count} of {of_count} pages of {subject} say one text{f', that of {detail}' if detail else ''}."
        case "source_held":
            return f"{count} pages of {subject} wait for a decision (`copydesk release`, `copydesk drop`){seen}"
        case "source_odd":
            return str(detail)
        case "disk_low":
            return f"Only {count} MB are free where the dataset lies; {of_count} MB should be{seen}"
        case "balance_wrong":
            return f"Run {subject} found {of_count} URLs and tells of {count}: some are lost or counted twice{seen}"
        case _:
            return f"{subject} refused {count} of {of_count} pages{seen}"
