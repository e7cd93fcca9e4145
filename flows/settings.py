"""The settings of a run: from COPYDESK_* variables of the environment, and from a flow's parameters.

What does not belong here: what is said per source, which lives in sources.yaml.
"""

import json
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from tasks.errors import UsageError

_NOT_RECORDED = {"keep_captures_days", "data", "sources_file", "rules", "contact", "proxy", "alarm_to"}


class Settings(BaseSettings):
    """What steers a run beside its sources; frozen, so that one run has one set."""

    model_config = SettingsConfigDict(env_prefix="COPYDESK_", frozen=True, extra="ignore")

    data: Path = Field(Path("data"), description="Data folder, or s3://bucket/prefix.")
    sources_file: Path = Field(Path("sources.yaml"), description="File that lists the sources.")
    rules: Path | None = Field(None, description="Folder of site rules; by default rules beside the sources file.")
    contact: str = Field("", description="E-mail address or URL that publishers can turn to; sent in the User-Agent.")
    delay_s: float = Field(1.0, ge=0, le=3600, description="Seconds between two requests to one host.")
    connection_count: int = Field(50, ge=1, le=1000, description="Requests under way at once, over all hosts.")
    max_body_mb: int = Field(20, ge=1, le=1024, description="Largest response that is kept, in megabytes.")
    workers: int = Field(2, ge=0, le=256, description="Processes that parse pages; 0 parses in the run's own process.")
    page_timeout_s: float = Field(20.0, gt=0, le=600, description="Longest time that parsing one page may take.")
    learning_nights: int = Field(
        14, ge=1, le=365, description="Runs of a source with pages before the radar holds any of them."
    )
    proxy: str = Field(
        "",
        pattern=r"^(?:https?://(?:[^/@\s]+@)?[^/@\s]+/?)?$",
        repr=False,
        description="HTTP proxy for all requests, as in http://user:password@proxy.example:3128; it checks addresses.",
    )
    alarm_to: str = Field(
        "", repr=False, description="Where alarms go: a webhook, an address of Apprise, or block:TYPE/NAME of Prefect."
    )
    keep_captures_days: int | None = Field(
        None, ge=1, description="Maintenance removes captures that are older, in days; by default all are kept."
    )
    allow_loopback: bool = Field(False, description="Fetch from this machine too; for tests and the demo only.")

    @property
    def rules_folder(self) -> Path:
        """The folder of the user's own site rules; it need not be there."""
        return self.rules or self.sources_file.parent / "rules"

    def recorded(self) -> str:
        """The settings that steer a result, as JSON for the row of the run; no path and no secret is among them."""
        return json.dumps(self.model_dump(mode="json", exclude=_NOT_RECORDED), sort_keys=True)


def load_settings(**overrides: Any) -> Settings:
    """The settings of the environment with the overrides that are not None.

    Raises:
        UsageError: a variable or parameter has a value that cannot be; the message names it.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        raise UsageError("; ".join(_sentence(part, given) for part in error.errors())) from None


def _sentence(part: Any, given: dict[str, Any]) -> str:
    name = str(part["loc"][0]) if part["loc"] else "settings"
    where = name if name in given else f"COPYDESK_{name.upper()}"
    if name == "proxy":  # what stands there may hold a password
        return f"{where}: write it as http://proxy.example:3128, with user:password@ before the host if need be"
    return f"{where}: {part['msg']} (found {part.get('input')!r})"
