"""`make bench-fetch`: pages a CPU-second against Scrapy on the same site in the same run, memory, and politeness.

The server has one core, the client the other. Each client is a fresh process; what is counted begins when it has
imported everything. Scrapy is installed into benchmarks/.venv-peers when it is not there (--peers, COPYDESK_PEERS).
The last line is one JSON object.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "benchmarks" / ".venv-peers"
PACKAGES = ("scrapy==2.19.0", "warcio==1.8.1")
UNPACKING = "Scrapy, unpacking"
"""As Scrapy is when nothing is set: bodies are unpacked before they are kept. Measured once, for the table only."""
CLIENT_CORE, SERVER_CORE = 0, 1
POLITE_DELAY_S = 0.25
POLITE_PAGES = 100
"""Pages of each run of the test of politeness: five of each host, beside its robots.txt."""


def peers_python(folder: Path) -> Path:
    """The Python that has Scrapy; the environment is made where it is missing."""
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        print(f"Installing {', '.join(PACKAGES)} into {folder} ...", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        (folder / ".gitignore").write_text("*\n")
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES]
        subprocess.run(install, check=True)
        (folder / "ready").touch()
    return python


@contextmanager
def site() -> Iterator[int]:
    """The port of a running site; the site has a core of its own."""
    command = [sys.executable, "-m", "benchmarks.fetch.site", "--core", str(SERVER_CORE)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield int(process.stdout.readline() if process.stdout else "")
        finally:
            process.terminate()


def run_client(command: list[str], out: Path, *options: str) -> dict[str, Any]:
    """What the client reports; what it has kept is removed."""
    shutil.rmtree(out, ignore_errors=True)
    done = subprocess.run(
        [*command, "--out", str(out), "--core", str(CLIENT_CORE), *options],
        cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    kept = sum(path.stat().st_size for path in out.rglob("*.warc.gz"))
    shutil.rmtree(out)
    report: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return report | {"pages_per_cpu_s": report["pages"] / report["cpu_s"], "warc_mb": kept / 1e6}


def measure(pages: int, repeats: int, scrapy: Path, out: Path) -> dict[str, list[dict[str, Any]]]:
    """The reports of all clients, one after the other, in turn."""
    copydesk = [sys.executable, "-m", "benchmarks.fetch.copydesk_client"]
    peer = [str(scrapy), "benchmarks/fetch/scrapy_client.py"]
    clients = {"Copydesk": copydesk, "Scrapy": [*peer, "--raw"], UNPACKING: peer}
    reports: dict[str, list[dict[str, Any]]] = {name: [] for name in clients}
    with site() as port:
        for number in range(repeats):
            for name, command in clients.items():
                if name == UNPACKING and number:
                    continue
                report = run_client(command, out, "--port", str(port), "--pages", str(pages))
                reports[name].append(report)
                print(f"  {number + 1}/{repeats} {name}: {report['pages_per_cpu_s']:.0f} pages/CPU-s", flush=True)
    return reports


def smallest_gap(out: Path) -> tuple[float, int]:
    """The smallest pause that any host saw, divided by the delay, and the number of pauses.

    Two processes with two runs each ask the same hosts for the same pages at once. A pause is from the end of a
    response to the begin of the next request, measured at the server.
    """
    with site() as port:
        options = ["--port", str(port), "--pages", str(POLITE_PAGES), "--delay", str(POLITE_DELAY_S), "--out", str(out)]
        command = [sys.executable, "-m", "benchmarks.fetch.copydesk_client", *options, "--runs"]
        workers = [
            subprocess.Popen([*command, f"{name}1", f"{name}2"], cwd=ROOT, stdout=subprocess.DEVNULL) for name in "ab"
        ]
        if any(worker.wait() for worker in workers):
            raise SystemExit("a worker of the test of politeness failed")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/__seen") as answer:
            seen: dict[str, list[tuple[float, float]]] = json.load(answer)
    shutil.rmtree(out)
    gaps = [begin - end for times in seen.values() for (_, end), (begin, _) in pairwise(sorted(times))]
    return min(gaps) / POLITE_DELAY_S, len(gaps)


def table(reports: dict[str, list[dict[str, Any]]]) -> str:
    """The medians, as Markdown."""
    columns = {
        "pages / CPU-s": ("pages_per_cpu_s", 0),
        "pages / s": ("pages_per_s", 0),
        "CPU s": ("cpu_s", 1),
        "RSS above idle, MB": ("rss_above_idle_mb", 0),
        "growth in the second half, MB": ("rss_growth_second_half_mb", 0),
        "WARC, MB": ("warc_mb", 0),
    }
    lines = ["| client | " + " | ".join(columns) + " |", "|---|" + "---:|" * len(columns)]
    for name, rows in reports.items():
        full = [row | {"pages_per_s": row["pages"] / row["wall_s"]} for row in rows]
        cells = [f"{statistics.median(row[key] for row in full):.{digits}f}" for key, digits in columns.values()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Measure all of it and print table and JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=10_000)
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--peers", type=Path, default=Path(os.environ.get("COPYDESK_PEERS", PEERS)))
    given = options.parse_args()
    scrapy = peers_python(given.peers.resolve())
    with tempfile.TemporaryDirectory(prefix="copydesk-bench-") as scratch:
        reports = measure(given.pages, given.repeats, scrapy, Path(scratch) / "out")
        gap, count = smallest_gap(Path(scratch) / "polite")
    middle = {
        name: {key: statistics.median(row[key] for row in rows) for key in ("pages_per_cpu_s", "rss_above_idle_mb")}
        for name, rows in reports.items()
    }
    ours = middle["Copydesk"]
    print(f"\n{given.pages} pages, median of {given.repeats}:\n\n{table(reports)}\n")
    print(f"Smallest pause of {count} with a delay of {POLITE_DELAY_S} s, two workers, two flows: {gap:.3f} delays.\n")
    print(
        json.dumps(
            {
                "pages_per_cpu_s": round(ours["pages_per_cpu_s"], 1),
                "ratio_scrapy": round(ours["pages_per_cpu_s"] / middle["Scrapy"]["pages_per_cpu_s"], 2),
                "ratio_scrapy_unpacking": round(ours["pages_per_cpu_s"] / middle[UNPACKING]["pages_per_cpu_s"], 2),
                "rss_above_idle_mb": ours["rss_above_idle_mb"],
                "smallest_gap_over_delay": round(gap, 3),
            }
        )
    )


if __name__ == "__main__":
    main()
