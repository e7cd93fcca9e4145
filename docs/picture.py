"""Makes docs/demo.svg, the picture of the README: `make picture` runs the demo in a terminal and draws its end.

The terminal is a pseudo-terminal, so that what is drawn is what a user sees, colours included.
"""

import os
import pty
import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

COLUMNS = 112
FIRST_LINE = "Night 3"
"""The picture begins with the last night; the ones before look the same."""

ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
BAR = re.compile(r"━ +\d+/\d+ ")

SVG = """<svg class="rich-terminal" viewBox="0 0 {terminal_width} {terminal_height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
  <rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
<rect fill="#0c0c0c" width="{terminal_width}" height="{terminal_height}" rx="8" />
<g transform="translate(9, 9)" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""Rich's own format without its fonts, which it would load from the network."""


def record_demo(data: str) -> str:
    """What `copydesk demo` prints in a terminal, escape sequences included.

    Raises:
        SystemExit: the demo failed.
    """
    os.environ.update(COLUMNS=str(COLUMNS), LINES="500", TERM="xterm-256color")
    parts: list[bytes] = []

    def keep(descriptor: int) -> bytes:
        parts.append(os.read(descriptor, 65536))
        return parts[-1]

    if status := pty.spawn([sys.executable, "-m", "copydesk", "demo", "--data", data], keep):
        sys.exit(f"the demo failed with status {status}")
    return b"".join(parts).decode("utf-8").replace("\r\n", "\n")


def draw(recorded: str, path: Path) -> None:
    """Write the picture of the recording's end; lines that were drawn over (progress bars) are left out."""
    lines = [re.sub(r"\x1b\[[0-9;?]*[A-HJKlhsu]", "", line.rsplit("\r", 1)[-1]) for line in recorded.split("\n")]
    lines = [line for line in lines if not BAR.search(ESCAPE.sub("", line))]
    begin = next(number for number, line in enumerate(lines) if FIRST_LINE in line)
    console = Console(record=True, width=COLUMNS + 4, file=Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
    console.print(Text.from_ansi("\n".join(lines[begin:]).rstrip()))
    path.write_text(console.export_svg(title="", code_format=SVG, unique_id="demo"), encoding="utf-8")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        draw(record_demo(folder), Path(__file__).with_name("demo.svg"))
