"""What went wrong with a bucket, as one sentence that says what to do.

What a server answers is never shown as it came: it may quote the key, and parts of what was signed with the secret.
"""

import re

from tasks.errors import BucketDownError, BucketError, CopydeskError
from tasks.io.bucket.address import endpoint_name

_STATUS = re.compile(r"status code: (\d{3})")
"""Matches: Server returned non-2xx status code: 503 Service Unavailable. Not: a code without these words."""
_CODE = re.compile(r"<Code>([A-Za-z]{1,60})</Code>")
"""Matches: <Code>SlowDown</Code>. Not: <Code></Code>."""

NO_LOCATION = "redirect without LOCATION"
"""What the client says when S3 sends it to another region: S3 does not say to which."""

SENTENCES = {
    "NoSuchBucket": "there is no such bucket at {server}: create it, or name another with --data",
    "InvalidAccessKeyId": "{server} does not know the key in AWS_ACCESS_KEY_ID: correct it",
    "SignatureDoesNotMatch": "AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID: correct it",
    "ExpiredToken": "AWS_SESSION_TOKEN has expired: get new credentials",
    "InvalidToken": "AWS_SESSION_TOKEN is wrong: get new credentials, or unset it",
    "AccessDenied": "the key in AWS_ACCESS_KEY_ID may not {doing} here: allow it to read, list, write and delete",
    "RequestTimeTooSkewed": "the clock of this machine is wrong: set it",
    "PermanentRedirect": "the bucket lies in another region: set AWS_REGION",
    "AuthorizationHeaderMalformed": "the bucket lies in another region: set AWS_REGION",
    "NotImplemented": "{server} knows no conditional puts, without which two writers could undo each other",
    "MethodNotAllowed": "{server} refuses to {doing}: is AWS_ENDPOINT_URL that of an object store?",
}
"""What an object store's code means (Amazon S3 API reference, "Error responses")."""

STATUSES = {
    301: "PermanentRedirect",
    401: "AccessDenied",
    403: "AccessDenied",
    405: "MethodNotAllowed",
    501: "NotImplemented",
}
"""What a status means where no code of ours came with it."""


def status_of(error: Exception) -> int | None:
    """The HTTP status in an error of the client; None: no answer came."""
    found = _STATUS.search(str(error))
    return None if found is None else int(found[1])


def code_of(error: Exception) -> str | None:
    """The store's own code in an error of the client."""
    found = _CODE.search(str(error))
    return None if found is None else found[1]


def explained(error: Exception, where: str, doing: str) -> CopydeskError:
    """The client's error as one of ours.

    Args:
        error: What the client raised.
        where: The address of the data.
        doing: What was tried, after "may not".
    """
    code, status = code_of(error), status_of(error)
    if NO_LOCATION in str(error):
        code = "PermanentRedirect"
    known = code if code in SENTENCES else STATUSES.get(status or 0)
    if known is not None:
        return BucketError(f"{where}: {SENTENCES[known].format(server=endpoint_name(), doing=doing)}.")
    said = f"it answered {status}{f' {code}' if code else ''}" if status else "no whole answer came"
    return BucketDownError(
        f"{where}: {endpoint_name()} does not let us {doing} now ({said}); what was committed is whole, try again."
    )
