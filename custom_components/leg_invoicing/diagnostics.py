"""Diagnostics without personal data, by construction.

Nothing is taken out of a complete picture; only what says nothing about a person
is put in. Houses appear by their ids, participants not at all.
"""

from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .billing.calendar import iso_utc
from .community import Point, houses_of_entry, meter_points_of_entry
from .const import CONF_CADENCE, CONF_CURRENCY, CONF_INTERVAL, CONF_MODEL, CONF_TIMEZONE
from .gap_settings import gap_answers, gap_rule_of
from .meter_settings import meters_of_entry
from .runtime import LegConfigEntry, LegData

_SETTINGS = (CONF_CADENCE, CONF_CURRENCY, CONF_INTERVAL, CONF_MODEL, CONF_TIMEZONE)


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: LegConfigEntry
) -> dict[str, Any]:
    """Return how the community is set up and, if it runs, where its data stand."""
    points = {point.point_id: point for point in meter_points_of_entry(entry)}
    set_up = {
        "state": entry.state.value,
        "settings": {name: entry.data[name] for name in _SETTINGS},
        "gaps": gap_answers(gap_rule_of(entry.options)),
        "houses": [
            {
                "house_id": house.house_id,
                **_measured(house),
            }
            for house in houses_of_entry(entry)
        ],
        "meters": [
            {
                "meter_id": meter.meter_id,
                "role": meter.role,
                "house_id": meter.house_id,
                "behind": meter.behind,
                "formula": [f"{sign:+d} {point}" for sign, point in meter.formula],
                "share": meter.share.by if meter.share else None,
                "users": len(meter.users),
                **_measured(points[meter.meter_id]),
            }
            for meter in meters_of_entry(entry)
        ],
    }
    if entry.state is not ConfigEntryState.LOADED:
        return set_up
    return {**set_up, **await _async_running(hass, entry.runtime_data)}


def _measured(point: Point) -> dict[str, Any]:
    return {
        "registers": sorted(point.registers),
        "unit": point.unit,
        "max_power_w": point.max_power_w,
        "meter_constant": str(point.constant),
    }


async def _async_running(hass: HomeAssistant, data: LegData) -> dict[str, Any]:
    bounds = await hass.async_add_executor_job(data.ledger.bounds)
    metering = data.coordinator.metering
    view = data.coordinator.data
    return {
        "intervals": {
            house_id: {quality.label: n for quality, n in tally.intervals.items()}
            for house_id, tally in view.so_far.houses.items()
        },
        "registers": {
            f"{house_id} {register}": state.as_record()
            for (house_id, register), state in metering.states.items()
        },
        "problems": {
            f"{followed.point_id} {followed.register}": str(problem.reason)
            for followed, problem in metering.feed.problems.items()
        },
        "ledger": {
            "from": iso_utc(bounds.start) if bounds else None,
            "to": iso_utc(bounds.end) if bounds else None,
        },
        "tariffs": {
            # A tariff's name may be a person's; its dates are enough to help.
            f"tariff_{number}": [v.valid_from.isoformat() for v in tariff.versions]
            for number, tariff in enumerate(data.books.tariffs.values(), start=1)
        },
        "closed": [closed.period.period_id for closed in data.books.closed],
        "settled_to": iso_utc(view.span.end),
    }
