"""The benchmark runs, and its tools agree on the energy."""

from pathlib import Path
import subprocess
import sys

ROOT = Path(__file__).parents[1]


def _printed(module: str, *options: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", *options],
        capture_output=True,
        check=True,
        cwd=ROOT,
        text=True,
    )
    return done.stdout.splitlines()


def test_benchmark_of_two_days() -> None:
    """A small run prints a line for each tool, and one about the ledger."""
    lines = _printed(
        "run", "--houses", "2", "--days", "2", "--times", "1", "--year-houses", "0"
    )

    for tool in ("LEG Invoicing", "the same, chargers", "pandas", "polars"):
        assert any(line.startswith(f"     2        384  {tool}") for line in lines)
    assert "kB per house and year" in lines[-1]


def test_benchmark_of_imports() -> None:
    """Both orders of a file are imported, and once more, beside polars."""
    lines = _printed("imports", "--houses", "2", "--days", "2", "--times", "1")

    for way in ("polars", "LEG Invoicing, into", "LEG Invoicing, the same"):
        assert sum(line.startswith(f"      384  {way}") for line in lines) == 2


def test_benchmark_of_formats() -> None:
    """A file of each format is made, and read to its end."""
    lines = _printed("formats", "--megabytes", "1")

    assert {line.split()[0] for line in lines[3:]} == {
        *("own_csv", "own_readings", "nem12", "sdat"),
        *("eda_xml", "eda_xlsx", "espi", "grid_csv"),
    }
