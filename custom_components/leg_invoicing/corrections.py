"""What a person says about the energy of intervals.

It replaces what stands, whatever that is worth; what stood is kept with who said
so and why. Only another word of a person replaces it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.exceptions import HomeAssistantError
from sqlalchemy.exc import SQLAlchemyError

from .billing.calendar import Instant, Span, interval_starts, iso_utc, on_grid, utc
from .billing.energy import Energy
from .billing.measurements import IntervalRow, Rule
from .billing.quality import Quality
from .billing.registers import RegisterLimits
from .community import Point
from .const import CONF_INTERVAL, DOMAIN
from .ledger import Ledger, Origin, Source, Written
from .refusals import refused
from .runtime import LegConfigEntry, terms_now

LONGEST_DAYS = 31
"""How much a person can have seen at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Who says something, when, why and by which action."""

    action: str
    reason: str
    at: Instant
    user_id: str | None

    @property
    def origin(self) -> Origin:
        """Where what is written comes from."""
        return Origin(
            source=Source.HAND,
            at=self.at,
            action=self.action,
            reason=self.reason,
            user_id=self.user_id,
            rule=Rule.ALWAYS,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidEnergy:
    """The energy of one or more intervals; None for a side that stays."""

    span: Span
    imported: Energy | None
    exported: Energy | None


async def async_correct_interval(
    entry: LegConfigEntry,
    point: Point,
    energy: SaidEnergy,
    said: Said,
) -> dict[str, Any]:
    """Enter the energy of a run of intervals, spread evenly; return what changed.

    Raises ServiceValidationError for what cannot be, and HomeAssistantError when
    it cannot be written; nothing has changed then.
    """
    data = entry.runtime_data
    minutes = entry.data[CONF_INTERVAL]
    _require_possible(entry, point, energy, said.at)
    async with data.books.changing:
        await data.coordinator.async_flush()
        try:
            written = await data.ledger.async_run(
                _write, data.ledger, point, energy, minutes, said.origin
            )
        except SQLAlchemyError as err:
            raise not_written(data.ledger) from err
    spans = (written.span,) if written.span else ()
    for span in spans:
        await data.coordinator.async_measurements_changed(span)
    return {
        "intervals": energy.span.seconds // (minutes * 60),
        **bounds(spans, minutes * 60),
    }


def _require_possible(
    entry: LegConfigEntry, point: Point, energy: SaidEnergy, now: Instant
) -> None:
    """Refuse an energy that is not on the grid, not over, or cannot have flowed."""
    minutes, span = entry.data[CONF_INTERVAL], energy.span
    for instant in (span.start, span.end):
        if not on_grid(instant, minutes):
            time = local_time(entry, instant)
            raise refused("off_grid", time=time, minutes=str(minutes))
    if not 0 < span.seconds <= LONGEST_DAYS * 86_400:
        raise refused("span_invalid", days=str(LONGEST_DAYS))
    if span.end > now:
        raise refused("in_the_future", time=local_time(entry, span.end))
    limits = RegisterLimits(
        interval_seconds=minutes * 60, max_power_w=point.max_power_w
    )
    highest = limits.highest_rise(span.seconds)
    for side in (energy.imported, energy.exported):
        if side is not None and side > highest:
            raise refused(
                "energy_too_high",
                house=point.name,
                value=kwh_text(side),
                highest=kwh_text(highest),
            )


def _write(
    ledger: Ledger, point: Point, energy: SaidEnergy, minutes: int, origin: Origin
) -> Written:
    standing = {row.start: row for row in ledger.rows(energy.span, [point.point_id])}
    return ledger.write(_rows(point, energy, minutes, standing), origin)


def _rows(
    point: Point,
    energy: SaidEnergy,
    minutes: int,
    standing: Mapping[Instant, IntervalRow],
) -> Iterator[IntervalRow]:
    """Yield the energy interval by interval, each a whole mWh, their sum exact."""
    starts = interval_starts(energy.span, minutes)
    sides = (("import", energy.imported), ("export", energy.exported))
    for number, start in enumerate(starts):
        before = standing.get(start)
        known = (before.imported, before.exported) if before else (None, None)
        imported, exported = (
            # A register that the point does not have measures nothing.
            (None if register in point.registers or mwh is not None else 0)
            if said is None
            else _part(said, number, len(starts))
            for (register, said), mwh in zip(sides, known, strict=True)
        )
        yield IntervalRow(point.point_id, start, imported, exported, Quality.MANUAL)


def _part(whole: Energy, number: int, parts: int) -> int:
    return whole.mwh * (number + 1) // parts - whole.mwh * number // parts


def local_time(entry: LegConfigEntry, at: Instant) -> str:
    """Return an instant as people in the community write it."""
    return f"{utc(at).astimezone(terms_now(entry).community.zone):%Y-%m-%d %H:%M}"


def kwh_text(energy: Energy) -> str:
    """Return an energy as people write it, in kWh."""
    return f"{energy.kwh.normalize():f}"


def not_written(ledger: Ledger) -> HomeAssistantError:
    """Say that the ledger could not be written."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="ledger_not_written",
        translation_placeholders={"path": str(ledger.path)},
    )


def bounds(spans: Iterable[Span], interval_seconds: int) -> dict[str, str | None]:
    """Return from when to when anything changed, as actions answer it.

    The ledger's spans end one second behind the start of the last interval.
    """
    spans = tuple(spans)
    if not spans:
        return {"from": None, "to": None}
    end = max(span.end for span in spans) - 1 + interval_seconds
    return {"from": iso_utc(min(span.start for span in spans)), "to": iso_utc(end)}
