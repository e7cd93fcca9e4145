"""Which failed tasks are tried again: those whose error may pass by itself, and no others."""

import pytest
from prefect.states import Failed

from tasks.errors import DiskError, TransientError
from tasks.retries import may_pass


@pytest.mark.parametrize(
    ("error", "is_retried"), [(TransientError("x"), True), (DiskError("x"), False), (ValueError("x"), False)]
)
async def test_only_what_may_pass_is_tried_again(error: Exception, is_retried: bool) -> None:
    """A full disk and a slip of ours fail at once."""
    assert await may_pass(None, None, Failed(data=error)) is is_retried
