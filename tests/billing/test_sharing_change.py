"""How the way of sharing changes in the books."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
import json

from custom_components.leg_invoicing.billing.allocation import AllocationKey
from custom_components.leg_invoicing.billing.commitment_changes import (
    with_agreement,
    with_change_of_occupant,
)
from custom_components.leg_invoicing.billing.commitment_membership import with_end
from custom_components.leg_invoicing.billing.commitment_records import (
    commitments_from_record,
    commitments_record,
)
from custom_components.leg_invoicing.billing.commitments import Commitments
from custom_components.leg_invoicing.billing.sharing_change import with_sharing
from custom_components.leg_invoicing.billing.sharing_versions import SharingVersion
from tests.billing.build import agreement
from tests.billing.test_commitments import ANNA, books, closed, refused

HYBRID = SharingVersion(
    valid_from=date(2026, 3, 1),
    allocation=AllocationKey.HYBRID,
    producers=AllocationKey.PRIORITY,
    weights={"house_1": Decimal("0.4"), "house_2": Decimal("0.6")},
    order=("house_2", "house_1"),
)


def two_houses() -> Commitments:
    """Return books with two houses, and a closed January."""
    return with_agreement(books(closed("2026-01")), agreement("house_2", "2026-02-01"))


def test_a_version_comes_in_its_place() -> None:
    """Versions stand by date; one of the same day is replaced."""
    equal = SharingVersion(valid_from=date(2026, 2, 1), allocation=AllocationKey.EQUAL)
    state = with_sharing(with_sharing(two_houses(), HYBRID), equal)
    again = replace(equal, allocation=AllocationKey.PRIORITY)

    assert state.sharing == (SharingVersion(), equal, HYBRID)
    assert with_sharing(state, again).sharing == (SharingVersion(), again, HYBRID)


def test_what_a_closed_period_used_stays() -> None:
    """A version that would count in it is refused; one before a later one is not."""
    with refused("sharing_used", valid_from="2026-01-31", period="2026-01"):
        with_sharing(two_houses(), replace(HYBRID, valid_from=date(2026, 1, 31)))

    state = with_sharing(books(), SharingVersion(valid_from=date(2026, 1, 1)))
    state = replace(state, closed=(closed("2026-01"),))
    earlier = SharingVersion(valid_from=date(2025, 6, 1))
    assert len(with_sharing(state, earlier).sharing) == 3


def test_houses_must_be_known() -> None:
    """A house that nobody ever had is neither weighed nor put in order."""
    for wrong in ({"weights": {"house_9": Decimal(0)}}, {"order": ("house_9",)}):
        with refused("sharing_house_unknown", house="house_9"):
            with_sharing(two_houses(), replace(HYBRID, **wrong))


def test_there_is_no_more_than_the_whole() -> None:
    """Weights of more than 100 % are refused, whichever of them comes last."""
    heavy = replace(HYBRID, weights={"house_1": Decimal(1), "house_2": Decimal("0.5")})
    with refused("weights_over_one", day="2026-03-01", total="150"):
        with_sharing(two_houses(), heavy)

    state = with_sharing(two_houses(), HYBRID)
    with refused("weights_over_one", day="2026-04-01", total="110"):
        with_change_of_occupant(
            state, "house_1", date(2026, 4, 1), ANNA, "standard", Decimal("0.5")
        )
    state = with_change_of_occupant(
        state, "house_1", date(2026, 4, 1), ANNA, "standard", Decimal("0.3")
    )
    assert state.agreements_of("house_1")[-1].weight == Decimal("0.3")


def test_a_house_that_nobody_had_leaves_no_weight_behind() -> None:
    """Its agreement was to begin, and then it was removed."""
    state = with_agreement(books(), agreement("house_2", "2026-05-01"))
    state = with_sharing(state, HYBRID)

    state = with_end(state, "house_2", date(2026, 4, 1))

    assert state.sharing[-1] == replace(
        HYBRID, weights={"house_1": Decimal("0.4")}, order=("house_1",)
    )


def test_sharing_survives_storage() -> None:
    """The books hold versions and weights; older books have neither."""
    state = with_sharing(two_houses(), HYBRID)
    state = with_change_of_occupant(
        state, "house_1", date(2026, 4, 1), ANNA, "standard", Decimal("0.30")
    )

    record = json.loads(json.dumps(commitments_record(state)))

    assert commitments_from_record(record) == state
    assert record["agreements"][1]["weight"] == "0.30"
    del record["sharing"]
    for older in record["agreements"]:
        del older["weight"]
    old = commitments_from_record(record)
    assert old.sharing == (SharingVersion(),)
    assert {a.weight for a in old.agreements} == {None}
