"""What energy costs or brings here, beside what it would elsewhere.

Where one of the two prices follows a signal that was missing, or a mode that no band
names, there is nothing to compare, and the energy is on neither side.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from .charges import energy_lines
from .energy import Energy
from .models import LineRule
from .money import Money
from .pricing import Worth
from .rates import Rate, SignalPrice
from .rounding import EXACT, to_multiple
from .runs import Run
from .sharing import Where
from .tariffs import BandName, Price

_MILLIONTH = Decimal(1).scaleb(-6)


class Compared(NamedTuple):
    """The same energy here and elsewhere, and what nobody can compare."""

    here: Worth = Worth()
    elsewhere: Worth = Worth()
    beside: Worth = Worth()
    """What has a price here, and none that is known elsewhere."""

    @classmethod
    def total(cls, parts: Iterable[Compared]) -> Compared:
        """Sum any number of them."""
        parts = list(parts)
        return cls(*(Worth.total(part[side] for part in parts) for side in range(3)))


def compared(rule: LineRule, elsewhere: str, run: Run) -> Compared:
    """Compare what a rule says with another price of the version.

    Of tiers, of which nobody knows which kWh were in which interval, what cannot be
    compared is taken at the average of the days.
    """
    own: Price | None = getattr(run.version, rule.price) if rule.price else None
    other: Price = getattr(run.version, elsewhere)
    billed = _billed(rule, run)
    both = [
        (run.worth(rule, rate, where), own_rate, where)
        for own_rate, rate, where in _known(own, other, run)
    ]
    there = Worth.total(worth for worth, *_ in both)
    if there.energy == billed.energy:
        return Compared(billed, there)
    if own is None:
        here = Worth.total(run.value(rule, where) for *_, where in both)
    elif own.tiers and run.is_billed:
        here = _average(billed, there.energy)
    else:
        here = Worth.total(run.worth(rule, rate, where) for _, rate, where in both)
    beside = Worth(billed.energy - here.energy, billed.value - here.value)
    return Compared(here, there, beside)


def _billed(rule: LineRule, run: Run) -> Worth:
    """Return what the lines of a rule come to."""
    lines = list(energy_lines(rule, [run]))
    exact = Money.total(line.exact for line in lines)
    return Worth(
        Energy.total(Energy.from_kwh(line.quantity) for line in lines),
        exact if rule.is_charge else -exact,
    )


def _known(
    own: Price | None, other: Price, run: Run
) -> Iterator[tuple[Rate, Rate, Where]]:
    """Yield the two rates of each band, and where both are known.

    Without a price of one's own, that is where those of intervals are.
    """
    here = own or other
    named = here if None not in dict(here.rates) else other
    for band, _ in named.rates:
        rates = _rate(here, band), _rate(other, band)
        signals = (rate.signal_id for rate in rates if isinstance(rate, SignalPrice))
        where = run.where(band)
        known, is_valued = frozenset(signals), own is None
        yield *rates, where._replace(known=known, is_valued=is_valued)


def _rate(price: Price, band: BandName) -> Rate:
    rates = dict(price.rates)
    return rates[None] if None in rates else rates[band]


def _average(billed: Worth, energy: Energy) -> Worth:
    part = EXACT.divide(
        EXACT.multiply(billed.value.ct, Decimal(energy.mwh)), Decimal(billed.energy.mwh)
    )
    return Worth(energy, Money(to_multiple(part, _MILLIONTH)))
