"""The benchmark runs, and its tools agree on the energy."""

from pathlib import Path
import subprocess
import sys

ROOT = Path(__file__).parents[1]


def test_benchmark_of_two_days() -> None:
    """A small run prints a line for each tool, and one about the ledger."""
    options = ["--houses", "2", "--days", "2", "--times", "1", "--year-houses", "0"]

    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.run", *options],
        capture_output=True,
        check=True,
        cwd=ROOT,
        text=True,
    )

    lines = done.stdout.splitlines()
    for tool in ("LEG Invoicing", "pandas", "polars"):
        assert any(line.startswith(f"     2        384  {tool}") for line in lines)
    assert "kB per house and year" in lines[-1]
