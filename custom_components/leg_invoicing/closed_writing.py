"""Write what registers have closed, together with where they stand."""

from collections.abc import Iterable, Mapping
from typing import Any

from .billing.calendar import Span
from .billing.gap_shape import Closed
from .billing.gathering import RegisterKey
from .billing.terms import Community
from .gap_shaping import shape_gaps
from .ledger import Ledger, Origin, StoredChange, StoredReading
from .metered import stored_readings

type Kept = StoredChange | StoredReading
"""What a person said, as it is kept."""


def write_closed(
    ledger: Ledger,
    community: Community,
    closed: Closed,
    origin: Origin,
    registers: Mapping[RegisterKey, Mapping[str, Any]],
    kept: Iterable[Kept],
) -> Span | None:
    """Write it in one transaction; return the span in which anything changed."""
    shaped = shape_gaps(ledger, community, closed)
    kept = tuple(kept)
    readings = [one for one in kept if isinstance(one, StoredReading)]
    written = ledger.write(
        shaped.rows,
        origin,
        registers=registers,
        # What a person read comes last: it stands.
        readings=[*stored_readings(shaped.midnights), *readings],
        changes=[one for one in kept if isinstance(one, StoredChange)],
    )
    return written.span
