"""From when on changed terms settle differently."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from custom_components.leg_invoicing.billing.agreements import Party
from custom_components.leg_invoicing.billing.allocation import AllocationKey
from custom_components.leg_invoicing.billing.benefits import BenefitVersion
from custom_components.leg_invoicing.billing.dated import EVER
from custom_components.leg_invoicing.billing.meters import Meter, Role
from custom_components.leg_invoicing.billing.models import Model
from custom_components.leg_invoicing.billing.money import UnitPrice
from custom_components.leg_invoicing.billing.sharing_versions import SharingVersion
from custom_components.leg_invoicing.billing.tariffs import Tariff
from custom_components.leg_invoicing.billing.terms import GapPolicy, GapRule, Terms
from custom_components.leg_invoicing.billing.terms_change import first_changed_day

from .build import agreement, sharing, telling, terms, version


def standard(*houses: object) -> Terms:
    """Return terms with prices from January and from March on."""
    return terms(*houses, versions=[version(), version("2026-03-01", p_con="26")])


def test_same_terms_change_nothing() -> None:
    """Terms that were only read again settle everything as before."""
    assert first_changed_day(standard(agreement("a")), standard(agreement("a"))) is None


def test_names_change_nothing() -> None:
    """A corrected name or address changes no energy and no amount."""
    before = standard(agreement("a"))
    renamed = replace(before.agreements[0], participant=Party(name="Ada Lovelace"))

    assert first_changed_day(before, replace(before, agreements=(renamed,))) is None


def test_new_price_counts_from_its_first_day() -> None:
    """A tariff version added later changes its own days only."""
    after = terms(
        agreement("a"),
        versions=[
            version(),
            version("2026-03-01", p_con="26"),
            version("2026-04-15", p_con="27"),
        ],
    )

    assert first_changed_day(standard(agreement("a")), after) == date(2026, 4, 15)


def test_replaced_price_counts_from_its_first_day() -> None:
    """A tariff version that is corrected changes the days from its date on."""
    after = terms(
        agreement("a"), versions=[version(), version("2026-03-01", p_con="28")]
    )

    assert first_changed_day(standard(agreement("a")), after) == date(2026, 3, 1)


def test_another_tariff_counts_from_its_first_day() -> None:
    """A tariff of its own, not used yet, is a change of its own days."""
    before = standard(agreement("a"))
    solar = Tariff("solar", (version("2026-05-01"),))
    after = replace(before, tariffs={**before.tariffs, "solar": solar})

    assert first_changed_day(before, after) == date(2026, 5, 1)


def test_change_of_occupant_counts_from_the_day_of_the_change() -> None:
    """The years that the occupant before lived there stay as they are."""
    before = standard(agreement("a"), agreement("b"))
    after = standard(
        agreement("a", end="2026-06-01"), agreement("a", "2026-06-01"), agreement("b")
    )

    assert first_changed_day(before, after) == date(2026, 6, 1)


def test_moved_end_counts_from_the_earlier_day() -> None:
    """Whether an agreement is made longer or shorter, the days between change."""
    short = standard(agreement("a", end="2026-06-01"))
    long = standard(agreement("a", end="2026-07-01"))

    assert first_changed_day(short, long) == date(2026, 6, 1)
    assert first_changed_day(long, short) == date(2026, 6, 1)


def test_new_house_counts_from_its_first_day() -> None:
    """Where a house joins, nothing before is changed."""
    after = standard(agreement("a"), agreement("b", "2026-02-10"))

    assert first_changed_day(standard(agreement("a")), after) == date(2026, 2, 10)


def test_changed_tariff_of_an_agreement_counts_from_its_first_day() -> None:
    """An agreement under another tariff is priced differently from its beginning."""
    before = standard(agreement("a", "2026-02-10"))
    solar = Tariff("solar", before.tariffs["standard"].versions)
    tariffs = {**before.tariffs, "solar": solar}
    moved = replace(before.agreements[0], tariff_id="solar")

    day = first_changed_day(
        replace(before, tariffs=tariffs),
        replace(before, tariffs=tariffs, agreements=(moved,)),
    )

    assert day == date(2026, 2, 10)


def test_changed_model_counts_for_ever() -> None:
    """What all members agreed on differently changes all that is not billed."""
    before = standard(agreement("a"))
    split = replace(before.community, model=Model.SPLIT)

    assert first_changed_day(before, replace(before, community=split)) == EVER


def test_another_rule_for_gaps_changes_nothing_settled() -> None:
    """What may be billed unasked is no question of energy or of money."""
    before = standard(agreement("a"))
    strict = replace(before.community, gaps=GapRule(policy=GapPolicy.MEASURE_ONLY))

    assert first_changed_day(before, replace(before, community=strict)) is None


def test_another_key_counts_from_its_first_day() -> None:
    """A version of sharing that is added, moved or dropped changes its own days."""
    before = standard(agreement("a"))
    first, equal = (
        SharingVersion(),
        SharingVersion(valid_from=date(2026, 4, 1), allocation=AllocationKey.EQUAL),
    )
    earlier = replace(equal, valid_from=date(2026, 3, 1))

    assert first_changed_day(before, sharing(before, first, equal)) == date(2026, 4, 1)
    assert first_changed_day(
        sharing(before, first, equal), sharing(before, first, earlier)
    ) == date(2026, 3, 1)
    assert first_changed_day(sharing(before, first, equal), before) == date(2026, 4, 1)
    always = replace(first, allocation=AllocationKey.EQUAL)
    assert first_changed_day(before, sharing(before, always)) == EVER


def test_what_is_told_counts_from_its_first_day() -> None:
    """Sensors and statistics of CO₂ are right up to that day."""
    before = standard(agreement("a"))
    always, later = (
        BenefitVersion(),
        BenefitVersion(valid_from=date(2026, 4, 1), co2_factor=UnitPrice(Decimal(128))),
    )

    after = telling(before, always, later)

    assert first_changed_day(before, after) == date(2026, 4, 1)
    assert (
        first_changed_day(
            before, telling(before, replace(later, valid_from=always.valid_from))
        )
        == EVER
    )


def test_another_weight_counts_from_the_first_day_of_its_agreement() -> None:
    """What was agreed with an occupant shares differently while it is valid."""
    before = standard(agreement("a", "2026-02-10"))
    weighted = replace(before.agreements[0], weight=Decimal("0.5"))

    assert first_changed_day(before, replace(before, agreements=(weighted,))) == date(
        2026, 2, 10
    )


def test_a_factor_counts_from_the_first_day_of_its_agreement() -> None:
    """Another part of a house is another energy."""
    before = standard(agreement("a", "2026-02-01"))
    partly = replace(before.agreements[0], factor=Decimal("0.5"))

    after = replace(before, agreements=(partly,))

    assert first_changed_day(before, after) == date(2026, 2, 1)


PUMP = Meter(
    meter_id="meter_1",
    role=Role.HEAT_PUMP,
    house_id="a",
    since=date(2026, 4, 1),
    until=date(2026, 9, 1),
)


def _with(*meters: Meter) -> Terms:
    return replace(standard(agreement("a")), meters=meters)


@pytest.mark.parametrize(
    ("other", "first"),
    [
        ((), date(2026, 4, 1)),
        ((PUMP, replace(PUMP, meter_id="meter_2", since=None)), EVER),
        ((replace(PUMP, name="Boiler"),), None),
        ((replace(PUMP, tariff_id="standard"),), date(2026, 4, 1)),
        ((replace(PUMP, since=date(2026, 3, 2)),), date(2026, 3, 2)),
        ((replace(PUMP, until=date(2026, 8, 1)),), date(2026, 8, 1)),
        ((replace(PUMP, until=None),), date(2026, 9, 1)),
    ],
)
def test_meters_count_from_their_first_day(
    other: tuple[Meter, ...], first: date | None
) -> None:
    """A meter more or less, or another way of counting, changes its own days only."""
    assert first_changed_day(_with(PUMP), _with(*other)) == first
    assert first_changed_day(_with(*other), _with(PUMP)) == first
