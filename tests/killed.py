"""Close period after period in a process that is killed, and look at what is left.

Usage: python -m tests.killed FOLDER ROUNDS

Prints, for each round, how many periods the index named when the power went.
"""

import json
import os
from pathlib import Path
import random
import signal
import sys
import time

from homeassistant.util.file import write_utf8_file_atomic

from custom_components.leg_invoicing.book_files import (
    STORAGE_VERSION,
    frozen,
    read_index,
    read_period,
    write_period,
)

INDEX = "index"


def close_periods(folder: Path) -> None:
    """Close one period after the other, as the books do, for ever."""
    closed = read_index(folder / INDEX) or {}
    while True:
        name = f"period {len(closed)}"
        content, sha256 = frozen({"name": name, "padding": "x" * 200_000})
        write_period(folder / name, content)
        closed[name] = sha256
        stored = {"version": STORAGE_VERSION, "key": INDEX, "data": closed}
        write_utf8_file_atomic(str(folder / INDEX), json.dumps(stored), private=True)


def main() -> None:
    """Kill such a process in the midst of it, round after round."""
    folder, rounds = Path(sys.argv[1]), int(sys.argv[2])
    for _ in range(rounds):
        child = os.fork()
        if child == 0:
            close_periods(folder)
        time.sleep(random.uniform(0.005, 0.05))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        closed = read_index(folder / INDEX) or {}
        for name, sha256 in closed.items():
            assert read_period(folder / name, sha256)["name"] == name
        sys.stdout.write(f"{len(closed)}\n")


if __name__ == "__main__":
    main()
