"""Run one way of reading a file once, in a process of its own; print it as JSON.

Usage: python -m benchmarks.measure_file MODULE PATH [ARGUMENT]
"""

from importlib import import_module
import json
from pathlib import Path
import sys
import time

from benchmarks.measure import peak_mb


def main() -> None:
    """Measure, and print what came out."""
    module = import_module(f"benchmarks.{sys.argv[1]}")
    imported_mb = peak_mb()
    begin, worked = time.perf_counter(), time.process_time()
    rows = module.run(*map(Path, sys.argv[2:]))
    result = {
        "rows": rows,
        "seconds": time.perf_counter() - begin,
        "cpu": time.process_time() - worked,
        "imported_mb": imported_mb,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
