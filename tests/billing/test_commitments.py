"""What was agreed and billed, and how either may change."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
import json
from typing import Any

import pytest

from custom_components.leg_invoicing.billing.agreements import Owner, Party
from custom_components.leg_invoicing.billing.calendar import parse_period
from custom_components.leg_invoicing.billing.commitment_changes import (
    with_agreement,
    with_change_of_occupant,
    with_closed_period,
    with_corrected_agreement,
    with_new_house,
    with_tariff_version,
)
from custom_components.leg_invoicing.billing.commitment_checks import require_unbilled
from custom_components.leg_invoicing.billing.commitment_membership import (
    with_end,
    with_owner,
)
from custom_components.leg_invoicing.billing.commitment_records import (
    commitments_from_record,
    commitments_record,
)
from custom_components.leg_invoicing.billing.commitments import (
    ClosedPeriod,
    CommitmentError,
    Commitments,
)
from custom_components.leg_invoicing.billing.meters import Meter, Role
from custom_components.leg_invoicing.billing.vat import NO_VAT, Vat, VatMode
from tests.billing.build import agreement, ct, version

ANNA = Party(name="Anna", language="de")


def closed(
    period_id: str,
    *,
    houses: tuple[str, ...] = ("house_1",),
    tariffs: tuple[str, ...] = ("standard",),
    invoices: tuple[str, ...] = ("INV-2026-001",),
) -> ClosedPeriod:
    """Return the index entry of a closed period."""
    return ClosedPeriod(
        period=parse_period(period_id),
        closed_at=datetime(2026, 7, 1, 12, tzinfo=UTC),
        file_name=f"period.{period_id}",
        sha256="0" * 64,
        invoices=dict.fromkeys(invoices, ct("-12.5")),
        tariffs=tariffs,
        houses=houses,
        accepted=("missing_data:house_1",),
        user_id="admin",
        context_id="01J",
    )


def books(*periods: ClosedPeriod) -> Commitments:
    """Return books with a tariff, an occupied house and some closed periods."""
    state = with_tariff_version(Commitments(), "standard", version())
    state = with_agreement(state, agreement("house_1"))
    for entry in periods:
        state = with_closed_period(state, entry, year=2026)
    return state


def spans(state: Commitments, house_id: str) -> list[tuple[str, str | None, str]]:
    """Return a house's agreements as from, to and participant."""
    return [
        (
            a.first.isoformat(),
            a.end.isoformat() if a.end else None,
            a.participant.name,
        )
        for a in state.agreements_of(house_id)
    ]


def refused(code: str, **details: str) -> Any:
    """Expect a change to be refused for a reason, about these things."""

    def is_it(error: CommitmentError) -> bool:
        return (error.code, error.details) == (code, details)

    return pytest.raises(CommitmentError, match=code, check=is_it)


# Tariffs


def test_a_tariff_begins_with_its_first_version() -> None:
    """A tariff that is not known yet comes to be with its first prices."""
    state = with_tariff_version(books(), "Solar", version("2026-03-01"))

    assert list(state.tariffs) == ["standard", "Solar"]
    assert state.tariffs["Solar"].versions == (version("2026-03-01"),)


def test_versions_stand_in_the_order_of_their_dates() -> None:
    """A version that is added late takes its place by date."""
    state = with_tariff_version(books(), "standard", version("2026-07-01", p_con="27"))
    state = with_tariff_version(state, "standard", version("2026-04-01", p_con="26"))

    assert [v.valid_from.month for v in state.tariffs["standard"].versions] == [1, 4, 7]


def test_prices_of_a_day_are_replaced_while_nothing_was_billed_with_them() -> None:
    """A version from the same day takes the other one's place."""
    state = with_tariff_version(books(), "standard", version(p_con="27"))

    assert state.tariffs["standard"].versions == (version(p_con="27"),)


