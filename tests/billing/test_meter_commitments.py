"""Meters come into the books, change and leave them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.billing.commitment_records import (
    commitments_from_record,
    commitments_record,
)
from custom_components.leg_invoicing.billing.commitments import (
    ClosedPeriod,
    CommitmentError,
    Commitments,
)
from custom_components.leg_invoicing.billing.meter_commitments import (
    meters_in_force,
    with_meters,
    with_new_meter,
)
from custom_components.leg_invoicing.billing.meters import Meter, Role

JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)
STAIRS = Meter(meter_id="meter_1", role=Role.HEAT_PUMP, house_id="house_1", since=JULY)
WALLBOX = Meter(meter_id="meter_2", role=Role.EV_CHARGER, house_id="house_1")
BOTH = Commitments(meters=(STAIRS, WALLBOX))


def test_every_meter_gets_the_next_number() -> None:
    """Numbers go on, whoever has left."""
    books = with_new_meter(Commitments(), JULY)
    books = with_new_meter(with_meters(books, (), JULY), None)

    assert books.last_meter == 2


def test_a_meter_joins_after_the_last_closed_period() -> None:
    """What was shared without a meter stays as it was."""
    june = ClosedPeriod(
        period=parse_period("2026-06"),
        closed_at=datetime(2026, 7, 2, tzinfo=UTC),
        file_name="",
        sha256="",
        invoices={},
        tariffs=(),
        houses=(),
    )
    books = Commitments(closed=(june,))

    assert with_new_meter(books, JULY).last_meter == 1
    for since in (date(2026, 6, 30), None):
        with pytest.raises(CommitmentError, match="joins_closed_period"):
            with_new_meter(books, since)


def test_meters_are_taken_over_as_they_are() -> None:
    """A meter that was changed takes the place of what it was."""
    other = replace(WALLBOX, name="Garage")

    assert with_meters(BOTH, (other, STAIRS), AUGUST).meters == (STAIRS, other)


def test_a_removed_meter_counts_up_to_that_day() -> None:
    """The bill that is still open needs it; what is asked of others does not."""
    books = with_meters(BOTH, (WALLBOX,), AUGUST)

    gone = replace(STAIRS, until=AUGUST)
    assert books.meters == (gone, WALLBOX)
    assert meters_in_force(books) == (WALLBOX,)
    assert [gone.counts_on(day) for day in (date(2026, 6, 30), JULY, AUGUST)] == [
        False,
        True,
        False,
    ]
    assert with_meters(books, (WALLBOX,), date(2026, 9, 1)) == books


def test_a_meter_that_never_counted_is_forgotten() -> None:
    """Whoever adds a meter by mistake and removes it leaves nothing behind."""
    assert with_meters(BOTH, (WALLBOX,), JULY).meters == (WALLBOX,)


def test_meters_are_stored() -> None:
    """The books come back with all meters; older ones have none."""
    books = with_meters(replace(BOTH, last_meter=2), (WALLBOX,), AUGUST)
    record = commitments_record(books)

    assert commitments_from_record(record) == books
    del record["meters"], record["last_meter"]
    assert commitments_from_record(record) == Commitments()
