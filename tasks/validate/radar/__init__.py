"""The radar: does a source still look like itself? It measures each source of a run and judges it by its history.

Pure: frames in, frames out; the time is an argument. docs/quality.md tells what is watched and how limits were set,
docs/decisions/0033-the-radar.md why.
"""

from tasks.validate.radar.judge import Judged, held_pages, judge
from tasks.validate.radar.limits import RadarSettings
from tasks.validate.radar.measure import measure
from tasks.validate.radar.signs import read_signs
from tasks.validate.radar.templates import name_templates
from tasks.validate.radar.verdict import Verdict

__all__ = ["Judged", "RadarSettings", "Verdict", "held_pages", "judge", "measure", "name_templates", "read_signs"]