@pytest.mark.parametrize("valid_from", ["2026-01-01", "2026-01-31"])
def test_prices_that_were_billed_cannot_change(valid_from: str) -> None:
    """Neither new prices on billed days nor another price there is accepted."""
    with refused(
        "tariff_version_used",
        tariff="standard",
        valid_from=valid_from,
        period="2026-01",
    ):
        with_tariff_version(
            books(closed("2026-01")), "standard", version(valid_from, p_con="27")
        )


def test_prices_may_change_from_the_day_after_what_was_billed() -> None:
    """The first day that is not billed yet may have new prices."""
    state = with_tariff_version(
        books(closed("2026-01")), "standard", version("2026-02-01")
    )

    assert len(state.tariffs["standard"].versions) == 2


def test_prices_that_a_later_version_ends_before_the_closed_period_may_change() -> None:
    """What counts is when the prices are in force, not only from when on."""
    state = with_tariff_version(books(), "standard", version("2026-03-01"))
    state = with_closed_period(state, closed("2026-03"), year=2026)

    changed = with_tariff_version(state, "standard", version("2026-02-01", p_con="1"))

    assert len(changed.tariffs["standard"].versions) == 3


def test_a_tariff_that_nobody_was_billed_with_may_change_in_a_closed_period() -> None:
    """A closed period keeps the prices it used, and no others."""
    state = with_tariff_version(
        books(closed("2026-01")), "Solar", version("2026-01-01")
    )

    assert "Solar" in state.tariffs


def test_every_closed_period_in_which_prices_would_count_is_looked_at() -> None:
    """A first closed period without the tariff does not hide a second one with it."""
    state = books(closed("2026-01"), closed("2026-02", tariffs=("Solar", "standard")))

    with refused(
        "tariff_version_used",
        tariff="Solar",
        valid_from="2026-01-01",
        period="2026-02",
    ):
        with_tariff_version(state, "Solar", version("2026-01-01"))


# Agreements


def test_agreements_are_numbered_by_house() -> None:
    """An agreement gets an id that tells its house and stays its own."""
    state = with_agreement(books(), agreement("house_2"))
    state = with_change_of_occupant(
        state, "house_1", date(2026, 3, 1), ANNA, "standard"
    )

    ids = [a.agreement_id for a in state.agreements]
    assert ids == ["house_1_1", "house_1_2", "house_2_1"]


def test_an_agreement_needs_a_tariff_that_is_there() -> None:
    """An agreement under an unknown tariff is refused."""
    with refused("tariff_unknown", tariff="Solar"):
        with_agreement(books(), agreement("house_2", tariff_id="Solar"))


def test_two_agreements_of_a_house_cannot_overlap() -> None:
    """A house that somebody has cannot be given to somebody else as well."""
    with refused("agreement_overlaps", house="house_1", first="2026-05-01"):
        with_agreement(books(), agreement("house_1", "2026-05-01"))


def test_an_agreement_cannot_reach_back_into_a_period_its_house_was_billed_in() -> None:
    """Days that were billed to somebody cannot be given to somebody else."""
    state = with_end(books(closed("2026-01")), "house_1", date(2026, 2, 1))

    with refused("agreement_in_closed_period", house="house_1", period="2026-01"):
        with_agreement(state, agreement("house_1", "2026-01-31", "2026-02-01"))


def test_a_house_that_joins_begins_after_the_last_closed_period() -> None:
    """What was shared without it is billed; the day from which it can join is told."""
    state = books(closed("2026-01"), closed("2026-02"))
    with refused("joins_closed_period", period="2026-02", first="2026-03-01"):
        with_agreement(state, agreement("house_2", "2026-01-15"))

    state = with_agreement(state, agreement("house_2", "2026-03-01"))
    assert spans(state, "house_2") == [("2026-03-01", None, "House_2")]


