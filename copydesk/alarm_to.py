"""Where alarms go: what COPYDESK_ALARM_TO says, checked, and never shown whole, because it holds secrets."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from tasks.errors import UsageError

VARIABLE = "COPYDESK_ALARM_TO"
_FORMS = (
    "a webhook (https://...), an address of Apprise such as mailtos://user:password@mail.example?to=desk@paper.example"
    ", or a block of Prefect as block:slack-webhook/NAME"
)


@dataclass(frozen=True)
class Destination:
    """Where alarms go.

    Attributes:
        kind: webhook, apprise or block.
        address: URL, or type and name of the block.
    """

    kind: str
    address: str

    def __repr__(self) -> str:
        """Without what is secret."""
        return f"Destination({self.shown!r})"

    @property
    def shown(self) -> str:
        """For people: kind and host, or the block's name.

        >>> Destination("webhook", "https://hooks.example/T0/secret").shown
        'webhook at hooks.example'
        """
        if self.kind == "block":
            return f"block {self.address}"
        parts = urlsplit(self.address)
        host = parts.hostname or "an unnamed host"
        return f"webhook at {host}" if self.kind == "webhook" else f"{parts.scheme} by way of {host}"


def read_destination(text: str) -> Destination | None:
    """The destination that the variable names; None when it is empty.

    Raises:
        UsageError: it is none; the value itself is not repeated.
    """
    if not text:
        return None
    if text.startswith("block:"):
        kind, _, name = text.removeprefix("block:").partition("/")
        if not kind or not name or "/" in name:
            raise _no_destination()
        return Destination("block", f"{kind}/{name}")
    try:
        parts = urlsplit(text)
    except ValueError:
        raise _no_destination() from None
    if not parts.scheme or not parts.netloc:
        raise _no_destination()
    return Destination("webhook" if parts.scheme in ("http", "https") else "apprise", text)


def _no_destination() -> UsageError:
    return UsageError(f"{VARIABLE} is none of what it may be: {_FORMS}.")
