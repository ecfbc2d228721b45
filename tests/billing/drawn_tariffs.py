"""Tariffs of all kinds, for hypothesis to draw."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import strategies as st

from custom_components.leg_invoicing.billing.bands import HOLIDAY, Band, Bands, Window
from custom_components.leg_invoicing.billing.discounts import Discount, DiscountOf
from custom_components.leg_invoicing.billing.energy import Energy
from custom_components.leg_invoicing.billing.fees import Fee, FeePer
from custom_components.leg_invoicing.billing.money import Money, UnitPrice
from custom_components.leg_invoicing.billing.percentage import Percentage
from custom_components.leg_invoicing.billing.rates import SignalPrice
from custom_components.leg_invoicing.billing.signal_bands import ModeBands
from custom_components.leg_invoicing.billing.tariffs import Price, Tariff, TariffVersion
from custom_components.leg_invoicing.billing.tiers import Tier
from custom_components.leg_invoicing.billing.vat import NO_VAT, Vat, VatMode

_NUMBERS = st.sampled_from(
    [
        UnitPrice(Decimal(text))
        for text in ("0", "6", "20", "25", "30.30000000000000004", "-0.5", "1e-7")
    ]
)
_RATES = _NUMBERS | st.sampled_from(
    [
        SignalPrice("spot", Decimal("1.08"), Decimal("2.5")),
        SignalPrice("spot", Decimal(-1)),
    ]
)
_BANDS = st.sampled_from(
    [
        None,
        None,
        Bands((Band("late", (Window(start=23 * 60 + 45, end=15),)),), rest="early"),
        Bands(
            (
                Band("week", (Window(days=frozenset(range(5))),)),
                Band("end", (Window(days=frozenset({5, 6, HOLIDAY})),)),
            )
        ),
        ModeBands("mode", (("late", ("eco",)), ("early", ("boost",)))),
        ModeBands("mode", (("late", ("eco",)),), rest="early"),
    ]
)
_FEES = st.builds(
    Fee,
    name=st.just("Fee"),
    amount=st.sampled_from([Money(Decimal(text)) for text in ("500", "0.4", "-1")]),
    per=st.sampled_from(FeePer),
)
_DISCOUNTS = st.builds(
    Discount,
    name=st.just("Discount"),
    by=st.builds(
        Percentage,
        percent=st.sampled_from([Decimal(5), Decimal("33.333333")]),
        of=st.sampled_from(DiscountOf),
    )
    | _FEES.filter(lambda fee: fee.amount.ct > 0),
)
_LIMITS = st.sampled_from([1, 2, 250_000, 999_999, 10**12, 10**18])
VATS = st.sampled_from(
    [
        NO_VAT,
        Vat(reason="none"),
        Vat(mode=VatMode.INCLUDED, rate=Decimal("8.1")),
        Vat(mode=VatMode.ON_TOP, rate=Decimal(20)),
    ]
)


@st.composite
def tariffs(draw: st.DrawFn, name: str, day: date) -> Tariff:
    """Draw a tariff, of which prices may change on a day and on the next one."""
    days = [day - timedelta(days=30), day, day + timedelta(days=1)]
    valid = days[draw(st.integers(0, 1)) : draw(st.integers(2, 3))]
    return Tariff(name, tuple(draw(_version(day)) for day in valid))


@st.composite
def _tiered(draw: st.DrawFn) -> Price:
    limits = sorted(draw(st.lists(_LIMITS, min_size=1, max_size=3, unique=True)))
    edges = [0, *limits]
    tiers = (
        Tier(above=Energy(above), to=Energy(to), price=draw(_NUMBERS))
        for above, to in pairwise(edges)
    )
    last = Tier(above=Energy(edges[-1]), to=None, price=draw(_NUMBERS))
    return Price.tiered((*tiers, last))


@st.composite
def _version(draw: st.DrawFn, valid_from: date) -> TariffVersion:
    bands = draw(_BANDS)

    def price(*, has_tiers: bool = False) -> Price:
        if has_tiers:
            return draw(_tiered())
        if bands is None or draw(st.booleans()):
            return Price.flat(draw(_RATES))
        return Price(tuple((name, draw(_RATES)) for name in bands.names))

    return TariffVersion(
        valid_from=valid_from,
        p_pv=price(has_tiers=draw(st.booleans())),
        p_con=price(has_tiers=draw(st.booleans())),
        p_grid_del=price(),
        p_grid_con=price(),
        p_standard=draw(st.none() | st.builds(price)),
        bands=bands,
        fees=tuple(draw(st.lists(_FEES, max_size=2))),
        discounts=tuple(draw(st.lists(_DISCOUNTS, max_size=2))),
        vat=draw(VATS),
    )
