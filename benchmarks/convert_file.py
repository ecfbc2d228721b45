"""Run script/convert on a file once; print what it took as JSON.

Usage: python -m benchmarks.convert_file PATH

It is the program behind the command, in a process of its own, as a person's shell
starts it. This process holds nothing: a child's memory is never reported as less than
what its parent had.
"""

import json
from pathlib import Path
import resource
import subprocess
import sys
import time

from benchmarks.measure import in_mb

PROGRAM = Path(__file__).parents[1] / "script" / "convert_cli.py"


def main() -> None:
    """Convert to nowhere, and measure it from outside."""
    path = Path(sys.argv[1])
    command = [sys.executable, str(PROGRAM), "--format", path.stem, str(path)]
    begin = time.perf_counter()
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    result = {
        "seconds": time.perf_counter() - begin,
        "peak_mb": in_mb(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
