"""Measure importing a CSV of intervals beside copying it into SQLite with polars.

Usage: script/benchmark imports [--houses N] [--days D] [--times T]

Prints a table; what its columns mean stands in benchmarks/README.md.
"""

import argparse
from collections.abc import Callable
from datetime import timedelta
import json
from pathlib import Path
from statistics import median
import tempfile
from typing import Any

from benchmarks.run import YEAR, about_the_machine, run

HEADER = (
    f"{'rows':>9}  {'what':36}  {'best s':>7}  {'median s':>8}  {'× polars':>8}  "
    f"{'CPU s':>6}  {'peak MB':>7}  {'imports MB':>10}"
)
ORDERS = {
    "time": "quarter hour by quarter hour",
    "house": "house after house",
}


def main() -> None:
    """Measure both orders in which files come."""
    parser = argparse.ArgumentParser(prog="script/benchmark imports")
    parser.add_argument("--houses", type=int, default=50)
    parser.add_argument("--days", type=int, default=(YEAR[1] - YEAR[0]).days)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    print(about_the_machine())
    end = YEAR[0] + timedelta(days=options.days)
    with tempfile.TemporaryDirectory(prefix="leg-benchmark-") as folder:
        for order, title in ORDERS.items():
            csv = Path(folder) / f"{order}.csv"
            run("make_csv", csv, options.houses, YEAR[0], end, order)
            size = csv.stat().st_size / 1e6
            print(
                f"\n{options.houses} houses, {options.days} days, {title}: "
                f"{size:.0f} MB, best and median of {options.times}\n{HEADER}"
            )
            compare(csv, options.times)


def compare(csv: Path, times: int) -> None:
    """Import a file by each of the ways in turn, several times; print how it went."""
    results: dict[str, list[dict[str, Any]]] = {}
    # In turn, so that whatever else the machine does, it does to all alike.
    for _ in range(times):
        with tempfile.TemporaryDirectory(dir=csv.parent) as folder:
            theirs, ours = Path(folder) / "polars.db", Path(folder) / "ledger.db"
            for title, tool, database in (
                ("polars, into a table without keys", "import_with_polars", theirs),
                ("LEG Invoicing, into an empty ledger", "import_with_ours", ours),
                ("LEG Invoicing, the same file again", "import_with_ours", ours),
            ):
                result = json.loads(run("measure_file", tool, csv, database))
                results.setdefault(title, []).append(result)
    print_results(results)


def print_results(results: dict[str, list[dict[str, Any]]]) -> None:
    """Print a line for each way."""
    rows = max(result["rows"] for each in results.values() for result in each)
    polars = best(min, next(iter(results.values())), "seconds")
    for title, each in results.items():
        seconds = best(min, each, "seconds")
        print(
            f"{rows:>9,}  {title:36}  {seconds:>7.2f}  "
            f"{median(result['seconds'] for result in each):>8.2f}  "
            f"{seconds / polars:>8.1f}  {best(min, each, 'cpu'):>6.2f}  "
            f"{best(max, each, 'peak_mb'):>7.0f}  "
            f"{best(max, each, 'imported_mb'):>10.0f}"
        )


def best(
    function: Callable[..., float], each: list[dict[str, Any]], name: str
) -> float:
    """Return the least or the most of a figure."""
    return function(result[name] for result in each)


if __name__ == "__main__":
    main()
