"""Which signals a community's terms name, so that somebody records them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from .benefits import BenefitVersion
from .rates import SignalPrice
from .signal_bands import ModeBands
from .tariffs import TariffVersion
from .terms import Terms


def signals_named(terms: Terms) -> frozenset[str]:
    """Return every signal that some part of the terms asks for, at any time."""
    return frozenset(_all_named(terms))


def numbers_of(version: TariffVersion) -> frozenset[str]:
    """Return the signals that a version's prices follow, which must be numbers."""
    return frozenset(price.signal_id for price in _signal_prices(version))


def numbers_named(terms: Terms) -> frozenset[str]:
    """Return the signals that some part of the terms takes as a number, at any time."""
    return frozenset(_numbers_named(terms))


def units_named(terms: Terms, day: date) -> Mapping[str, frozenset[str]]:
    """Return the units that signals must be in, by signal: on a day.

    None where any will do, as for modes and tags.
    """
    units: dict[str, set[str]] = defaultdict(set)
    for tariff in terms.tariffs.values():
        version = tariff.at(day)
        for price in _signal_prices(version) if version is not None else ():
            units[price.signal_id] |= {price.unit} - {""}
    return {signal: frozenset(units[signal]) for signal in signals_named(terms)}


def co2_signal(told: BenefitVersion) -> Iterator[str]:
    """Yield the signal that says how much CO₂ there is in a kWh, if one does."""
    if isinstance(told.co2_factor, SignalPrice):
        yield told.co2_factor.signal_id


def _numbers_named(terms: Terms) -> Iterator[str]:
    for told in terms.community.benefits:
        yield from co2_signal(told)
    for tariff in terms.tariffs.values():
        for version in tariff.versions:
            yield from numbers_of(version)


def _all_named(terms: Terms) -> Iterator[str]:
    yield from _numbers_named(terms)
    for tariff in terms.tariffs.values():
        for version in tariff.versions:
            if isinstance(version.bands, ModeBands):
                yield version.bands.signal_id
    for meter in terms.meters:
        if meter.user_signal is not None:
            yield meter.user_signal


def _signal_prices(version: TariffVersion) -> Iterator[SignalPrice]:
    for price in (*dict(version.prices()).values(), version.p_utility):
        for _, rate in price.rates:
            if isinstance(rate, SignalPrice):
                yield rate
