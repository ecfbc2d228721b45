"""The prices of a tariff, from what a person wrote down.

A price is a number (ct/kWh), a number for each band, or per cent of another price;
instead of a number, it may follow a signal (`signal_record`), or there may be a number
for each tier of a month's kWh:

    p_pv: 20
    p_grid_con: {day: 30, night: 22}
    p_con: {percent: 80, of: p_grid_con}
    p_con: {tiers: [{to: 100, price: 0}, {to: 500, price: 20}, {price: 25}]}
    p_grid_del: {signal: spot, multiplier: 0.1, offset: -1}
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from .energy import NO_ENERGY, Energy
from .percentage import Percentage
from .rates import Rate
from .reasons import tariffs as because
from .signal_record import ENTITY, SIGNAL, signal_price_from
from .tariffs import PRICE_NAMES, STANDARD, Price
from .tiers import Tier
from .written import Written, joined, listed

_MOST_PERCENT = 1000
_MOST_DECIMALS = 6
_PERCENT = "percent"
_TIERS = "tiers"
_TIERED = ("p_pv", "p_con")
"""The prices that may have tiers: the grid's are not for a community to divide."""


def prices_from_written(
    part: Mapping[str, Written], bands: Sequence[str]
) -> dict[str, Price]:
    """Read the prices that there are; what is per cent of another one is computed from it."""
    names = [name for name in (*PRICE_NAMES, STANDARD) if name in part]
    percentages = {
        name: _percentage(part[name], names)
        for name in names
        if _is_written_by(_PERCENT, part[name], bands)
    }
    prices = {
        name: _price(part[name], bands) for name in names if name not in percentages
    }
    while percentages:
        ready = [name for name, each in percentages.items() if each.of in prices]
        if not ready:
            name = next(iter(percentages))
            circle = joined(percentages)
            part[name].refuse(because.PERCENT_OF_EACH_OTHER(prices=circle))
        for name in ready:
            percentage = percentages.pop(name)
            prices[name] = _part(part[name], prices, percentage)
    return prices


def _is_written_by(key: str, written: Written, bands: Sequence[str]) -> bool:
    """Tell a way to write a price by its key, unless a band is called so."""
    value = written.value
    return isinstance(value, Mapping) and key in value and key not in bands


def _part(
    written: Written, prices: Mapping[str, Price], percentage: Percentage
) -> Price:
    if prices[percentage.of].tiers:
        written.refuse(because.PERCENT_OF_TIERS(of=percentage.of, name=written.name))
    return prices[percentage.of].part(percentage)


def _percentage(written: Written, names: Sequence[str]) -> Percentage:
    part = written.fields((_PERCENT, "of"))
    of = part["of"].text()
    others = [name for name in names if name != written.name]
    if of not in others:
        part["of"].refuse(
            because.PERCENT_OF_OTHER(name=written.name, of=of, hint=listed(others))
        )
    return Percentage(percent_from(part[_PERCENT], _MOST_PERCENT), of)


def percent_from(written: Written, most: int) -> Decimal:
    """Read per cent: more than 0, `most` at most, six decimals at most."""
    percent = written.number()
    exponent = percent.normalize().as_tuple().exponent
    if not 0 < percent <= most or int(exponent) < -_MOST_DECIMALS:
        written.refuse(because.PERCENT_RANGE(name=written.name, most=most))
    return percent


def _price(written: Written, bands: Sequence[str]) -> Price:
    is_signal = any(_is_written_by(key, written, bands) for key in (SIGNAL, ENTITY))
    if is_signal or not isinstance(written.value, Mapping):
        return Price.flat(_rate(written))
    if _is_written_by(_TIERS, written, bands):
        return _tiered(written)
    if not bands:
        written.refuse(because.PRICE_WITHOUT_BANDS(name=written.name))
    part = written.fields(bands)
    return Price(tuple((band, _rate(part[band])) for band in bands))


def _rate(written: Written) -> Rate:
    if isinstance(written.value, Mapping):
        return signal_price_from(written)
    return written.price()


def _tiered(written: Written) -> Price:
    if written.name not in _TIERED:
        tiered = joined(_TIERED)
        written.refuse(because.TIERS_OF_GRID(name=written.name, tiered=tiered))
    node = written.fields((_TIERS,))[_TIERS]
    *limited, last = node.items() or [node]
    if not limited:
        node.refuse(because.ONE_TIER())
    tiers: list[Tier] = []
    above = NO_ENERGY
    for item in limited:
        part = item.fields(("to", "price"))
        to = _limit(part["to"], above)
        tiers.append(Tier(above=above, to=to, price=part["price"].price()))
        above = to
    part = last.fields(("price",), ("to",))
    if "to" in part:
        part["to"].refuse(because.LAST_TIER_ENDS())
    return Price.tiered(
        (*tiers, Tier(above=above, to=None, price=part["price"].price()))
    )


def _limit(written: Written, above: Energy) -> Energy:
    kwh = written.number()
    limit = Energy.from_kwh(kwh)
    if limit.kwh != kwh or limit <= above:
        kwh_above = f"{above.kwh.normalize():f}"
        written.refuse(because.TIER_LIMIT(name=written.name, above=kwh_above))
    return limit
