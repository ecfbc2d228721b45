"""Sensors that prices follow, as actions and forms name them.

    p_grid_con: {entity: sensor.spot_price, multiplier: 1.08, offset: 2.5}
    bands: {entity: select.wallbox_mode, modes: {priority: [priority]}, rest: normal}

A sensor is remembered by its id in the entity registry. Without a multiplier, its unit
says what makes ct/kWh of it; a unit of another currency is refused.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from . import signal_reasons as because
from .billing.reasons import ReasonedError
from .billing.signal_record import ENTITY, SIGNAL
from .billing.signals import signal_number
from .billing.signals_named import signals_named
from .billing.tariffs import PRICE_NAMES, STANDARD
from .billing.terms import Terms
from .refusals import refused, said

_MULTIPLIER = "multiplier"
_UNIT = "unit"
_PER = {"Wh": Decimal(1000), "kWh": Decimal(1), "MWh": Decimal("0.001")}


class _Coin(NamedTuple):
    """What an amount of money is written in."""

    currency: str | None
    """None where several currencies have such a coin."""
    hundredths: int


_COINS = {
    "€": _Coin("EUR", 100),
    "£": _Coin("GBP", 100),
    "Fr.": _Coin("CHF", 100),
    "Rp": _Coin("CHF", 1),
    "Rp.": _Coin("CHF", 1),
    "p": _Coin("GBP", 1),
    **dict.fromkeys(("ct", "c", "cent", "cents", "¢", "öre", "øre"), _Coin(None, 1)),
}


def with_signals(
    hass: HomeAssistant, currency: str, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a tariff whose sensors are named by their ids.

    Raises ServiceValidationError where one cannot be followed.
    """
    try:
        return {
            key: _read(hass, currency, key, value)
            if isinstance(value, Mapping) and key in (*PRICE_NAMES, STANDARD, "bands")
            else value
            for key, value in given.items()
        }
    except ReasonedError as err:
        raise refused("tariff_invalid", reason=said(hass, err)) from err


def entity_ids(hass: HomeAssistant, terms: Terms) -> dict[str, str]:
    """Return how people know the sensors that terms name, by what terms call them."""
    registry = er.async_get(hass)
    known = {signal: registry.async_get(signal) for signal in signals_named(terms)}
    return {signal: entry.entity_id for signal, entry in known.items() if entry}


def with_entities(hass: HomeAssistant, written: object) -> object:
    """Return a tariff whose sensors are named as people know them."""
    if not isinstance(written, Mapping):
        return written
    entry = er.async_get(hass).async_get(str(written.get(SIGNAL)))
    if entry is None:
        return {key: with_entities(hass, value) for key, value in written.items()}
    return {
        ENTITY: entry.entity_id,
        **{key: value for key, value in written.items() if key != SIGNAL},
    }


def _read(
    hass: HomeAssistant, currency: str, name: str, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Read a price, its bands one by one, or bands by mode."""
    if ENTITY not in given:
        return {
            band: _read(hass, currency, f"{name}.{band}", value)
            if isinstance(value, Mapping)
            else value
            for band, value in given.items()
        }
    entity_id = str(given[ENTITY])
    entry = er.async_get(hass).async_get(entity_id)
    if entry is None:
        raise ReasonedError(because.UNKNOWN_ENTITY(name=name, entity=entity_id))
    rest = {key: value for key, value in given.items() if key != ENTITY}
    if "modes" in given:
        return {SIGNAL: entry.id, **rest}
    return {SIGNAL: entry.id, **_factor(hass, currency, name, entity_id, rest)}


def _factor(
    hass: HomeAssistant,
    currency: str,
    name: str,
    entity_id: str,
    given: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the rest of a price: its multiplier, offset and unit."""
    state = hass.states.get(entity_id)
    if (
        state is not None
        and state.state not in (STATE_UNAVAILABLE, STATE_UNKNOWN)
        and signal_number(state.state) is None
    ):
        raise ReasonedError(
            because.NO_NUMBER(name=name, entity=entity_id, shown=state.state)
        )
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT, "") if state else ""
    shows = {"name": name, "entity": entity_id, "unit": unit or because.NO_UNIT()}
    if given.get(_UNIT, unit) != unit:
        raise ReasonedError(because.OTHER_UNIT(**shows, written=given[_UNIT]))
    multiplier = given.get(_MULTIPLIER, _proposed(currency, name, entity_id, unit))
    if multiplier is None:
        raise ReasonedError(because.UNKNOWN_UNIT(**shows))
    factor = {**given, _MULTIPLIER: multiplier}
    return {**factor, _UNIT: unit} if unit else factor


def _proposed(currency: str, name: str, entity_id: str, unit: str) -> Decimal | None:
    """Return what makes ct/kWh of a unit; None where that is not known."""
    money, _, energy = unit.replace(" ", "").partition("/")
    is_code = len(money) == 3 and money.isascii() and money.isupper()
    coin = _Coin(money, 100) if is_code else _COINS.get(money)
    if coin is None or energy not in _PER:
        return None
    if coin.currency not in (None, currency):
        raise ReasonedError(
            because.OTHER_CURRENCY(
                name=name, entity=entity_id, unit=unit, currency=currency
            )
        )
    return coin.hundredths * _PER[energy]
