"""How the meters in a community's books may change.

As with houses, the id of a meter is never used again, and a meter begins to count on
a day that has not been billed. One that was removed stays in the books: it counts up
to the day of its removal, and the bill that is still open needs it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from .commitment_checks import require_unshared
from .commitments import Commitments
from .meters import Meter


def with_new_meter(books: Commitments, since: date | None) -> Commitments:
    """Count one meter more, for one that counts from a day on, or since ever."""
    require_unshared(books, since or date.min)
    return replace(books, last_meter=books.last_meter + 1)


def with_meters(
    books: Commitments, meters: Iterable[Meter], removed: date
) -> Commitments:
    """Take over the meters that there are; the others count up to `removed`.

    A meter that never counted is forgotten.
    """
    present = {meter.meter_id: meter for meter in meters}
    former = (
        replace(meter, until=meter.until or removed)
        for meter in books.meters
        if meter.meter_id not in present
    )
    counted = (meter for meter in former if not meter.is_void)
    ordered = sorted((*present.values(), *counted), key=lambda meter: meter.meter_id)
    return replace(books, meters=tuple(ordered))


def meters_in_force(books: Commitments) -> tuple[Meter, ...]:
    """Return the meters that have not been removed."""
    return tuple(meter for meter in books.meters if meter.until is None)
