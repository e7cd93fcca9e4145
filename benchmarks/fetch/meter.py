"""What a client process used: CPU time and memory from `begin` to `report`. Needs only the standard library."""

import json
import os
import resource
import threading
import time
from pathlib import Path

MEGABYTE = 1_000_000


def resident_bytes() -> int:
    """Resident memory of this process now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def cpu_s() -> float:
    """User and system time of this process and its ended children."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


class Meter:
    """Starts to count when it is made; call it when everything is imported and nothing was asked yet."""

    def __init__(self) -> None:
        self.idle = resident_bytes()
        self.samples = [self.idle]
        self.begun = time.monotonic()
        self.cpu = cpu_s()
        self._end = threading.Event()
        threading.Thread(target=self._sample, daemon=True).start()

    def _sample(self) -> None:
        while not self._end.wait(0.1):
            self.samples.append(resident_bytes())

    def report(self, **more: object) -> None:
        """Print one line of JSON."""
        self._end.set()
        used, wall = cpu_s() - self.cpu, time.monotonic() - self.begun
        samples = [*self.samples, resident_bytes()]
        half = samples[len(samples) // 2 :]
        memory = {
            "rss_above_idle_mb": round((max(samples) - self.idle) / MEGABYTE, 1),
            "rss_growth_second_half_mb": round((max(half) - half[0]) / MEGABYTE, 1),
            "idle_mb": round(self.idle / MEGABYTE, 1),
        }
        print(json.dumps({"cpu_s": round(used, 3), "wall_s": round(wall, 3)} | memory | more), flush=True)
