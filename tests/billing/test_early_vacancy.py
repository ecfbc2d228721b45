"""Who is billed for a house before anybody had it."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from custom_components.leg_invoicing.billing.agreements import Agreement, Owner, Party
from custom_components.leg_invoicing.billing.allocation import AllocationKey
from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.dated import EVER
from custom_components.leg_invoicing.billing.fees import Fee, FeePer
from custom_components.leg_invoicing.billing.findings import FindingCode
from custom_components.leg_invoicing.billing.measurements import Measurements
from custom_components.leg_invoicing.billing.membership import houses_of
from custom_components.leg_invoicing.billing.models import LineKind, Model
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.sharing_versions import SharingVersion
from custom_components.leg_invoicing.billing.statements import Settlement
from custom_components.leg_invoicing.billing.tariffs import Tariff
from custom_components.leg_invoicing.billing.terms import GapRule, Terms
from custom_components.leg_invoicing.billing.terms_change import first_changed_day

from .build import (
    agreement,
    ct,
    kwh,
    measured,
    metered,
    month,
    quarters,
    sharing,
    terms,
    version,
)

_OTTO = {"house_1": Owner(party=Party(name="Otto"))}
_JUNE = month("2026-06")
_DAY = 96


def _june(of: Terms, known_from: int = 1) -> Settlement:
    """Settle a June in which the first house is measured from a day on."""
    cells: Sequence[str | None] = [
        None if start < (known_from - 1) * _DAY else "0.25/0"
        for start in range(30 * _DAY)
    ]
    neighbour = ["0/0.5"] * len(cells)
    return settle(of, _JUNE, measured(_JUNE, house_1=cells, house_2=neighbour))


def _joining(*more: Agreement, owners: object = _OTTO, **settings: object) -> Terms:
    """Return a community whose first house joins on 11 June."""
    joins = agreement("house_1", "2026-06-11")
    settings = {"model": Model.SPLIT, "owners": owners, **settings}
    return terms(joins, agreement("house_2"), *more, **settings)


def _bills(of: Settlement, house_id: str = "house_1") -> list[tuple[str, ...]]:
    """Return who is billed for a house, from when to when, for how much energy."""
    return [
        (
            s.agreement.participant.name,
            f"{s.first:%d.%m}",
            f"{s.end:%d.%m}",
            f"{s.energy.imported.kwh.normalize():f}",
        )
        for s in of.statements
        if s.agreement.house_id == house_id
    ]


def test_the_owner_is_billed_for_what_was_used_before_anybody_came() -> None:
    """It was in sharing all along, so that nothing is on nobody's bill."""
    settlement = _june(_joining())

    assert _bills(settlement) == [
        ("Otto", "01.06", "11.06", "240"),
        ("House_1", "11.06", "01.07", "480"),
    ]
    before = settlement.statements[0]
    assert before.agreement.vacancy
    assert before.agreement.agreement_id == "house_1_vacant_until_2026-06-11"
    assert before.total == ct("6000")
    assert settlement.findings == ()


def test_it_is_vacant_from_the_first_day_that_was_measured() -> None:
    """Fees are owed from then on, and what is missing later is missed."""
    fees = (
        Fee(name="Meter", amount=ct("3000"), per=FeePer.MONTH),
        Fee(name="Welcome", amount=ct("500"), per=FeePer.ONCE),
    )
    settlement = _june(_joining(versions=[version(fees=fees)]), known_from=5)

    assert _bills(settlement)[0] == ("Otto", "05.06", "11.06", "144")
    owed = [line for line in settlement.statements[0].lines if line.name]
    assert [(line.name, line.amount) for line in owed] == [("Meter", ct("600"))]
    assert settlement.findings == ()

    on_2_and_3 = ["0.25/0"] * _DAY + [None] * _DAY + ["0.25/0"] * _DAY
    span = Span(_JUNE.start, _JUNE.start + 3 * _DAY * 900)
    (finding,) = settle(_joining(), span, measured(span, house_1=on_2_and_3)).findings[
        :1
    ]
    assert (finding.key, finding.intervals) == ("missing_data:house_1", _DAY)


def test_without_an_owner_nobody_knows_whether_the_house_belonged() -> None:
    """One finding says how much energy it is, whatever else changed meanwhile."""
    prices = [version(), version("2026-06-04", p_con="26")]

    settlement = _june(_joining(owners={}, versions=prices))

    assert _bills(settlement) == [("House_1", "11.06", "01.07", "480")]
    (finding,) = settlement.findings
    assert (finding.code, finding.energy) == (FindingCode.NO_AGREEMENT, kwh("240"))
    assert finding.span == Span(_JUNE.start, _JUNE.start + 10 * _DAY * 900)
    assert finding.intervals == 10 * _DAY


