"""What of a tariff follows a signal: as a person writes it, read and written.

    p_grid_con: {signal: spot, multiplier: 1.08, offset: 2.5}   # ct/kWh
    bands: {signal: wallbox_mode, modes: {priority: [priority, boost]}, rest: normal}

Left out, the multiplier is 1 and the offset 0. `unit` says what the signal is in: what
Home Assistant records in another one is missing. A signal's value and a name of a band
may be any text.
"""

from decimal import Decimal
from typing import Any

from .bands import BandError
from .rates import Rate, SignalPrice
from .reasons import tariffs as because
from .signal_bands import ModeBands
from .written import Written

SIGNAL = "signal"
ENTITY = "entity"
"""What Home Assistant calls a sensor; there it becomes a signal before it is read."""
_MULTIPLIER = "multiplier"
_OFFSET = "offset"
_UNIT = "unit"


def signal_price_from(written: Written) -> SignalPrice:
    """Read a price that follows a signal."""
    _require_signal(written)
    part = written.fields((SIGNAL,), (_MULTIPLIER, _OFFSET, _UNIT))
    price = SignalPrice(part[SIGNAL].text())
    unit = part[_UNIT].text() if _UNIT in part else price.unit
    multiplier = part[_MULTIPLIER].number() if _MULTIPLIER in part else price.multiplier
    offset = part[_OFFSET].number() if _OFFSET in part else price.offset
    if not multiplier:
        part[_MULTIPLIER].refuse(because.SIGNAL_TIMES_ZERO())
    return SignalPrice(price.signal_id, multiplier, offset, unit)


def mode_bands_from(written: Written) -> ModeBands:
    """Read bands that a signal chooses."""
    _require_signal(written)
    part = written.fields((SIGNAL, "modes"), ("rest",))
    modes = tuple(
        (name, tuple(value.text() for value in values.items()))
        for name, values in part["modes"].entries().items()
    )
    if not modes or not all(values for _, values in modes):
        part["modes"].refuse(because.NO_MODES())
    if not all(name.strip() for name, _ in modes):
        part["modes"].refuse(because.NAMELESS_BAND())
    rest = part["rest"].text() if "rest" in part else None
    try:
        return ModeBands(part[SIGNAL].text(), modes, rest)
    except BandError as err:
        part["modes"].refuse(err.reason)


def _require_signal(written: Written) -> None:
    """Refuse a sensor by the name that it has in Home Assistant."""
    entries = written.entries()
    if ENTITY in entries:
        entries[ENTITY].refuse(because.ENTITY_IN_TERMS())


def written_rate(rate: Rate) -> str | dict[str, Any]:
    """Return a rate as a person would write it."""
    if not isinstance(rate, SignalPrice):
        return _plain(rate.ct_per_kwh)
    written = {SIGNAL: rate.signal_id}
    if rate.multiplier != 1:
        written[_MULTIPLIER] = _plain(rate.multiplier)
    if rate.offset:
        written[_OFFSET] = _plain(rate.offset)
    if rate.unit:
        written[_UNIT] = rate.unit
    return written


def written_mode_bands(bands: ModeBands) -> dict[str, Any]:
    """Return bands that a signal chooses as a person would write them."""
    written: dict[str, Any] = {
        SIGNAL: bands.signal_id,
        "modes": {name: list(values) for name, values in bands.modes},
    }
    if bands.rest is not None:
        written["rest"] = bands.rest
    return written


def _plain(number: Decimal) -> str:
    return f"{number:f}"
