"""What a write would change, without writing."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import batched, count

from sqlalchemy import Engine

from .billing.calendar import Span
from .billing.measurements import IntervalRow
from .ledger_entries import Origin
from .ledger_merging import changes, meters
from .ledger_rows import held_at

_ROWS_AT_A_TIME = 1000


@dataclass(slots=True)
class Effect:
    """What would become of rows."""

    new: int = 0
    """Intervals of which nothing was known."""
    replaced: int = 0
    """Intervals that would be completed, or be other than they are."""
    kept: int = 0
    """Intervals that would stay as they are."""
    closed: Counter[str] = field(default_factory=Counter)
    """New and replaced intervals in closed periods, by period."""

    def as_record(self) -> dict[str, object]:
        """Return the effect as JSON-ready data."""
        return {
            "new": self.new,
            "replaced": self.replaced,
            "kept": self.kept,
            "closed_periods": dict(self.closed),
        }


def preview(
    engine: Engine,
    rows: Iterable[IntervalRow],
    origin: Origin,
    closed: Mapping[str, Span],
) -> Effect:
    """Say what writing the rows would do."""
    effect = Effect()
    unknown = count(-1, -1)
    with engine.connect() as connection:
        numbers = meters(connection)
        for some in batched(rows, _ROWS_AT_A_TIME, strict=False):
            for row in some:
                if row.house_id not in numbers:
                    numbers[row.house_id] = next(unknown)
            keyed = [((row.start, numbers[row.house_id]), row) for row in some]
            held = held_at(connection, keyed)
            changed = changes(keyed, held, origin)
            replaced = sum(key in held for key in changed)
            effect.replaced += replaced
            effect.new += len(changed) - replaced
            effect.kept += len(some) - len(changed)
            effect.closed.update(
                period
                for start, _ in changed
                for period, span in closed.items()
                if start in span
            )
    return effect
