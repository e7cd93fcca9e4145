"""`python -m benchmarks.radar`."""

from benchmarks.radar.bench import main

main()