def test_a_change_of_occupant_ends_who_is_there_on_the_day_the_next_begins() -> None:
    """Every day belongs to one of the two, and none to both."""
    state = with_change_of_occupant(
        books(), "house_1", date(2026, 3, 10), ANNA, "standard"
    )

    assert spans(state, "house_1") == [
        ("2026-01-01", "2026-03-10", "House_1"),
        ("2026-03-10", None, "Anna"),
    ]


def test_a_change_of_occupant_leaves_other_houses_alone() -> None:
    """Somebody who moves into one house ends nothing next door."""
    state = with_agreement(books(), agreement("house_2"))
    state = with_change_of_occupant(
        state, "house_1", date(2026, 3, 10), ANNA, "standard"
    )

    assert spans(state, "house_2") == [("2026-01-01", None, "House_2")]


def test_an_occupant_in_between_leaves_when_the_next_was_going_to_come() -> None:
    """An agreement that begins later stays, and ends the new one."""
    state = with_change_of_occupant(
        books(), "house_1", date(2026, 6, 1), Party(name="Beat"), "standard"
    )
    state = with_change_of_occupant(
        state, "house_1", date(2026, 3, 1), ANNA, "standard"
    )

    assert spans(state, "house_1") == [
        ("2026-01-01", "2026-03-01", "House_1"),
        ("2026-03-01", "2026-06-01", "Anna"),
        ("2026-06-01", None, "Beat"),
    ]


def test_an_empty_house_may_be_taken_without_a_gap_being_filled() -> None:
    """Whoever moves in after a vacancy begins on their own day."""
    state = with_end(books(), "house_1", date(2026, 2, 1))
    state = with_change_of_occupant(
        state, "house_1", date(2026, 4, 1), ANNA, "standard"
    )

    assert spans(state, "house_1") == [
        ("2026-01-01", "2026-02-01", "House_1"),
        ("2026-04-01", None, "Anna"),
    ]


def test_two_cannot_begin_on_the_same_day() -> None:
    """A change on the very day on which the present occupant began is refused."""
    with refused("agreement_overlaps", house="house_1", first="2026-01-01"):
        with_change_of_occupant(books(), "house_1", date(2026, 1, 1), ANNA, "standard")


def test_a_change_of_occupant_within_a_closed_period_is_refused() -> None:
    """Who was billed for January cannot have left in January any more."""
    with refused("agreement_in_closed_period", house="house_1", period="2026-01"):
        with_change_of_occupant(
            books(closed("2026-01")), "house_1", date(2026, 1, 31), ANNA, "standard"
        )


def test_a_change_of_occupant_on_the_day_after_a_closed_period_is_accepted() -> None:
    """The end of a period is exclusive: its day after is free."""
    state = with_change_of_occupant(
        books(closed("2026-01")), "house_1", date(2026, 2, 1), ANNA, "standard"
    )

    assert spans(state, "house_1")[-1] == ("2026-02-01", None, "Anna")


def test_a_correction_changes_who_is_billed_but_not_when() -> None:
    """A correction replaces the person and the tariff of one agreement."""
    state = with_tariff_version(books(closed("2026-01")), "Solar", version())
    state = with_agreement(state, agreement("house_2", "2026-02-01"))
    corrected = with_corrected_agreement(state, "house_1_1", ANNA, "Solar")

    (mine,) = corrected.agreements_of("house_1")
    assert mine == replace(
        state.agreements_of("house_1")[0], participant=ANNA, tariff_id="Solar"
    )
    assert corrected.agreements_of("house_2") == state.agreements_of("house_2")
    assert corrected.closed == state.closed


def test_a_correction_needs_a_tariff_that_is_there() -> None:
    """A correction to an unknown tariff is refused."""
    with refused("tariff_unknown", tariff="Solar"):
        with_corrected_agreement(books(), "house_1_1", ANNA, "Solar")


def test_a_correction_needs_an_agreement_that_is_there() -> None:
    """A correction of an unknown agreement is refused."""
    with refused("agreement_unknown", agreement="house_9_1"):
        with_corrected_agreement(books(), "house_9_1", ANNA, "standard")


