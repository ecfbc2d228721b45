"""Write a believable community's intervals as our own CSV.

Usage: python -m benchmarks.make_csv PATH HOUSES FIRST_DAY END_DAY ORDER

ORDER is `time`, as we export them, or `house`, as grid operators deliver them. The
same arguments make the same file.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
import random
import sys
from typing import Literal

from benchmarks.make_ledger import DAY, QUARTER_HOUR, ZONE, House, sunshine
from custom_components.leg_invoicing.billing.calendar import Period, Span
from custom_components.leg_invoicing.billing.measurements import IntervalRow
from custom_components.leg_invoicing.documents.tables import intervals_csv

type Order = Literal["time", "house"]


def rows_in_order(houses: int, span: Span, order: Order) -> Iterator[IntervalRow]:
    """Yield a row for each interval of each house."""
    community = [House(number) for number in range(1, houses + 1)]
    suns = {start: clearness(start) * sunshine(start) for start in starts(span)}
    if order == "house":
        return (house.row(at, sun) for house in community for at, sun in suns.items())
    return (house.row(at, sun) for at, sun in suns.items() for house in community)


def starts(span: Span) -> range:
    """Return where the quarter hours begin."""
    return range(span.start, span.end, QUARTER_HOUR)


def clearness(start: int) -> float:
    """Return how clear the sky is: the same all day."""
    return random.Random(start // DAY).uniform(0.1, 1)


def main() -> None:
    """Write the local days from one day to another."""
    path, houses, first, end, order = sys.argv[1:]
    period = Period(date.fromisoformat(first), date.fromisoformat(end))
    if order not in {"time", "house"}:
        sys.exit(f"the order is time or house, not {order}")
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        rows = rows_in_order(int(houses), period.span(ZONE), order)  # type: ignore[arg-type]
        file.writelines(intervals_csv(rows))


if __name__ == "__main__":
    main()