def test_a_house_that_joins_later_and_is_not_measured_yet_is_billed_to_nobody() -> None:
    """It is listed nowhere, and nobody misses its values."""
    community = _joining()
    may = month("2026-05")
    flowed = measured(may, house_2="0.1/0")

    assert houses_of(community, may, flowed) == ("house_2",)
    settlement = settle(community, may, flowed)
    assert list(settlement.houses) == ["house_2"]
    assert settlement.findings == ()

    silent = _june(community, known_from=11)
    assert _bills(silent) == [("House_1", "11.06", "01.07", "480")]
    assert silent.findings == ()


def test_the_owner_has_prices_of_his_own_or_those_of_whoever_comes_first() -> None:
    """And the part of the house that is agreed with them."""
    night = {
        "standard": Tariff("standard", (version(),)),
        "night": Tariff("night", (version(p_con="10", p_grid_con="10"),)),
    }
    own = {"house_1": Owner(party=Party(name="Otto"), tariff_id="night")}
    in_part = replace(agreement("house_1", "2026-06-11"), factor=Decimal("0.5"))
    community = terms(in_part, agreement("house_2"), tariffs=night, owners=own)

    before, after, _ = _june(community).statements

    assert (before.energy.imported, before.total) == (kwh("120"), ct("1200"))
    assert (after.energy.imported, after.total) == (kwh("240"), ct("6000"))


def test_the_others_share_as_if_the_house_had_not_joined_yet() -> None:
    """Equal weights that nobody said are those of the houses that joined."""
    static = SharingVersion(allocation=AllocationKey.STATIC)
    three = sharing(_joining(agreement("house_3")), static)
    quarter = quarters("2026-06-05T12:00+02:00", 1)
    flowed = measured(quarter, house_1="1/0", house_2="0/2", house_3="2/0")

    owned = settle(three, quarter, flowed)
    unowned = settle(replace(three, owners={}), quarter, flowed)

    assert owned.houses == unowned.houses
    assert owned.houses["house_3"].local_import == kwh("1")
    assert _bills(owned) == [("Otto", "05.06", "06.06", "1")]


def test_what_all_houses_share_is_shared_by_those_that_joined() -> None:
    """Its energy and its fees; a part that is said is billed to the owner."""
    prices = version(fees=[Fee(name="Lift", amount=ct("3000"), per=FeePer.MONTH)])
    tariffs = {
        "standard": Tariff("standard", (version(),)),
        "stairs": Tariff("stairs", (prices,)),
    }
    equal = {"role": "common_area", "share": {"by": "equal"}, "tariff": "stairs"}
    named = {"role": "common_area", "share": {"by": "equal", "of": ["house_1"]}}
    agreed = _joining(tariffs=tariffs)
    day = Span(_JUNE.start, _JUNE.start + _DAY * 900)

    shared = settle(
        metered(agreed, stairs=equal),
        day,
        measured(day, house_1="1/0", house_2="0/0", stairs="1/0"),
    )
    said = settle(
        metered(agreed, stairs=named), day, measured(day, house_2="0/0", stairs="1/0")
    )

    otto, neighbour = shared.statements
    assert otto.energy.imported == neighbour.energy.imported == kwh("96")
    fees = [
        [line.amount for line in s.lines if line.kind is LineKind.FEE]
        for s in shared.statements
    ]
    assert fees == [[], [ct("100")]]
    assert _bills(said) == [("Otto", "01.06", "02.06", "96")]


def test_a_gap_before_anybody_came_is_the_owners() -> None:
    """What was calculated is billed by the community's rule, like anything else."""
    community = _joining()
    rule = replace(community.community, gaps=GapRule(limit_minutes=30))
    span = quarters("2026-06-05T12:00+02:00", 5)
    gap = ["1/0", *["1/0 interpolated"] * 3, "1/0"]

    (finding,) = settle(
        replace(community, community=rule),
        span,
        measured(span, house_1=gap, house_2=["0/5"] * 5),
    ).findings

    assert (finding.code, finding.intervals) == (FindingCode.GAP_TOO_LONG, 3)


def test_an_owner_changes_all_that_is_not_billed_yet() -> None:
    """Nobody knows how far back the house was measured; a name by itself is nothing."""
    unowned, owned = _joining(owners={}), _joining()
    renamed = _joining(owners={"house_1": Owner(party=Party(name="Paul"))})

    assert first_changed_day(unowned, owned) == EVER
    assert first_changed_day(owned, renamed) is None


def test_an_owner_of_nothing_that_was_agreed_on_is_billed_nothing() -> None:
    """A house about which there is no agreement has no prices."""
    alone = terms(owners=_OTTO)
    quarter = quarters("2026-06-05T12:00+02:00", 1)

    settlement = settle(alone, quarter, measured(quarter, house_1="1/0"))

    assert settlement.statements == ()
    assert settlement.findings[0].code is FindingCode.NO_AGREEMENT
    assert settle(alone, quarter, Measurements((), ())).findings == ()
