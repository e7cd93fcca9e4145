"""The tree of errors that Copydesk raises on purpose. Every message is one sentence that says what to do.

    CopydeskError
    ├── UsageError              the user's mistake: wrong parameter, unknown source, SQL error (exit code 2)
    │   ├── SourcesError        sources.yaml is missing or wrong; names file, line, field and a suggestion
    │   └── RulesError          a file of site rules, or a pin, is wrong; names file, line and field
    ├── DataFolderError         the data folder cannot be used as it is
    │   ├── NewerFormatError    it was written by a newer Copydesk
    │   ├── BucketError         the object store cannot be used as things are
    │   ├── MovedFolderError    its published database reads the files of another place
    │   └── FolderBusyError     another process holds what this one needs
    ├── DiskError               the disk is full, read-only or refuses a write
    ├── TableError              a table's files and its log disagree
    ├── PlanMovedError          what was planned no longer holds, so it is not done
    ├── RunFailedError          the run ended without a result that may be published
    │   └── BalanceError        found does not equal known plus the states
    └── TransientError          may pass by itself: the only branch that is ever retried
        └── BucketDownError     the object store does not answer now

Whether an error may be retried is a property of its class, decided where it is raised.
"""

from schemas.summary import RunSummary


class CopydeskError(Exception):
    """Any error that Copydesk raises on purpose; its text is fit to be shown to a user."""

    exit_code = 1
    retryable = False


class UsageError(CopydeskError):
    """The user asked for something that cannot be; the message says what can."""

    exit_code = 2


class SourcesError(UsageError):
    """sources.yaml is missing or wrong."""


class RulesError(UsageError):
    """A file of site rules, or a pin, is wrong."""


class DataFolderError(CopydeskError):
    """The data folder cannot be used as it is."""


class NewerFormatError(DataFolderError):
    """The data folder was written by a newer Copydesk."""


class MovedFolderError(DataFolderError):
    """The published database was made where the folder lay before; publishing again mends it."""


class BucketError(DataFolderError):
    """The object store cannot be used as things are: credentials, bucket, or what it knows."""


class FolderBusyError(DataFolderError):
    """Another process holds what this one needs."""


class DiskError(CopydeskError):
    """The disk is full, read-only or refuses a write."""


class TableError(CopydeskError):
    """A table's files and its log disagree."""


class PlanMovedError(CopydeskError):
    """What was planned no longer holds, so it is not done."""


class RunFailedError(CopydeskError):
    """The run ended without a result that may be published; `summary` is its funnel, where it got that far."""

    def __init__(self, message: str, summary: RunSummary | None = None) -> None:
        super().__init__(message)
        self.summary = summary


class BalanceError(RunFailedError):
    """found does not equal known plus the sum of the states."""


class TransientError(CopydeskError):
    """May pass by itself."""

    retryable = True


class BucketDownError(TransientError):
    """The object store does not answer now."""
