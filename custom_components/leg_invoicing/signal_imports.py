"""Bring in what signals were where nobody listened: the price that an exchange told.

A file is read to its end before anything is written. What a sensor showed here stands
unless somebody says that it is to be replaced, and is kept then. Nothing changes what
closed periods were billed by.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
from sqlalchemy.exc import SQLAlchemyError

from .billing.calendar import Instant, Span
from .billing.signals import SignalValue, signal_number
from .billing.signals_named import numbers_named, signals_named
from .billing.terms import Terms
from .const import CONF_INTERVAL, DOMAIN
from .formats import FormatError, signals_csv
from .formats.reasons import workbooks as because
from .imports import Opened
from .ledger import Effect, Ledger, Origin, Source
from .ledger_signals import SignalChange, signals_effect
from .refusals import refused, said
from .runtime import LegConfigEntry, closed_spans, terms_now

ACTION = "import_signals"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a file says of signals."""

    name: str
    """Of the file, as it is kept with what it brings."""
    values: list[SignalValue]
    replace: bool = False
    """Also what stands there already."""

    @property
    def span(self) -> Span | None:
        """From the first start to one second behind the last one."""
        starts = [value.start for value in self.values]
        return Span(min(starts), max(starts) + 1) if starts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Expected:
    """What a file may say."""

    minutes: int
    names: Mapping[str, str]
    """The signals by what their sensors are called."""
    signals: frozenset[str]
    numbers: frozenset[str]
    until: Instant


async def async_read_signals(
    hass: HomeAssistant, entry: LegConfigEntry, name: str, opened: Opened
) -> list[SignalValue]:
    """Read a file of signals to its end.

    Raises ServiceValidationError where it cannot be read, where a line is broken,
    names a signal that nothing follows, or says what cannot be.
    """
    terms = terms_now(entry)
    expected = _Expected(
        minutes=entry.data[CONF_INTERVAL],
        names=signal_names(hass, terms),
        signals=signals_named(terms),
        numbers=numbers_named(terms),
        until=_now(),
    )
    return await hass.async_add_executor_job(_read, hass, name, opened, expected)


def signal_names(hass: HomeAssistant, terms: Terms) -> dict[str, str]:
    """Return the signals that the terms name, by what their sensors are called."""
    registry = er.async_get(hass)
    return {
        entry.entity_id: signal_id
        for signal_id in signals_named(terms)
        if (entry := registry.async_get(signal_id)) is not None
    }


def _read(
    hass: HomeAssistant, name: str, opened: Opened, expected: _Expected
) -> list[SignalValue]:
    try:
        with opened() as content:
            return _values(name, content, expected)
    except FormatError as err:
        raise refused(
            "file_broken", path=name, line=str(err.line), reason=said(hass, err)
        ) from err
    except OSError as err:
        reason = said(hass, because.UNREADABLE(error=str(err.strerror or err)))
        raise refused("file_broken", path=name, line="-", reason=reason) from err


def _values(name: str, content: BinaryIO, expected: _Expected) -> list[SignalValue]:
    found = []
    sensors = {signal_id: sensor for sensor, signal_id in expected.names.items()}
    for line, value in signals_csv.read(content, expected.minutes, expected.names):
        if key := _problem(value, expected):
            raise refused(
                key,
                path=name,
                line=str(line),
                signal=sensors.get(value.signal_id, value.signal_id),
                value=value.value,
                signals=", ".join(sorted(expected.names)) or "–",
            )
        found.append(value)
    return found


def _problem(value: SignalValue, expected: _Expected) -> str | None:
    """Return what a value cannot be, as the key of a text."""
    if value.signal_id not in expected.signals:
        return "signal_unknown"
    if value.signal_id in expected.numbers and signal_number(value.value) is None:
        return "signal_no_number"
    if value.start + expected.minutes * 60 > expected.until:
        return "signal_not_over"
    return None


async def async_signals_effect(entry: LegConfigEntry, said: Said) -> Effect:
    """Say what importing would do to the ledger and to closed periods."""
    data = entry.runtime_data
    await data.coordinator.async_flush()
    changes = await data.ledger.async_run(
        data.ledger.signal_changes, said.values, replace=said.replace
    )
    return signals_effect(changes, len(said.values), closed_spans(entry))


async def async_import_signals(
    entry: LegConfigEntry, said: Said, user_id: str | None = None
) -> Effect:
    """Write what was read into the ledger, and settle what rests on it.

    Raises ServiceValidationError where that would change what a closed period was
    billed by, and HomeAssistantError where the ledger cannot be written; nothing is
    imported then.
    """
    data = entry.runtime_data
    # A period that is being closed is billed, and kept as evidence, as it stands.
    async with data.books.changing:
        await data.coordinator.async_flush()
        changes = await data.ledger.async_run(
            data.ledger.signal_changes, said.values, replace=said.replace
        )
        effect = signals_effect(changes, len(said.values), closed_spans(entry))
        if effect.closed:
            raise refused("signals_closed", periods=", ".join(sorted(effect.closed)))
        origin = Origin(
            source=Source.FILE,
            at=_now(),
            action=ACTION,
            reason=said.name,
            user_id=user_id,
        )
        await async_write_signals(data.ledger, changes, origin)
    if changes and said.span is not None:
        await data.coordinator.async_measurements_changed(said.span)
    return effect


async def async_write_signals(
    ledger: Ledger, changes: list[SignalChange], origin: Origin
) -> None:
    """Write changes, if there are any; raises HomeAssistantError."""
    if not changes:
        return
    try:
        await ledger.async_run(ledger.change_signals, changes, origin)
    except SQLAlchemyError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="ledger_not_written",
            translation_placeholders={"path": str(ledger.path)},
        ) from err


def _now() -> Instant:
    return int(dt_util.utcnow().timestamp())
