"""What was measured, as actions answer it: intervals, their versions, and sums."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from homeassistant.core import HomeAssistant

from .audit import async_user_names, revision_answer
from .billing.calendar import Span, interval_starts, iso_utc
from .billing.energy import Energy
from .billing.measurements import IntervalRow, on_every_interval
from .billing.membership import absences, houses_of, members_only
from .billing.quality import Quality
from .billing.ratio import percentage
from .billing.span_statistics import Flow, SpanStatistics, span_statistics
from .billing.terms import Terms
from .community import House, Point
from .ledger import Ledger, Version
from .runtime import LegConfigEntry, terms_now


async def async_intervals(
    hass: HomeAssistant,
    entry: LegConfigEntry,
    point: Point,
    span: Span,
    *,
    with_versions: bool,
) -> dict[str, Any]:
    """Return the intervals of a house or meter, and on demand what once stood."""
    data = entry.runtime_data
    await data.coordinator.async_flush()
    versions = await hass.async_add_executor_job(
        lambda: list(data.ledger.versions(point.point_id, span))
    )
    revisions = (v.superseded for v in versions if v.superseded is not None)
    users = await async_user_names(hass, revisions) if with_versions else {}
    minutes = terms_now(entry).community.interval_minutes
    intervals = list(
        _intervals(versions, users, minutes * 60, with_versions=with_versions)
    )
    return {
        "house_id": point.point_id,
        "house": point.name,
        "from": iso_utc(span.start),
        "to": iso_utc(span.end),
        "expected": len(interval_starts(span, minutes)),
        "intervals": intervals,
    }


def _intervals(
    versions: Iterable[Version],
    users: Mapping[str, str],
    seconds: int,
    *,
    with_versions: bool,
) -> Iterable[dict[str, Any]]:
    """Yield an answer for each interval, from its versions, of which the last stands."""
    once: list[dict[str, Any]] = []
    for version in versions:
        answer = _row_answer(version.row) | {"source": version.source.name.lower()}
        if version.superseded is not None:
            replaced = revision_answer(version.superseded, users, seconds)
            once.append(answer | {"superseded": replaced})
            continue
        yield answer | ({"versions": once} if with_versions else {})
        once = []


def _row_answer(row: IntervalRow) -> dict[str, Any]:
    imported, exported = row.sides
    return {
        "start": iso_utc(row.start),
        "import_kwh": _kwh(imported.mwh),
        "export_kwh": _kwh(exported.mwh),
        "quality": row.quality.label,
        "import_quality": _label(imported.mwh, imported.quality),
        "export_quality": _label(exported.mwh, exported.quality),
    }


def _kwh(mwh: int | None) -> Decimal | None:
    return None if mwh is None else Energy(mwh).kwh


def _label(mwh: int | None, quality: Quality) -> str:
    return (Quality.MISSING if mwh is None else quality).label


async def async_statistics(
    hass: HomeAssistant, entry: LegConfigEntry, house: House | None, span: Span
) -> dict[str, Any]:
    """Return what a span amounts to, of a house or of the whole community."""
    data, terms = entry.runtime_data, terms_now(entry)
    await data.coordinator.async_flush()
    houses = (house.house_id,) if house else None
    found = await hass.async_add_executor_job(
        _statistics, data.ledger, terms, span, houses
    )
    known, expected = found.coverage
    return {
        "house_id": house.house_id if house else None,
        "house": house.name if house else None,
        "from": iso_utc(span.start),
        "to": iso_utc(span.end),
        "intervals": found.intervals,
        "complete": found.complete,
        "used": _flow_answer(found, found.used),
        "delivered": _flow_answer(found, found.delivered),
        "qualities": {
            quality.label: n for quality, n in sorted(found.qualities.items())
        },
        "coverage_percent": percentage(known, expected),
    }


def _flow_answer(found: SpanStatistics, flow: Flow) -> dict[str, Any]:
    return {"energy_kwh": flow.energy.kwh, **found.powers(flow)}


def _statistics(
    ledger: Ledger, terms: Terms, span: Span, houses: tuple[str, ...] | None
) -> SpanStatistics:
    measurements = ledger.measurements(span, houses)
    minutes = terms.community.interval_minutes
    lanes = houses or houses_of(terms, span, measurements)
    slices = on_every_interval(measurements, lanes, span, minutes)
    # A house by itself has its energy, whoever it belongs to.
    away = {} if houses else absences(terms)
    return span_statistics(members_only(slices, lanes, away), minutes * 60)
