"""The prices of a tariff, from what a person wrote down.

A price is a number (ct/kWh), a number for each band, or per cent of another price;
instead of a number, it may follow a signal (`signal_record`):

    p_pv: 20
    p_grid_con: {day: 30, night: 22}
    p_con: {percent: 80, of: p_grid_con}
    p_grid_del: {signal: spot, multiplier: 0.1, offset: -1}
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from .percentage import Percentage
from .rates import Rate
from .signal_record import SIGNAL, signal_price_from
from .tariffs import PRICE_NAMES, STANDARD, Price
from .written import Written, listed

_MOST_PERCENT = 1000
_MOST_DECIMALS = 6
_PERCENT = "percent"


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
            part[name].refuse(
                f"{' and '.join(percentages)} are per cent of each other; write a "
                "number for one of them"
            )
        for name in ready:
            percentage = percentages.pop(name)
            prices[name] = prices[percentage.of].part(percentage)
    return prices


def _is_written_by(key: str, written: Written, bands: Sequence[str]) -> bool:
    """Tell a way to write a price by its key, unless a band is called so."""
    value = written.value
    return isinstance(value, Mapping) and key in value and key not in bands


def _percentage(written: Written, names: Sequence[str]) -> Percentage:
    part = written.fields((_PERCENT, "of"))
    of = part["of"].text()
    others = [name for name in names if name != written.name]
    if of not in others:
        part["of"].refuse(
            f"{written.name} cannot be per cent of {of}; {listed(others)}"
        )
    return Percentage(percent_from(part[_PERCENT], _MOST_PERCENT), of)


def percent_from(written: Written, most: int) -> Decimal:
    """Read per cent: more than 0, `most` at most, six decimals at most."""
    percent = written.number()
    exponent = percent.normalize().as_tuple().exponent
    if not 0 < percent <= most or int(exponent) < -_MOST_DECIMALS:
        written.refuse(
            f"{written.name} must be more than 0 and {most} at most, with six decimals "
            "at most, such as 80"
        )
    return percent


def _price(written: Written, bands: Sequence[str]) -> Price:
    is_signal = _is_written_by(SIGNAL, written, bands)
    if is_signal or not isinstance(written.value, Mapping):
        return Price.flat(_rate(written))
    if not bands:
        written.refuse(
            f"{written.name} has prices by band, but there are no bands; write one price"
        )
    part = written.fields(bands)
    return Price(tuple((band, _rate(part[band])) for band in bands))


def _rate(written: Written) -> Rate:
    if isinstance(written.value, Mapping):
        return signal_price_from(written)
    return written.price()
