"""Split the energy of a ledger's quarter hours with pandas: no prices, no checks."""

from pathlib import Path
import sqlite3

import numpy as np
import pandas as pd  # type: ignore[import-untyped]

QUERY = """
    SELECT start, meter, imported, exported FROM interval
    WHERE start >= ? AND start < ?
"""


def open_file(path: Path) -> sqlite3.Connection:
    """Open the file."""
    return sqlite3.connect(path)


def run(connection: sqlite3.Connection, start: int, end: int) -> float:
    """Share each quarter hour in proportion, and sum per house; return shared kWh."""
    frame = pd.read_sql_query(QUERY, connection, params=(start, end))
    sides = ["imported", "exported"]
    total = frame.groupby("start", sort=False)[sides].transform("sum")
    shared = np.minimum(total["imported"], total["exported"])
    for side in sides:
        local = (frame[side] * shared / total[side]).fillna(0)
        frame[f"local_{side}"] = local
        frame[f"grid_{side}"] = frame[side] - local
    sums = frame.drop(columns="start").groupby("meter").sum()
    return float(sums["local_imported"].sum()) / 1e6
