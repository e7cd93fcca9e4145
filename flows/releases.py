"""What the run of a release says of itself."""

from datetime import UTC, datetime
from importlib.metadata import version

from tasks.clean import RULES_VERSION
from tasks.parse import PARSER_VERSION
from tasks.store.facts import RunFacts


def release_facts() -> RunFacts:
    """The versions; flow, settings and times are those of each release (`tasks.store.release`)."""
    return RunFacts(
        flow="release",
        settings="{}",
        copydesk_version=version("copydesk"),
        parser_version=PARSER_VERSION,
        rules_version=RULES_VERSION,
        started_at=datetime.now(UTC),
    )
