"""Measure settling beside the plain split of energy with pandas and with polars.

Usage: script/benchmark [--houses N [N ...]] [--days D] [--times T] [--year-houses N]

Prints a table; what its columns mean stands in benchmarks/README.md. This process
imports little and holds nothing: a child's memory is never reported as less than
what its parent had.
"""

import argparse
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
import json
from math import isclose
import os
from pathlib import Path
import platform
import shutil
import sqlite3
from statistics import median
import subprocess
import sys
import tempfile
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Zurich")
FIRST_DAY = date(2026, 7, 1)
YEAR = (date(2026, 1, 1), date(2027, 1, 1))
QUARTER_HOURS_OF_A_YEAR = 35_040

SIGNALS = "settle_with_signals"
TOOLS = {
    "settle_exactly": "LEG Invoicing, exact and priced",
    SIGNALS: "the same, chargers and spot price",
    "split_with_pandas": "pandas, plain split",
    "split_with_polars": "polars, plain split",
}
HEADER = (
    f"{'houses':>6}  {'rows':>9}  {'what':33}  {'best s':>7}  {'median s':>8}  "
    f"{'× ours':>6}  {'CPU s':>6}  {'peak MB':>7}  {'imports MB':>10}"
)


def main() -> None:
    """Measure everything that was asked for."""
    options = parse_options()
    print(about_the_machine())
    with tempfile.TemporaryDirectory(prefix="leg-benchmark-") as folder:
        end = FIRST_DAY + timedelta(days=options.days)
        print(f"\n{options.days} days, best and median of {options.times}\n{HEADER}")
        for houses in options.houses:
            path = Path(folder) / f"{houses}.db"
            benchmark(path, houses, FIRST_DAY, end, options.times)
        if options.year_houses:
            print(f"\nA year, once\n{HEADER}")
            benchmark(Path(folder) / "year.db", options.year_houses, *YEAR, 1)


def parse_options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="script/benchmark")
    parser.add_argument("--houses", type=int, nargs="+", default=[10, 50, 200])
    parser.add_argument("--days", type=int, default=31)
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--year-houses", type=int, default=10, help="0: no year")
    return parser.parse_args()


def about_the_machine() -> str:
    """Say what the figures were measured on."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"pandas {version('pandas')}, polars {version('polars')}"
    )


def benchmark(path: Path, houses: int, first: date, end: date, times: int) -> None:
    """Make a ledger, and settle it with each of the tools in turn, several times."""
    run("make_ledger", path, houses, first, end)
    span = [
        int(datetime(d.year, d.month, d.day, tzinfo=ZONE).timestamp())
        for d in (first, end)
    ]
    # What has no signals is not to read over those of others.
    paths = dict.fromkeys(TOOLS, path) | {SIGNALS: path.with_suffix(".signals")}
    shutil.copy(path, paths[SIGNALS])
    run("make_signals", paths[SIGNALS], *span)
    # In turn, so that whatever else the machine does, it does to all alike.
    rounds = [
        {tool: json.loads(run("measure", tool, paths[tool], *span)) for tool in TOOLS}
        for _ in range(times)
    ]
    intervals = (span[1] - span[0]) // 900
    print_results(houses, intervals, rounds)
    per_year = path.stat().st_size / houses * QUARTER_HOURS_OF_A_YEAR / intervals
    opening = min(results["settle_exactly"]["opening"] for results in rounds)
    print(
        f"{'':17}  the ledger has {path.stat().st_size / 1e6:.1f} MB, "
        f"{per_year / 1e3:.0f} kB per house and year; "
        f"opened and checked in {opening:.2f} s"
    )


def run(module: str, *arguments: object) -> str:
    """Run one of our modules in a process of its own; return what it printed."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def print_results(
    houses: int, intervals: int, rounds: list[dict[str, dict[str, Any]]]
) -> None:
    """Print a line for each tool; stop if they do not agree on the energy."""
    ours = min(results["settle_exactly"]["seconds"] for results in rounds)
    shared = rounds[0]["settle_exactly"]["shared_kwh"]
    for tool, title in TOOLS.items():
        results = [round_[tool] for round_ in rounds]
        seconds = [result["seconds"] for result in results]
        if not isclose(results[0]["shared_kwh"], shared, rel_tol=1e-9):
            sys.exit(f"{tool} shares {results[0]['shared_kwh']} kWh, not {shared}")
        print(
            f"{houses:>6}  {houses * intervals:>9,}  {title:33}  "
            f"{min(seconds):>7.3f}  {median(seconds):>8.3f}  "
            f"{min(seconds) / ours:>6.1f}  "
            f"{min(result['cpu'] for result in results):>6.3f}  "
            f"{max(result['peak_mb'] for result in results):>7.0f}  "
            f"{max(result['imported_mb'] for result in results):>10.0f}"
        )


if __name__ == "__main__":
    main()
