"""How our own two files are told from others, and from each other."""

import csv


def is_intervals(head: bytes, name: str) -> bool:  # noqa: ARG001 - the columns tell
    """Tell whether a file is our CSV of intervals."""
    return {"house", "start"} <= _columns(head)


def is_readings(head: bytes, name: str) -> bool:  # noqa: ARG001 - the columns tell
    """Tell whether a file is our CSV of register readings."""
    return {"house", "time"} <= _columns(head)


def _columns(head: bytes) -> set[str]:
    line = head.partition(b"\n")[0].decode("utf-8-sig", "replace")
    try:
        cells = next(csv.reader([line.strip()]), [])
    except csv.Error:
        return set()
    return {name.strip().lower() for name in cells}
