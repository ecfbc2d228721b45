"""Who set which prices: what is noted, and what is known of each version."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
import json

import pytest

from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.billing.commitment_changes import (
    with_closed_period,
    with_tariff_version,
)
from custom_components.leg_invoicing.billing.commitment_records import (
    commitments_from_record,
    commitments_record,
)
from custom_components.leg_invoicing.billing.commitments import (
    ClosedPeriod,
    CommitmentError,
    Commitments,
    TariffChange,
)
from custom_components.leg_invoicing.billing.tariff_changes import (
    NEWEST,
    KnownVersion,
    versions_in_force,
    with_tariff_set,
)
from tests.billing.build import version

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def books() -> Commitments:
    """Return books whose only tariff was set once and replaced once."""
    state = with_tariff_set(Commitments(), "standard", version(), NOON, None)
    return with_tariff_set(state, "standard", version(p_con="27"), LATER, "admin")


def closed(period_id: str, *tariffs: str) -> ClosedPeriod:
    """Return the index entry of a period that was billed with tariffs."""
    return ClosedPeriod(
        period=parse_period(period_id),
        closed_at=LATER,
        file_name="",
        sha256="",
        invoices={},
        tariffs=tariffs,
        houses=(),
    )


def test_what_was_replaced_is_kept() -> None:
    """Each change notes when, by whom, and what stood there until then."""
    assert books().tariffs["standard"].versions == (version(p_con="27"),)
    first, second = books().tariff_changes

    assert first == TariffChange(
        at=NOON,
        user_id=None,
        tariff_id="standard",
        valid_from=date(2026, 1, 1),
        before=None,
    )
    assert second == replace(first, at=LATER, user_id="admin", before=version())


def test_the_same_prices_again_are_no_change() -> None:
    """What stays as it is leaves no trace."""
    state = books()

    again = with_tariff_set(state, "standard", version(p_con="27"), LATER, "other")

    assert again is state


def test_a_refused_change_leaves_no_trace() -> None:
    """Prices that were billed are refused as ever."""
    state = with_closed_period(books(), closed("2026-01", "standard"), year=2026)

    with pytest.raises(CommitmentError, match="tariff_version_used"):
        with_tariff_set(state, "standard", version(), LATER, None)


def test_only_the_newest_changes_are_kept() -> None:
    """The books do not grow without end."""
    state = Commitments()
    for number in range(NEWEST + 1):
        state = with_tariff_set(
            state, "standard", version(p_con=str(number)), NOON, str(number)
        )

    assert len(state.tariff_changes) == NEWEST
    assert state.tariff_changes[0].user_id == "1"
    assert state.tariff_changes[-1].user_id == str(NEWEST)


def test_changes_survive_their_file() -> None:
    """What is stored as JSON and read back is the same; older books have none."""
    record = json.loads(json.dumps(commitments_record(books())))
    assert commitments_from_record(record) == books()

    del record["tariff_changes"]
    assert commitments_from_record(record).tariff_changes == ()


def test_each_version_tells_its_days_its_periods_and_its_change() -> None:
    """A version counts until the next, and was billed where its tariff was used."""
    state = with_tariff_version(books(), "standard", version("2026-03-01"))
    state = with_tariff_set(state, "Solar", version("2026-02-01"), LATER, None)
    for period in ("2026-01", "2026-02-28..2026-03-02"):
        state = with_closed_period(state, closed(period, "standard"), year=2026)

    assert versions_in_force(state, "standard") == (
        KnownVersion(
            version(p_con="27"),
            date(2026, 3, 1),
            ("2026-01", "2026-02-28..2026-03-02"),
            state.tariff_changes[1],
        ),
        KnownVersion(version("2026-03-01"), None, ("2026-02-28..2026-03-02",), None),
    )
    assert versions_in_force(state, "Solar") == (
        KnownVersion(version("2026-02-01"), None, (), state.tariff_changes[2]),
    )
