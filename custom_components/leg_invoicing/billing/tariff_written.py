"""A version of a tariff as a person would write it; `tariff_record` reads it back.

All values are text, so that prices stay what was entered.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from .bands import DAY_MINUTES, DAYS, Bands, Window, clock_time
from .discounts import Discount
from .fees import Fee, FeeEach
from .seasons import Season
from .signal_bands import ModeBands
from .signal_record import written_mode_bands, written_rate
from .tariffs import STANDARD, Price, TariffVersion
from .tiers import Tier
from .vat import NO_VAT
from .vat_written import written_vat

type Written = dict[str, Any]

_ANY = Window()


def written_version(version: TariffVersion) -> Written:
    """Return everything that a version says; what is as always is left out."""
    written: Written = {"valid_from": version.valid_from.isoformat()}
    if version.bands is not None:
        written["bands"] = _schedule(version.bands)
    written |= {name: _price(price) for name, price in version.prices()}
    if version.p_standard is not None:
        written[STANDARD] = _price(version.p_standard)
    if version.fees:
        written["fees"] = [_fee(fee) for fee in version.fees]
    if version.discounts:
        written["discounts"] = [_discount(each) for each in version.discounts]
    if version.vat != NO_VAT:
        written["vat"] = written_vat(version.vat)
    return written


def _price(price: Price) -> str | Written:
    if price.percentage is not None:
        percentage = price.percentage
        return {"percent": _plain(percentage.percent), "of": percentage.of}
    if price.tiers:
        return {"tiers": [_tier(tier) for tier in price.tiers]}
    rates = {band: written_rate(rate) for band, rate in price.rates}
    return rates[None] if None in rates else {str(b): rate for b, rate in rates.items()}


def _tier(tier: Tier) -> Written:
    to = {} if tier.to is None else {"to": _plain(tier.to.kwh.normalize())}
    return {**to, "price": _plain(tier.price.ct_per_kwh)}


def _schedule(bands: Bands | ModeBands) -> Written | list[Written]:
    if isinstance(bands, ModeBands):
        return written_mode_bands(bands)
    return list(_bands(bands))


def _bands(bands: Bands) -> Iterator[Written]:
    for band in bands.bands:
        for window in band.windows:
            yield {"name": band.name, **_window(window)}
    if bands.rest is not None:
        yield {"name": bands.rest, "rest": "true"}


def _window(window: Window) -> Written:
    written: Written = {}
    if window.days != _ANY.days:
        written["days"] = [DAYS[day] for day in sorted(window.days)]
    if window.start:
        written["from"] = clock_time(window.start)
    if window.end != DAY_MINUTES:
        written["to"] = clock_time(window.end)
    if window.season != _ANY.season:
        written["season"] = _season(window.season)
    return written


def _season(season: Season) -> str:
    return "..".join(f"{month:02}-{day:02}" for month, day in season)


def _fee(fee: Fee) -> Written:
    written: Written = {
        "name": fee.name,
        "amount": _plain(fee.amount.ct),
        "per": str(fee.per),
    }
    if fee.each is not FeeEach.HOUSE:
        written["each"] = str(fee.each)
    return written


def _discount(discount: Discount) -> Written:
    by = discount.by
    if isinstance(by, Fee):
        return _fee(by)
    return {"name": discount.name, "percent": _plain(by.percent), "of": by.of}


def _plain(number: Decimal) -> str:
    return f"{number:f}"
