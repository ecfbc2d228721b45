"""Measure reading and converting a large file of each format of meter data.

Usage: script/benchmark formats [--megabytes N] [FORMAT ...]

Prints a table; what its columns mean stands in benchmarks/README.md.
"""

import argparse
import json
from pathlib import Path
import tempfile

from benchmarks.make_files import LAYOUTS
from benchmarks.run import about_the_machine, run

FORMATS = (*LAYOUTS, "eda_xlsx")


def main() -> None:
    """Measure each of the formats that were asked for, once."""
    parser = argparse.ArgumentParser(prog="script/benchmark formats")
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("formats", nargs="*", metavar="FORMAT", default=FORMATS)
    options = parser.parse_args()
    print(about_the_machine())
    print(f"\n{'format':12}  {'MB':>4}  {'values':>9}  {'s':>6}  ", end="")
    print(f"{'values/s':>9}  {'peak MB':>7}  {'imports MB':>10}  ", end="")
    print(f"{'convert s':>9}  {'convert MB':>10}")
    for name in options.formats:
        with tempfile.TemporaryDirectory(prefix="leg-benchmark-") as folder:
            path = Path(folder) / f"{name}.data"
            run("make_files", name, path, options.megabytes)
            size = path.stat().st_size / 1e6
            found = json.loads(run("measure_file", "read_file", path))
            converted = json.loads(run("convert_file", path))
        print(
            f"{name:12}  {size:>4.0f}  {found['rows']:>9,}  {found['seconds']:>6.1f}  "
            f"{found['rows'] / found['seconds']:>9,.0f}  {found['peak_mb']:>7.0f}  "
            f"{found['imported_mb']:>10.0f}  {converted['seconds']:>9.1f}  "
            f"{converted['peak_mb']:>10.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
