"""The demo's three papers with a new edition for as many nights as a test needs, and a template that changes."""

import gzip
import re
from datetime import datetime, timedelta

from copydesk.demo.papers import NIGHTS
from copydesk.demo.responses import Response, responses
from copydesk.demo.server import DemoSite

LAST = 3
"""The night of the demo whose articles every edition has, each under a URL and with a text of its own."""


class Editions(DemoSite):
    """`with Editions(ports) as site: site.print(1)`; from then on the papers show edition 1."""

    def print(self, number: int, *, is_redesigned: bool = False) -> datetime:
        """Show another edition, the Gazette's in another template if so; the time of the night that reads it."""
        made = {}
        for (paper, path), response in responses(self.bases, LAST).items():
            changed = _edition(response, self.bases[paper], number)
            if is_redesigned and paper == "gazette":
                changed = _redesigned(changed)
            made[paper, path] = made[paper, f"/e{number}{path}"] = changed
        self._responses = made
        return NIGHTS[LAST] + timedelta(minutes=20 * number)


def _edition(response: Response, base: str, number: int) -> Response:
    """The same with every URL of the paper below /e<number>, and a mark in every paragraph."""
    zipped = response.body[:2] == b"\x1f\x8b" and "zip" in response.headers.get("Content-Type", "")
    body = gzip.decompress(response.body) if zipped else response.body
    body = body.replace(f"{base}/".encode(), f"{base}/e{number}/".encode())
    body = body.replace(b"</p>", f" Edition {number}.</p>".encode())
    headers = {name: value for name, value in response.headers.items() if name != "Last-Modified"}
    if "ETag" in headers:
        headers["ETag"] = f'"{number}-{headers["ETag"].strip(chr(34))}"'
    return Response(response.status, gzip.compress(body, mtime=0) if zipped else body, headers)


def _redesigned(response: Response) -> Response:
    """Other class names, and all but the first paragraph is left to a script."""
    text = response.body.decode()
    text = re.sub(r'(<div class="td-post-content[^>]*>\s*<p>.*?</p>).*?(</div>\s*<footer>)', r"\1\2", text, flags=re.S)
    text = re.sub(r'class="([^"]+)"', lambda found: f'class="{" ".join(f"n-{n}" for n in found[1].split())}"', text)
    return Response(response.status, text.encode(), response.headers)
