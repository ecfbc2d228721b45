"""What becomes of the intervals that no meter has measured."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, strategies as st
import pytest

from custom_components.leg_invoicing.billing.calendar import Span
from custom_components.leg_invoicing.billing.findings import Finding, FindingCode
from custom_components.leg_invoicing.billing.gap_runs import GapRuns
from custom_components.leg_invoicing.billing.measurements import Measurements
from custom_components.leg_invoicing.billing.quality import Quality, tenths_of_percent
from custom_components.leg_invoicing.billing.records import statement_record
from custom_components.leg_invoicing.billing.settlement import settle
from custom_components.leg_invoicing.billing.terms import (
    GapPolicy,
    GapRule,
    Terms,
    hours_of,
    minutes_of,
)

from .build import agreement, at, kwh, measured, quarters, statement_of, terms, version

_NOON = "2026-01-05T12:00+01:00"


def under(rule: GapRule, *agreements: object, **more: object) -> Terms:
    """Return a community with a rule for gaps."""
    community = terms(*(agreements or (agreement("house_1"),)), **more)
    return replace(community, community=replace(community.community, gaps=rule))


def cells(text: str) -> list[str | None]:
    """Return a cell a letter: measured, interpolated, estimated, missing (a dot)."""
    kinds = {"m": "measured", "i": "interpolated", "e": "estimated"}
    return [f"1/0.5 {kinds[letter]}" if letter in kinds else None for letter in text]


def found(community: Terms, text: str, start: str = _NOON) -> tuple[Finding, ...]:
    """Settle a house's intervals and return what was found."""
    span = quarters(start, len(text))
    return settle(community, span, measured(span, house_1=cells(text))).findings


HALF_AN_HOUR = GapRule(limit_minutes=30)


def test_a_gap_up_to_the_limit_is_only_told() -> None:
    """A gap as long as the limit is within the rule."""
    (finding,) = found(under(HALF_AN_HOUR), "miim")

    assert finding.code is FindingCode.INTERPOLATED_DATA
    assert not finding.blocking
    assert finding.details == {}


def test_a_gap_beyond_the_limit_blocks_by_name() -> None:
    """It tells the house, the time, the energy, how long it is and might be."""
    (finding,) = found(under(HALF_AN_HOUR), "miiim")

    assert finding == Finding(
        code=FindingCode.GAP_TOO_LONG,
        house_id="house_1",
        span=quarters("2026-01-05T12:15+01:00", 3),
        intervals=3,
        energy=kwh("4.5"),
        details={"longest_hours": "0.75", "limit_hours": "0.5"},
    )
    assert finding.blocking
    assert finding.key == "gap_too_long:house_1"


def test_gaps_within_the_rule_and_beyond_it_are_told_apart() -> None:
    """Several gaps of a kind are one finding, from the first to the last of them."""
    too_long, within = found(under(HALF_AN_HOUR), "iimiiimimiiiimi")

    assert (too_long.code, too_long.intervals) == (FindingCode.GAP_TOO_LONG, 7)
    assert too_long.span == quarters("2026-01-05T12:45+01:00", 10)
    assert too_long.details["longest_hours"] == "1"
    assert (within.code, within.intervals) == (FindingCode.INTERPOLATED_DATA, 4)
    assert within.span == quarters(_NOON, 15)
    assert within.energy == kwh("6")


@pytest.mark.parametrize("text", ["iimii", "ii.ii", "iieii"])
def test_what_is_not_interpolated_ends_a_gap(text: str) -> None:
    """A measured interval between two gaps tells where the register was."""
    codes = {finding.code for finding in found(under(HALF_AN_HOUR), text)}

    assert FindingCode.GAP_TOO_LONG not in codes
    assert FindingCode.INTERPOLATED_DATA in codes


def test_a_gap_goes_on_through_changes_of_price_and_occupant() -> None:
    """A meter knows nothing of prices; its gap is as long as it is."""
    community = under(
        HALF_AN_HOUR,
        agreement("house_1", "2026-01-05", "2026-01-06"),
        agreement("house_1", "2026-01-06", name="Beat"),
        versions=[version(), version("2026-01-06", p_con="26")],
    )

    (finding,) = found(community, "miiim", "2026-01-05T23:30+01:00")

    assert (finding.code, finding.intervals) == (FindingCode.GAP_TOO_LONG, 3)
    assert finding.span == quarters("2026-01-05T23:45+01:00", 3)


def test_nobody_misses_values_of_a_house_that_nobody_has() -> None:
    """A gap counts while somebody is billed for the house, and no longer."""
    begins = under(HALF_AN_HOUR, agreement("house_1", "2026-01-06"))
    findings = found(begins, "miiiiim", "2026-01-05T23:15+01:00")
    codes = {finding.code: finding.intervals for finding in findings}
    assert codes == {FindingCode.GAP_TOO_LONG: 3, FindingCode.NO_AGREEMENT: 3}

    ended = under(HALF_AN_HOUR, agreement("house_1", "2026-01-05", "2026-01-06"))
    left = replace(ended, left={"house_1": (date(2026, 1, 6),)})
    (finding,) = found(left, "miiiiim", "2026-01-05T23:15+01:00")
    assert (finding.code, finding.intervals) == (FindingCode.INTERPOLATED_DATA, 2)


def test_each_house_has_gaps_of_its_own() -> None:
    """Gaps of neighbours at the same time are not one gap."""
    community = under(HALF_AN_HOUR, agreement("house_1"), agreement("house_2"))
    span = quarters(_NOON, 4)

    findings = settle(
        community,
        span,
        measured(span, house_1=cells("iimm"), house_2=cells("miii")),
    ).findings

    assert [finding.key for finding in findings] == [
        "interpolated_data:house_1",
        "gap_too_long:house_2",
    ]


