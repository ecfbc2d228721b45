"""Which part of a metering point takes part, where several communities follow it.

Each community bills the part of a house's energy that the agreement of the day says.
As they all read the same meter, the parts may be the whole of it on every day, but
not more:

    2026-01-01            2026-05-01      2026-07-01
        | Sonnenweg 1         | 0.5           | left
                              | Bachweg 0.5   | 1

A vacant house takes part as it did before. What a house measures while it has left is
in no community, and neither is what nobody has joined with yet.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import NamedTuple

from .commitments import Commitments
from .membership import stays
from .meters import Meter
from .rounding import EXACT


class Part(NamedTuple):
    """The part of a point that takes part in one community over some days."""

    first: date
    end: date | None
    """The first day on which it does not any more; None: for good."""
    factor: Decimal

    def covers(self, day: date) -> bool:
        """Tell whether it counts on a local day."""
        return self.first <= day and (self.end is None or day < self.end)


WHOLE = Part(date.min, None, Decimal(1))
"""All of it, on all days."""
LEAST = Part(date.max, None, Decimal("0.0001"))
"""Little of it, beginning late: what fits wherever anything does for good."""


def parts_of_point(books: Commitments, point_id: str) -> tuple[Part, ...]:
    """Return the parts of a house, or of a meter beside the houses' own."""
    meter = next((meter for meter in books.meters if meter.meter_id == point_id), None)
    if meter is not None:
        return parts_of_meter(books, meter)
    own = books.agreements_of(point_id)
    return tuple(
        Part(agreement.first, end, agreement.factor)
        for agreement, end in stays(own, books.left)
    )


def parts_of_meter(books: Commitments, meter: Meter) -> tuple[Part, ...]:
    """Return the parts of a meter: those of its house, or the whole without one."""
    whose = parts_of_point(books, meter.house_id) if meter.house_id else (WHOLE,)
    return tuple(_since(whose, meter.since or date.min))


def _since(parts: Iterable[Part], since: date) -> Iterator[Part]:
    """Yield what is left of the parts from a day on."""
    for part in parts:
        if part.end is None or since < part.end:
            yield part._replace(first=max(part.first, since))


def partly(books: Commitments) -> frozenset[str]:
    """Return the houses and meters of which only a part takes part on some day."""
    houses = {a.house_id for a in books.agreements if a.factor != 1}
    meters = {m.meter_id for m in books.meters if m.house_id in houses}
    return frozenset(houses | meters)


def first_excess(
    parts: Sequence[Part], others: Sequence[Part], before: Sequence[Part] = ()
) -> tuple[date, Decimal] | None:
    """Return the first day on which parts are more than the whole, and how much.

    `others` are those of other communities. A day on which no more takes part than
    `before` is never the one: whoever takes less is not refused for what remains.
    """
    days = {part.first for part in (*parts, *others)}
    days |= {part.end for part in before if part.end is not None}
    for day in sorted(days):
        own = _factor_on(parts, day)
        total = EXACT.add(own, _factor_on(others, day))
        if total > 1 and own > _factor_on(before, day):
            return day, total.normalize(EXACT)
    return None


def _factor_on(parts: Iterable[Part], day: date) -> Decimal:
    covering = (part.factor for part in parts if part.covers(day))
    return reduce(EXACT.add, covering, Decimal(0))
