"""Measure one thing once, in a process of its own, and print it as JSON.

Usage: python -m benchmarks.measure MODULE PATH START END

The module is imported and its file opened before the clock runs, and it has worked
on the first day: whatever it loads only when it is first needed is there by then.
"""

from importlib import import_module
import json
from pathlib import Path
import resource
import sys
import time

DAY = 24 * 3600


def peak_mb() -> float:
    """Return the most memory this process has ever had, in MB."""
    return in_mb(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def in_mb(peak: int) -> float:
    """Return an `ru_maxrss` in MB."""
    # Linux counts in KiB, macOS in bytes.
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def main() -> None:
    """Measure, and print what came out."""
    name, path, start, end = sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:])
    module = import_module(f"benchmarks.{name}")
    imported_mb = peak_mb()
    opening = time.perf_counter()
    opened = module.open_file(path)
    opened_after = time.perf_counter() - opening
    module.run(opened, start, min(end, start + DAY))

    begin, worked = time.perf_counter(), time.process_time()
    shared_kwh = module.run(opened, start, end)
    seconds, cpu = time.perf_counter() - begin, time.process_time() - worked

    result = {
        "seconds": seconds,
        "cpu": cpu,
        "opening": opened_after,
        "imported_mb": imported_mb,
        "peak_mb": peak_mb(),
        "shared_kwh": shared_kwh,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