@pytest.mark.parametrize("text", ["mim", "mem", "miem"])
def test_measured_only_bills_nothing_calculated_unasked(text: str) -> None:
    """Without interpolation, every calculated interval is for a person."""
    (finding,) = found(under(GapRule(policy=GapPolicy.MEASURE_ONLY)), text)

    assert finding.key == "gap_too_long:house_1"
    assert finding.intervals == len(text) - 2
    assert finding.details["limit_hours"] == "0"


def test_measured_only_takes_what_a_person_or_the_operator_says() -> None:
    """Substituted and manual values fill a gap under every rule."""
    span = quarters(_NOON, 3)
    lanes = ["1/0 measured", "1/0 substituted", "1/0 manual"]

    settlement = settle(
        under(GapRule(policy=GapPolicy.MEASURE_ONLY)),
        span,
        measured(span, house_1=lanes),
    )

    assert settlement.findings == ()


def test_a_day_is_the_limit_by_default() -> None:
    """Communities that said nothing have gaps of up to 24 hours filled."""
    assert found(terms(agreement("house_1")), "i" * 96)[0].blocking is False
    assert found(terms(agreement("house_1")), "i" * 97)[0].blocking is True


@given(st.text("mie.", min_size=1, max_size=60), st.integers(1, 8), st.booleans())
def test_what_was_calculated_is_told_once(text: str, limit: int, strict: bool) -> None:
    """Gaps found by cutting the text are those of the settlement."""
    policy = GapPolicy.MEASURE_ONLY if strict else GapPolicy.INTERPOLATE
    rule = GapRule(policy=policy, limit_minutes=15 * limit)
    calculated = "ie" if strict else "i"
    marked = "".join("x" if letter in calculated else " " for letter in text)
    lengths = [len(run) for run in marked.split()]
    beyond = [n for n in lengths if n > (0 if strict else limit)]

    findings = {f.code: f.intervals for f in found(under(rule), text)}

    assert findings.get(FindingCode.GAP_TOO_LONG, 0) == sum(beyond)
    within = sum(lengths) - sum(beyond)
    assert findings.get(FindingCode.INTERPOLATED_DATA, 0) == within


def test_gaps_need_no_more_room_when_there_are_many() -> None:
    """Of gaps that are over, only what they add up to is kept."""
    gaps = GapRuns(GapRule(), 15, {"house_1": [Span(0, 10**9)]})
    gaps.enter(0)
    for number in range(1000):
        gaps.note("house_1", number * 1800, 1)

    assert (len(gaps._open), len(gaps._ended)) == (1, 1)
    (finding,) = gaps.findings()
    assert finding.intervals == 1000


@given(st.integers(1, 10**7))
def test_limits_survive_being_written_in_hours(minutes: int) -> None:
    """Every limit of whole minutes has hours that lead back to it."""
    assert minutes_of(hours_of(minutes)) == minutes


# What is missing is never priced as zero.


@pytest.mark.parametrize(
    "rows",
    [
        Measurements((), ()),
        measured(quarters(_NOON, 4), house_2="1/0"),
        measured(quarters(_NOON, 4), house_1=cells("...."), house_2="1/0"),
    ],
    ids=["nobody", "only the neighbour", "empty rows"],
)
def test_a_house_without_data_blocks_by_name(rows: Measurements) -> None:
    """A house with an agreement and no row at all is missing, not frugal."""
    community = terms(agreement("house_1"), agreement("house_2"))

    settlement = settle(community, quarters(_NOON, 4), rows)

    finding = next(f for f in settlement.findings if f.house_id == "house_1")
    assert (finding.key, finding.blocking) == ("missing_data:house_1", True)
    assert (finding.intervals, finding.span) == (4, quarters(_NOON, 4))
    statement = statement_of(settlement, "house_1")
    assert statement.lines == ()
    assert statement.intervals == {Quality.MISSING: 4}


def test_one_missing_interval_of_a_month_blocks() -> None:
    """No number of good intervals makes up for one that is not there."""
    community = terms(agreement("house_1"))
    span = Span(at("2026-01-01T00:00+01:00"), at("2026-02-01T00:00+01:00"))
    month = measured(span, house_1=["1/0", *[None], *["1/0"] * (31 * 96 - 2)])

    (finding,) = settle(community, span, month).findings

    assert (finding.key, finding.intervals) == ("missing_data:house_1", 1)


# Every statement says how much of it was measured.


@given(st.dictionaries(st.sampled_from(Quality), st.integers(1, 10**6)))
def test_shares_add_up_and_hide_nothing(intervals: dict[Quality, int]) -> None:
    """However few intervals have a quality, its share is not nothing."""
    shares = tenths_of_percent(intervals)

    assert shares.keys() == intervals.keys()
    assert sum(shares.values()) == (1000 if intervals else 0)
    assert all(share > 0 for share in shares.values())


def test_a_statement_tells_its_shares() -> None:
    """Counts and per cent stand side by side in the record."""
    span = quarters(_NOON, 8)
    settlement = settle(
        terms(agreement("house_1")), span, measured(span, house_1=cells("mmmmmiie"))
    )

    record = statement_record(statement_of(settlement, "house_1"))

    assert record["intervals"] == {"measured": 5, "interpolated": 2, "estimated": 1}
    assert record["interval_shares_percent"] == {
        "measured": Decimal("62.5"),
        "interpolated": Decimal("25.0"),
        "estimated": Decimal("12.5"),
    }
