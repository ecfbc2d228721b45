"""Split the energy of a ledger's quarter hours with polars: no prices, no checks."""

from pathlib import Path
import sqlite3

import polars as pl

QUERY = """
    SELECT start, meter, imported, exported FROM interval
    WHERE start >= {start} AND start < {end}
"""


def open_file(path: Path) -> sqlite3.Connection:
    """Open the file."""
    return sqlite3.connect(path)


def run(connection: sqlite3.Connection, start: int, end: int) -> float:
    """Share each quarter hour in proportion, and sum per house; return shared kWh."""
    frame = pl.read_database(QUERY.format(start=start, end=end), connection)
    sides = ("imported", "exported")
    totals = [pl.col(side).sum().over("start") for side in sides]
    shared = pl.min_horizontal(*totals)
    sums = (
        frame.lazy()
        .with_columns(
            (pl.col(side) * shared / total).fill_nan(0).alias(f"local_{side}")
            for side, total in zip(sides, totals, strict=True)
        )
        .with_columns(
            (pl.col(side) - pl.col(f"local_{side}")).alias(f"grid_{side}")
            for side in sides
        )
        .group_by("meter")
        .agg(pl.exclude("start").sum())
        .collect()
    )
    return float(sums["local_imported"].sum()) / 1e6