def test_the_end_of_a_house_ends_its_agreement() -> None:
    """A house that was removed is billed up to a day, and others go on."""
    state = with_agreement(books(), agreement("house_2"))
    state = with_end(state, "house_1", date(2026, 2, 11))

    assert spans(state, "house_1") == [("2026-01-01", "2026-02-11", "House_1")]
    assert spans(state, "house_2") == [("2026-01-01", None, "House_2")]


def test_the_end_of_a_house_voids_what_was_agreed_for_later() -> None:
    """Nobody is billed for a removed house because they were going to move in."""
    state = with_change_of_occupant(
        books(), "house_1", date(2026, 3, 1), ANNA, "standard"
    )
    state = with_end(state, "house_1", date(2026, 2, 11))

    assert spans(state, "house_1") == [("2026-01-01", "2026-02-11", "House_1")]


def test_an_end_that_is_told_again_later_moves_nothing() -> None:
    """A house that ended stays ended on the day it did."""
    state = with_end(books(), "house_1", date(2026, 2, 11))

    assert with_end(state, "house_1", date(2026, 5, 1)) == state
    assert with_end(state, "house_1", date(2026, 2, 11)) == state


# Periods


@pytest.mark.parametrize(
    ("last_house", "house_id", "number"),
    [(0, "house_1", 2), (4, "house_1", 5), (0, "house_7", 8), (3, "garage", 4)],
)
def test_a_new_house_gets_a_number_that_none_ever_had(
    last_house: int, house_id: str, number: int
) -> None:
    """Counting goes on behind the counter, and behind every house agreed upon."""
    state = with_tariff_version(Commitments(), "standard", version())
    state = with_agreement(state, agreement(house_id))

    state = with_new_house(replace(state, last_house=last_house), date(2026, 1, 1))

    assert number == state.last_house


def test_the_share_of_a_new_house_must_fit() -> None:
    """It is agreed before there is anybody in the house, and counts like any other."""
    state = with_tariff_version(Commitments(), "standard", version())
    first = replace(agreement("house_1"), weight=Decimal("0.6"))
    state, joins = with_agreement(state, first), date(2026, 1, 1)

    assert with_new_house(state, joins, Decimal("0.4")).last_house == 2
    with pytest.raises(CommitmentError, match="weights_over_one"):
        with_new_house(state, joins, Decimal("0.5"))


def test_a_meter_at_the_grid_counts_all_of_a_house() -> None:
    """So a house takes part as a whole, or there is no such meter."""
    grid = Meter(meter_id="grid", name="Grid", role=Role.GRID)
    state = replace(books(), meters=(grid,))
    half, day = Decimal("0.5"), date(2026, 3, 1)

    with pytest.raises(CommitmentError, match="factor_with_grid"):
        with_change_of_occupant(state, "house_1", day, ANNA, "standard", factor=half)

    assert with_change_of_occupant(state, "house_1", day, ANNA, "standard")
    assert with_change_of_occupant(
        books(), "house_1", day, ANNA, "standard", factor=half
    )


def test_a_closed_period_is_found_however_it_is_written() -> None:
    """A period is its days: a month and the same two dates are one period."""
    state = books(closed("2026-01"))

    found = state.find(parse_period("2026-01-01..2026-02-01"))
    assert found is state.closed[0]
    assert state.find(parse_period("2026-02")) is None


def test_numbers_go_on_from_the_last_one_of_the_year() -> None:
    """Every closed period takes as many numbers as it has invoices."""
    state = books(closed("2026-01", invoices=("INV-2026-001", "INV-2026-002")))
    state = with_closed_period(state, closed("2026-02"), year=2026)
    state = with_closed_period(state, closed("2025-12"), year=2027)

    assert state.last_sequence == {2026: 3, 2027: 1}
    assert [c.period.period_id for c in state.closed] == [
        "2025-12",
        "2026-01",
        "2026-02",
    ]


def test_a_period_is_closed_once() -> None:
    """The same period cannot be billed twice."""
    with refused("period_closed", period="2026-01"):
        with_closed_period(books(closed("2026-01")), closed("2026-01"), year=2026)


@pytest.mark.parametrize(
    "other", ["2026-Q1", "2026", "2026-01-15..2026-02-15", "2025-12-31..2026-01-02"]
)
def test_no_day_is_billed_twice(other: str) -> None:
    """A period that shares a day with a closed one is refused."""
    with refused("period_overlaps", period=other, other="2026-01"):
        require_unbilled(books(closed("2026-01")), parse_period(other))


@pytest.mark.parametrize("other", ["2025-12", "2026-02", "2026-02-01..2026-02-02"])
def test_neighbouring_periods_share_no_day(other: str) -> None:
    """A period may begin where a closed one ends, and end where it begins."""
    require_unbilled(books(closed("2026-01")), parse_period(other))


# Records


def full_books() -> Commitments:
    """Return books in which every field has something to say."""
    state = books(closed("2026-01"), closed("2026-02-01..2026-02-03"))
    state = with_tariff_version(
        state, "standard", version("2026-05-01", p_con="25.1234567890123456789")
    )
    moved_in = Party(
        name="Zoë “Z.” Müller",
        address=("Sonnenweg 1", "8000 Zürich"),
        email="zoe@example.org",
        language="fr",
        iban="CH9300762011623852957",
        vat_number="CHE-123.456.788 MWST",
    )
    vat = Vat(mode=VatMode.INCLUDED, rate=Decimal("8.1"))
    state = with_change_of_occupant(
        state, "house_1", date(2026, 4, 1), moved_in, "standard", vat=vat
    )
    state = with_owner(
        state, "house_1", Owner(party=moved_in, tariff_id="standard", vat=vat)
    )
    state = with_owner(state, "house_2", Owner(party=ANNA))
    state = with_end(state, "house_1", date(2026, 5, 1))
    return replace(state, last_house=7)


def test_the_books_survive_their_file() -> None:
    """What is stored as JSON and read back is the same, to the last digit."""
    state = full_books()
    stored = json.loads(json.dumps(commitments_record(state)))

    assert commitments_from_record(stored) == state
    assert commitments_record(commitments_from_record(stored)) == stored


def test_books_of_earlier_versions_know_of_nobody_who_left() -> None:
    """What was not said then is not there now."""
    stored = commitments_record(books())
    del stored["owners"], stored["left"], stored["sharing"], stored["benefits"]

    assert commitments_from_record(stored) == books()


def test_agreements_of_earlier_versions_know_of_no_vat() -> None:
    """What was not said is not there."""
    stored = commitments_record(full_books())
    for record in stored["agreements"]:
        del record["vat"], record["participant"]["vat_number"]
    del stored["owners"]["house_1"]["vat"]

    known = commitments_from_record(stored)

    newest = known.agreements[-1]
    assert (newest.vat, newest.participant.vat_number) == (NO_VAT, None)
    assert known.owners["house_1"].vat == NO_VAT


def test_empty_books_survive_their_file() -> None:
    """Books that have just begun read back as such."""
    stored = json.loads(json.dumps(commitments_record(Commitments())))

    assert commitments_from_record(stored) == Commitments()


@pytest.mark.parametrize(
    "damage",
    [
        {"tariffs": {"standard": []}},
        {"tariffs": {"standard": [{"valid_from": "2026-01-01"}]}},
        {"agreements": [{}]},
        {"closed": [{"period_id": "January"}]},
        {"last_sequence": {"MMXXVI": 1}},
        {"last_house": None, "closed": None},
    ],
)
def test_damaged_books_are_not_read(damage: dict[str, Any]) -> None:
    """A record that is not what was written is an error, not half a state."""
    with pytest.raises((KeyError, TypeError, ValueError)):
        commitments_from_record(commitments_record(full_books()) | damage)
